import { passOn, type ConnectorError } from '../../../shared/errors';
import type { PlatformResource } from '../../api/platformClient';
import { DOCUMENT_ID } from '../../search/conditions';
import type { ConditionList } from '../../search/expression';
import { positionPages } from './positionPages';
import { namesAll, orderOf, sortKeyOf, type KeyOrder, type SortKey } from './rowOrder';
import { orderNotTold, SamePages, tooManyTogether } from './searchErrors';
import {
	documentKeyOf,
	MOST_RESULTS,
	orderedPage,
	PAGE_ROWS,
	withoutGiven,
	type DocumentPages,
	type DocumentQuery,
	type SearchCaller,
} from './searchRequest';

/** A document with what it is sorted by. */
interface Placed {
	row: PlatformResource;
	key: SortKey;
}

/** How many different documents several searches may have together, and what is said of it. */
export interface SortBounds {
	most: number;
	beyond(): ConnectorError;
	/** Why there are several searches, as the beginning of a sentence. */
	why: string;
	/** How many documents each search is known to have, where that was counted. */
	counts?: readonly number[];
	/** Documents of a page of a service that gives no page but the first, where it has more. */
	fullPage?: number;
}

/** Why one search is several, for the words of an error. */
export const SEVERAL = 'Is Any Of for numbers or dates beside other conditions takes';

/**
 * The documents of several searches in the order that the query asks for, each once. All of them are read before the first
 * one comes, since how DocuWare orders them shows in the results of each search. Without an order they come search by
 * search.
 *
 * @param bounds how many may be held, and what is said beyond, where it is not Is Any Of that takes several searches
 * @throws ConnectorError DOCUWARE_TOO_MANY_RESULTS where they are more than 10,000 together,
 *   DOCUWARE_INVALID_PARAMETER for an order of DocuWare's that cannot be told, and what `positionPages` throws
 */
export async function* sortedPages(
	call: SearchCaller,
	query: DocumentQuery,
	lists: readonly ConditionList[],
	bounds: SortBounds = {
		most: MOST_RESULTS,
		beyond: () => tooManyTogether(lists.length),
		why: SEVERAL,
	},
): DocumentPages {
	const { beyond, most, why, counts = [], fullPage = 0 } = bounds;
	const { sort } = query.terms;
	const asked = withSortFields(query);
	const found: Placed[][] = [];
	// What several searches find is held once. It keeps its place in each, since how values follow each other shows there.
	const held = new Map<string, PlatformResource>();
	for (const [at, list] of lists.entries()) {
		const placed: Placed[] = [];
		let mostAsked = 0;
		const pages = positionPages({
			fetch: async (wish) => {
				const page = await orderedPage(call, asked, list, wish);
				mostAsked = Math.max(mostAsked, page.asked ?? 0);
				return page;
			},
			limit: query.limit,
			bound: { places: MOST_RESULTS, beyond },
		});
		// Fewer than were counted are all where others were deleted meanwhile, but not those of a page that was made smaller.
		const isComplete = () =>
			placed.length >= (counts[at] ?? Infinity) || placed.length < Math.min(fullPage, mostAsked);
		for await (const page of endingWhere(isComplete, pages)) {
			const fresh = page.slice(0, query.limit - placed.length);
			for (const row of fresh) {
				const id = documentKeyOf(row);
				const known = held.get(id);
				if (known === undefined) held.set(id, row);
				placed.push({ row: known ?? row, key: sortKeyOf(row, sort) });
			}
			if (held.size > most) throw beyond();
		}
		if (placed.length > 0) found.push(placed);
	}
	const rows = merged(found, orderIn(found, query, why));
	for (let from = 0; from < Math.min(rows.length, query.limit); from += PAGE_ROWS) {
		yield rows.slice(from, Math.min(from + PAGE_ROWS, query.limit));
	}
}

/** A service that knows no places and does not say what its last page is gives it again, once all are read. */
async function* endingWhere(isComplete: () => boolean, pages: DocumentPages): DocumentPages {
	try {
		yield* pages;
	} catch (error) {
		if (!(error instanceof SamePages) || !isComplete()) passOn(error);
	}
}

/** What the documents are sorted by has to come with them. */
function withSortFields(query: DocumentQuery): DocumentQuery {
	const { fields = [], terms } = query;
	if (fields.length === 0) return query;
	const known = new Set([DOCUMENT_ID.name, ...fields.map((name) => name.toUpperCase())]);
	const more = terms.sort
		.map(({ field }) => field)
		.filter((name) => !known.has(name.toUpperCase()));
	return { ...query, fields: [...fields, ...new Set(more)] };
}

/**
 * Of one list alone, the order is that in which it came. A field that was added for equal values need not show in it: what
 * looks equal here may not be so to the service, by capitals or parts of a second.
 */
function orderIn(
	found: ReadonlyArray<readonly Placed[]>,
	{ terms: { sort }, isTieBroken = false }: DocumentQuery,
	why: string,
): KeyOrder {
	if (found.length < 2) return () => 0;
	const asked = isTieBroken ? sort.slice(0, -1) : sort;
	// A field that no document came with would look like one that is empty everywhere.
	const isTold = asked.every((one) =>
		found.some((list) => list.some(({ row }) => namesAll(row, [one]))),
	);
	const keys = found.map((list) => list.map(({ key }) => key));
	const order = isTold ? (orderOf(keys, sort) ?? orderOf(keys, asked)) : undefined;
	if (order === undefined)
		throw orderNotTold(
			asked.map(({ field }) => field),
			why,
		);
	return order;
}

/** Sorted lists as one; of documents that may stand in any order those of earlier lists come first. */
function merged(found: ReadonlyArray<readonly Placed[]>, order: KeyOrder): PlatformResource[] {
	const [first = [], ...others] = found;
	const all = others.reduce<readonly Placed[]>(
		(made, list) => mergedPair(made, list, order),
		first,
	);
	return withoutGiven(
		all.map(({ row }) => row),
		new Set(),
	);
}

function mergedPair(one: readonly Placed[], other: readonly Placed[], order: KeyOrder): Placed[] {
	const made: Placed[] = [];
	let at = 0;
	for (const next of one) {
		for (let head = other[at]; head && order(head.key, next.key) < 0; head = other[at]) {
			made.push(head);
			at += 1;
		}
		made.push(next);
	}
	return [...made, ...other.slice(at)];
}
