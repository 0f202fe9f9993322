import { ExpressionParser } from 'n8n-workflow';

/** Evaluates a text with `{{ … }}` for an item; the text comes without the `=` of an expression. */
export type Evaluate = (text: string) => unknown;

/** Put where a hole is; it makes a text longer and a number another one. */
const FILLING = '7';

/** The code of each `{{ … }}` of an expression; none for what was typed. */
export function codesOf(text: string): string[] {
	return chunksOf(text).flatMap(({ type, text: code }) => (type === 'code' ? [code] : []));
}

/**
 * The code of the first piece that gives nothing in a value that is put together from several; undefined where there
 * is none, and for a single `{{ … }}`, which gives the whole value.
 */
export function holeIn(expression: string, evaluate: Evaluate): string | undefined {
	if (isSingle(expression)) return undefined;
	return codesOf(expression).find((code) => isNothing(evaluate(`{{${code}}}`)));
}

/** For each such piece, what the expression would give if something stood there. */
export function withHolesFilled(
	expression: string,
	evaluate: Evaluate,
): Array<{ hole: string; value: unknown }> {
	if (isSingle(expression)) return [];
	const chunks = chunksOf(expression);
	return chunks.flatMap(({ type, text: hole }, index) => {
		if (type !== 'code' || !isNothing(evaluate(`{{${hole}}}`))) return [];
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

function chunksOf(text: string) {
	return text.startsWith('=') ? ExpressionParser.splitExpression(text.slice(1)) : [];
}
