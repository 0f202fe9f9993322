import { createHash } from 'node:crypto';
import { readExactDate } from '../../odata/dateTimes';
import type { ExactRow } from '../../wire/exactTypes';
import type { ModifiedCursor } from './cursor';
import { OVERLAP_MS } from './overlap';

/** Of rows that do not say when they were changed. */
const UNKNOWN = '1970-01-01T00:00:00';

/** Where rows come from. */
export interface ModifiedSource {
	/** Rows that were changed at this time or later, ISO without a zone; all without it. Each holds its key. */
	rows(since: string | undefined): AsyncIterable<ExactRow[]>;
	/** What names a row, and which fields it holds beside that; where nobody tells, other fields make other rows. */
	readonly names?: { key: readonly string[]; select: string };
}

export interface ModifiedReading {
	rows: ExactRow[];
	/** Digest of each row, in their order. */
	marks: string[];
	/** Where the next reading goes on once this one has been worked off. */
	cursor: ModifiedCursor;
}

export interface ModifiedOptions {
	/** Rows at most, those changed first; the cursor ends where they do. */
	limit: number;
	/** Of this computer, ms, when the reading begins. */
	now: number;
	/** Milliseconds by which the service's clock is ahead of it, asked once there is an answer; undefined where nobody knows. */
	ahead?: () => number | undefined;
	/** Milliseconds by which the service's times may be behind those of Greenwich; by default none are. */
	behindMs?: number;
	/**
	 * Given by a source whose rows come in the order of their changes and may end before their end: whether they did.
	 * The next reading then goes on where this one has ended, without an overlap.
	 */
	isCut?: () => boolean;
}

/** Digests that are kept, so that a cursor does not grow without bound; those of one second are kept together. */
const MOST_SEEN = 20_000;

interface Found {
	row: ExactRow;
	modified: string;
	mark: string;
}

/**
 * Reads what has changed since a cursor by the field `Modified`: a while is read again, and what was told of it is
 * left out by its digest. Deletions cannot be seen this way.
 *
 * Whether Exact's times are Dutch ones or those of Greenwich (docs/facts/exact-online.md 4.2), what changes after a reading has begun
 * carries a time that Greenwich shows then or a later one, also in the autumn hour that comes twice. So a reading to the end leaves
 * nothing before that; one that took several runs leaves nothing before the beginning of the first of them, since the others go on in
 * the order of changes (where more was changed than is remembered, `since`, the autumn hour may lie before where it goes on). A service
 * whose times may be behind Greenwich (`behindMs`) is read again from so much earlier. Where a change
 * is shown some minutes after its time, as a long transaction may do, the overlap finds it.
 */
