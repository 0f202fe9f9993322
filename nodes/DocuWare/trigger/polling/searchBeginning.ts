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

	/** Whether later times were asked for by what was seen alone. */
	isGuessed = false;

	/** What is asked for so that a list begins at one time alone, since the clock of summer changes right behind that. */
	private only: { from: number; asked: number } | undefined;

	/** Where a search was found to begin late the last time. */
	private lateFrom: number | undefined;

	/** @param isDoubted whether searches may begin late, or were found to do so: then only what is seen tells where one begins */
	constructor(private isDoubted: boolean) {}

	/** What to ask for so that the list begins there. */
	askedFor(from: number | undefined): number | undefined {
		if (from === undefined) return from;
		return this.only?.from === from ? this.only.asked : from + this.early;
	}

	/**
	 * Where a search has begun with documents that it was not asked for, it begins too early: by so much later is asked for.
	 * What comes before `from` is told, so nothing is lost as long as it begins there or earlier.
	 * @param begun second of its first document
	 * @param last second up to which it was read; behind `from` it will show what is known, when it is asked for from there
	 * @returns whether that is so; not where it is doubted, and nothing that is known will show it
	 * @throws ConnectorError DOCUWARE_UNEXPECTED_ANSWER where it begins earlier than any zone explains
	 */
	beganEarly(from: number | undefined, begun: number | undefined, last: number): boolean {
		if (from === undefined || begun === undefined || begun >= from - MARGIN_MS) return false;
		const isLater = !this.isUnseen(from, begun, last) && this.asksLater(this.seenAt(from, begun));
		this.isGuessed ||= isLater;
		return isLater;
	}

	/**
	 * What would be asked for by what is seen alone, where `beganEarly` doubts it; undefined where it does not. Parameters as there.
	 * Where the clock of summer changes in between, it may be too late by an hour.
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
	 * A later time is known to be early enough.
	 * @throws ConnectorError as `beganEarly`
	 */
	isProven(from: number, asked: number): boolean {
		return this.asksLater(asked - from);
	}

	/**
	 * A later time is known to be early enough, and no later one is: for other beginnings it says nothing.
	 * @returns whether it is later than what was asked for
	 */
	isProvenOnly(from: number, asked: number): boolean {
		if (asked <= from + this.early) return false;
		this.only = { from, asked };
		return true;
	}

	/**
	 * A search that does not show a document that is known to be there may begin late, since the clock of summer has changed
	 * behind what was seen before: by an hour less is asked for, once for each beginning.
	 * @returns whether that asks for an earlier time
	 */
	mayBeLate(from: number): boolean {
		const { early, lateFrom } = this;
		this.isDoubted = true;
		this.only = undefined;
		this.lateFrom = from;
		if (lateFrom === from) return false;
		this.early = Math.max(-SUMMER_TIME_MS, early - SUMMER_TIME_MS);
		return this.early < early;
	}

	/** Nothing shows where the next search begins: an hour earlier is asked for. */
	isUnsure(): void {
		this.isDoubted = true;
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

	private asksLater(early: number): boolean {
		if (early <= this.early) return false;
		if (early > LONGEST_SHIFT_MS) throw beginsTooEarly();
		this.early = early;
		this.only = undefined;
		return true;
	}
}
