import { jsonTextEnd, parseJson } from '../../shared/http';

/** Where the value of a member stands in the text: from its first character to the one behind its last. */
export interface MemberSpan {
	name: string;
	start: number;
	end: number;
	/** The same with the blanks around the value: from the colon to what follows it. */
	wide: { start: number; end: number };
}

const BLANK = /[ \t\r\n]*/y;
const PRIMITIVE = /[^\s,\]}"[{]+/y;

/**
 * The members of the object that a JSON text holds, with where their values stand as they were written: a signature
 * over a part of a text is one over its very characters. Whether the values are JSON is for `JSON.parse` to say.
 * @returns undefined where the text is no object, or goes on behind it
 */
export function memberSpans(text: string): MemberSpan[] | undefined {
	const spans: MemberSpan[] = [];
	let at = skip(BLANK, text, 0);
	if (text[at] !== '{') return undefined;
	at = skip(BLANK, text, at + 1);
	if (text[at] === '}') return skip(BLANK, text, at + 1) === text.length ? spans : undefined;
	for (;;) {
		const nameEnd = textEnd(text, at);
		const name = nameEnd === at ? undefined : readName(text.slice(at, nameEnd));
		at = skip(BLANK, text, nameEnd);
		if (name === undefined || text[at] !== ':') return undefined;
		const colonEnd = at + 1;
		const start = skip(BLANK, text, colonEnd);
		const end = valueEnd(text, start);
		if (end === undefined) return undefined;
		at = skip(BLANK, text, end);
		spans.push({ name, start, end, wide: { start: colonEnd, end: at } });
		if (text[at] === '}') return skip(BLANK, text, at + 1) === text.length ? spans : undefined;
		if (text[at] !== ',') return undefined;
		at = skip(BLANK, text, at + 1);
	}
}

/** Goes over brackets without recursion: a text of a stranger may nest as deep as it is long. */
function valueEnd(text: string, start: number): number | undefined {
	let depth = 0;
	let at = start;
	while (at < text.length) {
		const sign = text[at] ?? '';
		if ('[{'.includes(sign)) {
			depth += 1;
			at += 1;
		} else if (depth > 0 && ']}'.includes(sign)) {
			depth -= 1;
			at += 1;
		} else if (depth > 0 && (',:'.includes(sign) || /\s/.test(sign))) {
			at += 1;
			continue;
		} else {
			const end = sign === '"' ? textEnd(text, at) : skip(PRIMITIVE, text, at);
			if (end === at) return undefined;
			at = end;
		}
		if (depth === 0) return at;
	}
	return undefined;
}

/** @returns where the text that begins there ends; the place itself where none does */
function textEnd(json: string, at: number): number {
	return (json[at] === '"' ? jsonTextEnd(json, at) : undefined) ?? at;
}

/** @returns where what the pattern takes ends; the place itself where it takes nothing */
function skip(pattern: RegExp, text: string, at: number): number {
	pattern.lastIndex = at;
	return pattern.test(text) ? pattern.lastIndex : at;
}

function readName(quoted: string): string | undefined {
	const name = parseJson(quoted);
	return name === undefined ? undefined : String(name);
}
