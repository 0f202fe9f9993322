import type { ResourceMapperValue } from 'n8n-workflow';
import { ConnectorError } from '../errors';
import { isRecord } from '../http';
import { isEmptyValue, type EmptyValues } from '../values/emptyValues';
import { evaluatorOf } from './givenValues';
import { readJsonField } from './jsonField';
import type { ItemCall } from './operation';
import { readOptions } from './optionsField';
import { requireWholeFields, requireWholeJson, type WholeValues } from './wholeValues';

/** Where the values of a record come from. */
export type DataMode = 'fields' | 'columns' | 'json';

/** How the values of a record are read, which is the service's to say. */
export interface RecordReading {
	/** Name of n8n's mapper among the parameters; *Data Mode* is `dataMode`, the object `json`. */
	mapper: string;
	/** Name of a collection with rows of `field` and `value`, where there is one; *Data Mode* is `rows` then. */
	rows?: string;
	/** What has to be whole, where an expression may leave a part of it empty, and the code of the error. */
	whole: Pick<WholeValues, 'isWhole' | 'isWholeInside' | 'code'>;
	/** Code of a JSON that is none. */
	invalidCode: string;
	/** An object as an error shows it, such as `{"Name": "Acme"}`. */
	example: string;
	/** What a record cannot do without: empty, it is an error whatever *Empty Values* says. */
	isNeeded?(name: string): boolean;
	/** Whether *Empty Values* may clear a field, where it is an error otherwise; all may be cleared if missing. */
	mayBeCleared?(name: string): boolean;
	/** Whether a value says nothing of a field, beside what always does; default: no other. */
	isNothing?(name: string, value: unknown): boolean;
	/** Whether a column of the item is meant, where all of them are taken; all are if missing. */
	isColumnMeant?(name: string): boolean;
	/** What becomes of empty values that are mapped one by one, unless the item says; default: an error. */
	emptyValues?: EmptyValues;
}

/** Values by names of fields as they were given; null clears a field. */
export interface RecordValues {
	values: Record<string, unknown>;
	from: DataMode;
}

/**
 * The values of a record as the item gives them: mapped one by one, from the columns of the item, or as JSON.
 * What was typed empty means that nothing is to be said of the field.
 *
 * @throws ConnectorError with the code of an empty value, for an expression that gives nothing, as *Empty Values* says, or
 *   only a part of what has to be whole; with that of an invalid one for JSON that is none
 */
export function readRecordValues(item: ItemCall, reading: RecordReading): RecordValues {
	const { context, itemIndex } = item;
	const mode = context.getNodeParameter('dataMode', itemIndex, 'fields');
	if (mode === 'json') return { values: readJson(item, reading), from: 'json' };
	if (mode === 'rows' && reading.rows !== undefined) {
		return { values: readRows(item, reading, reading.rows), from: 'fields' };
	}
	const mapped = context.getNodeParameter(
		reading.mapper,
		itemIndex,
		{},
	) as Partial<ResourceMapperValue>;
	if (mapped.mappingMode === 'autoMapInputData') {
		return { values: readColumns(item, reading), from: 'columns' };
	}
	const typed = typedValues(item, reading);
	requireWholeFields(Object.entries(typed ?? {}), wholeValues(item, reading));
	const standard = reading.emptyValues ?? 'error';
	const values = withoutEmpty(item, reading, mapped.value ?? {}, standard, typed);
	return { values, from: 'fields' };
}

function readJson(item: ItemCall, reading: RecordReading): Record<string, unknown> {
	const { context, itemIndex } = item;
	const read = (value: unknown) => objectOf(value, itemIndex, reading);
	const given = read(context.getNodeParameter('json', itemIndex));
	const typed = context.getNode().parameters.json;
	if (!isExpression(typed)) return given;
	requireWholeJson(typed, given, read, wholeValues(item, reading));
	// What comes from data says nothing where it is empty; a null that somebody typed clears the field.
	return withoutEmpty(item, reading, given, 'leaveOut', undefined);
}

/** Rows of the editor, each with a field and its value; what is empty is dealt with as where fields are mapped. */
function readRows(
	item: ItemCall,
	reading: RecordReading,
	collection: string,
): Record<string, unknown> {
	const { context, itemIndex } = item;
	const rows = rowsIn(context.getNodeParameter(collection, itemIndex, {}));
	const typedRows = rowsIn(context.getNode().parameters[collection]);
	const given: Record<string, unknown> = {};
	const typed: Record<string, unknown> = {};
	for (const [index, row] of rows.entries()) {
		const name = String(row.field ?? '').trim();
		const problem = name === '' ? 'names no field' : `names the field ${name} a second time`;
		if (name === '' || Object.hasOwn(given, name)) {
			throw new ConnectorError(
				reading.invalidCode,
				`Row ${index + 1} of item ${itemIndex} ${problem}. Nothing was sent.`,
				{ repair: 'Choose each field once, or remove the row.' },
			);
		}
		given[name] = locatedIn(row.value);
		typed[name] = locatedIn(typedRows[index]?.value);
	}
	requireWholeFields(Object.entries(typed), wholeValues(item, reading));
	// Rows that an expression makes as a whole are data.
	const written = rows.length === typedRows.length ? typed : undefined;
	return withoutEmpty(item, reading, given, reading.emptyValues ?? 'error', written);
}

