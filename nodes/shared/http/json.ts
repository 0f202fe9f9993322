/** A body as JSON; undefined where it is none. */
export function parseJson(body: string): unknown {
	try {
		return JSON.parse(body) as unknown;
	} catch {
		return undefined;
	}
}

/**
 * The same, but whole numbers that JavaScript cannot hold to the last digit come as the texts that were sent. A number
 * with decimals is one in any case.
 */
export function parseExactJson(body: string): unknown {
	return MANY_DIGITS.test(body) && LONG_NUMBER.test(body)
		? parseHolding(body, holdsWholeNumber)
		: parseJson(body);
}

/** Of most answers this tells alone, and fast, that no number is too long. */
const MANY_DIGITS = /\d{16}/;

/** A whole number of so many digits between the signs that stand around numbers; in a text it does no harm. */
const LONG_NUMBER = /(?:^|[[:,\s])-?\d{16,}(?:[\s,}\]]|$)/;

/** The same for all numbers, those with decimals too. */
export function parseJsonDigits(body: string): unknown {
	return parseHolding(body, holdsEveryDigit);
}

/** Whether JavaScript holds a number, by its value and by the digits as they stand in the body. */
type NumberRule = (value: number, source: string) => boolean;

const holdsWholeNumber: NumberRule = (value, source) =>
	/[.eE]/.test(source) || Number.isSafeInteger(value);

/** So many digits JavaScript holds of every number. */
const HELD_DIGITS = 15;

const holdsEveryDigit: NumberRule = (value, source) => {
	const digits = source
		.replace(/[eE].*$/, '')
		.replace(/[-.]/g, '')
		.replace(/^0+/, '');
	return digits.length <= HELD_DIGITS && Number.isFinite(value);
};

function parseHolding(body: string, holds: NumberRule): unknown {
	// Node.js hands a reviver the digits as they were sent, which TypeScript does not know yet.
	const exact = (_key: string, value: unknown, { source }: { source?: string } = {}): unknown =>
		typeof value === 'number' && source !== undefined && !holds(value, source) ? source : value;
	try {
		return JSON.parse(body, exact as (key: string, value: unknown) => unknown) as unknown;
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

/** The same with `parseExactJson`. */
export function parseExactObject(body: string): Record<string, unknown> | undefined {
	const value = parseExactJson(body);
	return isRecord(value) ? value : undefined;
}

/**
 * Where a text within JSON ends: behind its closing quote; undefined where there is none. A pattern would need room for each of
 * its letters, and a text of a stranger may be long.
 * @param start place of its opening quote
 */
export function jsonTextEnd(json: string, start: number): number | undefined {
	for (let end = json.indexOf('"', start + 1); end > 0; end = json.indexOf('"', end + 1)) {
		let escapes = 0;
		while (json[end - 1 - escapes] === '\\') escapes += 1;
		if (escapes % 2 === 0) return end + 1;
	}
	return undefined;
}
