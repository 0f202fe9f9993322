import { isRecord } from '../../shared/requestBody';
import { fieldOf } from './cabinets';
import { dayOf, momentOf } from './dates';
import type { IndexValue, IndexValues, TableRow } from './documents';
import type { SimulatedField } from './fields';

/** A value or a name that the server does not take: 422 with this message. */
export class InvalidValue extends Error {}

/** What sources leave open about values that are written (docs/readings.md). */
export interface WritingRules {
	/** What a name that the cabinet does not have meets. */
	unknownIndexFields: 'ignored' | 'refused';
	/** What clears a field: `IsNull`, an `Item` of null, or each of them. */
	clearing: 'either' | 'isNull' | 'itemNull';
	/** What more digits than the field has behind the point meet. */
	decimalPlaces: 'refused' | 'rounded';
	/** Whether `$type` has to be the first member of its object. */
	typeFirst: boolean;
	/** Offset of the server's clock in minutes. */
	zoneMinutes: number;
}

/** Values that were sent; null for a field that is to be empty. */
export type SentValues = Record<string, IndexValue | null>;

/** Names of elements that carry a value of a type, in lower case. All but lists also come without a name. */
const elementNames: Readonly<Record<SimulatedField['DWFieldType'], readonly string[]>> = {
	Text: ['string'],
	Memo: ['memo', 'string'],
	Numeric: ['int', 'string'],
	Decimal: ['decimal', 'int', 'string'],
	Date: ['date', 'datetime', 'string'],
	DateTime: ['datetime', 'date', 'string'],
	Keyword: ['keywords', 'keyword'],
	Table: ['table'],
};

/**
 * The values of `{FieldName, Item, ItemElementName}` objects (docs/facts/docuware.md 6.3).
 * @param fields fields of the cabinet, or columns of a table
 * @throws InvalidValue for what does not fit its field
 */
export function readSentFields(
	sent: readonly unknown[],
	fields: readonly SimulatedField[],
	rules: WritingRules,
): SentValues {
	const values: SentValues = {};
	for (const entry of sent) {
		if (!isRecord(entry) || typeof entry['FieldName'] !== 'string') {
			throw new InvalidValue('An index field needs a FieldName.');
		}
		const name = entry['FieldName'];
		const field = fieldOf({ fields }, name);
		if (field === undefined) {
			if (rules.unknownIndexFields === 'ignored') continue;
			throw new InvalidValue(`The field '${name}' does not exist.`);
		}
		if (field.Scope === 'System') throw new InvalidValue(`The field '${name}' is read-only.`);
		values[field.DBFieldName] = readSentField(field, entry, rules);
	}
	return values;
}

/** Lays sent values over those present; a field that was not sent stays as it is. */
export function withSentValues(present: IndexValues, sent: SentValues): IndexValues {
	const values = { ...present };
	for (const [name, value] of Object.entries(sent)) {
		if (value === null) delete values[name];
		else values[name] = value;
	}
	return values;
}

/** Refuses values that leave a mandatory field empty. */
export function requireMandatory(
	values: IndexValues,
	fields: readonly SimulatedField[],
	isMandatory: (field: SimulatedField) => boolean = ({ NotEmpty: notEmpty }) => notEmpty,
): void {
	const missing = fields.find(
		(field) => isMandatory(field) && values[field.DBFieldName] === undefined,
	);
	if (missing !== undefined) {
		throw new InvalidValue(`The field '${missing.DBFieldName}' must not be empty.`);
	}
}

function readSentField(
	field: SimulatedField,
	entry: Record<string, unknown>,
	rules: WritingRules,
): IndexValue | null {
	const { Item: item, IsNull: isNull, ItemElementName: element } = entry;
	if (isNull === true && rules.clearing !== 'itemNull') return null;
	if (item === null || item === undefined) {
		if (item === null && rules.clearing !== 'isNull') return null;
		throw new InvalidValue(`The field '${field.DBFieldName}' has no value.`);
	}
	if (element !== undefined && element !== null) {
		const known = elementNames[field.DWFieldType];
		if (typeof element !== 'string' || !known.includes(element.toLowerCase())) {
			throw new InvalidValue(
				`'${JSON.stringify(element)}' is no element of the field '${field.DBFieldName}' (${field.DWFieldType}).`,
			);
		}
	}
	return readItem(field, item, rules);
}

