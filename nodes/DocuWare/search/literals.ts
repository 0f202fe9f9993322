/**
 * Texts as DocuWare's search reads them: a backslash before what means something there, or double quotes around the
 * whole, in which nothing means anything (docs/facts/docuware.md 6.2).
 */

/** What means something outside quotes. */
const MEANING = /[\\"*?()]/g;

/** Operators, in capitals and between blanks. */
const OPERATOR_WORD = /(?:^|\s)(?:AND|OR|NOT)(?=\s|$)/;

/** What a backslash means inside quotes is not known, nor whether an asterisk or a parenthesis needs one there. */
const NOT_FOR_QUOTES = /[\\"*()]/;

/** Outside quotes one blank between words is that blank; what others mean there is not known. */
const ODD_BLANKS = /^\s|\s$|\s\s|[^\S ]/;

/** One word without any sign that could mean something, which all clients send as it is. */
const PLAIN_WORD = /^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u;

/** A text that the whole value must be equal to. */
export function exactly(text: string): string {
	return PLAIN_WORD.test(text) && !OPERATOR_WORD.test(text) ? text : quoted(text);
}

function quoted(text: string): string {
	if (!NOT_FOR_QUOTES.test(text)) return `"${text}"`;
	return asMeant(text, escaped(text));
}

/** Whether `exactly` finds nothing but the text, however little of the service's grammar is sure. */
export function isTakenLiterally(text: string): boolean {
	return !/[\\"*?]/.test(text) && !(/[()]/.test(text) && exactly(text).includes('?'));
}

/** Values that contain a text. */
export function containing(text: string): string {
	return asMeant(text, `*${escaped(text)}*`);
}

/** Values that begin with a text. */
export function beginningWith(text: string): string {
	return asMeant(text, `${escaped(text)}*`);
}

/** Values that end with a text. */
export function endingWith(text: string): string {
	return asMeant(text, `*${escaped(text)}`);
}

/**
 * Values like a pattern, in which an asterisk stands for any characters and a question mark for one; with a backslash
 * before them they stand for themselves.
 */
export function like(pattern: string): string {
	const parts = pattern.match(/\\[*?\\]|[^]/g) ?? [];
	if (!parts.some((part) => part === '*' || part === '?')) {
		return exactly(parts.map((part) => part.at(-1)).join(''));
	}
	return asMeant(
		pattern,
		parts.map((part) => (part.length > 1 || /[*?]/.test(part) ? part : escaped(part))).join(''),
	);
}

/** Whether a text can be a bound of a range: wildcards in place of the blanks beside an operator mean nothing there. */
export function isBound(text: string): boolean {
	return !OPERATOR_WORD.test(text);
}

/** A bound of a range. */
export function bound(text: string): string {
	return escaped(text);
}

/** Values that are equal to one of several texts. */
export function oneOf(texts: readonly string[]): string {
	return texts.map(quoted).join(' OR ');
}

/** Values other than those of a text made here. */
export function not(search: string): string {
	return `NOT ${search.startsWith('"') ? search : asOneWord(search)}`;
}

function escaped(text: string): string {
	return text.replace(MEANING, '\\$&');
}

/**
 * Words like AND cannot be escaped, and several blanks mean what nobody knows, so the blanks become wildcards for one
 * character each: what is meant is found, and beside it hardly ever anything else.
 */
function asMeant(text: string, search: string): string {
	return ODD_BLANKS.test(text) || OPERATOR_WORD.test(search) ? asOneWord(search) : search;
}

function asOneWord(search: string): string {
	return search.replace(/\s/g, '?');
}
