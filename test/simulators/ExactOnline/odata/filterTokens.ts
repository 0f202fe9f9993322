import { ODataError } from './errors';
import { readLiteral, type Literal } from './literals';

export type FilterToken =
	| { kind: 'literal'; position: number; text: string; literal: Literal }
	| { kind: 'name' | 'symbol'; position: number; text: string }
	| { kind: 'end'; position: number; text: '' };

const NAME = /^[A-Za-z_][A-Za-z0-9_]*(?:\/[A-Za-z_][A-Za-z0-9_]*)*/;

/**
 * Splits a `$filter` text into tokens with their positions.
 * @throws ODataError 400 at a character or a quoted literal that fits no rule
 */
export function tokenizeFilter(text: string): FilterToken[] {
	const tokens: FilterToken[] = [];
	let position = 0;
	while (position < text.length) {
		const rest = text.slice(position);
		const blanks = /^\s+/.exec(rest);
		if (blanks) {
			position += blanks[0].length;
			continue;
		}
		const token = readToken(rest, position);
		tokens.push(token);
		position += token.text.length;
	}
	tokens.push({ kind: 'end', position: text.length, text: '' });
	return tokens;
}

function readToken(rest: string, position: number): FilterToken {
	if (/^[(),]/.test(rest)) return { kind: 'symbol', position, text: rest.charAt(0) };
	const literal = readLiteral(rest);
	if (literal) {
		return { kind: 'literal', position, text: rest.slice(0, literal.length), literal };
	}
	const name = NAME.exec(rest)?.[0];
	if (name === undefined) throw new ODataError(400, `Syntax error at position ${position}.`);
	if (rest.charAt(name.length) === "'") {
		const quoted = /^[A-Za-z]+'(?:[^']|'')*'?/.exec(rest)?.[0] ?? name;
		const type = name === 'guid' ? 'Edm.Guid' : name === 'datetime' ? 'Edm.DateTime' : name;
		throw new ODataError(400, `Unrecognized '${type}' literal '${quoted}' at '${position}'.`);
	}
	return { kind: 'name', position, text: name };
}
