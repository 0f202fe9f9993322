import { ConnectorError } from '../../shared/errors';
import { isRecord } from '../../shared/http';
import { isEmptyValue } from '../../shared/values/emptyValues';
import type { SearchCondition, SearchRow } from './conditions';
import { logicalOperation, sortDirection, type QueryTerms, type SortField } from './expression';
import { operatorNamed, OPERATOR_WORDS, WITHOUT_VALUE } from './operators';

/** What a JSON of conditions says. */
export interface JsonSearch {
	/** Conditions in words, as the rows of the editor. */
	rows: SearchRow[];
	/** Conditions as DocuWare takes them. */
	conditions: SearchCondition[];
	/** Undefined where it says nothing of it. */
	operation?: 'And' | 'Or';
	terms: Partial<QueryTerms>;
}

/** Members of a DialogExpression that are the node's own business, or say nothing here. */
const IGNORED = new Set(['Count', 'ForceRefresh', 'IncludeSuggestions', '$type', 'Links']);

/** Members that are understood. */
const KNOWN: readonly string[] = [
	'Condition',
	'Operation',
	'SortOrder',
	'AdditionalCabinets',
	'FlagConditions',
];

/** Members of a condition in words, and of one in DocuWare's own form. */
const ROW_MEMBERS: readonly string[] = ['field', 'operator', 'value', 'valueTo'];
const CONDITION_MEMBERS: readonly string[] = ['DBName', 'ColumnName', 'Value', '$type'];

/**
 * Reads conditions that are given as JSON: a list of `{"field", "operator", "value"}` or of DocuWare's own
 * `{"DBName", "Value"}`, a whole DialogExpression, or an object of field names and values that they are to be equal to.
 *
 * @param value a text, or what an expression gives
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER which says where it cannot be read
 */
export function readJsonSearch(value: unknown): JsonSearch {
	const given = typeof value === 'string' ? parsed(value) : value;
	if (Array.isArray(given)) return { ...conditionsIn(given), terms: {} };
	if (!isRecord(given)) throw unreadable('it is neither a list nor an object');
	if ('Condition' in given) return expressionIn(given);
	if ('DBName' in given || 'field' in given) return { ...conditionsIn([given]), terms: {} };
	return { rows: equalities(given), conditions: [], terms: {} };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw unreadable(error instanceof Error ? error.message : String(error));
	}
}

/** An object such as `{"COMPANY": "Peters"}`; a list means any of its values. */
function equalities(given: Record<string, unknown>): SearchRow[] {
	return Object.entries(given).map(([field, value]) => ({
		field,
		operator: Array.isArray(value) ? ('anyOf' as const) : ('is' as const),
		value,
	}));
}

function expressionIn(given: Record<string, unknown>): JsonSearch {
	const stranger = Object.keys(given).find((name) => !KNOWN.includes(name) && !IGNORED.has(name));
	if (stranger !== undefined && !isUnset(stranger, given[stranger])) {
		throw unreadable(
			`the member ${stranger} is not known`,
			`Use ${KNOWN.join(', ')} only; pages and fields to return are set in the node.`,
		);
	}
	const list = given.Condition;
	if (!Array.isArray(list)) throw unreadable('Condition is not a list');
	return {
		...conditionsIn(list),
		...(given.Operation !== undefined && { operation: operationIn(given.Operation) }),
		terms: {
			...(given.SortOrder !== undefined && { sort: sortIn(given.SortOrder) }),
			...(given.AdditionalCabinets !== undefined && {
				additionalCabinets: textsIn(given.AdditionalCabinets, 'AdditionalCabinets'),
			}),
			...(!isNothing(given.FlagConditions) && { flags: flagsIn(given.FlagConditions) }),
		},
	};
}

/** Start at the beginning and no fields are what the node means as well. */
function isUnset(name: string, value: unknown): boolean {
	if (name === 'Start') return value === 0;
	return name === 'AdditionalResultFields' && Array.isArray(value) && value.length === 0;
}

function conditionsIn(list: readonly unknown[]): Pick<JsonSearch, 'rows' | 'conditions'> {
	const rows: SearchRow[] = [];
	const conditions: SearchCondition[] = [];
	for (const [index, one] of list.entries()) {
		if (!isRecord(one)) throw unreadable(`condition ${index + 1} is not an object`);
		if ('DBName' in one) conditions.push(rawCondition(one, index));
		else rows.push(rowIn(one, index));
	}
	return { rows, conditions };
}

