import { compareValues, type Row } from './edm';
import { ODataError } from './errors';
import { formatLiteral, readLiteralList } from './literals';
import type { OrderTerm, QueryOptions } from './queryOptions';

export interface Page {
	rows: Row[];
	/** `$skiptoken` of the next page; undefined on the last. */
	next: string | undefined;
	/** Rows that meet the filter, over all pages. */
	total: number;
}

/**
 * Cuts one page out of a table. Rows stand in the order asked for, then by key; the skip token
 * holds these values of the page's last row (docs/facts/exact-online.md 4.3: `guid'…'`,
 * `'10',6,2014`), so rows that come or go between two pages neither repeat nor hide others.
 * @param keys the key fields in their order
 * @param sorted true if the rows stand in the order of their keys already
 * @throws ODataError 400 on a skip token that fits no page of this query
 */
export function cutPage(
	rows: readonly Row[],
	options: QueryOptions,
	keys: readonly OrderTerm[],
	pageSize: number,
	sorted = false,
): Page {
	const order: OrderTerm[] = [...options.orderBy, ...keys];
	const { filter } = options;
	const matching = filter ? rows.filter(filter.accepts) : rows;
	const ordered =
		sorted && options.orderBy.length === 0
			? matching
			: [...matching].sort((left, right) => compareRows(left, right, order));
	const position =
		options.skipToken === undefined ? undefined : readToken(options.skipToken, order);
	const start = position ? firstBeyond(ordered, position, order) : options.skip;
	const wanted = Math.min(options.top ?? Infinity, Math.max(0, ordered.length - start));
	const page = ordered.slice(start, start + Math.min(pageSize, wanted));
	const last = page[page.length - 1];
	const more = wanted > page.length && last !== undefined;
	return { rows: page, next: more ? writeToken(last, order) : undefined, total: matching.length };
}

/** Index of the first row after a position. */
function firstBeyond(rows: readonly Row[], position: Row, order: readonly OrderTerm[]): number {
	let low = 0;
	let high = rows.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const row = rows[middle];
		if (row && compareRows(row, position, order) <= 0) low = middle + 1;
		else high = middle;
	}
	return low;
}

function compareRows(left: Row, right: Row, order: readonly OrderTerm[]): number {
	for (const { field, descending } of order) {
		const result = compareValues(left[field] ?? null, right[field] ?? null);
		if (result !== 0) return descending ? -result : result;
	}
	return 0;
}

function writeToken(row: Row, order: readonly OrderTerm[]): string {
	return order.map(({ field, type }) => formatLiteral(type, row[field] ?? null)).join(',');
}

function readToken(text: string, order: readonly OrderTerm[]): Row {
	const literals = readLiteralList(text);
	if (literals?.length !== order.length) {
		throw new ODataError(400, 'Bad Request - Error in query syntax.');
	}
	return Object.fromEntries(
		order.map(({ field }, index) => [field, literals[index]?.value ?? null]),
	);
}
