/** A body as JSON; undefined where it is none. */
export function parseJson(body: string): unknown {
	try {
		return JSON.parse(body) as unknown;
	} catch {
		return undefined;
	}
}

/** A text, which is left as it is, or a whole number of 16 digits or more. */
const TEXT_OR_LONG_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/gs;

/**
 * The same, but whole numbers that JavaScript cannot hold to the last digit come as texts. A number with decimals is
 * one in any case.
 */
export function parseExactJson(body: string): unknown {
	if (!/\d{16}/.test(body)) return parseJson(body);
	// In a torn text that never ends the pattern would look for its end again and again.
	if (parseJson(body) === undefined) return undefined;
	const exact = body.replace(TEXT_OR_LONG_NUMBER, (token) =>
		token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${token}"`,
	);
	return parseJson(exact);
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

/** The same with `parseExactJson`. */
export function parseExactObject(body: string): Record<string, unknown> | undefined {
	const value = parseExactJson(body);
	return isRecord(value) ? value : undefined;
}
