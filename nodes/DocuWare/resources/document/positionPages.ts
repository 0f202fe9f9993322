import type { ConnectorError } from '../../../shared/errors';
import type { PlatformResource } from '../../api/platformClient';
import { resultsChanging } from './searchErrors';
import {
	documentKeyOf,
	PAGE_ROWS,
	type DocumentPages,
	type PageWish,
	type ResultPage,
} from './searchRequest';

/** Documents that are asked for again with the next page, to see whether others were deleted before them. */
const OVERLAP = 50;

/** How often results that change are read anew from their beginning. */
const MOST_RESTARTS = 3;

/** A list of documents of which any place can be asked for. */
export interface PlacedList {
	fetch(wish: PageWish): Promise<ResultPage>;
	/** Most documents that are wanted; infinite for all. */
	limit: number;
	/** Places beyond which the service gives nothing, and the error for that; undefined where it gives all. */
	bound?: { places: number; beyond(): ConnectorError };
}

/**
 * Documents by their places in a list. Pages overlap: where a page does not begin with documents that were read already,
 * others were deleted before it, and the reading begins anew; what was read stays read.
 *
 * @throws ConnectorError DOCUWARE_RESULTS_CHANGING, that of the bound, and what fetching throws
 */
export async function* positionPages({ fetch, limit, bound }: PlacedList): DocumentPages {
	const { places = Infinity } = bound ?? {};
	const read = new Set<string>();
	let restarts = 0;
	for (let start = 0; ;) {
		const wanted = limit - read.size + (start === 0 ? 0 : OVERLAP);
		const total = start === 0 && limit > places;
		const page = await fetch({ start, count: Math.min(wanted, PAGE_ROWS, places - start), total });
		// Known early, it costs one request instead of ten; without a total the last page tells.
		if (bound && total && (page.count ?? 0) > places) throw bound.beyond();
		if (isTorn(page.rows, start, read)) {
			restarts += 1;
			if (restarts > MOST_RESTARTS) throw resultsChanging();
			start = 0;
			continue;
		}
		const fresh = behindRead(page.rows, read);
		for (const row of fresh) read.add(documentKeyOf(row));
		if (fresh.length > 0) yield fresh;
		if (page.isLast || read.size >= limit) return;
		start += Math.max(1, page.rows.length - Math.min(OVERLAP, page.rows.length >> 1));
		if (bound && start + OVERLAP >= places) throw bound.beyond();
	}
}

/** Whether documents may be missing between what was read and this page. */
function isTorn(
	rows: readonly PlatformResource[],
	start: number,
	read: ReadonlySet<string>,
): boolean {
	if (start === 0) return false;
	const [first] = rows;
	return first === undefined || !read.has(documentKeyOf(first));
}

/** What follows the last document that was read; what is new before it was added meanwhile. */
function behindRead(rows: PlatformResource[], read: ReadonlySet<string>): PlatformResource[] {
	return rows.slice(rows.findLastIndex((row) => read.has(documentKeyOf(row))) + 1);
}
