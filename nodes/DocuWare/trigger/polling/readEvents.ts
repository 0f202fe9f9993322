import { isConnectorError, passOn, type ConnectorError } from '../../../shared/errors';
import { BehindLink } from '../../resources/document/positionPages';
import { PAGE_ROWS } from '../../resources/document/searchRequest';
import type { Found } from './documentMarks';
import { leavesNoneOut, type EventSource, type KnownDocument } from './eventSource';
import {
	compareMarks,
	passedBy,
	secondOf,
	toldIn,
	versionName,
	type Place,
	type PollCursor,
} from './pollCursor';
import { MARGIN_MS, SearchBeginning } from './searchBeginning';

/** With so many documents a second is read by ids. */
const MANY_IN_A_SECOND = 500;

/**
 * Errors of a list after which the reading goes on behind its last second: there are more places than the service gives, or
 * documents were changed or deleted so that they stand at other ones now. What came before stays right.
 */
const ENDINGS: ReadonlySet<string> = new Set([
	'DOCUWARE_TOO_MANY_RESULTS',
	'DOCUWARE_RESULTS_CHANGING',
]);

/** What was read of one list. */
export interface EventReading {
	/** New documents in order. */
	found: Found[];
	/** All that is new up to here was found; undefined for the end of the list. */
	upTo: Place | undefined;
	/**
	 * Whether the list is known to begin early enough: it showed a document that was told before, or it began with a
	 * second that is read by ids.
	 */
	beginsThere: boolean;
	/** Whether it was asked for from a later time than the shift says, by what was seen alone; missing where no time is asked for. */
	isGuessed?: boolean;
}

/** How much is read. */
export interface ReadingLimits {
	/** New documents, after which no further page is asked for. */
	wanted: number;
	/** Whether no further page is to be asked for, because the time is over. */
	isOver(): boolean;
	/** Whether the answer of one more request comes in time, though the reading may be over. */
	fits(): boolean;
	/** Whether searches are asked for an hour early, since nothing tells whether they begin late: the hour is kept then. */
	isEarly?: boolean;
}

/**
 * Reads what is new since a cursor, oldest first. Times are compared with times of the service alone. A second whose
 * documents fill a page is read by ids instead, since places within it could not be kept.
 */
export async function readEvents(
	source: EventSource,
	cursor: PollCursor,
	limits: ReadingLimits,
): Promise<EventReading> {
	const collected = new Collected(cursor, limits);
	const { place } = cursor;
	try {
		const { second, id = null } = place ?? {};
		const isRead =
			second === undefined ||
			id === null ||
			(await collected.bySecond(source, second, id + 1, { id, second }));
		if (isRead) await collected.byTime(source, second === undefined ? undefined : second + 1_000);
	} catch (error) {
		// What was found comes out; where the next poll meets the same and finds nothing, it says so.
		if (!isConnectorError(error) || !mayStop(error) || !collected.hasNews) passOn(error);
	}
	return collected.reading();
}

/** Whether what came before an error stays right, and the next poll may go on behind it. */
function mayStop({ code, retryable }: ConnectorError): boolean {
	return ENDINGS.has(code) || (retryable && code !== 'DOCUWARE_CANCELLED');
}

/** From where on a list is asked for anew, and the second of a document that it has to show then, or an earlier one. */
interface ListAnew {
	next?: { from: number; shown?: number };
}

/** What has been read. */
class Collected {
	private readonly found: Found[] = [];

	private readonly isTold: (found: Found) => boolean;

	/** Versions that were told: one that was changed again may come though what came before it is passed by. */
	private readonly told: ReadonlySet<string>;

	private upTo: Place | undefined;

	private beginsThere = false;

	private readonly beginning: SearchBeginning;

	/** No later time is to be asked for so that a list begins there. */
	private latestFor: number | undefined;

