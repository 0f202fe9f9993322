import { isConnectorError } from '../../../shared/errors';
import type { PlatformResource } from '../../api/platformClient';
import { DOCUMENT_ID } from '../../search/conditions';
import { asAndLists, asOneList, withinIds, type ConditionList } from '../../search/expression';
import { documentIdOf } from '../common/documentOutput';
import { IdOrder, idPages, mergedById } from './idPages';
import { freshPages, goingOn, orElse } from './insteadPages';
import { isLinkFailure } from './pageLinks';
import { positionPages } from './positionPages';
import { isOrderRefused, mayBeRefusedSearch, withoutOrder } from './refusedOrders';
import {
	NotInIdOrder,
	SamePages,
	tooManyForDialog,
	tooManySorted,
	tooManyToSort,
} from './searchErrors';
import {
	MOST_RESULTS,
	MOST_SORTED,
	orderedPage,
	PAGE_ROWS,
	searchPage,
	withoutGiven,
	type DocumentPages,
	type DocumentQuery,
	type PageWish,
	type SearchCaller,
} from './searchRequest';
import { SEVERAL, sortedPages } from './sortedPages';

/** Documents of one of the searches that this takes; a few more may be added meanwhile. */
const SLICE_ROWS = 9_000;

/** Why there are several searches, for the words of an error. */
const SLICED = 'More than 10,000 results in another order than by document ID take';

const UNPLACED =
	'This server gives no page by its place, so results in another order than by document ID take';

/** The same of a server that gives one page alone. */
const PART_OF_PAGE = 0.9;

/** Fewest documents of a request where several searches are read side by side. */
const LEAST_ROWS = 100;

/**
 * The documents of a search, page after page: complete and without repeats, although documents are added or deleted
 * while they are read. By document id each page begins behind the last document of the one before; in any other order
 * pages overlap, and DocuWare's limit of 10,000 results holds, unless a limit says how many are wanted of up to 50,000. They
 * overlap as well where a service does not keep to the order by id. Of those whose values change meanwhile, one that moves to
 * a place that was read already may be missed in another order.
 *
 * @param mayOrder false where the dialog is not to be asked for an order by id that nobody asked for
 * @throws ConnectorError DOCUWARE_TOO_MANY_RESULTS, DOCUWARE_RESULTS_CHANGING, DOCUWARE_INVALID_PARAMETER for
 *   conditions that need too many searches, or several in an order that cannot be told, and what the client throws
 */
export async function* documentPages(
	call: SearchCaller,
	query: DocumentQuery,
	mayOrder = true,
): DocumentPages {
	const list = asOneList(query.expression);
	const direction = idOrder(query);
	const isOneRequest = query.limit <= PAGE_ROWS && list !== undefined;
	const isTaken = async () =>
		isOneRequest ? !isOrderRefused(call, query, 'byId') : await query.knowsIds();
	if (direction !== undefined && mayOrder && (await isTaken())) {
		const ordered = inIdOrderIfGiven(call, query, direction, list);
		yield* orElse(ordered, async (error) =>
			(await mayRefuseOrder(query, error))
				? withoutOrder(call, query, 'byId', documentPages(call, query, false))
				: undefined,
		);
		return;
	}
	const tied = await withTieBreak(call, query);
	yield* orElse(placedPages(call, query, tied, list), (error) =>
		tied.isTieBroken === true && mayBeRefusedSearch(error)
			? withoutOrder(call, query, 'tieBreak', placedPages(call, query, query, list))
			: undefined,
	);
}

/**
 * Documents by their places in another order than that of their ids, or in none. What cannot be had so comes out of ranges of
 * ids, where the dialog can be asked for those.
 *
 * @param tied the search as it is asked, perhaps with a field for equal values behind its order
 */
