import type { PlatformResource } from '../../api/platformClient';
import { DOCUMENT_ID } from '../../search/conditions';
import { asAndLists, asOneList, type ConditionList } from '../../search/expression';
import type { OperationCall } from '../operation';
import { IdOrder, idPages, mergedById } from './idPages';
import { positionPages } from './positionPages';
import { tooManyForDialog, tooManySorted } from './searchErrors';
import {
	documentKeyOf,
	MOST_RESULTS,
	PAGE_ROWS,
	searchPage,
	type DocumentPages,
	type DocumentQuery,
} from './searchRequest';
import { sortedPages } from './sortedPages';

type Caller = Pick<OperationCall, 'client' | 'signal'>;

/** Fewest documents of a request where several searches are read side by side. */
const LEAST_ROWS = 100;

/**
 * The documents of a search, page after page: complete and without repeats, although documents are added or deleted
 * while they are read. By document id each page begins behind the last document of the one before; in any other order
 * pages overlap, and DocuWare's limit of 10,000 results holds. Of those whose values change meanwhile, one that moves to
 * a place that was read already may be missed in another order.
 *
 * @throws ConnectorError DOCUWARE_TOO_MANY_RESULTS, DOCUWARE_RESULTS_CHANGING, DOCUWARE_INVALID_PARAMETER for
 *   conditions that need too many searches, or several in an order that cannot be told, and what the client throws
 */
export async function* documentPages(call: Caller, query: DocumentQuery): DocumentPages {
	const list = asOneList(query.expression);
	const direction = idOrder(query);
	const isOneRequest = query.limit <= PAGE_ROWS && list !== undefined;
	if (direction !== undefined && (isOneRequest || (await query.knowsIds()))) {
		const ordered = inIdOrder(query, direction);
		yield* byId(call, ordered, direction, list);
		return;
	}
	const placed = await withTieBreak(query);
	if (list === undefined) {
		yield* sortedPages(call, placed, asAndLists(query.expression));
		return;
	}
	yield* positionPages({
		fetch: async (wish) => await searchPage(call, placed, list, wish),
		limit: query.limit,
		bound: {
			places: MOST_RESULTS,
			beyond: direction === undefined ? tooManySorted : tooManyForDialog,
		},
	});
}

/** Direction of an order by document id, which nothing asked for is as well; undefined for another one. */
function idOrder({ terms: { sort } }: DocumentQuery): 'Asc' | 'Desc' | undefined {
	const [first] = sort;
	if (first === undefined) return 'Asc';
	return first.field.toUpperCase() === DOCUMENT_ID.name ? first.direction : undefined;
}

function inIdOrder(query: DocumentQuery, direction: 'Asc' | 'Desc'): DocumentQuery {
	return { ...query, terms: { ...query.terms, sort: [{ field: DOCUMENT_ID.name, direction }] } };
}

/** Equal values would come in any order, another one for each page perhaps. */
async function withTieBreak(query: DocumentQuery): Promise<DocumentQuery> {
	const { sort } = query.terms;
	if (sort.length === 0 || query.limit <= PAGE_ROWS || !(await query.knowsIds())) return query;
	const last = { field: DOCUMENT_ID.name, direction: 'Asc' as const };
	return { ...query, terms: { ...query.terms, sort: [...sort, last] } };
}

/** Reads the first page with all conditions at once, and what comes behind it by ranges of ids. */
async function* byId(
	call: Caller,
	query: DocumentQuery,
	direction: 'Asc' | 'Desc',
	list: ConditionList | undefined,
): DocumentPages {
	const order = new IdOrder(direction, (query.terms.additionalCabinets ?? []).length > 0);
	if (list !== undefined) {
		const count = Math.min(query.limit, PAGE_ROWS);
		const first = await searchPage(call, query, list, { start: 0, count });
		const fresh = withoutRepeats(first.rows);
		yield fresh;
		if (first.isLast || fresh.length >= query.limit) return;
		for (const row of first.rows) order.take(row);
	}
	const lists = list?.operation === 'And' ? [list] : asAndLists(query.expression);
	const rows = Math.max(LEAST_ROWS, Math.floor(PAGE_ROWS / lists.length));
	const streams = lists.map((one) =>
		idPages(call, query, one, { order: order.copy(), count: rows }),
	);
	yield* streams.length === 1 && streams[0] ? streams[0] : mergedById(streams, order);
}

function withoutRepeats(rows: readonly PlatformResource[]): PlatformResource[] {
	return [...new Map(rows.map((row) => [documentKeyOf(row), row])).values()];
}
