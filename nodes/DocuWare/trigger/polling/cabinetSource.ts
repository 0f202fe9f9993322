import { passOn } from '../../../shared/errors';
import { isoTime } from '../../../shared/values/dateTimes';
import { DOCUMENT_ID, type SearchCondition } from '../../search/conditions';
import { asAndLists, withinIds, type ConditionList, type SortField } from '../../search/expression';
import { IdOrder, idPages } from '../../resources/document/idPages';
import { BehindLink, positionPages } from '../../resources/document/positionPages';
import type { ItemSearch } from '../../resources/document/readSearch';
import { tooManySorted } from '../../resources/document/searchErrors';
import {
	MOST_RESULTS,
	PAGE_ROWS,
	searchPage,
	type DocumentPages,
	type DocumentQuery,
	type PageWish,
	type ResultPage,
	type SearchCaller,
} from '../../resources/document/searchRequest';
import {
	foundDocument,
	isInOrder,
	notInTimeOrder,
	type Direction,
	type Found,
} from './documentMarks';
import type { EventSource, KnownDocument } from './eventSource';
import { MOST_TOLD, OVERLAP_MS, secondOf, type Mark, type PresentDocuments } from './pollCursor';
import { TIMES, type PollEvent } from './pollEvents';
import { latestShift, LONGEST_SHIFT_MS, STEP_MS, SUMMER_TIME_MS } from './timeShift';

/** A second of a list. */
interface SecondOf {
	list: ConditionList;
	/** As for `source`. */
	shift: number;
	/** ms as the service writes it */
	second: number;
	/** A document of it, or of a second near it, as far as is known. */
	known: KnownDocument;
}

/** Documents of a file cabinet that meet the conditions of a search, by the time of an event. */
export class CabinetSource {
	/** The conditions, in searches whose results together are those of the search. */
	readonly lists: readonly ConditionList[];

	/** The latest time of an answer, as the service wrote it (ms). */
	now: number | undefined;

	/** @param fields index fields that come with the documents, those of times among them; undefined for all */
	constructor(
		private readonly call: SearchCaller,
		private readonly search: ItemSearch,
		private readonly event: PollEvent,
		private readonly fields: readonly string[] | undefined,
	) {
		this.lists = asAndLists(search.expression);
	}

	/**
	 * The documents of one list of conditions.
	 * @param shift what is to be added to a time of the service for a search to mean it (ms)
	 */
	source(list: ConditionList, shift: number): EventSource {
		return {
			since: (second) => this.since(this.during(list, shift, second, undefined)),
			// To the whole second, which servers take that refuse finer times: what the second before holds is not wanted either way.
			newestBefore: (second) => this.newestOf(this.during(list, shift, undefined, second - 1_000)),
			within: (second, fromId, known) => this.within({ list, shift, second, known }, fromId),
		};
	}

	/** All documents of the file cabinet that the same dialog finds; itself where it has no conditions. */
	withoutConditions(): CabinetSource {
		const { call, search, event, fields } = this;
		if (search.expression.groups.length === 0) return this;
		const all = { ...search, expression: { operation: 'And', groups: [] } } as const;
		return new CabinetSource(call, all, event, fields);
	}

	/** The newest documents of all lists, the newest first. */
	async newest(count: number): Promise<Found[]> {
		const found = new Map<number, Found>();
		for (const list of this.lists) {
			await untilLink(this.inTimeOrder(list, 'Desc', count), (page) => {
				for (const one of page) found.set(one.mark.id, one);
				return true;
			});
		}
		const all = [...found.values()].sort((one, other) => other.mark.at - one.mark.at);
		return all.slice(0, count);
	}

	/** The newest documents with those that are older by the time that is read again, in no order. */
	async present(): Promise<PresentDocuments> {
		const all: Found[] = [];
		const cuts: number[] = [];
		for (const list of this.lists) {
			const found: Found[] = [];
			const isWhole = await untilLink(this.inTimeOrder(list, 'Desc', MOST_TOLD), (page) => {
				found.push(...page);
				return !isAtLeastApart(found, OVERLAP_MS);
			});
			const last = found.at(-1);
			if ((found.length >= MOST_TOLD || !isWhole) && last) cuts.push(secondOf(last.mark.at));
			all.push(...found);
		}
		const cutAt = cuts.length === 0 ? undefined : Math.max(...cuts);
		return { marks: all.map(({ mark }) => mark), cutAt };
	}

	/**
	 * Whether a search finds a document.
	 * @param from a time of its event, as the service is asked for it; missing for none
	 */
	async finds({ id }: Mark, from?: number): Promise<boolean> {
		for (const list of this.lists) {
			const timed = from === undefined ? list : this.during(list, 0, from, undefined);
			const { rows } = await this.page(withinIds(timed, id, id), [], { start: 0, count: 1 });
			if (rows.length > 0) return true;
		}
		return false;
	}

	private async *since(list: ConditionList): AsyncGenerator<Found[], void, undefined> {
		let count = 0;
		for await (const page of this.inTimeOrder(list, 'Asc', MOST_RESULTS)) {
			count += page.length;
			yield page;
		}
		if (count >= MOST_RESULTS) throw tooManySorted();
	}

	/** The second of the newest document of a list. */
	private async newestOf(list: ConditionList): Promise<number | undefined> {
		const page = await this.inTimeOrder(list, 'Desc', 1).next();
		const [newest] = page.done === true ? [] : page.value;
		return newest && secondOf(newest.mark.at);
	}

