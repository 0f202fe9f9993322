import { InvalidValue } from '../world/sentValues';

/** What sources leave open about the language of searches (docs/readings.md). */
export interface SearchRules {
	/** Whether `NOT` finds documents whose field is empty. */
	notFindsEmpty: boolean;
	/** What a backslash means between double quotes. */
	quotedBackslash: 'literal' | 'escape';
	/** Whether a parenthesis between double quotes needs a backslash as well. */
	quotedParentheses: 'literal' | 'refused';
	/** Whether a time may have a zone and parts of a second. */
	zonedTimes: 'taken' | 'refused';
	/** What two values of a text field mean. */
	severalValues: 'range' | 'anyOf';
	/** What a day means as the upper end of a time, or as a time: its midnight, or all of it. */
	dayOfTimes: 'midnight' | 'wholeDay';
	/** Whether a search finds checked-out documents that says nothing of them. */
	checkedOutUntold: 'found' | 'leftOut';
	/** How a search reads times of the system, beside how answers write them. */
	searchedTimes: 'asWritten' | 'later' | 'earlier';
	/** Whether the ends of a range of times of the system belong to it. */
	timeBounds: 'included' | 'excluded';
	/** Offset of the server's clock in minutes. */
	zoneMinutes: number;
	/** Values of the functions that name the user. */
	userFunctions: Readonly<Record<string, string>>;
}

/** Says of the texts of one field whether they fit; an empty list is an empty field. */
export type TextTest = (texts: readonly string[]) => boolean;

type Token = { kind: 'operator'; word: 'AND' | 'OR' | 'NOT' } | { kind: 'term'; test: TextTest };

/**
 * Reads one value of a condition on a text (docs/facts/docuware.md 6.2): words with the wildcards `*` and
 * `?`, phrases in double quotes, `AND`, `OR`, `NOT`, `EMPTY()`, `NOTEMPTY()`, escapes with a backslash.
 * @throws InvalidValue for an empty text, a parenthesis that is not escaped, an open quote, operators
 * without a term
 */
export function textTestOf(value: string, rules: SearchRules): TextTest {
	if (value.trim() === '') throw new InvalidValue('A search value must not be empty.');
	const tokens = tokensOf(value, rules);
	const at = { index: 0 };
	const test = readOr(tokens, at, value, rules);
	if (at.index < tokens.length) throw malformed(value);
	return test;
}

function readOr(
	tokens: Token[],
	at: { index: number },
	value: string,
	rules: SearchRules,
): TextTest {
	const tests = [readAnd(tokens, at, value, rules)];
	while (isOperator(tokens[at.index], 'OR')) {
		at.index += 1;
		tests.push(readAnd(tokens, at, value, rules));
	}
	return (texts) => tests.some((test) => test(texts));
}

function readAnd(
	tokens: Token[],
	at: { index: number },
	value: string,
	rules: SearchRules,
): TextTest {
	const tests = [readNot(tokens, at, value, rules)];
	while (isOperator(tokens[at.index], 'AND')) {
		at.index += 1;
		tests.push(readNot(tokens, at, value, rules));
	}
	return (texts) => tests.every((test) => test(texts));
}

function readNot(
	tokens: Token[],
	at: { index: number },
	value: string,
	rules: SearchRules,
): TextTest {
	if (isOperator(tokens[at.index], 'NOT')) {
		at.index += 1;
		const test = readNot(tokens, at, value, rules);
		return (texts) => (texts.length > 0 || rules.notFindsEmpty) && !test(texts);
	}
	const token = tokens[at.index];
	if (token?.kind !== 'term') throw malformed(value);
	at.index += 1;
	return token.test;
}

function isOperator(token: Token | undefined, word: 'AND' | 'OR' | 'NOT'): boolean {
	return token?.kind === 'operator' && token.word === word;
}

/** Words that follow each other without an operator are one text, with the spaces between them. */
function tokensOf(value: string, rules: SearchRules): Token[] {
	const tokens: Token[] = [];
	let pattern = '';
	let rest = value.trim();
	const endTerm = (): void => {
		if (pattern.trim() === '') return;
		const form = new RegExp(`^${pattern.trim()}$`, 'isu');
		tokens.push({ kind: 'term', test: (texts) => texts.some((text) => form.test(text)) });
		pattern = '';
	};
	while (rest !== '') {
		const word = /^\s*(AND|OR|NOT)(?=\s|$)/.exec(rest)?.[0];
		if (word !== undefined && (pattern === '' || /^\s/.test(rest))) {
			endTerm();
			tokens.push({ kind: 'operator', word: word.trim() as 'AND' | 'OR' | 'NOT' });
			rest = rest.slice(word.length).trimStart();
			continue;
		}
		const call = /^([A-Z]+)\(\)/.exec(rest);
		if (call !== null && pattern === '') {
			tokens.push({ kind: 'term', test: functionTest(call[1] ?? '', rules) });
			rest = rest.slice(call[0].length);
			continue;
		}
		const [piece, length] = readPiece(rest, value, rules);
		pattern += piece;
		rest = rest.slice(length);
	}
	endTerm();
	return tokens;
}

function functionTest(name: string, rules: SearchRules): TextTest {
	if (name === 'EMPTY') return (texts) => texts.length === 0;
	if (name === 'NOTEMPTY') return (texts) => texts.length > 0;
	const known = rules.userFunctions[name];
	if (known === undefined) throw new InvalidValue(`The function ${name}() is not known.`);
	return (texts) => texts.some((text) => text.toLowerCase() === known.toLowerCase());
}

/** The pattern of the next character or phrase, and how many characters it takes. */
function readPiece(
	rest: string,
	value: string,
	rules: SearchRules,
): [pattern: string, length: number] {
	const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
	switch (character) {
		case '\\': {
			if (rest.length === 1) throw malformed(value);
			const escaped = String.fromCodePoint(rest.codePointAt(1) ?? 0);
			return [literal(escaped), 1 + escaped.length];
		}
		case '"':
			return readPhrase(rest, value, rules);
		case '(':
		case ')':
			throw malformed(value);
		case '*':
			return ['.*', 1];
		case '?':
			return ['.', 1];
		default:
			return [literal(character), character.length];
	}
}

function readPhrase(
	rest: string,
	value: string,
	{ quotedBackslash, quotedParentheses }: SearchRules,
): [pattern: string, length: number] {
	const form = quotedBackslash === 'escape' ? /^"((?:[^"\\]|\\.)*)"/s : /^"([^"]*)"/s;
	const found = form.exec(rest);
	if (found === null) throw malformed(value);
	const [all, inside = ''] = found;
	if (quotedParentheses === 'refused' && /(?<!\\)[()]/.test(inside)) throw malformed(value);
	const meant = quotedBackslash === 'escape' ? inside.replace(/\\(.)/gs, '$1') : inside;
	return [literal(meant), all.length];
}

/** Spaces stand as they are, so that those at the ends of a pattern can be cut. */
function literal(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function malformed(value: string): InvalidValue {
	return new InvalidValue(`The search value '${value}' is malformed.`);
}
