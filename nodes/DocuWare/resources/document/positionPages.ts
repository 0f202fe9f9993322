import { isConnectorError, passOn, type ConnectorError } from '../../../shared/errors';
import type { PlatformResource } from '../../api/platformClient';
import { PageLinks } from './pageLinks';
import { resultsChanging, SamePages } from './searchErrors';
import {
	documentKeyOf,
	withoutGiven,
	PAGE_ROWS,
	type DocumentPages,
	type PageWish,
	type ResultPage,
} from './searchRequest';

/** Documents that are asked for again with the next page, to see whether others were deleted before them. */
const OVERLAP = 50;

/** Fewest documents of a page that overlaps with the one before it and goes on. */
const LEAST = 2;

/** How often results that change are read anew from their beginning. */
const MOST_RESTARTS = 3;

/** How often a page may be the one before it; only documents that are added in front of it can make it so. */
const MOST_REPEATS = 2;

/** A list of documents of which any place can be asked for. */
export interface PlacedList {
	fetch(wish: PageWish): Promise<ResultPage>;
	/** Most documents that are wanted; infinite for all. */
	limit: number;
	/** Places beyond which the service gives nothing, and the error for that; undefined where it gives all. */
	bound?: { places: number; beyond(): ConnectorError };
	/**
	 * Ends the list with `BehindLink` where only a link leads on that names no place: nobody sees there whether documents
	 * were deleted meanwhile, and others passed by. Without it such a link is followed.
	 */
	endsAtLinks?: boolean;
}

/** What comes next in a list is to be had only by a link that names no place, and was not asked for. */
export class BehindLink extends Error {}

/**
 * Documents by their places in a list. Pages overlap: where a page does not begin with documents that were read already,
 * others were deleted before it, and the reading begins anew; what was read stays read. The end is where the service says
 * so, or where nothing comes behind a document that was read: a page that is only short is not the last one. Links of the
 * service lead from page to page where it gives them; along one that names no place, it is the service that keeps it.
 *
 * @throws ConnectorError DOCUWARE_RESULTS_CHANGING, DOCUWARE_UNEXPECTED_ANSWER for the same page again and again, that
 *   of the bound, and what fetching throws; BehindLink
 */
export async function* positionPages(list: PlacedList): DocumentPages {
	const { fetch, limit, bound, endsAtLinks = false } = list;
	const { places = Infinity } = bound ?? {};
	const read = new Set<string>();
	const repeats = new Repeats();
	const links = new PageLinks(fetch);
	let restarts = 0;
	let emptyAt: number | undefined;
	for (let start = 0; ;) {
		const wanted = limit - read.size + (start === 0 ? 0 : OVERLAP);
		const total = start === 0 && limit > places;
		const count = Math.max(1, Math.min(wanted, PAGE_ROWS, places - start));
		const page = await links.page({ start, count, least: LEAST, total }).catch((error: unknown) => {
			// A link leads beyond what the service gives, whatever place that is.
			const mayBeBeyond = bound !== undefined && start + PAGE_ROWS > places;
			return passOn(mayBeBeyond && isRefusedValue(error) ? bound.beyond() : error);
		});
		// Known early, it costs one request instead of ten; without a total the last page tells.
		const isBeyond = (page.count ?? 0) > places || page.exceedsLimit === true;
		if (bound && total && isBeyond) throw bound.beyond();
		const isPlaced = !links.isBeyondPlaces;
		if (isPlaced && page.rows.length === 0 && start > 0 && emptyAt === undefined) {
			emptyAt = start;
			start -= 1;
			continue;
		}
		if (isPlaced && isTorn(page.rows, start, read)) {
			restarts += 1;
			if (restarts > MOST_RESTARTS) throw resultsChanging();
			start = 0;
			emptyAt = undefined;
			links.forget();
			repeats.forget();
			continue;
		}
		const fresh = withoutGiven(page.rows, read);
		if (fresh.length > 0) yield fresh;
		if (page.isLast || read.size >= limit) return;
		if (fresh.length === 0 && emptyAt !== undefined) return;
		emptyAt = undefined;
		repeats.see(page.rows, fresh, read.size);
		if (links.leadBeyondPlaces) {
			if (endsAtLinks) throw new BehindLink();
			start += page.rows.length;
			continue;
		}
		if (!isPlaced && page.tellsMore !== true) return;
		const overlap = fresh.length === 0 ? 1 : OVERLAP;
		start += Math.max(1, page.rows.length - Math.min(overlap, page.rows.length >> 1));
		if (bound && start >= places) throw bound.beyond();
	}
}

/** What DocuWare says where more results are asked for than it gives. */
function isRefusedValue(error: unknown): boolean {
	return isConnectorError(error) && error.code === 'DOCUWARE_VALIDATION';
}

/** Notices a service that gives the same page wherever it is to begin, or the same pages in turn. */
class Repeats {
	private before = '';

	private same = 0;

	/** Pages in a row that brought no document, and their rows. */
	private stale = { pages: 0, rows: 0 };

	/**
	 * @param known documents that were read so far; to read them anew takes no more than twice their rows
	 * @throws ConnectorError DOCUWARE_UNEXPECTED_ANSWER
	 */
	see(rows: readonly PlatformResource[], fresh: readonly PlatformResource[], known: number): void {
		const keys = rows.map(documentKeyOf).join('\n');
		const isStale = fresh.length === 0;
		this.same = isStale && keys === this.before ? this.same + 1 : 0;
		this.before = keys;
		const { stale } = this;
		this.stale = isStale
			? { pages: stale.pages + 1, rows: stale.rows + rows.length }
			: { pages: 0, rows: 0 };
		const goRound = this.stale.pages > MOST_REPEATS && this.stale.rows > 2 * known;
		if (this.same > MOST_REPEATS || goRound) throw new SamePages(rows.length);
	}

	/** What follows is read anew. */
	forget(): void {
		this.stale = { pages: 0, rows: 0 };
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
