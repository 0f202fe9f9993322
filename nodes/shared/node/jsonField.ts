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

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]]/g;
const COLON = /\s*:/y;

/**
 * The first name that an object of a JSON text has twice, of which readers take one or the other.
 * @param text valid JSON
 */
function repeatedName(text: string): string | undefined {
	const open: Array<Set<string>> = [];
	for (const { 0: token, index } of text.matchAll(TOKEN)) {
		if (token === '{' || token === '[') open.push(new Set());
		else if (token === '}' || token === ']') open.pop();
		else {
			COLON.lastIndex = index + token.length;
			if (!COLON.test(text)) continue;
			const name = JSON.parse(token) as string;
			const names = open.at(-1);
			if (names?.has(name)) return name;
			names?.add(name);
		}
	}
	return undefined;
}
