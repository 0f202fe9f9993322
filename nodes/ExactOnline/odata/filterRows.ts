import { parseJson } from '../../shared/http';
import { refuseDecimalCommas } from '../../shared/values/numbers';
import type { EdmType, ValueOptions } from './edm';
import { allOf, anyOf, contains } from './filter';
import { inField, invalidValue } from './invalidValue';
import { odataLiteral, padAccountCode } from './literals';

/** What a filter must know of a field. */
export interface FilterField {
	name: string;
	/** Undefined for a collection, or a field whose type nobody knows: it cannot be compared. */
	type: EdmType | undefined;
	/**
	 * Account codes have blanks before them (docs/facts/exact-online.md 4.4): `padded` is compared with them,
	 * `trimmed` without, where it is not known whether they are there.
	 */
	code?: 'padded' | 'trimmed';
}

const COMPARISONS = { eq: 'eq', ne: 'ne', gt: 'gt', ge: 'ge', lt: 'lt', le: 'le' } as const;

export type Comparison = keyof typeof COMPARISONS;

export type FilterOperator =
	| Comparison
	| ('contains' | 'notContains' | 'startsWith' | 'endsWith')
	| ('isOneOf' | 'isEmpty' | 'isNotEmpty');

/** One condition, as a person enters it. */
export interface FilterRow {
	field: string;
	operator: FilterOperator;
	/** Missing for Is Empty and Is Not Empty; a list for Is One Of, also as a text (`listedValues`). */
	value?: unknown;
}

const EQUALITY: readonly FilterOperator[] = ['eq', 'ne', 'isOneOf', 'isEmpty', 'isNotEmpty'];
const ORDER: readonly FilterOperator[] = ['gt', 'ge', 'lt', 'le'];
const TEXT: readonly FilterOperator[] = ['contains', 'notContains', 'startsWith', 'endsWith'];

const DECIMALS: readonly EdmType[] = ['Double', 'Decimal'];
const NUMBERS: readonly EdmType[] = ['Byte', 'Int16', 'Int32', 'Int64', ...DECIMALS];

/** The operators that make sense for a type (docs/facts/exact-online.md 4.3). */
export function operatorsOf(type: EdmType | undefined): readonly FilterOperator[] {
	switch (type) {
		case undefined:
		case 'Binary':
			return [];
		case 'Boolean':
			return ['eq', 'ne'];
		case 'Guid':
			return EQUALITY;
		case 'String':
			return [...EQUALITY, ...ORDER, ...TEXT];
		default:
			return [...EQUALITY, ...ORDER];
	}
}

/**
 * `$filter` of conditions that must all hold, or of which one must. It can stand beside others: no value leaves
 * its literal, and no condition its brackets.
 *
 * @param fieldOf what is known of a field; throws for one that the endpoint has not
 * @returns undefined where there are no rows
 * @throws ConnectorError EXACT_INVALID_VALUE for a value or operator that does not fit, or a missing value
 */
export function filterOfRows(
	rows: readonly FilterRow[],
	combine: 'and' | 'or',
	fieldOf: (name: string) => FilterField,
	options: ValueOptions = {},
): string | undefined {
	const conditions = rows.map((row) => {
		const field = fieldOf(row.field);
		return inField(field.name, () => condition(field, row, options));
	});
	return combine === 'and' ? allOf(conditions) : anyOf(conditions);
}

/** One comparison with a value, such as `Code eq '              1234'`. */
export function comparison(
	field: FilterField,
	operator: Comparison,
	value: unknown,
	options: ValueOptions = {},
): string {
	const type = comparable(field);
	const name = field.code === 'trimmed' ? `trim(${field.name})` : field.name;
	const compared = field.code === undefined ? value : codeText(field.code, value);
	return `${name} ${COMPARISONS[operator]} ${odataLiteral(type, compared, options)}`;
}

