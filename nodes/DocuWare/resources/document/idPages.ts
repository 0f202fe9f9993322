import type { PlatformResource } from '../../api/platformClient';
import { withinIds, type ConditionList } from '../../search/expression';
import { documentIdOf } from '../common/documentOutput';
import { NotInIdOrder } from './searchErrors';
import {
	documentKeyOf,
	PAGE_ROWS,
	searchPage,
	type DocumentPages,
	type DocumentQuery,
	type SearchCaller,
} from './searchRequest';

/** So many lists are begun at once: a server with a limit of requests per minute refuses more than it takes. */
const BEGUN_AT_ONCE = 4;

/** How often a page may bring nothing new although there is more, as where documents are added meanwhile. */
const MOST_REPEATS = 3;

/**
 * The results of one search in the order of their ids, each page behind the last document of the one before: nothing
 * that is added or deleted meanwhile moves those that are still to be read.
 *
 * @param at.order what was read before
 * @param at.count documents of a request
 * @throws ConnectorError as `searchPage`, and DOCUWARE_UNEXPECTED_ANSWER for another order
 */
export async function* idPages(
	call: SearchCaller,
	query: DocumentQuery,
	list: ConditionList,
	{ order, count }: { order: IdOrder; count: number },
): DocumentPages {
	for (let repeats = 0; ;) {
		const rest = order.rest();
		const range = rest === undefined ? list : withinIds(list, ...rest);
		const { rows, isLast } = await searchPage(call, query, range, { start: 0, count });
		const fresh = rows.filter((row) => order.take(row));
		if (fresh.length > 0) yield fresh;
		if (isLast) return;
		repeats = fresh.length > 0 ? 0 : repeats + 1;
		if (repeats === 0) continue;
		if (!order.areShared || repeats > MOST_REPEATS) throw new NotInIdOrder();
		// The range begins with the last id again. Where the answer does not say that this is all, the next place does.
		const behind = await searchPage(call, query, range, { start: rows.length, count });
		if (behind.rows.length === 0) return;
	}
}

/** How far documents in the order of their ids were read. Those of several file cabinets may have equal ids. */
export class IdOrder {
	private last: number | undefined;

	/** Documents with that id. */
	private keys = new Set<string>();

	/** @param areShared whether several documents may have one id */
	constructor(
		private readonly direction: 'Asc' | 'Desc',
		readonly areShared: boolean,
	) {}

	copy(): IdOrder {
		const copy = new IdOrder(this.direction, this.areShared);
		copy.last = this.last;
		copy.keys = new Set(this.keys);
		return copy;
	}

	/** Whether one id comes before another. */
	isBefore(one: number, other: number): boolean {
		return this.direction === 'Asc' ? one < other : one > other;
	}

	/** The range of ids that is still to be read; undefined where none was read yet. */
	rest(): [from: number | null, to: number | null] | undefined {
		const { last, direction, areShared } = this;
		if (last === undefined) return undefined;
		if (direction === 'Asc') return [areShared ? last : last + 1, null];
		return [null, areShared ? last : last - 1];
	}

	/**
	 * Takes a document as read; false for one that was read before.
	 * @throws ConnectorError DOCUWARE_UNEXPECTED_ANSWER for one that should have come before
	 */
	take(row: PlatformResource): boolean {
		const id = documentIdOf(row);
		const key = documentKeyOf(row);
		if (id === null) throw new NotInIdOrder();
		if (this.last !== id) {
			if (this.last !== undefined && this.isBefore(id, this.last)) throw new NotInIdOrder();
			this.last = id;
			this.keys.clear();
		} else if (this.keys.has(key)) {
			return false;
		}
		this.keys.add(key);
		return true;
	}
}

/**
 * Several lists in the order of ids as one, in which no document stands twice. No more than a page of each is held.
 */
export async function* mergedById(lists: readonly DocumentPages[], order: IdOrder): DocumentPages {
	const heads = lists.map((pages) => new Head(pages));
	for (let from = 0; from < heads.length; from += BEGUN_AT_ONCE) {
		const some = heads.slice(from, from + BEGUN_AT_ONCE);
		await Promise.all(some.map(async (head) => await head.fill()));
	}
	let page: PlatformResource[] = [];
	for (let next = foremost(heads, order); next !== undefined; next = foremost(heads, order)) {
		const row = next.take();
		if (order.take(row)) page.push(row);
		if (next.isEmpty()) await next.fill();
		if (page.length < PAGE_ROWS) continue;
		yield page;
		page = [];
	}
	if (page.length > 0) yield page;
}

/** The list whose next document comes first; undefined at the end of all. */
function foremost(heads: readonly Head[], order: IdOrder): Head | undefined {
	let found: Head | undefined;
	for (const head of heads) {
		if (head.isEmpty()) continue;
		if (found === undefined || order.isBefore(head.id(), found.id())) found = head;
	}
	return found;
}

/** Where the reading of a list stands. */
class Head {
	private page: PlatformResource[] = [];

	private at = 0;

	constructor(private readonly pages: DocumentPages) {}

	isEmpty(): boolean {
		return this.at >= this.page.length;
	}

	/** Id of the next document. */
	id(): number {
		return documentIdOf(this.page[this.at] ?? {}) ?? Number.NaN;
	}

	take(): PlatformResource {
		const row = this.page[this.at] ?? {};
		this.at += 1;
		return row;
	}

	/** Reads the next page; the list stays empty at its end. */
	async fill(): Promise<void> {
		const next = await this.pages.next();
		this.page = next.done === true ? [] : next.value;
		this.at = 0;
	}
}