async function* placedPages(
	call: SearchCaller,
	query: DocumentQuery,
	tied: DocumentQuery,
	list: ConditionList | undefined,
): DocumentPages {
	const isById = idOrder(query) !== undefined;
	const maySlice = !isById && (await query.knowsIds());
	const beyond = () => (isById ? tooManyForDialog() : tooManySorted(maySlice));
	const bound = { places: MOST_RESULTS, beyond };
	const read = (one: DocumentQuery) =>
		list === undefined
			? sortedPages(call, one, asAndLists(one.expression))
			: positionPages({
					fetch: async (wish) => await orderedPage(call, one, list, wish),
					limit: one.limit,
					bound,
				});
	const mayBeSliced = maySlice && list !== undefined && Number.isFinite(query.limit);
	// Of one field links keep the order. All ids of a search are many requests for what one page or a few hold.
	const isOneField = tied.isTieBroken === true && query.terms.sort.length === 1;
	const mayFollowLinks = isOneField && query.limit <= PAGE_ROWS;
	let fullPage: number | undefined;
	yield* goingOn(read(tied), [
		(error) =>
			mayBeSliced && hasCode(error, 'DOCUWARE_TOO_MANY_RESULTS')
				? inSlices(call, tied, list, { rows: SLICE_ROWS, why: SLICED })
				: undefined,
		(error) => {
			if (error instanceof SamePages) fullPage = error.rows;
			return fullPage !== undefined && mayFollowLinks ? read(query) : undefined;
		},
		(error) => {
			if (!maySlice || fullPage === undefined || !isLinkFailure(error)) return undefined;
			const rows = Math.max(1, Math.floor(fullPage * PART_OF_PAGE));
			return inSlices(call, tied, list, { rows, why: UNPLACED, fullPage });
		},
	]);
}

function hasCode(error: unknown, code: string): boolean {
	return isConnectorError(error) && error.code === code;
}

/**
 * Whether an error may be about an order by document id that nobody asked for, of a dialog that does not show the field. Which
 * fields it shows is asked only now, since it takes a request.
 */
async function mayRefuseOrder(query: DocumentQuery, error: unknown): Promise<boolean> {
	const isAskedFor = query.terms.sort.length > 0;
	if (isAskedFor || !mayBeRefusedSearch(error)) return false;
	return !(await query.knowsIds().catch(() => true));
}

/**
 * Documents in another order than that of their ids, of which DocuWare does not give all in one search: search by search,
 * each of a range of ids within which there are fewer, and put together.
 *
 * @param slice.rows documents of a range
 * @param slice.fullPage documents of a page, where the service gives one alone
 */
