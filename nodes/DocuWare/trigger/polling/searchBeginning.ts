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

	/** What to ask for so that the list begins there. */
	askedFor(from: number | undefined): number | undefined {
		return from === undefined ? from : from + this.early;
	}

	/**
	 * Where a search has begun with documents that it was not asked for, it begins too early: by so much later is asked for.
	 * What comes before `from` is told, so nothing is lost as long as it begins there or earlier.
	 * @param begun second of its first document
	 * @returns whether that is so
	 * @throws ConnectorError DOCUWARE_UNEXPECTED_ANSWER where it begins earlier than any zone explains
	 */
	beganEarly(from: number | undefined, begun: number | undefined): boolean {
		if (from === undefined || begun === undefined || begun >= from - MARGIN_MS) return false;
		this.early += Math.ceil((from - MARGIN_MS - begun) / STEP_MS) * STEP_MS;
		if (this.early > LONGEST_SHIFT_MS) throw beginsTooEarly();
		return true;
	}

	/**
	 * A search that does not show a document that is known to be there may begin late, since the clock of summer has changed
	 * behind what was seen before: by an hour less is asked for.
	 * @returns whether that asks for an earlier time
	 */
	mayBeLate(): boolean {
		const { early } = this;
		this.early = Math.max(-SUMMER_TIME_MS, early - SUMMER_TIME_MS);
		return this.early < early;
	}

	/** Nothing shows where the next search begins: an hour earlier is asked for. */
	isUnsure(): void {
		this.early = Math.max(-SUMMER_TIME_MS, Math.min(0, this.early - SUMMER_TIME_MS));
	}
}
