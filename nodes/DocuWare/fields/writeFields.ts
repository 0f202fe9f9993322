import { isRecord } from '../../shared/http';
import { localDateTime, momentOf, type DateReading } from '../../shared/values/dateTimes';
import { isEmptyValue } from '../../shared/values/emptyValues';
import { inField, invalidValueWith } from '../../shared/values/invalidValue';
import { decimalText, heldNumber, wholeDigits, wholeNumber } from '../../shared/values/numbers';
import { plainText } from '../../shared/values/texts';
import type { ValueOptions } from '../../shared/values/valueOptions';
import { FieldNames } from './fieldNames';
import type { FieldType, IndexField } from './indexFields';
import {
	readDate,
	readDateTime,
	serviceDate,
	serviceDateText,
	serviceMoment,
} from './serviceDates';

/** A value as it is sent (docs/facts/docuware.md 6.3). */
export interface SentField {
	FieldName: string;
	/** Null clears the field; `IsNull` says so as well. */
	Item: unknown;
	ItemElementName: string;
	IsNull?: true;
}

/** How values that are not fields of a cabinet, or cannot be written, are taken. */
export interface WriteOptions extends ValueOptions {
	/** What becomes of a name that no field has; default `refuse`. */
	unknown?: 'refuse' | 'leaveOut';
	/** What becomes of a field that DocuWare fills itself, or that the dialog shows only; default `refuse`. */
	readOnly?: 'refuse' | 'leaveOut';
}

/** DOCUWARE_INVALID_VALUE: the value, shortened, what is wrong with it, and what to do. */
export const invalidValue = invalidValueWith('DOCUWARE_INVALID_VALUE');

/** Most characters of a text field, where the field itself says nothing (docs/facts/docuware.md 6.3). */
const TEXT_LENGTH = 255;

/** A whole number of DocuWare has at most so many bits. */
const WHOLE_RANGE = [-(2n ** 63n), 2n ** 63n - 1n] as const;

const ELEMENTS: Record<FieldType, string> = {
	Text: 'String',
	Memo: 'Memo',
	Numeric: 'Int',
	Decimal: 'Decimal',
	Date: 'Date',
	DateTime: 'DateTime',
	Keyword: 'Keywords',
	Table: 'Table',
};

/**
 * Values as they are sent, typed by the fields of the cabinet. Null clears a field, and so does an empty list; nothing
 * is said of fields that are not given.
 *
 * @param values by name in the database, or by label where only one field has it
 * @throws ConnectorError DOCUWARE_INVALID_VALUE, which names the field: for a value that does not fit it, one that
 * DocuWare fills itself, a name that no field has, and a field that is given twice
 */
export function writeFields(
	names: FieldNames,
	values: Readonly<Record<string, unknown>>,
	options: WriteOptions = {},
): SentField[] {
	const sent = new Map<string, SentField>();
	for (const [typed, value] of Object.entries(values)) {
		if (options.unknown === 'leaveOut' && !names.has(typed)) continue;
		const field = names.find(typed);
		if (field.isReadOnly) {
			if (options.readOnly === 'leaveOut') continue;
			refuseReadOnly(field);
		}
		if (sent.has(field.name)) refuse(field, typed, 'names a field that is given twice.', ONCE);
		sent.set(field.name, writeField(field, value, options));
	}
	return [...sent.values()];
}

const ONCE = 'Give it once, by its name or by its label.';

/**
 * One value as it is sent.
 * @throws ConnectorError DOCUWARE_INVALID_VALUE, which names the field
 */
export function writeField(
	field: IndexField,
	value: unknown,
	options: WriteOptions = {},
): SentField {
	const { name, type = 'Text' } = field;
	return inField(shownName(field), () => {
		if (isBlank(value)) throw invalidValue(value, 'is an empty text.', CLEARING);
		const isNothing = value === null || value === undefined || isEmptyList(field, value);
		const item = isNothing ? null : itemOf(field, type, value, options);
		return {
			FieldName: name,
			Item: item,
			ItemElementName: ELEMENTS[type],
			...(item === null && { IsNull: true as const }),
		};
	});
}

const CLEARING =
	'Give a value, or null to clear the field; a field that is left out stays as it is.';

function isBlank(value: unknown): boolean {
	return typeof value === 'string' && value.trim() === '';
}

/** Whether a value is a list without members; for keywords and tables also one that came as JSON. */
export function isEmptyList({ type = 'Text' }: IndexField, value: unknown): boolean {
	const list = type === 'Keyword' || type === 'Table' ? listOf(value) : value;
	return Array.isArray(list) && list.length === 0;
}

function itemOf(
	field: IndexField,
	type: FieldType,
	value: unknown,
	options: WriteOptions,
): unknown {
	switch (type) {
		case 'Text':
			return shortText(field, value);
		case 'Memo':
			return plainText(value, invalidValue);
		case 'Numeric':
			return wholeNumber(wholeDigits(value, WHOLE_RANGE, options, invalidValue));
		case 'Decimal':
			return decimalNumber(field, value);
		case 'Date':
			return day(localDateTime(value, dates(options, dateText)).slice(0, 10), value);
		case 'DateTime':
			return time(momentOf(value, dates(options, serviceDateText)), value);
		case 'Keyword':
			return keywords(field, value);
		case 'Table':
			return table(field, value, options);
	}
}

