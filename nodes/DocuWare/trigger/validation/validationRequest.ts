import { isDeepStrictEqual } from 'node:util';
import type { IDataObject } from 'n8n-workflow';
import { decodeText, isRecord, parseJsonDigits } from '../../../shared/http';
import { readFieldValue } from '../../fields/readFields';

/** What DocuWare asks before it stores or changes a document. */
export type ValidationRequest =
	/** Whether the service is there: no values, and nothing to decide. */
	| { kind: 'availability' }
	/** About a document: the item that the workflow begins with. */
	| { kind: 'document'; item: IDataObject }
	/** What cannot be read in full; it is refused, since a part of it could be what matters. */
	| { kind: 'unreadable'; problem: string };

/** Midnight, at which every date comes (docs/facts/docuware.md 8.6). */
const DATE = /^(\d{4}-\d{2}-\d{2})T00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:00)?$/;

/**
 * Reads the body of a question (docs/facts/docuware.md 8.6). Never throws.
 * @param contentType as it was sent, for the charset; UTF-8 where it names none
 */
export function readValidationRequest(body: Buffer, contentType?: string): ValidationRequest {
	if (body.length === 0) return { kind: 'availability' };
	const json = parseJsonDigits(decodeText(body, contentType));
	if (!isRecord(json)) return unreadable('The body is no JSON object.');
	const { Values: values } = json;
	if (holdsNothing(json)) return { kind: 'availability' };
	if (!Array.isArray(values)) return unreadable('The body has no list named Values.');
	if (values.length === 0) return { kind: 'availability' };
	const fields = fieldValues(values);
	if (fields === undefined) {
		return unreadable('One of the values has no FieldName, or a field has two values.');
	}
	return { kind: 'document', item: itemOf(json, fields) };
}

/** No values at all, as some write an empty list; under another name there may be some. */
function holdsNothing({ Values: values, ...others }: Record<string, unknown>): boolean {
	if (values === null) return true;
	const isPlain = Object.values(others).every((one) => typeof one !== 'object' || one === null);
	return values === undefined && isPlain;
}

function unreadable(problem: string): ValidationRequest {
	return { kind: 'unreadable', problem };
}

function itemOf(json: Record<string, unknown>, values: Record<string, unknown>): IDataObject {
	const told = (name: string) => {
		const value = json[name];
		return typeof value === 'string' && value !== '' ? value : null;
	};
	return {
		user: told('UserName'),
		organization: told('OrganizationName'),
		fileCabinetId: told('FileCabinetGuid'),
		dialogId: told('DialogGuid'),
		dialogType: told('DialogType'),
		askedAt: told('TimeStamp'),
		values: values as IDataObject,
	};
}

/** Typed values by the names of their fields; undefined where one has no name, or two that differ have the same one. */
function fieldValues(list: readonly unknown[]): Record<string, unknown> | undefined {
	const values = new Map<string, unknown>();
	for (const field of list) {
		if (!isRecord(field) || typeof field.FieldName !== 'string') return undefined;
		const value = typedValue(field);
		if (value === undefined) return undefined;
		const { FieldName: name } = field;
		if (values.has(name) && !isDeepStrictEqual(values.get(name), value)) return undefined;
		values.set(name, value);
	}
	return Object.fromEntries(values);
}

/** As `readFieldValue`, with dates as days; undefined for a table with a column that has no name. */
function typedValue(field: Record<string, unknown>): unknown {
	const { Item: item, ItemElementName: element } = field;
	const type = String(element).toLowerCase();
	if (type === 'date' && typeof item === 'string')
		return DATE.exec(item)?.[1] ?? readFieldValue(field);
	if (type !== 'table' || !isRecord(item)) return readFieldValue(field);
	const rows: unknown = item.Row ?? [];
	if (!Array.isArray(rows)) return undefined;
	const read = rows.map((row: unknown) =>
		isRecord(row) && Array.isArray(row.ColumnValue) ? fieldValues(row.ColumnValue) : undefined,
	);
	return read.includes(undefined) ? undefined : read;
}
