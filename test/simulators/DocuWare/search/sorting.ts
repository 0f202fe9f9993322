import { isRecord } from '../../shared/requestBody';
import { fieldOf } from '../world/cabinets';
import type { IndexValue, StoredDocument } from '../world/documents';
import type { SimulatedField } from '../world/fields';
import { InvalidValue } from '../world/sentValues';
import { valueOf } from '../world/systemValues';

/** One field of a sort order. */
export interface SortKey {
	name: string;
	descending: boolean;
}

/**
 * `SortOrder` of a body, a list of `{Field, Direction}`.
 * @throws InvalidValue for an unknown field or direction
 */
export function sortKeysOf(sent: unknown, fields: readonly SimulatedField[]): SortKey[] {
	if (sent === undefined || sent === null) return [];
	if (!Array.isArray(sent)) throw new InvalidValue('SortOrder is a list.');
	return sent.map((entry: unknown) => {
		const name = isRecord(entry) ? entry['Field'] : undefined;
		const direction = isRecord(entry) ? (entry['Direction'] ?? 'Asc') : undefined;
		return sortKey(String(name), String(direction), fields);
	});
}

/** `SortOrder=FIELD Asc` of a URL, which keeps the first field of several (docs/facts/docuware.md 6.2). */
export function sortKeysOfUrl(
	text: string | undefined,
	fields: readonly SimulatedField[],
): SortKey[] {
	const [first = ''] = onceMoreDecoded(text ?? '').split(',');
	const [name = '', direction = 'Asc'] = first.trim().split(/\s+/);
	return name === '' ? [] : [sortKey(name, direction, fields)];
}

/** The vendor's sample encodes the value before it encodes the query. */
function onceMoreDecoded(text: string): string {
	return text.replaceAll('%20', ' ').replaceAll('%2C', ',');
}

/** Documents in the order asked for; what is equal stays in the order of numbers. Empty values come first. */
export function sorted(documents: StoredDocument[], keys: readonly SortKey[]): StoredDocument[] {
	if (keys.length === 0) return documents;
	return [...documents].sort((one, other) => {
		for (const { name, descending } of keys) {
			const order = compare(valueOf(one, name), valueOf(other, name));
			if (order !== 0) return descending ? -order : order;
		}
		return 0;
	});
}

function sortKey(name: string, direction: string, fields: readonly SimulatedField[]): SortKey {
	const field = fieldOf({ fields }, name);
	if (field === undefined) throw new InvalidValue(`The sort field '${name}' does not exist.`);
	if (!/^(asc|desc|default)$/i.test(direction)) {
		throw new InvalidValue(`'${direction}' is no sort direction.`);
	}
	return { name: field.DBFieldName, descending: /^desc$/i.test(direction) };
}

function compare(one: IndexValue | undefined, other: IndexValue | undefined): number {
	if (one === undefined || other === undefined) {
		return Number(one !== undefined) - Number(other !== undefined);
	}
	if (typeof one === 'number' && typeof other === 'number') return one - other;
	const [first, second] = [textOf(one), textOf(other)];
	return first < second ? -1 : Number(first > second);
}

function textOf(value: IndexValue): string {
	return (typeof value === 'object' ? JSON.stringify(value) : String(value)).toLowerCase();
}
