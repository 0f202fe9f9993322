import { isRecord } from '../../shared/requestBody';
import { fieldOf } from '../world/cabinets';
import {
	dayOf,
	isDayOnly,
	isMsDate,
	isPlainTime,
	momentOf,
	msPerDay,
	msPerHour,
} from '../world/dates';
import type { IndexValue, StoredDocument } from '../world/documents';
import type { SimulatedField } from '../world/fields';
import { fullTextOf } from '../world/fullText';
import { InvalidValue } from '../world/sentValues';
import { valueOf } from '../world/systemValues';
import { textTestOf } from './terms';
import type { SearchRules } from './terms';

/** Says of a document whether it fits. */
export type DocumentTest = (document: StoredDocument) => boolean;

/** What can be searched for: the fields of a dialog, and whether the cabinet has a full text. */
export interface Searchable {
	fields: readonly SimulatedField[];
	hasFullText: boolean;
}

/** The name under which a full text is searched (docs/facts/docuware.md 6.2). */
const fullTextName = 'docuwarefulltext';

/**
 * Reads one `{DBName, ColumnName?, Value}` (docs/facts/docuware.md 6.2).
 * @throws InvalidValue for an unknown field, for no or more than two values, for a value that does not fit
 */
export function conditionTest(
	condition: unknown,
	searchable: Searchable,
	rules: SearchRules,
): DocumentTest {
	const name = isRecord(condition) ? condition['DBName'] : undefined;
	if (!isRecord(condition) || typeof name !== 'string' || name === '') {
		throw new InvalidValue('A condition needs a DBName.');
	}
	const values = valuesOf(condition['Value'], name);
	if (name.toLowerCase() === fullTextName) {
		if (!searchable.hasFullText) throw new InvalidValue('The file cabinet has no full text.');
		const [value, second] = values;
		if (typeof value !== 'string' || second !== undefined) {
			throw new InvalidValue('A full text takes one value.');
		}
		return fullTextTest(value, rules);
	}
	const target = targetOf(name, condition['ColumnName'], searchable);
	const test = valueTest(target.field, values, rules);
	return (document) => test(target.valuesOf(document));
}

function valuesOf(sent: unknown, name: string): Array<string | null> {
	if (!Array.isArray(sent) || sent.length === 0 || sent.length > 2) {
		throw new InvalidValue(`The condition on '${name}' takes one value or two.`);
	}
	return sent.map((value: unknown) => {
		if (value === null || typeof value === 'string') return value;
		if (typeof value === 'number') return String(value);
		throw new InvalidValue(`${JSON.stringify(value)} is no search value.`);
	});
}

interface Target {
	/** The field, or the column of a table. */
	field: SimulatedField;
	/** The values of a document: none, one, or those of several keywords or rows. */
	valuesOf: (document: StoredDocument) => Array<string | number>;
}

function targetOf(name: string, columnName: unknown, { fields }: Searchable): Target {
	const field = fieldOf({ fields }, name);
	if (field !== undefined) {
		if (typeof columnName === 'string' && columnName !== '') {
			const column = fieldOf({ fields: field.TableFieldColumns }, columnName);
			if (column === undefined) {
				throw new InvalidValue(`The field '${name}' has no column '${columnName}'.`);
			}
			return columnTarget(field, column);
		}
		return {
			field,
			valuesOf: (document) => flat(valueOf(document, field.DBFieldName)),
		};
	}
	for (const table of fields) {
		const column = fieldOf({ fields: table.TableFieldColumns }, name);
		if (column !== undefined) return columnTarget(table, column);
	}
	throw new InvalidValue(`The field '${name}' does not exist in the dialog.`);
}

function columnTarget(table: SimulatedField, column: SimulatedField): Target {
	return {
		field: column,
		valuesOf: (document) => {
			const rows = document.values[table.DBFieldName];
			if (!Array.isArray(rows)) return [];
			return rows.flatMap((row) => (typeof row === 'string' ? [] : flat(row[column.DBFieldName])));
		},
	};
}

/** Rows of a table stand for themselves as a text that nobody searches for. */
function flat(value: IndexValue | undefined): Array<string | number> {
	if (value === undefined) return [];
	if (!Array.isArray(value)) return [value];
	return value.map((entry) => (typeof entry === 'string' ? entry : ''));
}

type ValuesTest = (values: ReadonlyArray<string | number>) => boolean;

