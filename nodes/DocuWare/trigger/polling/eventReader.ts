import { isRecord } from '../../../shared/http';
import type { Found } from './documentMarks';
import { secondOf, type PollCursor } from './pollCursor';
import type { EventReading, ReadingLimits } from './readEvents';
import { STEP_MS } from './timeShift';

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

/** The times that an answer shows, as the service writes them (ms). */
export interface AnswerTimes {
	/** Of the answer itself. */
	now: number | undefined;
	/** Of the newest document. */
	newest: number | undefined;
}

/**
 * The moment of a beginning, as the service writes times (ms); undefined where it is the present. Where the service could not
 * be asked when the node began, what has come since by the service's own clock is new.
 *
 * The moment counts only where the newest document lies behind it, and not after the answer: no source says whether answers show
 * the time by the clock that documents get theirs from (docs/facts/docuware.md 11.11), and hours of documents would be passed
 * by, or come though they are old. Where no document is that new, nothing has come, and the present is the same.
 */
export function momentOf(beginning: Beginning, times: AnswerTimes): number | undefined {
	if (beginning.from === 'date') return beginning.moment;
	const moment = presentOf(beginning, times);
	if (moment === undefined || Date.now() - beginning.begunAt <= LATE_MS) return undefined;
	return times.newest !== undefined && times.newest >= secondOf(moment) ? moment : undefined;
}

/**
 * When the node began that begins with the present, as the service writes times (ms): what came since is new, though it was there
 * when the first answer came. Undefined where no time of the service tells.
 */
export function presentOf(beginning: Beginning, { now, newest }: AnswerTimes): number | undefined {
	if (beginning.from !== 'now' || now === undefined) return undefined;
	// Two clocks of one zone differ by less than half of what zones differ by.
	if (newest !== undefined && newest - now > STEP_MS / 2) return undefined;
	return now - Math.max(0, Date.now() - beginning.begunAt);
}

/** A beginning as it was stored; undefined for anything else. */
export function readBeginning(value: unknown): Beginning | undefined {
	if (!isRecord(value)) return undefined;
	const { from, begunAt, moment } = value;
	if (from === 'now' && typeof begunAt === 'number') return { from, begunAt };
	return from === 'date' && typeof moment === 'number' ? { from, moment } : undefined;
}
