import { isRecord } from '../../../shared/http';
import { hasExpression } from '../../../shared/node/emptyExpressions';
import { evaluatorOf } from '../../../shared/node/givenValues';
import type { ItemCall } from '../../../shared/node/operation';
import { readOptions } from '../../../shared/node/optionsField';
import { readValuePairs } from '../../../shared/node/pairsField';
import { ConnectorError } from '../../../shared/errors';
import { requireWholeFields, requireWholeJson } from '../../../shared/node/wholeValues';
import { isEmptyValue, withoutGaps, type EmptyValues } from '../../../shared/values/emptyValues';
import { linesArray, type GivenLine } from '../../lines/linesArray';
import { WHOLE_REFERENCES } from '../../lines/wholeValues';
import { FURTHER, FURTHER_FIELD, ROW } from './lineRows';
import type { LinesFrom } from './linesFields';

const EMPTY_VALUE = 'EXACT_EMPTY_VALUE';

/** Where the item takes its lines from. */
export function readLinesFrom({ context, itemIndex }: ItemCall): LinesFrom {
	return context.getNodeParameter('linesFrom', itemIndex, 'rows') as LinesFrom;
}

/**
 * The lines that the item gives, in the form or as an array; none for a form without rows.
 *
 * @throws ConnectorError EXACT_INVALID_LINES, EXACT_EMPTY_VALUE as *Empty Values* says and for a reference with a part
 *   that is left empty, EXACT_INVALID_VALUE for a field that a row has twice
 */
export function readLines(item: ItemCall): GivenLine[] {
	const from = readLinesFrom(item);
	if (from !== 'array') return readRows(item, 'lineRows', from === 'items' ? 'leaveOut' : 'error');
	const { context, itemIndex } = item;
	const read = (value: unknown) => linesArray(value, 'Lines');
	const lines = read(context.getNodeParameter('linesArray', itemIndex));
	const evaluate = evaluatorOf(context, itemIndex);
	const whole = { ...WHOLE_REFERENCES, evaluate, where: `item ${itemIndex}` };
	requireWholeJson(context.getNode().parameters.linesArray, lines, read, whole);
	const rule = chosenRule(item) ?? 'leaveOut';
	return lines.map((line, index) =>
		withoutGaps(line, rule, `line ${index + 1} of item ${itemIndex}`, EMPTY_VALUE),
	);
}

/**
 * The rows of a form of lines. What was typed empty is left out, and so is a row of nothing else. A reference that an
 * expression leaves empty is an error whatever the standard, since a line without its item or project is another line.
 *
 * @param name of the field
 * @param standard what becomes of values that expressions leave empty, unless *Empty Values* says
 * @param needed fields that *Empty Values* may not clear
 * @throws ConnectorError EXACT_EMPTY_VALUE, EXACT_INVALID_VALUE
 */
export function readRows(
	item: ItemCall,
	name: string,
	standard: EmptyValues,
	needed: readonly string[] = [],
): GivenLine[] {
	const { context, itemIndex } = item;
	const rows = rowsOf(context.getNodeParameter(name, itemIndex, {}));
	const typed = rowsOf(context.getNode().parameters[name]);
	const chosen = chosenRule(item);
	const rule = chosen ?? standard;
	const evaluate = evaluatorOf(context, itemIndex);
	return rows.flatMap((row, index) => {
		const where = `line ${index + 1} of item ${itemIndex}`;
		requireWholeFields(typedTexts(row, typed[index] ?? {}), {
			...WHOLE_REFERENCES,
			evaluate,
			where,
		});
		const values = rowValues(row, typed[index] ?? {}, where);
		const isError = (field: string) =>
			rule === 'clear' ? needed.includes(field) : chosen === undefined && isLocator(row[field]);
		const wanted = Object.entries(values).filter(([field]) => isError(field));
		withoutGaps(Object.fromEntries(wanted), 'error', where, EMPTY_VALUE);
		return Object.keys(values).length === 0 ? [] : [withoutGaps(values, rule, where, EMPTY_VALUE)];
	});
}

/** What the item's *Empty Values* says; undefined where nobody has set it. */
function chosenRule(item: ItemCall): EmptyValues | undefined {
	return readOptions(item).emptyValues as EmptyValues | undefined;
}

/** Whether a field of a row holds a resource locator, as references do. */
function isLocator(stands: unknown): stands is Row {
	return isRecord(stands) && stands.__rl === true;
}

type Row = Readonly<Record<string, unknown>>;

/** A form holds a list of rows, or a single one. */
function rowsOf(value: unknown): Row[] {
	const rows: unknown = isRecord(value) ? value[ROW] : undefined;
	return (Array.isArray(rows) ? (rows as unknown[]) : [rows]).filter(isRecord);
}

/** What a row says: all that an expression fills, and what was typed. */
function rowValues(row: Row, typed: Row, where: string): Record<string, unknown> {
	// Of a further field any name may be given, also one that every object has.
	const values = Object.create(null) as Record<string, unknown>;
	const { [FURTHER]: further, ...main } = row;
	for (const [name, stands] of Object.entries(main)) {
		if (!isTypedEmpty(typed[name])) values[name] = locatedValue(stands);
	}
	requireNames(further, typed[FURTHER], where);
	for (const [name, value] of readValuePairs(further, FURTHER_FIELD)) {
		if (name in values) throw givenTwice(name, where);
		values[name] = value;
	}
	return values;
}

/** What the node's own parameters hold for the fields of a row; a further field has the name that the item gives. */
function typedTexts(row: Row, typed: Row): Array<[name: string, typed: unknown]> {
	const { [FURTHER]: further, ...main } = typed;
	const given = pairsOf(row[FURTHER]);
	const pairs = pairsOf(further).map(({ value }, index): [string, unknown] => [
		String(given[index]?.name ?? ''),
		value,
	]);
	return [
		...Object.entries(main).map(([name, stands]): [string, unknown] => [
			name,
			locatedValue(stands),
		]),
		...pairs,
	];
}

/** A further field whose name an expression leaves empty says nothing of a value that is to be written. */
function requireNames(given: unknown, typed: unknown, where: string): void {
	const pairs = pairsOf(given);
	const nameless = pairsOf(typed).some(
		({ name }, index) => hasExpression(name) && isEmptyValue(pairs[index]?.name),
	);
	if (nameless) throw noName(where);
}

function pairsOf(further: unknown): Row[] {
	const pairs = isRecord(further) ? further[FURTHER_FIELD] : undefined;
	return Array.isArray(pairs) ? (pairs as unknown[]).filter(isRecord) : [];
}

function isTypedEmpty(typed: unknown): boolean {
	const value = locatedValue(typed);
	return value === undefined || value === null || value === '';
}

function locatedValue(stands: unknown): unknown {
	return isLocator(stands) ? stands.value : stands;
}

function noName(where: string): ConnectorError {
	return new ConnectorError(
		EMPTY_VALUE,
		`The name of one of the Further Fields is empty in ${where} (the first item is 0). Nothing was sent.`,
		{ repair: 'Correct the expression or the data of that item.' },
	);
}

function givenTwice(name: string, where: string): ConnectorError {
	return new ConnectorError('EXACT_INVALID_VALUE', `${name} is given twice in ${where}.`, {
		repair: 'Give it in the form or among the Further Fields, not in both.',
	});
}