function condition(
	field: FilterField,
	{ operator, value }: FilterRow,
	options: ValueOptions,
): string {
	const type = comparable(field);
	if (!operatorsOf(type).includes(operator)) {
		throw invalidValue(
			operator,
			`cannot be asked of a field of the type ${type}.`,
			`Choose another operator: ${operatorsOf(type).join(', ')}.`,
		);
	}
	if (operator === 'isEmpty') return emptiness(field.name, type, 'eq', 'or');
	if (operator === 'isNotEmpty') return emptiness(field.name, type, 'ne', 'and');
	if (isMissing(value)) {
		throw invalidValue(
			operator,
			'has no value to compare with.',
			'Give the condition a value, or choose Is Empty.',
		);
	}
	switch (operator) {
		case 'contains':
			return contains(field.name, value);
		case 'notContains':
			return `not (${contains(field.name, value)})`;
		case 'startsWith':
			return `startswith(${textOf(field)},${odataLiteral('String', value)}) eq true`;
		case 'endsWith':
			return `endswith(${field.name},${odataLiteral('String', value)}) eq true`;
		case 'isOneOf':
			refuseTornNumbers(type, value, options);
			return listedValues(value)
				.map((one) => comparison(field, 'eq', one, options))
				.join(' or ');
		default:
			return comparison(field, operator, value, options);
	}
}

function comparable({ name, type }: FilterField): EdmType {
	if (type !== undefined && operatorsOf(type).length > 0 && /^\w+$/.test(name)) return type;
	throw invalidValue(name, 'cannot be compared.', 'Choose another field for the filter.');
}

/** A text may be empty in two ways. */
function emptiness(name: string, type: EdmType, operator: Comparison, word: 'or' | 'and'): string {
	const none = `${name} ${operator} null`;
	return type === 'String' ? `${none} ${word} ${name} ${operator} ''` : none;
}

function textOf({ name, code }: FilterField): string {
	return code === undefined ? name : `trim(${name})`;
}

function codeText(code: 'padded' | 'trimmed', value: unknown): unknown {
	if (typeof value !== 'string' && typeof value !== 'number') return value;
	return code === 'padded' ? padAccountCode(String(value)) : String(value).trim();
}

/**
 * Between whole numbers a comma separates, unless it is said to stand between thousands; between others it may be the
 * decimal sign.
 */
function refuseTornNumbers(type: EdmType, value: unknown, options: ValueOptions): void {
	if (!NUMBERS.includes(type) || (typeof value === 'string' && isPlainlyAList(value))) return;
	const isWhole = !DECIMALS.includes(type);
	const { thousands = isWhole ? '.' : undefined } = options;
	refuseDecimalCommas(value, isWhole, { thousands }, invalidValue);
}

/** A text of which no comma tells where a value ends: a JSON array, or values with semicolons between them. */
function isPlainlyAList(text: string): boolean {
	return text.includes(';') || text.trimStart().startsWith('[');
}

/**
 * The values of Is One Of: a list, a JSON array, or a text with semicolons or else commas between the values. With
 * semicolons a value may hold commas.
 * @throws ConnectorError EXACT_INVALID_VALUE for an empty one
 */
export function listedValues(value: unknown): unknown[] {
	const list = Array.isArray(value) ? (value as unknown[]) : partsOf(String(value));
	const given = list.map((one) => (typeof one === 'string' ? one.trim() : one));
	if (given.length > 0 && !given.some(isMissing)) return [...new Set(given)];
	throw invalidValue(value, 'holds an empty value.', 'Give a list of values, none of them empty.');
}

function partsOf(text: string): unknown[] {
	const json = text.trimStart().startsWith('[') ? parseJson(text) : undefined;
	if (Array.isArray(json)) return json as unknown[];
	return text.split(text.includes(';') ? ';' : ',');
}

function isMissing(value: unknown): boolean {
	return value === undefined || value === null || value === '' || isEmptyList(value);
}

function isEmptyList(value: unknown): boolean {
	return Array.isArray(value) && value.length === 0;
}
