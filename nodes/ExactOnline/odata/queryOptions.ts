import { invalidValue } from './invalidValue';

/** Rows of one page on the usual endpoints (docs/facts/exact-online.md 4.3). */
export const PAGE_ROWS = 60;

/** One field that a list is sorted by. */
export interface OrderRow {
	field: string;
	direction?: 'asc' | 'desc';
}

/** `$select` of names in a list, or in a text with commas between them; undefined for none. */
export function selectClause(fields: unknown): string | undefined {
	const names = (Array.isArray(fields) ? fields.map(String) : String(fields ?? '').split(','))
		.map((name) => name.trim())
		.filter((name) => name !== '');
	return names.length === 0 ? undefined : [...new Set(names)].join(',');
}

/**
 * `$orderby` of rows, the first counts most; undefined for none. Of a field that stands twice the first is taken.
 * @throws ConnectorError EXACT_INVALID_VALUE for what is no name of a field
 */
export function orderByClause(rows: readonly OrderRow[]): string | undefined {
	const parts = new Map<string, string>();
	for (const { field, direction } of rows) {
		const name = field.trim();
		if (!/^\w+$/.test(name)) {
			throw invalidValue(name, 'is no name of a field.', 'Choose the field from the list.');
		}
		if (!parts.has(name)) parts.set(name, direction === 'desc' ? `${name} desc` : name);
	}
	return parts.size === 0 ? undefined : [...parts.values()].join(',');
}
