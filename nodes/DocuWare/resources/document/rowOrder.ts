import type { PlatformResource } from '../../api/platformClient';
import { fieldsIn, readFieldValue, type ServiceField } from '../../fields/readFields';
import { serviceMoment } from '../../fields/serviceDates';
import { DOCUMENT_ID } from '../../search/conditions';
import type { SortField } from '../../search/expression';
import { documentIdOf } from '../common/documentOutput';

/** What a document is sorted by: numbers, times as milliseconds, texts; null where a field is empty. */
export type SortKey = ReadonlyArray<number | string | null>;

/** Below 0 where the first one comes before the second, 0 where either may. */
export type KeyOrder = (one: SortKey, other: SortKey) => number;

/** The sort key of a document, by the fields that came with it. */
export function sortKeyOf(row: PlatformResource, sort: readonly SortField[]): SortKey {
	return sort.map(({ field }) => {
		if (isDocumentId(field)) return documentIdOf(row);
		const found = fieldNamed(row, field);
		return found === undefined ? null : keyValue(found);
	});
}

/** Whether a document came with a value for each field of the order, be it an empty one. */
export function namesAll(row: PlatformResource, sort: readonly SortField[]): boolean {
	return sort.every(({ field }) => isDocumentId(field) || fieldNamed(row, field) !== undefined);
}

function isDocumentId(field: string): boolean {
	return field.toUpperCase() === DOCUMENT_ID.name;
}

function fieldNamed({ Fields: fields }: PlatformResource, name: string): ServiceField | undefined {
	const wanted = name.toUpperCase();
	return fieldsIn(fields).find((field) => String(field.FieldName).toUpperCase() === wanted);
}

/** A number of more digits than JavaScript holds is sorted by those that it holds. */
function keyValue(field: ServiceField): number | string | null {
	const moment = serviceMoment(field.Item);
	if (moment !== undefined) return moment;
	const value = readFieldValue(field);
	if (value === null || typeof value === 'number') return value;
	const isNumber = /^(?:int|decimal)$/i.test(String(field.ItemElementName));
	return isNumber && Number.isFinite(Number(value)) ? Number(value) : textOf(value);
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}

/** How DocuWare's database may order texts; which of them it is nothing says. */
const TEXT_ORDERS: ReadonlyArray<(one: string, other: string) => number> = [
	new Intl.Collator('en', { sensitivity: 'accent' }).compare,
	(one, other) => byUnits(one.toLowerCase(), other.toLowerCase()),
	byUnits,
];

function byUnits(one: string, other: string): number {
	return one < other ? -1 : Number(one > other);
}

/**
 * The first order in which all lists stand, each of which the service has sorted itself: databases differ in how they
 * order texts, and in whether empty values come before all others.
 *
 * @returns undefined where they stand in none that is known
 */
export function orderOf(
	lists: ReadonlyArray<readonly SortKey[]>,
	sort: readonly SortField[],
): KeyOrder | undefined {
	for (const emptyFirst of [true, false]) {
		for (const texts of TEXT_ORDERS) {
			const order = keyOrder(sort, texts, emptyFirst);
			const stands = (keys: readonly SortKey[]) =>
				keys.every((key, at) => at === 0 || order(keys[at - 1] ?? key, key) <= 0);
			if (lists.every(stands)) return order;
		}
	}
	return undefined;
}

function keyOrder(
	sort: readonly SortField[],
	texts: (one: string, other: string) => number,
	emptyFirst: boolean,
): KeyOrder {
	const compare = (one: number | string | null, other: number | string | null) => {
		if (one === null || other === null) {
			const byEmpty = Number(one !== null) - Number(other !== null);
			return emptyFirst ? byEmpty : -byEmpty;
		}
		if (typeof one === 'number' && typeof other === 'number') return one - other;
		return texts(String(one), String(other));
	};
	return (one, other) => {
		for (const [at, { direction }] of sort.entries()) {
			const found = compare(one[at] ?? null, other[at] ?? null);
			if (found !== 0) return direction === 'Desc' ? -found : found;
		}
		return 0;
	};
}
