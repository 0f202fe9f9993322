import { passOn } from '../../../shared/errors';
import { resultsChanging } from '../../resources/document/searchErrors';
import { MOST_RESULTS, PAGE_ROWS } from '../../resources/document/searchRequest';
import type { Found } from './documentMarks';
import { advanced, compareMarks, toldIn, type Mark, type PollCursor } from './pollCursor';
import type { ReadingLimits } from './readEvents';
import type { DocumentList } from './trayList';

/** Documents that are asked for again with the next page, to see whether the list has moved meanwhile. */
const OVERLAP = 50;

/** How often a list that moves is looked through anew within a poll. */
const MOST_RESTARTS = 3;

/** What was read of a list without an order. */
export interface Search {
	found: Found[];
	/** Where the next poll goes on. */
	end: PollCursor;
	/** The list has been looked through. */
	isAll: boolean;
}

/**
 * Looks through a list whose order is not that of times, for all that is new: as far as a poll comes, and the next one goes on
 * where it has ended. Only once all of it has been looked through, the cursor moves on, and no further than the time at
 * which that began, since others may have been stored meanwhile at places that were read already.
 *
 * @param beyond the error where the service gives no more of the list
 * @throws ConnectorError DOCUWARE_RESULTS_CHANGING, that of `beyond`, and what the list throws
 */
export async function searchOn(
	list: DocumentList,
	cursor: PollCursor,
	{ wanted, isOver }: ReadingLimits,
	beyond: () => Error,
): Promise<Search> {
	const { scan, ...rest } = cursor;
	const isTold = toldIn(cursor);
	const found = new Map<number, Found>();
	let { at, anchors, begunAt } = scan ?? { at: 0, anchors: [], begunAt: undefined };
	const ending = (isAll: boolean): Search => {
		const told = [...(scan?.told ?? []), ...[...found.values()].map(({ mark }) => mark)];
		const end = isAll
			? advanced(rest, told, begunAt)
			: { ...rest, scan: { at, anchors, told, ...(begunAt !== undefined && { begunAt }) } };
		const inOrder = [...found.values()].sort((one, other) => compareMarks(one.mark, other.mark));
		return { found: inOrder, end, isAll };
	};
	for (let restarts = 0; ;) {
		if (at + OVERLAP >= MOST_RESULTS) return found.size > 0 ? ending(false) : passOn(beyond());
		const page = await list.page('Desc', at, PAGE_ROWS);
		begunAt ??= list.now ?? newestOf(page.found);
		if (at > 0 && !isAnchored(page.found, anchors)) {
			restarts += 1;
			[at, anchors] = [0, []];
			if (restarts <= MOST_RESTARTS) continue;
			return found.size > 0 ? ending(false) : passOn(resultsChanging());
		}
		const fresh = page.found.filter(({ mark }) => !isTold(mark) && !found.has(mark.id));
		for (const one of fresh.slice(0, wanted - found.size)) found.set(one.mark.id, one);
		const isLeft = fresh.some(({ mark }) => !found.has(mark.id));
		if (isLeft) {
			anchors = page.found.slice(0, OVERLAP).map(({ mark }) => mark.id);
			return ending(false);
		}
		if (page.isLast) return ending(true);
		const again = Math.min(OVERLAP, page.found.length >> 1);
		anchors = page.found.slice(page.found.length - again).map(({ mark }) => mark.id);
		at += Math.max(1, page.found.length - again);
		if (isOver()) return ending(false);
	}
}

/** Whether a page begins with a document that was read before. */
function isAnchored(found: readonly Found[], anchors: readonly number[]): boolean {
	const [first] = found;
	return first !== undefined && anchors.includes(first.mark.id);
}

function newestOf(found: readonly Found[]): Mark['at'] | undefined {
	return found.length === 0 ? undefined : Math.max(...found.map(({ mark }) => mark.at));
}
