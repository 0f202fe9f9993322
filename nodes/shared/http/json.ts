/** A body as JSON; undefined where it is none. */
export function parseJson(body: string): unknown {
	try {
		return JSON.parse(body) as unknown;
	} catch {
		return undefined;
	}
}

/** Whether a value is an object with named members: neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A body as a JSON object; undefined for anything else. */
export function parseObject(body: string): Record<string, unknown> | undefined {
	const value = parseJson(body);
	return isRecord(value) ? value : undefined;
}