	/**
	 * Documents of a second, and maybe others. That the shift is right there its first page shows by itself; where it does not,
	 * another list is read instead.
	 * @returns at the end whether it is right
	 */
	private async *within(
		wanted: SecondOf,
		fromId: number,
	): AsyncGenerator<Found[], boolean, undefined> {
		const { list, shift, second } = wanted;
		const pages = this.byIds(this.during(list, shift, second, second + 1_000), fromId);
		const first = await pages.next();
		const page = first.done === true ? [] : first.value;
		const shows = page.some(({ mark }) => secondOf(mark.at) === second);
		const other = shows ? undefined : await this.listOf(wanted);
		if (other !== undefined) {
			yield* this.byIds(other, fromId);
			return false;
		}
		yield page;
		yield* pages;
		return true;
	}

	private async *byIds(
		list: ConditionList,
		fromId: number,
	): AsyncGenerator<Found[], void, undefined> {
		const order = new IdOrder('Asc', false);
		if (fromId > 1) order.take({ Id: fromId - 1 });
		const query = this.query([{ field: DOCUMENT_ID.name, direction: 'Asc' }]);
		const pages: DocumentPages = idPages(this.call, query, list, { order, count: PAGE_ROWS });
		for await (const page of pages) yield page.map((row) => foundDocument(row, this.event));
	}

	/**
	 * The list for the documents of a second, and maybe others, where the shift may be wrong; undefined where it is right. A known
	 * document tells. Where it is deleted or changed nothing does: the hour before and after is taken, since summer time may have
	 * begun or ended. Where none of its times finds it, that of all zones is.
	 */
	private async listOf(wanted: SecondOf): Promise<ConditionList | undefined> {
		const { list, shift, second, known } = wanted;
		const around = (added: number, span: number) =>
			this.during(list, added, second - span, second + 1_000 + span);
		const own = withinIds(list, known.id, known.id);
		/** Whether a search finds it in its second. */
		const finds = async (found: ConditionList) => {
			const [row] = (await this.page(found, [], { start: 0, count: 1 })).rows;
			return row !== undefined && secondOf(foundDocument(row, this.event).mark.at) === known.second;
		};
		if (!(await finds(own))) return around(shift, SUMMER_TIME_MS);
		const isIn = async (added: number, more = 0) =>
			await finds(this.during(own, added, known.second - more, known.second + 1_000 + more));
		// Between two seconds that are far apart the clock of summer may change.
		const span = Math.abs(second - known.second) < STEP_MS ? 0 : SUMMER_TIME_MS;
		if (await isIn(shift)) return span === 0 ? undefined : around(shift, span);
		if (known.second !== second && (await isIn(shift, SUMMER_TIME_MS))) {
			return around(shift, SUMMER_TIME_MS + span);
		}
		const right = await latestShift(
			async (added) => await finds(this.during(own, added, known.second, undefined)),
		);
		return (await isIn(right)) ? around(right, span) : around(0, LONGEST_SHIFT_MS);
	}

	/** Ends with BehindLink where only a link that names no place leads on: the list is asked for anew from there. */
	private async *inTimeOrder(
		list: ConditionList,
		direction: Direction,
		limit: number,
	): AsyncGenerator<Found[], void, undefined> {
		const { field } = TIMES[this.event];
		const sort: SortField[] = [field, DOCUMENT_ID.name].map((name) => ({ field: name, direction }));
		const pages = positionPages({
			fetch: async (wish) => {
				const page = await this.page(list, sort, wish);
				const rows = page.rows.map((row) => foundDocument(row, this.event));
				if (!isInOrder(rows, direction)) throw notInTimeOrder(field);
				return page;
			},
			limit,
			bound: { places: MOST_RESULTS, beyond: tooManySorted },
			endsAtLinks: true,
		});
		for await (const page of pages) yield page.map((row) => foundDocument(row, this.event));
	}

	private async page(
		list: ConditionList,
		sort: readonly SortField[],
		wish: PageWish,
	): Promise<ResultPage> {
		const page = await searchPage(this.call, this.query(sort), list, wish);
		this.now = page.at ?? this.now;
		return page;
	}

	private query(sort: readonly SortField[]): DocumentQuery {
		const { terms, ...search } = this.search;
		const { fields } = this;
		return { ...search, terms: { ...terms, sort }, limit: Infinity, ...(fields && { fields }) };
	}

	/**
	 * The list for documents of a time, ends included. Both ends reach further by the least there is, since no source says
	 * whether a search counts them; what lies outside is left out by its own time.
	 */
	private during(
		{ operation, conditions }: ConditionList,
		shift: number,
		from: number | undefined,
		to: number | undefined,
	): ConditionList {
		if (from === undefined && to === undefined) return { operation, conditions };
		const Value = [
			from === undefined ? null : searchedTime(from + shift - 1),
			to === undefined ? null : searchedTime(to + shift),
		];
		const time: SearchCondition = { DBName: TIMES[this.event].field, Value, isTime: true };
		return { operation: 'And', conditions: [...conditions, time] };
	}
}

/**
 * Takes pages as long as they are wanted.
 * @param take false for no further one
 * @returns false where the list may go on: behind the last one taken, or behind a link that was not followed
 */
async function untilLink(
	pages: AsyncIterable<Found[]>,
	take: (page: Found[]) => boolean,
): Promise<boolean> {
	try {
		for await (const page of pages) if (!take(page)) return false;
		return true;
	} catch (error) {
		return error instanceof BehindLink ? false : passOn(error);
	}
}

function isAtLeastApart(found: readonly Found[], span: number): boolean {
	const [newest, oldest] = [found[0], found.at(-1)];
	return newest !== undefined && oldest !== undefined && newest.mark.at - oldest.mark.at > span;
}

/** A time as searches take it; before the year 1 there is none. */
function searchedTime(moment: number): string {
	return `${isoTime(moment) ?? '0001-01-01T00:00:00'}Z`;
}