export async function readModified(
	source: ModifiedSource,
	cursor: ModifiedCursor,
	{ limit, now, ahead, behindMs = 0, isCut }: ModifiedOptions,
): Promise<ModifiedReading> {
	const found: Found[] = [];
	for await (const page of source.rows(sinceOf(cursor))) {
		for (const row of page) {
			const modified = modifiedOf(row);
			found.push({ row, modified, mark: markOf(row, source.names) });
		}
	}
	found.sort((one, other) =>
		one.modified === other.modified ? 0 : one.modified < other.modified ? -1 : 1,
	);
	const isTold = toldIn(cursor.seen);
	const fresh = found.filter(({ mark }) => !isTold(mark));
	const taken = fresh.slice(0, limit);
	const end = taken.length < fresh.length ? taken.at(-1) : found.at(-1);
	const present = isoOf(now + Math.min(0, ahead?.() ?? 0) - behindMs);
	const hasMore = isCut === undefined && taken.length < fresh.length;
	const reached = hasMore ? earlier(end?.modified ?? '', present) : present;
	// What goes on in several runs has come to where the first of them began.
	const modified = cursor.resume === undefined ? later(cursor.modified, reached) : cursor.modified;
	const given = { rows: taken.map(({ row }) => row), marks: taken.map(({ mark }) => mark) };
	const { gap: _told, resume: _resumed, since: _since, ...before } = cursor;
	if (isCut !== undefined && (taken.length < fresh.length || isCut())) {
		const resume = end?.modified ?? cursor.resume;
		const all = [...new Set([...cursor.seen, ...given.marks])];
		// What is not remembered must not be read again with an overlap.
		const isOver = all.length > MOST_SEEN || cursor.since !== undefined;
		const more = {
			...(resume !== undefined && { modified, resume }),
			...(isOver && { since: resume }),
		};
		return { ...given, cursor: { ...before, seen: all.slice(-MOST_SEEN), ...more } };
	}
	const taking = new Set(given.marks);
	const again = sinceOf({ modified });
	const inOverlap = found.filter(
		(one) => (taking.has(one.mark) || isTold(one.mark)) && (again ?? '') <= one.modified,
	);
	// Where more were changed at once than can be remembered, less is read again.
	const from = inOverlap.at(-MOST_SEEN)?.modified;
	const kept = inOverlap.filter((one) => from === undefined || from <= one.modified);
	const seen = [...new Set(kept.map(({ mark }) => mark))];
	const isShort = kept.length < inOverlap.length;
	const { resume } = cursor;
	if (isShort) return { ...given, cursor: { ...before, modified, seen, since: from } };
	// What was told before this reading went on is not among its rows; with the overlap of the next one it is.
	const whole = resume === undefined ? seen : [...new Set([...cursor.seen, ...seen])];
	const isKnown = cursor.since === undefined && whole.length <= MOST_SEEN;
	if (isKnown) return { ...given, cursor: { ...before, modified, seen: whole } };
	// Nor is what was not remembered; but nothing is read from before the overlap again.
	const begin = resume ?? cursor.since ?? '';
	const more = begin > (again ?? '') && { since: begin };
	return { ...given, cursor: { ...before, modified, seen, ...more } };
}

/** The first moment that is read again; undefined where all is read. */
function sinceOf({
	modified,
	resume,
	since,
}: Pick<ModifiedCursor, 'modified' | 'resume' | 'since'>): string | undefined {
	const begin = resume ?? since;
	if (begin !== undefined) return begin;
	const overlap = Date.parse(`${modified}Z`) - OVERLAP_MS;
	// A filter would leave out the rows that do not say when they were changed.
	return overlap > 0 ? isoOf(overlap) : undefined;
}

/** The cursor that begins with what was changed at a moment, ISO without a zone. */
export function modifiedSince(date: string): ModifiedCursor {
	const modified = isoOf(Date.parse(`${date}Z`) + OVERLAP_MS);
	return { kind: 'modified', modified, seen: [] };
}

function modifiedOf({ Modified }: ExactRow): string {
	return typeof Modified === 'string' ? readExactDate(Modified) : UNKNOWN;
}

function earlier(one: string, other: string): string {
	return one < other ? one : other;
}

function later(one: string, other: string): string {
	return one > other ? one : other;
}

function isoOf(time: number): string {
	return new Date(time).toISOString().slice(0, 19);
}

/** Characters of a mark that say which row it is and when it was changed, and those that say which fields it was read with. */
const ROW = 6;
const FIELDS = 2;

/**
 * Of all that a row says: it may have changed twice within the second that `Modified` shows. Short, since many are stored;
 * two rows with one mark within some hours do not happen.
 */
function markOf({ __metadata: _links, ...row }: ExactRow, names: ModifiedSource['names']): string {
	const all = digest(row);
	if (names === undefined || typeof row.Modified !== 'string') return all;
	const which = [...names.key.map((name) => row[name] ?? null), row.Modified];
	const fields = digest(names.select).slice(0, FIELDS);
	return `${digest(which).slice(0, ROW)}${fields}${all.slice(0, ROW)}`;
}

/**
 * Says of marks whether their rows were told. What was read with other fields is known by the row and the time of its change, so
 * that another choice of fields tells nothing twice.
 */
function toldIn(seen: readonly string[]): (mark: string) => boolean {
	const marks = new Set(seen);
	const fieldsOf = new Map(seen.map((mark) => [mark.slice(0, ROW), mark.slice(ROW, ROW + FIELDS)]));
	return (mark) => {
		if (marks.has(mark)) return true;
		const fields = fieldsOf.get(mark.slice(0, ROW));
		return fields !== undefined && fields !== mark.slice(ROW, ROW + FIELDS);
	};
}

function digest(value: unknown): string {
	return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 12);
}
