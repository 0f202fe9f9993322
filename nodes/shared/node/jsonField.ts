/** The value of a JSON field as it is sent, or why it cannot be read. */
export type JsonFieldReading = { text: string } | { problem: string };

/**
 * Reads a JSON field. A text is kept as it was typed, so that the order of members and long numbers
 * stay; an expression may give an object.
 */
export function readJsonField(value: unknown): JsonFieldReading {
	if (typeof value !== 'string') return { text: JSON.stringify(value ?? {}) };
	try {
		JSON.parse(value);
		return { text: value };
	} catch (error) {
		return { problem: error instanceof SyntaxError ? error.message : String(error) };
	}
}
