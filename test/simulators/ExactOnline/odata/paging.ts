import { compareValues, type EdmType, type Row } from './edm';
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
 * @throws ODataError 400 on a skip token that fits no page of this query
 */
export function cutPage(
	rows: readonly Row[],
	options: QueryOptions,
	key: { field: string; type: EdmType },
	pageSize: number,
): Page {
	const order: OrderTerm[] = [...options.orderBy, { ...key, descending: false }];
	const matching = rows.filter((row) => options.filter?.accepts(row) ?? true);
	const sorted = matching.sort((left, right) => compareRows(left, right, order));
	const position =
		options.skipToken === undefined ? undefined : readToken(options.skipToken, order);
	const rest = position
		? sorted.filter((row) => compareRows(row, position, order) > 0)
		: sorted.slice(options.skip);
	const wanted = Math.min(options.top ?? Infinity, rest.length);
	const page = rest.slice(0, Math.min(pageSize, wanted));
	const last = page[page.length - 1];
	const more = wanted > page.length && last !== undefined;
	return { rows: page, next: more ? writeToken(last, order) : undefined, total: matching.length };
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
