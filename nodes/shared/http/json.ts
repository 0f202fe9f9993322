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
	return hasManyDigits(body) && LONG_NUMBER.test(body)
		? parseHolding(body, holdsWholeNumber)
		: parseJson(body);
}

/** So many digits in a row may be a number that JavaScript does not hold. */
const MANY_DIGITS = 16;

/**
 * Whether so many digits stand in a row. Of most answers this tells alone that no number is too long, and fast: of a row as long
 * as that one letter in so many is a digit, so the others need not be looked at.
 */
function hasManyDigits(body: string): boolean {
	for (let at = MANY_DIGITS - 1; at < body.length; at += MANY_DIGITS) {
		if (!isDigit(body.charCodeAt(at))) continue;
		let [first, end] = [at, at + 1];
		while (isDigit(body.charCodeAt(first - 1))) first -= 1;
		while (isDigit(body.charCodeAt(end))) end += 1;
		if (end - first >= MANY_DIGITS) return true;
	}
	return false;
}

function isDigit(code: number): boolean {
	return code >= 48 && code <= 57;
}

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
