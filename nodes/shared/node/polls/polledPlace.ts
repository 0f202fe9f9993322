import { isRecord } from '../../http';

/** Rows that a poll has handed to n8n, of which nobody knows yet whether an execution has them. */
export interface NotedBatch {
	/** One for all places of a poll. */
	id: string;
	/** The process that polled (`thisHolder().uuid`). */
	process: string;
	/** When, by the clock of that process (ms); only that process compares it. */
	at: number;
	/** Where the reading goes on once the batch is final. */
	end: unknown;
	/** Digests of its rows. */
	marks: readonly string[];
}

/** How far one thing has been read, as it stands in the vault. */
export interface PolledPlace {
	/** Counts the changes, so that of two polls at once one alone moves on. */
	turn: number;
	/** Where the reading goes on as long as the batch is not final. */
	cursor: unknown;
	/** Missing where everything that was read is final. */
	batch?: NotedBatch;
	/** Digests of rows that an earlier batch has held and that may come once more. */
	owed?: readonly string[];
}

/** What this process knows of a batch of its own. */
export type BatchFate =
	/** n8n has taken it. */
	| 'taken'
	/** n8n has not taken it, and would have by now. */
	| 'dropped'
	/** This n8n does not let itself be watched. */
	| 'unknown';

/** What a decision rests on, beside what stands in the vault. */
export interface PollFacts {
	/** Name of this process (`thisHolder().uuid`). */
	process: string;
	/** Milliseconds, by the clock of this process. */
	now: number;
	/** Time between two polls of the node, in milliseconds. */
	intervalMs: number;
	/** Asked about batches of this process alone. */
	fateOf(batch: string): BatchFate;
}

/** What was read of a place. */
export interface PlaceReading {
	/** Digests of the rows. */
	marks: readonly string[];
	end: unknown;
	/** Nothing is left to be read at the moment. */
	isAll: boolean;
}

/**
 * A batch older than so many intervals, of which nobody knows whether n8n took it, is delivered once more. Where that was seen
 * its age says nothing: what was taken has an execution however late the next poll comes, and what was not comes at once.
 */
const INTERVALS = 2;

/** A place that nobody has read yet. */
export function newPlace(cursor: unknown): PolledPlace {
	return { turn: 1, cursor };
}

/**
 * What a poll finds: a batch that n8n has surely taken becomes final; any other stays noted and is read once more from
 * where it began. It stays noted until the next one takes its place, so that whatever happens meanwhile its rows come
 * out marked.
 */
export function atPoll(place: PolledPlace, facts: PollFacts): PolledPlace {
	const { batch } = place;
	return batch !== undefined && isFinal(batch, facts) ? withFinal(place) : place;
}

function isFinal({ id, process, at }: NotedBatch, facts: PollFacts): boolean {
	if (process !== facts.process) return false;
	const fate = facts.fateOf(id);
	if (fate !== 'unknown') return fate === 'taken';
	return facts.now - at <= INTERVALS * facts.intervalMs;
}

/** The place after its batch has become final. */
export function withFinal(place: PolledPlace): PolledPlace {
	const { batch, turn, ...rest } = place;
	return batch === undefined ? place : { ...rest, turn: turn + 1, cursor: batch.end };
}

/** Digests of the rows that are repeated where they come now. */
export function repeatsOf({ batch, owed = [] }: PolledPlace): ReadonlySet<string> {
	return new Set([...(batch?.marks ?? []), ...owed]);
}

/**
 * The place after a reading, noted before its rows are returned; a reading without rows is final at once.
 * @param place as the reading found it
 */
export function withReading(
	place: PolledPlace,
	{ marks, end, isAll }: PlaceReading,
	batch: Pick<NotedBatch, 'id' | 'process' | 'at'>,
): PolledPlace {
	const given = new Set(marks);
	const owed = isAll ? [] : [...repeatsOf(place)].filter((mark) => !given.has(mark));
	return {
		turn: place.turn + 1,
		cursor: marks.length === 0 ? end : place.cursor,
		...(marks.length > 0 && { batch: { ...batch, end, marks: [...given] } }),
		...(owed.length > 0 && { owed }),
	};
}

/** A place as it was stored; undefined for anything else. */
export function readPlace(value: unknown): PolledPlace | undefined {
	if (!isRecord(value) || typeof value.turn !== 'number') return undefined;
	const { turn, cursor } = value;
	const batch = readBatch(value.batch);
	const owed = textsOf(value.owed);
	return { turn, cursor, ...(batch && { batch }), ...(owed.length > 0 && { owed }) };
}

function readBatch(value: unknown): NotedBatch | undefined {
	if (!isRecord(value) || typeof value.id !== 'string') return undefined;
	const { id, end } = value;
	return {
		...{ id, end, marks: textsOf(value.marks) },
		process: String(value.process),
		at: Number(value.at) || 0,
	};
}

function textsOf(value: unknown): string[] {
	return Array.isArray(value) ? value.map(String) : [];
}
