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
import { beginningAt, beginningBehind, secondOf, type Mark, type PollCursor } from './pollCursor';
import { readEvents, type EventReading, type ReadingLimits } from './readEvents';
import { checkedShift, SUMMER_TIME_MS } from './timeShift';

/** A search that does not show what was told before is looked at no more often than this (ms). */
const CHECKED_AGAIN_MS = 10 * 60_000;

/** Reads a file cabinet through its search. */
export class CabinetReader implements EventReader {
	constructor(private readonly source: CabinetSource) {}

	get now(): number | undefined {
		return this.source.now;
	}

	async read(cursor: PollCursor, limits: ReadingLimits): Promise<ReadSince> {
		const reading = await this.readLists(cursor, limits);
		const { told, checkedAt = 0, shift } = cursor;
		const isDue = Math.abs(Date.now() - checkedAt) > CHECKED_AGAIN_MS;
		if (told.length === 0 || reading.beginsThere) return { reading, cursor };
		// The service may read times in another zone than it writes them, or summer time has begun. Or all that was told is gone.
		const right = isDue ? await this.shiftNow(cursor) : undefined;
		const checked =
			right === undefined ? cursor : { ...cursor, shift: right, checkedAt: Date.now() };
		const again = checked.shift === shift ? reading : await this.readLists(checked, limits);
		const [first] = again.found;
		if (first === undefined || !mayHide(again, checked)) return { reading: again, cursor: checked };
		const isWhole = again.isGuessed !== true && (await this.isWhole(checked));
		if (isWhole) return { reading: again, cursor: checked };
		// What comes behind its first document was read already.
		const before = await this.readLists(checked, { ...limits, wanted: 1 }, SUMMER_TIME_MS);
		const { upTo } = before;
		const reaches = upTo === undefined || upTo.second >= secondOf(first.mark.at) - 1_000;
		const both = joinedReadings([{ ...before, upTo: again.upTo }, again]);
		return { reading: reaches ? both : before, cursor: checked };
	}

	/**
	 * The shift that is right where the cursor stands, as a document shows that was told last, or else the newest one: summer time
	 * may lie between the two. Undefined where there is no document.
	 */
	private async shiftNow({ told, shift }: PollCursor): Promise<number | undefined> {
		const last = told.at(-1);
		const there = last && (await this.shiftFor(last, shift));
		if (there !== undefined && there !== shift) return there;
		const [newest] = await this.source.newest(1);
		return newest && (await this.shiftFor(newest.mark, shift));
	}

	async begin(beginning: Beginning, digestOf: string): Promise<PollCursor> {
		const [newest] = await this.source.newest(1);
		const shift = newest === undefined ? 0 : await this.shiftFor(newest.mark, 0);
		const rest = { digestOf, shift };
		const times = { now: this.source.now, newest: newest?.mark.at };
		const moment = momentOf(beginning, times);
		if (moment !== undefined) return beginningAt(moment, rest);
		const begunAt = presentOf(beginning, times);
		return beginningBehind(await this.source.present(), rest, this.source.now, begunAt);
	}

	async sample(count: number): Promise<Found[]> {
		return await this.source.newest(count);
	}

	/** Whether the newest document before the place shows that a search from there leaves out none behind it. */
	private async isWhole({ place, shift }: PollCursor): Promise<boolean> {
		const from = (place?.second ?? -Infinity) + 1_000;
		for (const list of this.source.lists) {
			const isRight = await leavesNoneOut(this.source.source(list, shift), from, from);
			if (isRight !== true) return false;
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

	private async shiftFor(known: Mark, shift: number): Promise<number> {
		return await checkedShift(known, async (...asked) => await this.source.finds(...asked), shift);
	}
}

/**
 * Whether the reading may have passed documents by: nothing tells the shift where the cursor stands, and the clock of summer may
 * begin or end between there and what is known. One that comes soon behind the cursor shows that the search begins there.
 */
function mayHide({ found: [first], beginsThere }: EventReading, cursor: PollCursor): boolean {
	if (first === undefined || beginsThere) return false;
	return first.mark.at - (cursor.place?.second ?? Infinity) > SUMMER_TIME_MS / 2;
}
