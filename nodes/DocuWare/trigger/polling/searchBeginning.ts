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
	 * @returns whether that is so
	 * @throws ConnectorError DOCUWARE_UNEXPECTED_ANSWER where it begins earlier than any zone explains
	 */
	beganEarly(from: number | undefined, begun: number | undefined, last: number): boolean {
		if (from === undefined || begun === undefined || begun >= from - MARGIN_MS) return false;
		const isUnseen = this.isDoubted && last <= from;
		const seen = Math.ceil((from - MARGIN_MS - begun) / STEP_MS) * STEP_MS;
		const later = seen - (isUnseen ? SUMMER_TIME_MS : 0);
		if (later <= 0) return false;
		this.early += later;
		if (this.early > LONGEST_SHIFT_MS) throw beginsTooEarly();
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
}
