import type { CabinetSource } from './cabinetSource';
import type { Found } from './documentMarks';
import {
	momentOf,
	presentOf,
	type Beginning,
	type EventReader,
	type ReadSince,
} from './eventReader';
import { beginningAt, beginningBehind, type Mark, type PollCursor } from './pollCursor';
import { joinedReadings, readEvents, type EventReading, type ReadingLimits } from './readEvents';
import { checkedShift } from './timeShift';

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
		if (told.length === 0 || reading.showsTold || !isDue) return { reading, cursor };
		// The service may read times in another zone than it writes them, or summer time has begun. Or all that was told is gone.
		const [newest] = await this.source.newest(1);
		if (newest === undefined) return { reading, cursor };
		const right = await this.shiftFor(newest.mark, shift);
		const checked = { ...cursor, shift: right, checkedAt: Date.now() };
		const isSame = right === shift;
		return {
			reading: isSame ? reading : await this.readLists(checked, limits),
			cursor: checked,
		};
	}

	async begin(beginning: Beginning, digestOf: string): Promise<PollCursor> {
		const [newest] = await this.source.newest(1);
		const shift = newest === undefined ? 0 : await this.shiftFor(newest.mark, 0);
		const rest = { digestOf, shift };
		const moment = momentOf(beginning, this.source.now);
		if (moment !== undefined) return beginningAt(moment, rest);
		const begunAt = presentOf(beginning, this.source.now);
		return beginningBehind(await this.source.present(), rest, this.source.now, begunAt);
	}

	async sample(count: number): Promise<Found[]> {
		return await this.source.newest(count);
	}

	private async readLists(cursor: PollCursor, limits: ReadingLimits): Promise<EventReading> {
		const readings: EventReading[] = [];
		for (const list of this.source.lists) {
			readings.push(await readEvents(this.source.source(list, cursor.shift), cursor, limits));
		}
		return joinedReadings(readings);
	}

	private async shiftFor(known: Mark, shift: number): Promise<number> {
		return await checkedShift(known, async (...asked) => await this.source.finds(...asked), shift);
	}
}
