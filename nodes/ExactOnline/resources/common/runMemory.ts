/** What the items of one execution need not find out each for itself. */
export interface RunMemory {
	/** Current division by app and user. */
	currentDivisions: Map<string, number>;
}

export function createRunMemory(): RunMemory {
	return { currentDivisions: new Map() };
}
