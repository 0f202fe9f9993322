/** Most bytes that a node's description may have: n8n sends it to every editor that opens. */
export const DESCRIPTION_LIMIT = 250_000;

/** Bytes of a description, or a part of it, as n8n sends it. */
export function descriptionSize(description: unknown): number {
	return Buffer.byteLength(JSON.stringify(description));
}