	constructor(
		private readonly cursor: PollCursor,
		private readonly limits: ReadingLimits,
	) {
		const isTold = toldIn(cursor);
		this.isTold = ({ mark }) => isTold(mark);
		this.told = new Set(cursor.told.map(versionName));
		this.beginning = new SearchBeginning(limits.isEarly === true);
	}

	reading(): EventReading {
		const found = this.found.sort((one, other) => compareMarks(one.mark, other.mark));
		const { upTo, beginsThere, beginning } = this;
		return { found, upTo, beginsThere, isGuessed: beginning.isGuessed };
	}

	/** Whether something new was found, of which is known how far it reaches. */
	get hasNews(): boolean {
		return this.found.length > 0 && this.upTo !== undefined;
	}

	/** Reads a second by ids; false where it was not read to its end. */
	async bySecond(
		source: EventSource,
		second: number,
		fromId: number,
		known: KnownDocument,
	): Promise<boolean> {
		const pages = source.within(second, fromId, known)[Symbol.asyncIterator]();
		// Behind what a list has given a second says nothing of where that began.
		let isShown = this.upTo === undefined;
		for (;;) {
			const { done, value } = await pages.next();
			if (done === true) {
				if (value === false) this.beginning.isUnsure();
				else if (isShown) this.beginsThere = true;
				this.upTo = { second, id: null };
				return true;
			}
			const own = value.filter(({ mark }) => secondOf(mark.at) === second);
			if (this.take(own, second)) isShown = true;
			const last = (own.at(-1) ?? value.at(-1))?.mark.id;
			if (last !== undefined) this.upTo = { second, id: last };
			if (this.isEnough() || this.mayRest()) {
				if (isShown) this.beginsThere = true;
				await pages.return?.();
				return false;
			}
		}
	}

	/**
	 * Reads the list by time; of the last second of a page others may follow.
	 * @param shown second of a document that it has to show, or an earlier one; undefined where none is known
	 */
	async byTime(source: EventSource, from: number | undefined, shown?: number): Promise<void> {
		const { open, isEnd, next } = await this.untilDense(source, from, shown);
		if (this.isEnough()) return;
		if (next !== undefined) {
			await this.byTime(source, next.from, next.shown);
			return;
		}
		const [first] = open;
		if (isEnd || first === undefined) {
			if (this.take(open, from)) this.beginsThere = true;
			this.upTo = undefined;
			return;
		}
		// Where a search that begins early comes no further than what was read, it goes on with the next second by ids.
		const second = Math.max(secondOf(first.mark.at), from ?? -Infinity);
		const known = { id: first.mark.id, second: secondOf(first.mark.at) };
		if (await this.bySecond(source, second, 1, known)) {
			await this.byTime(source, second + 1_000);
		}
	}

