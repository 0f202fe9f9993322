import { beginsTooEarly, LONGEST_SHIFT_MS, STEP_MS, SUMMER_TIME_MS } from './timeShift';

/** So much earlier than asked for documents may be by the precision of times alone (ms). */
export const MARGIN_MS = 2_000;

/**
 * From which time on a list is asked for so that it begins where it is wanted. Searches may begin hours early or late by the zone
 * that the service reads times in, and the clock of summer may change within a reading.
 */
export class SearchBeginning {
	/** So much searches begin too early (ms), as far as that was seen; below 0 where they may begin late. */
	private early = 0;

	/** Where a search was found to begin late the last time. */
	private lateFrom: number | undefined;

	/** What was right before a list went on behind its first page, until it shows that this is right too. */
	private before: number | undefined;

	/** Where a list did not show that it goes on there. */
	private endFrom: number | undefined;

	/** @param isDoubted whether searches may begin late, or were found to do so: then only what is seen tells where one begins */
	constructor(private isDoubted: boolean) {}

	/** What to ask for so that the list begins there. */
	askedFor(from: number | undefined): number | undefined {
		return from === undefined ? from : from + this.early;
	}

	/**
	 * Where a search has begun with documents that it was not asked for, it begins too early: by so much later is asked for.
	 * What comes before `from` is told, so nothing is lost as long as it begins there or earlier. Where that is doubted, and
	 * nothing that is known will show it, an hour is left, since the clock of summer may change in between.
	 * @param begun second of its first document
	 * @param last second up to which it was read; behind `from` it will show what is known, when it is asked for from there
	 * @param isProven whether `doubtedFrom` is known to be early enough
	 * @returns whether that is so
	 * @throws ConnectorError DOCUWARE_UNEXPECTED_ANSWER where it begins earlier than any zone explains
	 */
	beganEarly(
		from: number | undefined,
		begun: number | undefined,
		last: number,
		isProven = false,
	): boolean {
		if (from === undefined || begun === undefined || begun >= from - MARGIN_MS) return false;
		const isUnseen = !isProven && this.isUnseen(from, begun, last);
		const early = this.seenAt(from, begun) - (isUnseen ? SUMMER_TIME_MS : 0);
		if (early <= this.early) return false;
		this.before = undefined;
		this.asksLater(early);
		return true;
	}

	/**
	 * What would be asked for by what is seen alone, where that is doubted; undefined where it is not, or the list has not begun too
	 * early. Parameters as for `beganEarly`.
	 */
	doubtedFrom(
		from: number | undefined,
		begun: number | undefined,
		last: number,
	): number | undefined {
		if (from === undefined || begun === undefined || begun >= from - MARGIN_MS) return undefined;
		return this.isUnseen(from, begun, last) ? from + this.seenAt(from, begun) : undefined;
	}

	/**
	 * Where a list that begins too early can only be asked for anew, it goes on behind its first page: by as much later is asked
	 * for, so that it has to show the end of that page.
	 * @param begun as for `beganEarly`
	 * @param last second of the last document of the page
	 * @returns whether that asks for a later time; not where it was found to begin late
	 * @throws ConnectorError as `beganEarly`
	 */
	goesOn(from: number, begun: number | undefined, last: number): boolean {
		if (!this.isDoubted || begun === undefined) return false;
		if (begun >= from - MARGIN_MS || last > from || this.endFrom === from) return false;
		if (last <= begun) return false;
		this.before = this.early;
		this.asksLater(this.early + last - begun);
		return true;
	}

	/** A search shows what is known to be there: it begins early enough. */
	isShown(): void {
		this.before = undefined;
	}

	/**
	 * A search that does not show a document that is known to be there may begin late, since the clock of summer has changed
	 * behind what was seen before: by an hour less is asked for, once for each beginning.
	 * @returns whether that asks for an earlier time
	 */
	mayBeLate(from: number): boolean {
		const { early, lateFrom } = this;
		this.isDoubted = true;
		if (this.before !== undefined) {
			this.early = this.before;
			this.before = undefined;
			this.endFrom = from;
			return true;
		}
		this.lateFrom = from;
		if (lateFrom === from) return false;
		this.early = Math.max(-SUMMER_TIME_MS, early - SUMMER_TIME_MS);
		return this.early < early;
	}

	/** Nothing shows where the next search begins: an hour earlier is asked for. */
	isUnsure(): void {
		this.early = Math.max(-SUMMER_TIME_MS, Math.min(0, this.early - SUMMER_TIME_MS));
	}

	/** Whether nothing that is known will show that a list begins early enough. Behind a page of one second nothing else leads on. */
	private isUnseen(from: number, begun: number, last: number): boolean {
		return this.isDoubted && last <= from && last > begun;
	}

	/** By how much searches begin too early, as one shows that has begun there. */
	private seenAt(from: number, begun: number): number {
		return Math.ceil((this.early + from - MARGIN_MS - begun) / STEP_MS) * STEP_MS;
	}

	private asksLater(early: number): void {
		this.early = early;
		if (early > LONGEST_SHIFT_MS) throw beginsTooEarly();
	}
}
