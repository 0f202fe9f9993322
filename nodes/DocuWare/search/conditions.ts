import { isEmptyValue } from '../../shared/values/emptyValues';
import { inField } from '../../shared/values/invalidValue';
import { refuseDecimalCommas } from '../../shared/values/numbers';
import type { ValueOptions } from '../../shared/values/valueOptions';
import {
	beginningWith,
	bound,
	containing,
	endingWith,
	exactly,
	isBound,
	like,
	not,
	oneOf,
} from './literals';
import {
	OPERATOR_WORDS,
	operatorsOf,
	WITHOUT_VALUE,
	type SearchOperator,
	type SearchType,
} from './operators';
import { invalidValue, searchValue, timeEnd } from './values';

/** A field that documents are searched by. */
export interface SearchField {
	/** Database name; of a column that of its table. */
	name: string;
	/** Database name of a table's column. */
	column?: string;
	type: SearchType;
}

/** The full text of the documents, where a cabinet has it (docs/facts/docuware.md 6.2). */
export const FULL_TEXT: SearchField = { name: 'DocuWareFulltext', type: 'FullText' };

/** The number that a document has in its cabinet. */
export const DOCUMENT_ID: SearchField = { name: 'DWDOCID', type: 'Numeric' };

/** One condition, as a person enters it. */
export interface SearchRow {
	field: string;
	operator: SearchOperator;
	/** Missing for Is Empty and Is Not Empty; a list, or texts with commas between them, for Is Any Of. */
	value?: unknown;
	/** The end of Is Between. */
	valueTo?: unknown;
	/** Which of the conditions it is, counted from 1, for the words of an error. */
	place?: number;
}

/** A condition as DocuWare takes it: one value, or a range of two, one of which may be null. */
export interface SearchCondition {
	DBName: string;
	ColumnName?: string;
	Value: Array<string | null>;
	/** The values are moments in UTC; this is not sent. */
	isTime?: true;
}

/**
 * What a row asks for: conditions of which one is to hold. There are several only for numbers and dates with *Is Any
 * Of*, since their values know no `OR`.
 *
 * @throws ConnectorError DOCUWARE_INVALID_VALUE, which names row and field, for a value or an operator that does not
 *   fit, or a missing value: it would find all documents
 */
export function conditionsOf(
	field: SearchField,
	row: SearchRow,
	options: ValueOptions = {},
): SearchCondition[] {
	const { name, column, type } = field;
	return inCondition(row, () => {
		if (!operatorsOf(type).includes(row.operator)) throw wrongOperator(type, row.operator);
		const target = { DBName: name, ...(column !== undefined && { ColumnName: column }) };
		const isTime = type === 'DateTime' && !WITHOUT_VALUE.includes(row.operator);
		return valuesOf(type, row, options).map((Value) => ({
			...{ ...target, Value },
			...(isTime && { isTime }),
		}));
	});
}

/** Does the work on a condition; what goes wrong with it names the row and its field. */
export function inCondition<T>({ field, place }: SearchRow, work: () => T): T {
	const name = field.slice(0, 60);
	return inField(place === undefined ? name : `Condition ${place}, ${name}`, work);
}

/** The values of a row's conditions. */
function valuesOf(
	type: SearchType,
	{ operator, value, valueTo }: SearchRow,
	options: ValueOptions,
): Array<SearchCondition['Value']> {
	if (operator === 'isEmpty') return [['EMPTY()']];
	if (operator === 'isNotEmpty') return [['NOTEMPTY()']];
	if (operator === 'anyOf') {
		const isNumber = type === 'Numeric' || type === 'Decimal';
		if (isNumber && jsonList(value) === undefined) {
			refuseDecimalCommas(value, type === 'Numeric', options, invalidValue);
		}
		return anyOf(type, listedValues(value), options);
	}
	const given = needed(value, operator, 'value');
	switch (operator) {
		case 'between':
			return [range(type, [given, needed(valueTo, operator, 'end')], options)];
		case 'from':
			return [range(type, [given, null], options)];
		case 'to':
			return [range(type, [null, given], options)];
		case 'is':
			return [equal(type, given, options)];
		default:
			return [[TEXTS[operator](textFor(type, given))]];
	}
}

/** What is made of a text. */
const TEXTS: Readonly<
	Record<
		Exclude<SearchOperator, 'is' | 'anyOf' | 'between' | 'from' | 'to' | 'isEmpty' | 'isNotEmpty'>,
		(text: { text: string; isFullText: boolean }) => string
	>
> = {
	isNot: ({ text }) => not(exactly(text)),
	// A full text is searched for words, and several of them in their order are a phrase.
	contains: ({ text, isFullText }) => (isFullText ? exactly(text) : containing(text)),
	notContains: ({ text }) => not(containing(text)),
	startsWith: ({ text }) => beginningWith(text),
	endsWith: ({ text }) => endingWith(text),
	like: ({ text }) => like(text),
};

