import type { ValueOptions } from './edm';
import { comparison, type FilterField } from './filterRows';
import { PAGE_ROWS } from './queryOptions';

/** A part of a long list of values, and the filter that finds their rows. */
export interface KeyBatch<T> {
	filter: string;
	values: T[];
}

const OR = ' or ';

/**
 * Splits a long list of values of one field over several requests, since the length of a URL is limited
 * (docs/facts/exact-online.md 3): filters in the order of the values, each value once.
 *
 * @param room characters that the filter may take in the URL, encoded
 * @param limit values in one filter; default: as many as bring no second page
 * @throws ConnectorError EXACT_INVALID_VALUE for a value that does not fit the field; a single one that does not
 *   fit into the room gets a filter of its own
 */
export function keyBatches<T>(
	field: FilterField,
	values: readonly T[],
	room: number,
	options: ValueOptions = {},
	limit = PAGE_ROWS,
): Array<KeyBatch<T>> {
	const batches: Array<KeyBatch<T>> = [];
	const seen = new Set<string>();
	let length = Infinity;
	for (const value of values) {
		const clause = comparison(field, 'eq', value, options);
		if (seen.has(clause)) continue;
		seen.add(clause);
		const more = encodeURIComponent(OR + clause).length;
		const last = batches.at(-1);
		if (last && last.values.length < limit && length + more <= room) {
			last.filter += OR + clause;
			last.values.push(value);
			length += more;
		} else {
			batches.push({ filter: clause, values: [value] });
			length = encodeURIComponent(clause).length;
		}
	}
	return batches;
}
