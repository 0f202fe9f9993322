import { jsonTextEnd } from '../http';

/** The value of a JSON field as it is sent, or why it cannot be read. */
export type JsonFieldReading = { text: string } | { problem: string };

/**
 * Reads a JSON field. A text is kept as it was typed, so that the order of members and long numbers
 * stay; an expression may give an object. One that has a name twice is not read.
 */
export function readJsonField(value: unknown): JsonFieldReading {
	if (typeof value !== 'string') return { text: JSON.stringify(value ?? {}) };
	try {
		JSON.parse(value);
	} catch (error) {
		return { problem: error instanceof SyntaxError ? error.message : String(error) };
	}
	const name = repeatedName(value);
	return name === undefined
		? { text: value }
		: { problem: `"${name.slice(0, 60)}" stands twice in one object` };
}

const SIGN = /["{}[\]]/g;
const COLON = /\s*:/y;

/**
 * The first name that an object of a JSON text has twice, of which readers take one or the other.
 * @param text valid JSON, of any length and depth
 */
function repeatedName(text: string): string | undefined {
	const open: Array<Set<string>> = [];
	SIGN.lastIndex = 0;
	for (let found = SIGN.exec(text); found !== null; found = SIGN.exec(text)) {
		const [sign] = found;
		if (sign === '{' || sign === '[') open.push(new Set());
		else if (sign !== '"') open.pop();
		else {
			const end = jsonTextEnd(text, found.index) ?? text.length;
			SIGN.lastIndex = COLON.lastIndex = end;
			if (!COLON.test(text)) continue;
			const name = JSON.parse(text.slice(found.index, end)) as string;
			const names = open.at(-1);
			if (names?.has(name)) return name;
			names?.add(name);
		}
	}
	return undefined;
}
