import { ConnectorError } from '../errors';
import { isRecord } from '../http';
import { isEmptyValue } from '../values/emptyValues';
import { holeIn, withHolesFilled, type Evaluate } from './expressionHoles';

/**
 * Values that have to be whole: with a hole in it, what a record is found by finds another one, and a text that is needed
 * says something else. What an expression leaves empty as a whole is dealt with elsewhere.
 */
export interface WholeValues {
	/** Undefined where n8n cannot be asked; then nothing is looked at. */
	evaluate: Evaluate | undefined;
	/** Whether a field of the record has to be whole. */
	isWhole: (name: string) => boolean;
	/** The same for fields of what the record holds, such as its lines; none has to if missing. */
	isWholeInside?: (name: string) => boolean;
	/** Names what the values belong to, such as `line 1 of item 3`. */
	where: string;
	/** Code of the error. */
	code: string;
}

/**
 * Stops values of which an expression leaves a part empty, before anything is sent.
 *
 * @param typed the values by name of the field in the node's own parameters
 * @throws ConnectorError with the code of an empty value
 */
export function requireWholeFields(
	typed: Iterable<readonly [name: string, typed: unknown]>,
	{ evaluate, isWhole, where, code }: WholeValues,
): void {
	if (evaluate === undefined) return;
	for (const [name, text] of typed) {
		const hole = typeof text === 'string' && isWhole(name) ? holeIn(text, evaluate) : undefined;
		if (hole !== undefined) throw partlyEmpty(name, hole, { where, code });
	}
}

/**
 * The same for a JSON as a whole: a value has a hole if it would be another one with something in that place.
 *
 * @param text the JSON in the node's own parameters
 * @param given what it holds
 * @param read what such a JSON holds, or throws
 * @throws ConnectorError with the code of an empty value
 */
export function requireWholeJson(
	text: unknown,
	given: unknown,
	read: (value: unknown) => unknown,
	{ evaluate, isWhole, isWholeInside = () => false, where, code }: WholeValues,
): void {
	if (typeof text !== 'string' || evaluate === undefined) return;
	for (const { hole, value } of withHolesFilled(text, evaluate)) {
		const name = differing(given, readOrNothing(read, value), isWhole, isWholeInside);
		if (name !== undefined) throw partlyEmpty(name, hole, { where, code });
	}
}

/** With something in its place the JSON may be none: then the piece is more than a part of a value. */
function readOrNothing(read: (value: unknown) => unknown, value: unknown): unknown {
	try {
		return read(value);
	} catch {
		return undefined;
	}
}

/** The first field of that kind with a value that is another one there. */
function differing(
	given: unknown,
	filled: unknown,
	isWhole: (name: string) => boolean,
	isWholeInside: (name: string) => boolean,
): string | undefined {
	if (Array.isArray(given) && Array.isArray(filled)) {
		const names = given.map((one: unknown, index) =>
			differing(one, filled[index], isWholeInside, isWholeInside),
		);
		return names.find((name) => name !== undefined);
	}
	if (!isRecord(given) || !isRecord(filled)) return undefined;
	for (const [name, value] of Object.entries(given)) {
		const other = filled[name];
		if (typeof value === 'object' && value !== null) {
			const within = differing(value, other, isWholeInside, isWholeInside);
			if (within !== undefined) return within;
		} else if (isWhole(name) && !isEmptyValue(value) && value !== other) return name;
	}
	return undefined;
}

function partlyEmpty(
	name: string,
	hole: string,
	{ where, code }: Pick<WholeValues, 'where' | 'code'>,
): ConnectorError {
	return new ConnectorError(
		code,
		`The expression of ${name} gives nothing at {{${hole}}} for ${where} (the first item is 0). Nothing was sent.`,
		{
			repair:
				'Correct the expression or the data of that item. What a record is found by, and what is needed, has ' +
				'to be whole.',
		},
	);
}