function valueTest(
	field: SimulatedField,
	values: ReadonlyArray<string | null>,
	rules: SearchRules,
): ValuesTest {
	const [first = null, second = null] = values;
	if (values.length === 1 && first !== null) {
		if (/^EMPTY\(\)$/.test(first)) return (own) => own.length === 0;
		if (/^NOTEMPTY\(\)$/.test(first)) return (own) => own.length > 0;
	}
	if (first === null && second === null) {
		throw new InvalidValue(`The condition on '${field.DBFieldName}' has no value.`);
	}
	if (values.some((value) => value?.trim() === '')) {
		throw new InvalidValue('A search value must not be empty.');
	}
	switch (field.DWFieldType) {
		case 'Text':
		case 'Memo':
		case 'Keyword':
			return textsTest(values, rules);
		case 'Numeric':
		case 'Decimal':
			return rangeTest(values, (value) => {
				const bare = /^"(.*)"$/.exec(value)?.[1] ?? value;
				if (!/^[+-]?\d+(\.\d+)?$/.test(bare)) {
					throw new InvalidValue(`'${value}' is no number for the field '${field.DBFieldName}'.`);
				}
				return [Number(bare), Number(bare)];
			});
		case 'Date':
			return rangeTest(values, (value) => momentsOf(field, value, rules));
		case 'DateTime':
			return field.Scope === 'System'
				? systemTimesTest(field, values, rules)
				: rangeTest(values, (value) => momentsOf(field, value, rules));
		case 'Table':
			throw new InvalidValue(`The condition on '${field.DBFieldName}' needs a ColumnName.`);
	}
}

function textsTest(values: ReadonlyArray<string | null>, rules: SearchRules): ValuesTest {
	const asTexts = (own: ReadonlyArray<string | number>): string[] => own.map(String);
	const [first = null, second = null] = values;
	if (values.length === 1 && first !== null) {
		const test = textTestOf(first, rules);
		return (own) => test(asTexts(own));
	}
	if (rules.severalValues === 'anyOf' && first !== null && second !== null) {
		const tests = [textTestOf(first, rules), textTestOf(second, rules)];
		return (own) => tests.some((test) => test(asTexts(own)));
	}
	const from = bound(first, rules);
	const to = bound(second, rules);
	return (own) =>
		asTexts(own).some((text) => {
			const low = text.toLowerCase();
			return (from === null || low >= from) && (to === null || low <= to);
		});
}

/** An end of a range of texts: read like any value, so that escapes and quotes are valid in it too. */
function bound(value: string | null, rules: SearchRules): string | null {
	if (value === null) return null;
	textTestOf(value, rules);
	const bare = /^"(.*)"$/s.exec(value)?.[1] ?? value.replace(/\\(.)/gs, '$1');
	return bare.toLowerCase();
}

/** @param ends first and last number that a value means */
function rangeTest(
	values: ReadonlyArray<string | null>,
	ends: (value: string) => [first: number, last: number],
): ValuesTest {
	const [first = null, second = null] = values;
	const [low, high] = [first === null ? null : ends(first), second === null ? null : ends(second)];
	const from = low === null ? -Infinity : low[0];
	const lastOfOne = low === null ? Infinity : low[1];
	const to = values.length === 1 ? lastOfOne : high === null ? Infinity : high[1];
	return (own) => own.some((value) => Number(value) >= from && Number(value) <= to);
}

/** Times of storing and of changes, which the server itself writes (docs/readings.md). */
function systemTimesTest(
	field: SimulatedField,
	values: ReadonlyArray<string | null>,
	rules: SearchRules,
): ValuesTest {
	const { searchedTimes, timeBounds } = rules;
	const added = { asWritten: 0, later: msPerHour, earlier: -msPerHour }[searchedTimes];
	const inner = timeBounds === 'excluded' && values.length === 2 ? 1 : 0;
	const atEnd = (value: string, index: number): [number, number] => {
		const [first, last] = momentsOf(field, value, rules);
		return index === 0
			? [first + added + inner, last + added]
			: [first + added, last + added - inner];
	};
	const [first = null, second = null] = values;
	return rangeTest(values, (value) => atEnd(value, value === second && value !== first ? 1 : 0));
}

function momentsOf(
	field: SimulatedField,
	written: string,
	{ zoneMinutes, dayOfTimes, zonedTimes }: SearchRules,
): [number, number] {
	const value = /^"(.*)"$/.exec(written)?.[1] ?? written;
	const isRefused = isMsDate(value) || (zonedTimes === 'refused' && !isPlainTime(value));
	const moment = isRefused ? undefined : momentOf(value, zoneMinutes);
	if (moment === undefined) {
		throw new InvalidValue(`'${written}' is no date for the field '${field.DBFieldName}'.`);
	}
	if (field.DWFieldType === 'Date') {
		const day = dayOf(moment, zoneMinutes);
		return [day, day];
	}
	const isWholeDay = dayOfTimes === 'wholeDay' && isDayOnly(value);
	return [moment, isWholeDay ? moment + msPerDay - 1 : moment];
}

/** A word of the text, or a phrase in it; a dot parts words (docs/facts/docuware.md 6.2). */
function fullTextTest(value: string, rules: SearchRules): DocumentTest {
	const test = textTestOf(value, rules);
	return (document) => {
		const text = fullTextOf(document);
		const words = text.split(/[^\p{L}\p{N}_]+/u).filter((word) => word !== '');
		const phrase = /^"([^"]*)"$/.exec(value)?.[1]?.toLowerCase();
		return phrase !== undefined && /\s/.test(phrase)
			? words.join(' ').toLowerCase().includes(phrase)
			: test(words);
	};
}