function readItem(field: SimulatedField, item: unknown, rules: WritingRules): IndexValue | null {
	switch (field.DWFieldType) {
		case 'Text':
		case 'Memo':
			return readText(field, item);
		case 'Numeric':
			return readNumber(field, item, /^-?\d{1,19}$/);
		case 'Decimal':
			return readDecimal(field, item, rules);
		case 'Date':
		case 'DateTime':
			return readDate(field, item, rules);
		case 'Keyword':
			return readKeywords(field, item, rules);
		case 'Table':
			return readTable(field, item, rules);
	}
}

function readText(field: SimulatedField, item: unknown): string | null {
	if (typeof item !== 'string') throw notFitting(field, item);
	if (field.Length > 0 && item.length > field.Length) {
		throw new InvalidValue(
			`The value of the field '${field.DBFieldName}' is longer than ${field.Length} characters.`,
		);
	}
	return item === '' ? null : item;
}

function readNumber(field: SimulatedField, item: unknown, form: RegExp): number {
	const text = typeof item === 'number' ? String(item) : item;
	if (typeof text !== 'string' || !form.test(text)) throw notFitting(field, item);
	return Number(text);
}

function readDecimal(field: SimulatedField, item: unknown, rules: WritingRules): number {
	const value = readNumber(field, item, /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i);
	const scale = 10 ** field.Precision;
	const rounded = Math.round(value * scale) / scale;
	if (rules.decimalPlaces === 'refused' && Math.abs(rounded - value) > Number.EPSILON * scale) {
		throw new InvalidValue(
			`The field '${field.DBFieldName}' takes ${field.Precision} digits behind the point.`,
		);
	}
	return rounded;
}

function readDate(field: SimulatedField, item: unknown, rules: WritingRules): number {
	const moment = typeof item === 'string' ? momentOf(item, rules.zoneMinutes) : undefined;
	if (moment === undefined) throw notFitting(field, item);
	return field.DWFieldType === 'Date' ? dayOf(moment, rules.zoneMinutes) : moment;
}

/** The vendor's object of keywords, or one keyword as a text, which LV sends. */
function readKeywords(field: SimulatedField, item: unknown, rules: WritingRules): string[] | null {
	const list =
		typeof item === 'string'
			? [item]
			: membersOf(field, item, 'DocumentIndexFieldKeywords', 'Keyword', rules);
	const keywords = list.map((keyword) => readText(field, keyword));
	const given = keywords.filter((keyword) => keyword !== null);
	return given.length === 0 ? null : [...new Set(given)];
}

function readTable(field: SimulatedField, item: unknown, rules: WritingRules): TableRow[] | null {
	const rows = membersOf(field, item, 'DocumentIndexFieldTable', 'Row', rules);
	const read = rows.map((row): TableRow => {
		const columns = isRecord(row) ? row['ColumnValue'] : undefined;
		if (!Array.isArray(columns)) throw notFitting(field, row);
		const values = withSentValues({}, readSentFields(columns, field.TableFieldColumns, rules));
		requireMandatory(values, field.TableFieldColumns);
		return values;
	});
	return read.length === 0 ? null : read;
}

function membersOf(
	field: SimulatedField,
	item: unknown,
	type: string,
	member: string,
	rules: WritingRules,
): unknown[] {
	if (!isRecord(item) || item['$type'] !== type) throw notFitting(field, item);
	if (rules.typeFirst && Object.keys(item)[0] !== '$type') {
		throw new InvalidValue(
			`'$type' has to be the first member of the field '${field.DBFieldName}'.`,
		);
	}
	const list = item[member];
	if (!Array.isArray(list)) throw notFitting(field, item);
	return list;
}

function notFitting(field: SimulatedField, item: unknown): InvalidValue {
	return new InvalidValue(
		`The value ${JSON.stringify(item)} does not fit the field '${field.DBFieldName}' (${field.DWFieldType}).`,
	);
}