/** The rows, or the one of them that is given as such. */
function rowsIn(collection: unknown): Array<Record<string, unknown>> {
	const rows: unknown = isRecord(collection) ? collection.row : undefined;
	return (Array.isArray(rows) ? rows : [rows]).filter(isRecord);
}

/** What a locator holds. */
function locatedIn(value: unknown): unknown {
	return isRecord(value) && value.__rl === true ? value.value : value;
}

/** Columns say nothing where they are empty, also of what is needed: the record itself will tell. */
function readColumns(item: ItemCall, reading: RecordReading): Record<string, unknown> {
	const { context, itemIndex } = item;
	const columns = context.getInputData()[itemIndex]?.json ?? {};
	const { isColumnMeant = () => true } = reading;
	const given = Object.entries(columns).filter(([name]) => isColumnMeant(name));
	const unneeded = { ...reading, isNeeded: undefined };
	return withoutEmpty(item, unneeded, Object.fromEntries(given), 'leaveOut', undefined);
}

function wholeValues({ context, itemIndex }: ItemCall, { whole }: RecordReading): WholeValues {
	const evaluate = evaluatorOf(context, itemIndex);
	return { ...whole, evaluate, where: `item ${itemIndex}` };
}

/** The fields in the node's own parameters, with their expressions. */
function typedValues(
	{ context }: ItemCall,
	{ mapper }: RecordReading,
): Readonly<Record<string, unknown>> | undefined {
	const stored: unknown = context.getNode().parameters[mapper];
	const values = isRecord(stored) ? stored.value : undefined;
	return isRecord(values) ? values : undefined;
}

/** @param typed the same in the node's own parameters; undefined where every value comes from data */
function withoutEmpty(
	item: ItemCall,
	{ isNeeded, isNothing, mayBeCleared, whole }: RecordReading,
	given: Readonly<Record<string, unknown>>,
	standard: EmptyValues,
	typed: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
	const rule = (readOptions(item).emptyValues ?? standard) as EmptyValues;
	// Without a prototype a value named __proto__ is one like any other, which is refused by its name.
	const values = Object.create(null) as Record<string, unknown>;
	for (const [name, value] of Object.entries(given)) {
		const isOfData = typed === undefined || isExpression(typed[name]);
		const isEmpty = isEmptyValue(value) || (isOfData && isNothing?.(name, value) === true);
		if (!isEmpty) values[name] = value;
		else if (isOfData) {
			const isKept = rule === 'clear' && mayBeCleared?.(name) === false;
			const isError = isNeeded?.(name) === true || rule === 'error' || isKept;
			if (isError) throw emptyValue(name, value, item.itemIndex, whole.code);
			if (rule === 'clear') values[name] = null;
		}
	}
	return values;
}

function objectOf(
	json: unknown,
	itemIndex: number,
	{ invalidCode, example }: RecordReading,
): Record<string, unknown> {
	const reading = readJsonField(json);
	const content: unknown = 'text' in reading ? JSON.parse(reading.text) : undefined;
	if (isRecord(content) && !Array.isArray(content)) return content;
	const problem = 'problem' in reading ? reading.problem : 'it is no object';
	throw new ConnectorError(
		invalidCode,
		`The field JSON of item ${itemIndex} is not usable: ${problem}.`,
		{ repair: `Give one object, such as ${example}, with names and texts in double quotes.` },
	);
}

function isExpression(typed: unknown): boolean {
	return typeof typed === 'string' && typed.startsWith('=');
}

function emptyValue(name: string, value: unknown, itemIndex: number, code: string): ConnectorError {
	const isBlank = typeof value === 'string' && value.trim() === '';
	const gives = isBlank ? 'an empty text' : isEmptyValue(value) ? String(value) : 'an empty list';
	return new ConnectorError(
		code,
		`The field ${name} gets ${gives} from item ${itemIndex} (the first item is 0). Nothing was sent.`,
		{
			repair:
				'Correct the expression or the data of that item, or choose in Options > Empty Values what becomes ' +
				'of empty fields; one that is needed must have a value.',
		},
	);
}