async function* inSlices(
	call: SearchCaller,
	query: DocumentQuery,
	list: ConditionList | undefined,
	slice: { rows: number; why: string; fullPage?: number },
): DocumentPages {
	const ids: number[] = [];
	const bare = { ...query, limit: Infinity, fields: [DOCUMENT_ID.name] };
	for await (const page of byId(call, inIdOrder(bare, 'Asc'), 'Asc', list)) {
		for (const row of page) ids.push(documentIdOf(row) ?? 0);
		if (ids.length > MOST_SORTED) throw tooManyToSort(slice.fullPage);
	}
	const ends = new Set<number>();
	for (const [at, id] of ids.entries()) {
		if ((at + 1) % slice.rows === 0 && at + 1 < ids.length) ends.add(id);
	}
	const lists = list?.operation === 'And' ? [list] : asAndLists(query.expression);
	const starts = [null, ...[...ends].map((id) => id + 1)];
	const slices = starts.flatMap((from, index) =>
		lists.map((one) => withinIds(one, from, [...ends][index] ?? null)),
	);
	yield* sortedPages(call, query, slices, {
		most: MOST_SORTED,
		beyond: () => tooManyToSort(slice.fullPage),
		why: slice.why,
		fullPage: slice.fullPage,
		// Of a document that is found by several lists, one alone has it for sure.
		...(lists.length === 1 && {
			counts: starts.map((_from, at) => Math.min(slice.rows, ids.length - at * slice.rows)),
		}),
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

/** Equal values would come in any order, another one for each page perhaps; how many are wanted says nothing of the pages. */
async function withTieBreak(call: SearchCaller, query: DocumentQuery): Promise<DocumentQuery> {
	const { sort } = query.terms;
	const isById = sort.some(({ field }) => field.toUpperCase() === DOCUMENT_ID.name);
	if (sort.length === 0 || isById || isOrderRefused(call, query, 'tieBreak')) return query;
	if (!(await query.knowsIds())) return query;
	const last = { field: DOCUMENT_ID.name, direction: 'Asc' as const };
	return { ...query, isTieBroken: true, terms: { ...query.terms, sort: [...sort, last] } };
}

/** By document id; by places where the service gives its first page in another order. */
async function* inIdOrderIfGiven(
	call: SearchCaller,
	query: DocumentQuery,
	direction: 'Asc' | 'Desc',
	list: ConditionList | undefined,
): DocumentPages {
	const ordered = inIdOrder(query, direction);
	const isAskedFor = query.terms.sort.length > 0;
	const byPlaces = (limit: number) => {
		const bound = { places: MOST_RESULTS, beyond: () => new NotInIdOrder(isAskedFor) };
		if (list !== undefined) {
			const fetch = async (wish: PageWish) => await searchPage(call, ordered, list, wish);
			return positionPages({ fetch, limit, bound });
		}
		const unordered = { ...query, limit, terms: { ...query.terms, sort: [] } };
		const lists = asAndLists(query.expression);
		const most = { most: bound.places, beyond: bound.beyond, why: SEVERAL };
		return sortedPages(call, unordered, lists, isAskedFor ? most : undefined);
	};
	yield* orElse(byId(call, ordered, direction, list, isAskedFor), (error) => {
		if (!(error instanceof NotInIdOrder)) return undefined;
		return isAskedFor
			? putInIdOrder(byPlaces(Infinity), direction, query.limit)
			: byPlaces(query.limit);
	});
}

/** All documents of some pages in the order of their ids, up to a limit. */
async function* putInIdOrder(
	pages: DocumentPages,
	direction: 'Asc' | 'Desc',
	limit: number,
): DocumentPages {
	const all: PlatformResource[] = [];
	for await (const page of pages) all.push(...page);
	const sign = direction === 'Asc' ? 1 : -1;
	all.sort((one, other) => sign * ((documentIdOf(one) ?? 0) - (documentIdOf(other) ?? 0)));
	yield all.slice(0, limit);
}

/** Reads the first page with all conditions at once, and what comes behind it by ranges of ids. */
async function* byId(
	call: SearchCaller,
	query: DocumentQuery,
	direction: 'Asc' | 'Desc',
	list: ConditionList | undefined,
	isChecked = false,
): DocumentPages {
	const order = new IdOrder(direction, (query.terms.additionalCabinets ?? []).length > 0);
	if (list !== undefined) {
		// One document alone does not show whether the service keeps to the order.
		const count = Math.min(Math.max(query.limit, isChecked ? 2 : 1), PAGE_ROWS);
		const first = await searchPage(call, query, list, { start: 0, count });
		const given = new Set<string>();
		const fresh = withoutGiven(first.rows, given);
		const isAll = first.isLast || fresh.length >= query.limit;
		if (!isAll || isChecked) for (const row of first.rows) order.take(row);
		yield isAll ? fresh.slice(0, query.limit) : fresh;
		if (isAll) return;
		// Asked only now, since it takes a request, and one page is often all.
		if (!(await query.knowsIds())) {
			yield* restByPlaces(call, query, list, given);
			return;
		}
	}
	const lists = list?.operation === 'And' ? [list] : asAndLists(query.expression);
	const rows = Math.max(LEAST_ROWS, Math.floor(PAGE_ROWS / lists.length));
	const streams = lists.map((one) =>
		idPages(call, query, one, { order: order.copy(), count: rows }),
	);
	yield* streams.length === 1 && streams[0] ? streams[0] : mergedById(streams, order);
}

/** What comes behind the first page in a dialog that cannot be asked for a range of ids. */
async function* restByPlaces(
	call: SearchCaller,
	query: DocumentQuery,
	list: ConditionList,
	given: Set<string>,
): DocumentPages {
	const pages = positionPages({
		fetch: async (wish) => await searchPage(call, query, list, wish),
		limit: query.limit,
		bound: { places: MOST_RESULTS, beyond: tooManyForDialog },
	});
	yield* freshPages(pages, given);
}
