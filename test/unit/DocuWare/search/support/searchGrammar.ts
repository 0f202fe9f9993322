/**
 * A small model of how DocuWare reads the text of a condition (docs/facts/docuware.md 6.2): words with wildcards and
 * backslashes, quoted texts, AND, OR, NOT, and functions. Texts are compared without case.
 */

/** Thrown for what the service answers with 422. */
export class Refused extends Error {}

interface Piece {
	kind: 'literal' | 'any' | 'one';
	text: string;
}

interface Word {
	pieces: Piece[];
	isQuoted: boolean;
	/** As it was written, for operators. */
	raw: string;
}

/** Whether a value is found by the text of a condition. */
export function finds(search: string, value: string | null): boolean {
	if (/^(?:NOT)?EMPTY\(\)$/.test(search)) return (value === null) === (search === 'EMPTY()');
	if (search.trim() === '') throw new Refused('An empty text is no value.');
	return anyOf(wordsOf(search), value);
}

function anyOf(words: readonly Word[], value: string | null): boolean {
	return split(words, 'OR').some((part) =>
		split(part, 'AND').every((term) => {
			const [first, ...rest] = term;
			if (first !== undefined && isOperator(first, 'NOT')) return !matches(rest, value);
			return matches(term, value);
		}),
	);
}

function split(words: readonly Word[], operator: string): Word[][] {
	const parts: Word[][] = [[]];
	for (const word of words) {
		if (isOperator(word, operator)) parts.push([]);
		else parts.at(-1)?.push(word);
	}
	if (parts.some(({ length }) => length === 0)) throw new Refused(`Nothing beside ${operator}.`);
	return parts;
}

function isOperator({ isQuoted, raw }: Word, operator: string): boolean {
	return !isQuoted && raw === operator;
}

function matches(words: readonly Word[], value: string | null): boolean {
	if (words.length === 0) throw new Refused('Nothing is searched for.');
	if (value === null) return false;
	const blank: Piece = { kind: 'literal', text: ' ' };
	const pieces = words.flatMap(({ pieces: own }, index) => (index === 0 ? own : [blank, ...own]));
	const pattern = pieces
		.map(({ kind, text }) =>
			kind === 'literal'
				? text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
				: kind === 'any'
					? '[^]*'
					: '[^]',
		)
		.join('');
	return new RegExp(`^${pattern}$`, 'iu').test(value);
}

function wordsOf(search: string): Word[] {
	const words: Word[] = [];
	let word: Word | undefined;
	const characters = [...search];
	for (let at = 0; at < characters.length; at++) {
		const character = characters[at] ?? '';
		if (/\s/.test(character)) {
			word = undefined;
			// One blank parts words; what stands between them beside that is lost.
			continue;
		}
		if (word === undefined) {
			word = { pieces: [], isQuoted: false, raw: '' };
			words.push(word);
		}
		word.raw += character;
		if (character === '\\') {
			const next = characters[++at];
			if (next === undefined) throw new Refused('A backslash at the end.');
			word.raw += next;
			word.pieces.push({ kind: 'literal', text: next });
		} else if (character === '"') {
			const end = characters.indexOf('"', at + 1);
			if (end < 0) throw new Refused('A quotation mark without its second.');
			const text = characters.slice(at + 1, end).join('');
			if (text.includes('\\')) throw new Refused('Nobody knows what a backslash means there.');
			if (/[()]/.test(text))
				throw new Refused('Nobody knows whether a parenthesis is literal there.');
			word.isQuoted = true;
			word.pieces.push({ kind: 'literal', text });
			at = end;
		} else if (character === '(' || character === ')') {
			throw new Refused('A parenthesis without a backslash.');
		} else {
			const kind = character === '*' ? 'any' : character === '?' ? 'one' : 'literal';
			word.pieces.push({ kind, text: character });
		}
	}
	return words;
}