/** In a full text dots part words, and are in none (docs/facts/docuware.md 6.2); quotes and parentheses are no words. */
function textFor(type: SearchType, value: unknown): { text: string; isFullText: boolean } {
	const text = searchValue(type, value, {});
	if (type !== 'FullText') return { text, isFullText: false };
	const words = text.replace(/[."()\s]+/g, ' ').trim();
	if (words !== '') return { text: words, isFullText: true };
	throw invalidValue(value, 'has no words.', 'Give a word or a phrase of the document.');
}

function isText(type: SearchType): boolean {
	return operatorsOf(type).includes('like');
}

/** A time is found within its second, a day of a field with times from its beginning to its end. */
function equal(type: SearchType, value: unknown, options: ValueOptions): SearchCondition['Value'] {
	if (isText(type)) return [exactly(textFor(type, value).text)];
	const from = searchValue(type, value, options);
	return type === 'DateTime' ? [from, timeEnd(value, options)] : [from];
}

function anyOf(
	type: SearchType,
	values: readonly unknown[],
	options: ValueOptions,
): Array<SearchCondition['Value']> {
	if (isText(type)) return [[oneOf(values.map((value) => textFor(type, value).text))]];
	const made = values.map((value) => equal(type, value, options));
	// `1` and `1,0` are one number.
	return [...new Map(made.map((one) => [JSON.stringify(one), one])).values()];
}

function range(
	type: SearchType,
	[from, to]: readonly [unknown, unknown],
	options: ValueOptions,
): SearchCondition['Value'] {
	const start = from === null ? null : boundOf(type, from, options);
	const end = to === null ? null : endOf(type, to, options);
	if (start !== null && end !== null && isTurned(type, start, end)) {
		throw invalidValue(
			`${start} … ${end}`,
			'is a range that ends before it begins.',
			'Give the smaller or earlier value first.',
		);
	}
	return [start, end];
}

/** A range of days ends with the last one, not at its beginning. */
function endOf(type: SearchType, value: unknown, options: ValueOptions): string {
	return type === 'DateTime' ? timeEnd(value, options) : boundOf(type, value, options);
}

function boundOf(type: SearchType, value: unknown, options: ValueOptions): string {
	const text = searchValue(type, value, options);
	if (!isText(type)) return text;
	if (isBound(text)) return bound(text);
	throw invalidValue(
		value,
		'has the word AND, OR or NOT in capitals, which DocuWare would read as an operator.',
		'Give a range other ends, such as the words in front of it, or use Is or Starts With.',
	);
}

/** Texts are ordered by the server's rules, which nobody here knows. */
function isTurned(type: SearchType, start: string, end: string): boolean {
	switch (type) {
		case 'Numeric':
		case 'Decimal':
			return Number(start) > Number(end);
		case 'Date':
		case 'DateTime':
			return Date.parse(start) > Date.parse(end);
		default:
			return false;
	}
}

/**
 * The values of Is Any Of: a list, a JSON array, or texts with commas between them.
 * @throws ConnectorError DOCUWARE_INVALID_VALUE for an empty one
 */
export function listedValues(value: unknown): unknown[] {
	const list: unknown[] = Array.isArray(value) ? value : (jsonList(value) ?? splitAtCommas(value));
	const given = list.map((one) => (typeof one === 'string' ? one.trim() : one));
	if (given.length > 0 && !given.some(isEmptyValue)) return [...new Set(given)];
	throw invalidValue(value, 'holds an empty value.', 'Give a list of values, none of them empty.');
}

function splitAtCommas(value: unknown): unknown[] {
	return typeof value === 'string' ? value.split(',') : [value];
}

function jsonList(value: unknown): unknown[] | undefined {
	if (typeof value !== 'string' || !/^\s*\[/.test(value)) return undefined;
	try {
		const parsed: unknown = JSON.parse(value);
		return Array.isArray(parsed) ? parsed : undefined;
	} catch {
		return undefined;
	}
}

function needed(value: unknown, operator: SearchOperator, what: string): unknown {
	if (!isEmptyValue(value) && !(Array.isArray(value) && value.length === 0)) return value;
	throw invalidValue(
		OPERATOR_WORDS[operator],
		`has no ${what} to compare with.`,
		`Give the condition its ${what}, or choose Is Empty. A condition without a value would find all documents.`,
	);
}

function wrongOperator(type: SearchType, operator: SearchOperator): Error {
	const words = operatorsOf(type).map((one) => OPERATOR_WORDS[one]);
	return invalidValue(
		OPERATOR_WORDS[operator] ?? operator,
		`cannot be asked of ${type === 'FullText' ? 'the full text' : `a field of the type ${type}`}.`,
		`Choose another operator: ${words.join(', ')}.`,
	);
}