function dates({ timeZone = 'UTC' }: ValueOptions, readText: DateReading['readText']): DateReading {
	return { timeZone, readText, invalid: invalidValue };
}

function day(text: string, value: unknown): string {
	time(Date.parse(text), value);
	return text;
}

/** The first days of the year 1 are read as none, and what is beyond the year 9999 in UTC as no date. */
function time(moment: number, value: unknown): string {
	const written = serviceDate(moment);
	if (typeof serviceMoment(written) === 'number' && readDateTime(written) !== written) {
		return written;
	}
	throw invalidValue(
		value,
		'stands for no date in DocuWare.',
		'Give a date of the years 2 to 9999, or null to clear the field.',
	);
}

/** A date of an answer is a day already; in another zone its midnight would be another one. */
function dateText(text: string): string {
	const date = readDate(text);
	return typeof date === 'string' ? date : text;
}

function shortText({ length = TEXT_LENGTH }: IndexField, value: unknown): string {
	const text = plainText(value, invalidValue);
	if (text.length <= length) return text;
	throw invalidValue(
		text,
		`has ${text.length} characters, and the field takes ${length}.`,
		'Shorten the text, or use a memo field.',
	);
}

function decimalNumber({ precision }: IndexField, value: unknown): number {
	const [, fraction = ''] = decimalText(value, invalidValue).split('.');
	const decimals = fraction.replace(/0+$/, '').length;
	if (precision !== undefined && decimals > precision) {
		throw invalidValue(
			value,
			`has ${decimals} decimals, and the field takes ${precision}.`,
			`Round the number to ${precision} decimals, as {{ Number(value).toFixed(${precision}) }} does.`,
		);
	}
	return heldNumber(value, invalidValue);
}

/** A list; one that came as JSON; or a single keyword, in which a comma would leave open what is meant. */
function keywords(field: IndexField, value: unknown): unknown {
	const list = listOf(value);
	const words = (list ?? [value]).map((one) => plainText(one, invalidValue).trim());
	if (list === undefined && /[,;]/.test(words[0] ?? '')) {
		throw invalidValue(
			value,
			'may be one keyword or several.',
			'Give a list, such as ["urgent", "paid"], also for one keyword with a comma in it.',
		);
	}
	for (const word of words) if (word !== '') shortText(field, word);
	const given = words.filter((word) => word !== '');
	if (given.length === 0) throw invalidValue(value, 'holds no keyword.', CLEARING);
	return { $type: 'DocumentIndexFieldKeywords', Keyword: [...new Set(given)] };
}

/** Rows as objects by the names or labels of the columns, also as JSON; a single row is one as well. */
function table(field: IndexField, value: unknown, options: WriteOptions): unknown {
	const content = typeof value === 'string' ? jsonOf(value) : value;
	const rows: unknown[] = Array.isArray(content) ? content : [content];
	const names = new FieldNames(field.columns, `the table ${field.name}`);
	return {
		$type: 'DocumentIndexFieldTable',
		Row: rows.map((row, index) => {
			if (!isRecord(row)) {
				throw invalidValue(row, `is row ${index + 1} and no object.`, ROWS);
			}
			if (Object.keys(row).length === 0)
				throw invalidValue(row, `has no column in row ${index + 1}.`, ROWS);
			return inField(`row ${index + 1}`, () => ({ ColumnValue: rowFields(names, row, options) }));
		}),
	};
}

const ROWS = 'Give rows as objects, such as [{"ARTICLE": "Bolt", "AMOUNT": 3}].';

/** What is empty in a row is sent as empty: the row is written as a whole. */
function rowFields(
	names: FieldNames,
	row: Record<string, unknown>,
	options: WriteOptions,
): SentField[] {
	const values = Object.entries(row).map(([name, value]): [string, unknown] => [
		name,
		isEmptyValue(value) ? null : value,
	]);
	// What is left out is said of fields: without one of its cells, a row would be written over the old one. Only what
	// DocuWare fills itself may be in a row that was read.
	const { unknown: _unknown, ...rest } = options;
	return writeFields(names, Object.fromEntries(values), rest);
}

/** A list, or the one in a JSON text; undefined for anything else. */
function listOf(value: unknown): unknown[] | undefined {
	if (Array.isArray(value)) return value;
	if (typeof value !== 'string' || !value.trim().startsWith('[')) return undefined;
	const content = jsonOf(value);
	return Array.isArray(content) ? content : undefined;
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

function refuseReadOnly(field: IndexField): never {
	const problem = field.isSystem ? 'is a field that DocuWare fills itself.' : 'is read-only here.';
	refuse(field, field.name, problem, 'Take it out of the fields.');
}

function refuse(field: IndexField, value: unknown, problem: string, repair: string): never {
	return inField(shownName(field), () => {
		throw invalidValue(value, problem, repair);
	});
}

/** `COMPANY (Company)`, or the name alone where the label says the same. */
export function shownName({ name, label }: IndexField): string {
	return label === name ? name : `${name} (${label})`;
}