function rowIn(one: Record<string, unknown>, index: number): SearchRow {
	requireKnown(one, ROW_MEMBERS, index);
	const { field, operator = 'is', value, valueTo } = one;
	if (typeof field !== 'string' || field.trim() === '') {
		throw unreadable(`condition ${index + 1} names no field`);
	}
	const known = operatorNamed(String(operator));
	if (known === undefined) {
		throw unreadable(
			`condition ${index + 1} has the operator "${String(operator)}", which is not known`,
			`Use one of ${Object.keys(OPERATOR_WORDS).join(', ')}.`,
		);
	}
	// Models write both ends of a range as a list.
	if (known === 'between' && Array.isArray(value) && valueTo === undefined && value.length === 2) {
		const [from, to] = value as unknown[];
		return { field: field.trim(), operator: known, value: from, valueTo: to, place: index + 1 };
	}
	if (known !== 'between' && !isEmptyValue(valueTo)) {
		throw unreadable(
			`condition ${index + 1} has a valueTo, which "${String(operator)}" does not have`,
			'Use the operator between, or leave out valueTo.',
		);
	}
	if (WITHOUT_VALUE.includes(known) && !isEmptyValue(value) && value !== true) {
		throw unreadable(
			`condition ${index + 1} has a value, which "${String(operator)}" does not have`,
			'Leave out the value; the opposites are isEmpty and isNotEmpty.',
		);
	}
	return { field: field.trim(), operator: known, value, valueTo, place: index + 1 };
}

/** A member that nobody reads may be what the condition depends on, as an operator by another name. */
function requireKnown(
	one: Record<string, unknown>,
	members: readonly string[],
	index: number,
): void {
	const stranger = Object.keys(one).find(
		(name) => !members.includes(name) && one[name] !== undefined,
	);
	if (stranger === undefined) return;
	throw unreadable(
		`condition ${index + 1} has the member "${stranger}", which is not known`,
		`Use ${ROW_MEMBERS.join(', ')}, or DBName, ColumnName and Value.`,
	);
}

/** One value or two, of which one may be null; an empty text is no value (docs/facts/docuware.md 6.2). */
function rawCondition(one: Record<string, unknown>, index: number): SearchCondition {
	requireKnown(one, CONDITION_MEMBERS, index);
	const { DBName, ColumnName, Value } = one;
	const where = `condition ${index + 1}`;
	if (typeof DBName !== 'string' || DBName.trim() === '')
		throw unreadable(`${where} has no DBName`);
	const values: unknown[] = Array.isArray(Value) ? Value : [Value];
	if (values.length < 1 || values.length > 2) {
		throw unreadable(`${where} (${DBName}) has ${values.length} values; it may have one or two`);
	}
	const texts = values.map((value) => {
		if (value === null) return null;
		if (typeof value === 'number' || typeof value === 'boolean') return String(value);
		if (typeof value === 'string' && value.trim() !== '') return value;
		throw unreadable(`${where} (${DBName}) has an empty value, or one that is no text`);
	});
	if (texts.every((text) => text === null)) throw unreadable(`${where} (${DBName}) has no value`);
	return {
		DBName: DBName.trim(),
		...(typeof ColumnName === 'string' && ColumnName !== '' && { ColumnName }),
		Value: texts,
	};
}

function operationIn(value: unknown): 'And' | 'Or' {
	const operation = logicalOperation(value);
	if (operation !== undefined) return operation;
	throw unreadable(`Operation is "${String(value)}"`, 'Use And or Or.');
}

function sortIn(value: unknown): SortField[] {
	if (!Array.isArray(value)) throw unreadable('SortOrder is not a list');
	return value.map((one: unknown) => {
		const { Field, Direction = 'Asc' } = isRecord(one) ? one : {};
		if (typeof Field !== 'string' || Field === '') throw unreadable('SortOrder names no Field');
		const direction = sortDirection(Direction);
		if (direction !== undefined) return { field: Field, direction };
		throw unreadable(
			`SortOrder has the Direction "${String(Direction)}" for ${Field}`,
			'Use Asc or Desc.',
		);
	});
}

function flagsIn(flags: unknown): QueryTerms['flags'] {
	if (!isRecord(flags)) throw unreadable('FlagConditions is not an object');
	const includeCheckedOut = switchIn(flags, 'IncludeCheckedOut');
	const includeAppended = switchIn(flags, 'IncludeAppended');
	// One that it says nothing of is left out, so that it replaces no default.
	return {
		...(includeCheckedOut !== undefined && { includeCheckedOut }),
		...(includeAppended !== undefined && { includeAppended }),
	};
}

function switchIn(flags: Record<string, unknown>, name: string): boolean | undefined {
	const value = flags[name];
	const text = String(value).toLowerCase();
	if (isNothing(value)) return undefined;
	if (text === 'false') return false;
	if (text === 'true') return true;
	throw unreadable(`${name} is "${String(value)}"`, 'Use true or false.');
}

function isNothing(value: unknown): boolean {
	return value === undefined || value === null;
}

function textsIn(value: unknown, name: string): string[] {
	const list: unknown[] = Array.isArray(value) ? value : [];
	if (Array.isArray(value) && list.every((one) => typeof one === 'string')) return list as string[];
	throw unreadable(`${name} is not a list of IDs`);
}

function unreadable(
	problem: string,
	repair = 'Correct the JSON; an example is [{"field": "COMPANY", "operator": "contains", "value": "Peters"}].',
): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_INVALID_PARAMETER',
		`The conditions in JSON cannot be read: ${problem}. Nothing was sent.`,
		{ repair },
	);
}
