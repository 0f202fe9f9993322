import { passOn } from '../../../shared/errors';
import { mayBeRefusedSearch } from '../../resources/document/refusedOrders';
import type { CabinetSource } from './cabinetSource';
import type { Found } from './documentMarks';
import {
	momentOf,
	presentOf,
	type Beginning,
	type EventReader,
	type ReadSince,
} from './eventReader';
import { leavesNoneOut } from './eventSource';
import { joinedReadings } from './joinedReadings';
import {
	beginningAt,
	beginningBehind,
	isUpTo,
	secondOf,
	type Mark,
	type PollCursor,
} from './pollCursor';
import { readEvents, type EventReading, type ReadingLimits } from './readEvents';
import { checkedShift, SUMMER_TIME_MS } from './timeShift';

/** A search that does not show what was told before, nor news an hour later, is looked at no more often than this (ms). */
const CHECKED_AGAIN_MS = 10 * 60_000;

/** Reads a file cabinet through its search. */
export class CabinetReader implements EventReader {
	constructor(private readonly source: CabinetSource) {}

	get now(): number | undefined {
		return this.source.now;
	}

	async read(cursor: PollCursor, limits: ReadingLimits): Promise<ReadSince> {
		const reading = await this.readLists(cursor, limits);
		const { told, checkedAt = 0 } = cursor;
		const isDue = Math.abs(Date.now() - checkedAt) > CHECKED_AGAIN_MS;
		if (told.length === 0 || reading.beginsThere || !(isDue || mayHide(reading, cursor))) {
			return { reading, cursor };
		}
		return await this.readInDoubt(reading, cursor, limits);
	}

	async begin(beginning: Beginning, digestOf: string): Promise<PollCursor> {
		const { source } = this;
		// What was there before is passed by though it does not meet the conditions yet.
		const all = source.withoutConditions();
		try {
			return await begunWith(all, beginning, digestOf);
		} catch (error) {
			if (all === source || !mayBeRefusedSearch(error)) passOn(error);
			return await begunWith(source, beginning, digestOf);
		}
	}

	async sample(count: number): Promise<Found[]> {
		return await this.source.newest(count);
	}

	/**
	 * What is new where nothing that was told is shown. All of it may be gone. Or the service reads times in another zone than it
	 * writes them, or summer time has begun, so that the search begins too late: a question tells, and where nobody answers that
	 * one, the newest document, or the first one that was found.
	 */
	private async readInDoubt(
		reading: EventReading,
		cursor: PollCursor,
		limits: ReadingLimits,
	): Promise<ReadSince> {
		// Without news too: else each poll of a slow service would end in an error, though nothing is new.
		if (!limits.fits()) return { reading, cursor };
		const known = reading.found[0] ?? (await this.source.newest(1))[0];
		const same = { reading, cursor: { ...cursor, checkedAt: Date.now() } };
		if (known === undefined || isUpTo(known.mark, cursor.place)) return same;
		const isWhole = await this.isWhole(reading, cursor);
		if (isWhole === true) return same;
		if (isWhole === undefined && comesOut(reading, limits)) return { reading, cursor };
		const shift = await shiftFor(this.source, known.mark, cursor.shift);
		const checked = { ...same.cursor, shift };
		if (shift === cursor.shift) return await this.withEarlier(reading, checked, limits, isWhole);
		const again = await this.readLists(checked, limits);
		const isSure = mayHide(again, checked) ? await this.isWhole(again, checked) : true;
		return await this.withEarlier(again, checked, limits, isSure);
	}

	/**
	 * The reading with what may lie within an hour before it.
	 * @param isWhole as it was found out
	 */
	private async withEarlier(
		reading: EventReading,
		cursor: PollCursor,
		limits: ReadingLimits,
		isWhole: boolean | undefined,
	): Promise<ReadSince> {
		const [first] = reading.found;
		const isDoubted = mayHide(reading, cursor) && !comesOut(reading, limits);
		const isEarlier = isWhole === undefined ? isDoubted : !isWhole;
		if (first === undefined || !isEarlier) return { reading, cursor };
		// What comes behind its first document was read already.
		const before = await this.readLists(cursor, { ...limits, wanted: 1 }, SUMMER_TIME_MS);
		const { upTo } = before;
		const reaches = upTo === undefined || upTo.second >= secondOf(first.mark.at) - 1_000;
		const both = joinedReadings([{ ...before, upTo: reading.upTo }, reading]);
		return { reading: reaches ? both : before, cursor };
	}

	/**
	 * Whether the newest document before the place shows that a search from there leaves out none behind it; undefined where nobody
	 * tells, or the list was asked for from another time.
	 */
	private async isWhole(
		{ isGuessed }: EventReading,
		{ place, shift }: PollCursor,
	): Promise<boolean | undefined> {
		if (isGuessed === true) return undefined;
		const from = (place?.second ?? -Infinity) + 1_000;
		for (const list of this.source.lists) {
			// What is asked for ends a second before that time.
			const isRight = await leavesNoneOut(this.source.source(list, shift), from + 1_000, from);
			if (isRight !== true) return isRight;
		}
		return true;
	}

	/** @param early so much earlier is asked for than the shift says (ms) */
	private async readLists(
		cursor: PollCursor,
		limits: ReadingLimits,
		early = 0,
	): Promise<EventReading> {
		const readings: EventReading[] = [];
		// Before the first document the shift is that of the newest one, though summer time may lie between them. A second that is read
		// by ids tells it by itself.
		const isTold = cursor.told.length > 0 || typeof cursor.place?.id === 'number';
		const ahead = isTold ? early : SUMMER_TIME_MS;
		const [shift, isEarly] = [cursor.shift - ahead, ahead > 0];
		for (const list of this.source.lists) {
			readings.push(
				await readEvents(this.source.source(list, shift), cursor, { ...limits, isEarly }),
			);
		}
		return joinedReadings(readings);
	}
}

async function begunWith(
	source: CabinetSource,
	beginning: Beginning,
	digestOf: string,
): Promise<PollCursor> {
	const [newest] = await source.newest(1);
	const shift = newest === undefined ? 0 : await shiftFor(source, newest.mark, 0);
	const rest = { digestOf, shift };
	const times = { now: source.now, newest: newest?.mark.at };
	const moment = momentOf(beginning, times);
	if (moment !== undefined) return beginningAt(moment, rest);
	const begunAt = presentOf(beginning, times);
	return beginningBehind(await source.present(), rest, source.now, begunAt);
}

async function shiftFor(source: CabinetSource, known: Mark, shift: number): Promise<number> {
	return await checkedShift(known, async (...asked) => await source.finds(...asked), shift);
}

/**
 * Whether a reading comes out without a further question, since the answer may come after the poll's time: of a service so slow
 * nothing would ever come out otherwise. A reading whose own time is over may leave enough for it.
 */
function comesOut({ found }: EventReading, { fits }: ReadingLimits): boolean {
	return found.length > 0 && !fits();
}

/**
 * Whether the reading may have passed documents by: nothing tells the shift where the cursor stands, and the clock of summer may
 * begin or end between there and what is known. One that comes soon behind the cursor shows that the search begins there.
 */
function mayHide({ found: [first], beginsThere }: EventReading, cursor: PollCursor): boolean {
	if (first === undefined || beginsThere) return false;
	return first.mark.at - (cursor.place?.second ?? Infinity) > SUMMER_TIME_MS / 2;
}
