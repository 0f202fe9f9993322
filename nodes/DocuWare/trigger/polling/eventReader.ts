import { isRecord } from '../../../shared/http';
import type { Found } from './documentMarks';
import type { PollCursor } from './pollCursor';
import type { EventReading, ReadingLimits } from './readEvents';

/** Where the first poll of an event begins, before anything was asked for. */
export type Beginning =
	/** With what comes after the node has begun to poll (ms of n8n's clock). */
	| { from: 'now'; begunAt: number }
	/** With a moment, in ms. */
	| { from: 'date'; moment: number };

/** Reads the documents of one place by the time of one event. */
export interface EventReader {
	/** The latest time of an answer, as the service wrote it (ms); undefined where it told none. */
	readonly now: number | undefined;
	/** What is new since a cursor. */
	read(cursor: PollCursor, limits: ReadingLimits): Promise<ReadSince>;
	/** The first cursor. What is there counts as told, unless the beginning is a date. */
	begin(beginning: Beginning, digestOf: string): Promise<PollCursor>;
	/** Some of the newest documents. */
	sample(count: number): Promise<Found[]>;
}

/** What is new. */
export interface ReadSince {
	reading: EventReading;
	/** The cursor that was read from, which may know more of the service by then. */
	cursor: PollCursor;
	/** The cursor once what was found has been told, where it is not the last of that which says how far was read. */
	end?: PollCursor;
}

/** The first answer comes later than this after the node has begun (ms). */
const LATE_MS = 10_000;

/**
 * The moment of a beginning, as the service writes times (ms); undefined where it is the present. Where the service could not
 * be asked when the node began, what has come since by the service's own clock is new.
 * @param now of the service
 */
export function momentOf(beginning: Beginning, now: number | undefined): number | undefined {
	if (beginning.from === 'date') return beginning.moment;
	const late = Date.now() - beginning.begunAt;
	return late > LATE_MS && now !== undefined ? now - late : undefined;
}

/**
 * When the node began that begins with the present, as the service writes times (ms): what came since is new, though it was there
 * when the first answer came.
 * @param now of the service
 */
export function presentOf(beginning: Beginning, now: number | undefined): number | undefined {
	if (beginning.from !== 'now' || now === undefined) return undefined;
	return now - Math.max(0, Date.now() - beginning.begunAt);
}

/** A beginning as it was stored; undefined for anything else. */
export function readBeginning(value: unknown): Beginning | undefined {
	if (!isRecord(value)) return undefined;
	const { from, begunAt, moment } = value;
	if (from === 'now' && typeof begunAt === 'number') return { from, begunAt };
	return from === 'date' && typeof moment === 'number' ? { from, moment } : undefined;
}