	/**
	 * Reads the list to its end, or to a second that fills a page, or as far as the service gives it.
	 * @returns the documents of the last second, which are not taken yet; `next` where the list goes on there when it is asked
	 *   for anew
	 */
	private async untilDense(
		source: EventSource,
		from: number | undefined,
		shown: number | undefined,
	): Promise<{ open: Found[]; isEnd: boolean } & ListAnew> {
		let open: Found[] = [];
		let begun: number | undefined;
		let rows = 0;
		/** Where the list begins behind what it has to show. */
		const earlier = (): ListAnew => {
			if (from === undefined || shown === undefined) return {};
			const isLate = (begun ?? Infinity) > shown;
			return isLate && this.beginning.mayBeLate(from) ? { next: { from } } : {};
		};
		const anew = async (last: number, getsOn = false): Promise<ListAnew> => {
			const doubted = this.beginning.doubtedFrom(from, begun, last);
			const isLater =
				this.beginning.beganEarly(from, begun, last) ||
				(await this.asksLater(source, from, doubted));
			if (!isLater && !getsOn) return {};
			const isKnown = last >= (from ?? last);
			return { next: { from: Math.max(last, from ?? last), ...(isKnown && { shown: last }) } };
		};
		try {
			for await (const page of source.since(this.beginning.askedFor(from))) {
				begun ??= page[0] && secondOf(page[0].mark.at);
				const late = rows === 0 ? earlier() : {};
				if (late.next) return { open, isEnd: false, ...late };
				const all = [...open, ...page];
				const last = Math.max(...all.map(({ mark }) => secondOf(mark.at)));
				const before = all.filter(({ mark }) => secondOf(mark.at) < last);
				if (this.take(before, from)) this.beginsThere = true;
				open = all.filter(({ mark }) => secondOf(mark.at) === last);
				this.closeBefore(last);
				rows += page.length;
				// What comes before was read already.
				const isAhead = from === undefined || last >= from;
				const isDense = isAhead && open.length === all.length && open.length >= MANY_IN_A_SECOND;
				if (this.isEnough()) return { open, isEnd: false };
				const isBefore = from !== undefined && last < from - MARGIN_MS && rows >= PAGE_ROWS;
				// Where it is not to be asked for later, it is read on to what is new.
				const later = isDense || isBefore ? await anew(last) : {};
				if (isDense || later.next) return { open, isEnd: false, ...later };
			}
			return rows === 0 ? { open, isEnd: true, ...earlier() } : { open, isEnd: true };
		} catch (error) {
			const [first] = open;
			if (first !== undefined && error instanceof BehindLink) {
				const last = secondOf(first.mark.at);
				const later = await anew(last, from === undefined || last > from);
				return { open, isEnd: false, ...later };
			}
			if (first === undefined || !isConnectorError(error) || !ENDINGS.has(error.code))
				passOn(error);
			return { open, isEnd: false };
		}
	}

	/**
	 * Asks for a later time than before that leaves out nothing that comes from `from` on, so that an hour full of what comes before
	 * is not read: mostly for the latest one that may be right. Within the hour that comes twice in autumn only earlier ones are.
	 * @returns whether there is one
	 */
	private async asksLater(
		source: EventSource,
		from: number | undefined,
		latest: number | undefined,
	): Promise<boolean> {
		if (from === undefined || latest === undefined || this.latestFor === from) return false;
		const isRight = async (asked: number) => await leavesNoneOut(source, asked, from);
		let [early, late] = [this.beginning.askedFor(from) ?? from, latest];
		const isLateRight = await isRight(late);
		// What is asked for ends a second before that time.
		if (isLateRight === true) return this.beginning.isProven(from, late - 1_000);
		this.latestFor = from;
		if (isLateRight === undefined) return false;
		while (late - early > 1_000 && !this.limits.isOver()) {
			const middle = secondOf((early + late) / 2);
			if (await isRight(middle)) early = middle;
			else late = middle;
		}
		return this.beginning.isProvenOnly(from, early - 1_000);
	}

	/**
	 * Takes what is new of a page.
	 * @param from what comes before that was read already
	 * @returns whether it shows a document that was told before
	 */
	private take(page: readonly Found[], from: number | undefined): boolean {
		const isFrom = ({ mark }: Found) => from === undefined || secondOf(mark.at) >= from;
		this.found.push(...page.filter((one) => isFrom(one) && !this.isTold(one)));
		return page.some(({ mark }) => this.told.has(versionName(mark)));
	}

	/** What comes before the cursor was told before. */
	private closeBefore(second: number): void {
		const place = { second: second - 1_000, id: null };
		const present = this.upTo;
		if (present === undefined || present.second < place.second) this.upTo = place;
	}

	private isEnough(): boolean {
		const { wanted, isOver } = this.limits;
		return this.found.length >= wanted || (this.found.length > 0 && isOver());
	}

	/** Whether the time is over, and the next poll may go on here without any news. */
	private mayRest(): boolean {
		const { upTo, cursor, limits } = this;
		return upTo !== undefined && passedBy(cursor, upTo, Date.now()) !== cursor && limits.isOver();
	}
}
