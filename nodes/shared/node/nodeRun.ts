/** Something that a run of a node has taken and gives back at its end. */
export interface Releasable {
	/** Never throws. */
	release(): Promise<void>;
}

/** One run of a node, over all of its items. */
export interface NodeRun {
	/** Aborted when the run is to end at once. */
	readonly signal: AbortSignal | undefined;
	/** Has something given back at the end of the run, once, whatever happens until then. */
	releaseLater(taken: Releasable): void;
}

/** A run, and its end: gives back what was taken. Call `finish` in a `finally`; it never throws. */
export function beginNodeRun(signal: AbortSignal | undefined): NodeRun & {
	finish(): Promise<void>;
} {
	const taken = new Set<Releasable>();
	return {
		signal,
		releaseLater: (one) => void taken.add(one),
		finish: async () => {
			await Promise.all([...taken].map(async (one) => await one.release()));
		},
	};
}
