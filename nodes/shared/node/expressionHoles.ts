import { ExpressionParser } from 'n8n-workflow';
import { rememberLatest } from '../process/rememberLatest';
import { concatenatedValues } from './concatenation';

/** Evaluates a text with `{{ … }}` for an item; the text comes without the `=` of an expression. */
export type Evaluate = (text: string) => unknown;

/** Put where a hole is; it makes a text longer and a number another one. */
const FILLING = '7';

/** The code of each `{{ … }}` of an expression; none for what was typed. */
export function codesOf(text: string): readonly string[] {
	if (!text.startsWith('=')) return [];
	const known = knownCodes.get(text);
	if (known !== undefined) return known;
	const codes = chunksOf(text).flatMap(({ type, text: code }) => (type === 'code' ? [code] : []));
	if (text.length <= LONGEST_KNOWN) rememberLatest(knownCodes, text, codes, MOST_KNOWN);
	return codes;
}

/** The same expressions are looked at for each item. */
const knownCodes = new Map<string, readonly string[]>();

const MOST_KNOWN = 200;

const LONGEST_KNOWN = 10_000;

/**
 * The code of the first piece that gives nothing in a value that is put together from several, by `{{ … }}` side by side
 * or within one; undefined where there is none, and for a `{{ … }}` that is the whole value.
 */
export function holeIn(expression: string, evaluate: Evaluate): string | undefined {
	const codes = codesOf(expression);
	const [only = ''] = codes;
	if (isSingle(expression)) {
		// Evaluating takes n8n a millisecond or two, and most expressions put nothing together.
		const isText = concatenatedValues(only).length > 0;
		return isText ? nothingIn(only, evaluate(`{{${only}}}`), evaluate) : undefined;
	}
	for (const code of codes) {
		const value = evaluate(`{{${code}}}`);
		const hole = isNothing(value) ? code : nothingIn(code, value, evaluate);
		if (hole !== undefined) return hole;
	}
	return undefined;
}

/** What JavaScript writes into a text where there is nothing. */
const WRITTEN_NOTHING = /undefined|null|NaN/;

/** What gives nothing among the values that a piece adds up to its text; undefined where that does not show. */
function nothingIn(code: string, value: unknown, evaluate: Evaluate): string | undefined {
	if (typeof value !== 'string' || !WRITTEN_NOTHING.test(value)) return undefined;
	return concatenatedValues(code).find((one) => isNothing(evaluate(`{{ ${one} }}`)));
}

/** For each such piece, what the expression would give if something stood there. */
export function withHolesFilled(
	expression: string,
	evaluate: Evaluate,
): Array<{ hole: string; value: unknown }> {
	if (isSingle(expression)) return [];
	const chunks = chunksOf(expression);
	return chunks.flatMap(({ type, text: hole }, index) => {
		if (type !== 'code') return [];
		const given = evaluate(`{{${hole}}}`);
		if (!isNothing(given) && nothingIn(hole, given, evaluate) === undefined) return [];
		const filled = chunks.with(index, { type: 'text', text: FILLING });
		return [{ hole, value: evaluate(ExpressionParser.joinExpression(filled)) }];
	});
}

/** Whether a value would leave a hole in a text. */
export function isNothing(value: unknown): boolean {
	if (value === undefined || value === null || Number.isNaN(value)) return true;
	return String(value).trim() === '';
}

function isSingle(expression: string): boolean {
	return `={{${codesOf(expression)[0]}}}` === expression;
}

/** Stands for a backslash that escapes nothing; a character of private use. */
const BACKSLASH = '\ue000';

/** Pairs of backslashes before an expression: each is one backslash of the text to what evaluates. */
const PAIRS = /(?<!\\)(?:\\\\)+(?=\{\{)/g;

/** What splits takes every backslash before `{{` for an escape, what evaluates only one that is not escaped itself. */
function chunksOf(text: string) {
	if (!text.startsWith('=')) return [];
	const shielded = text.slice(1).replace(PAIRS, (pairs) => BACKSLASH.repeat(pairs.length));
	return ExpressionParser.splitExpression(shielded).map((chunk) => ({
		...chunk,
		text: chunk.text.replaceAll(BACKSLASH, '\\'),
	}));
}
