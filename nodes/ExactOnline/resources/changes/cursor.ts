import { createHash } from 'node:crypto';
import { isRecord, parseJson } from '../../../shared/http';
import { invalidValue } from '../../odata/invalidValue';
import { changedAt, joinedPlace, readTold, type Place, type Told } from './overlap';
import { FIRST_TIMESTAMP, isTimestamp } from './timestamps';

/** Exact tells of deletions for two months (docs/facts/exact-online.md 5); days after which some may be missing. */
const DELETIONS_KEPT_DAYS = 55;

const DAY_MS = 86_400_000;

/** What a division says of its moves that has never moved. */
export const NEVER_MOVED = '|';

interface Common {
	/** What the division said of its moves; undefined where nobody could say. */
	moved?: string;
	/** Deletions between the reading before and the next one cannot be known. */
	gap?: true;
	/** In the text of a cursor the name of what was read twice over, in place of it. */
	again?: string;
}

/** What is read of a division with versions of its own order each. */
export type StreamName = 'changes' | 'lines' | 'deletions';

/** How far the rows of a sync endpoint, and those of deletions, have been read. */
export interface SyncCursor extends Common {
	kind: 'sync';
	changes: string;
	/** Of the endpoint of the lines, where it is another one. */
	lines: string;
	deletions: string;
	/** When all deletions up to then had been read (ms); undefined where nobody knows. */
	deletionsAt?: number;
	/** Of the first reading since a date: what was deleted before it is left out; ISO without a zone. */
	deletedSince?: string;
	/** What was told of the time that is read again. */
	told?: Partial<Record<StreamName, readonly Told[]>>;
}

/** How far the rows of an endpoint without a sync twin have been read. */
export interface ModifiedCursor extends Common {
	kind: 'modified';
	/** What has an earlier `Modified` was read, unless it was shown late: ISO without a zone; '' before the first reading. */
	modified: string;
	/** Digests of the rows that were read of the time that is read again. */
	seen: readonly string[];
	/** Where a reading goes on that was ended before its end, by the times of changes; ISO without a zone. */
	resume?: string;
	/** Where the next reading begins because more was changed in the time that is read again than can be remembered. */
	since?: string;
}

export type ChangeCursor = SyncCursor | ModifiedCursor;

/** Before the first row. */
export function startOf(kind: ChangeCursor['kind'], now: number): ChangeCursor {
	if (kind === 'modified') return { kind, modified: '', seen: [] };
	const [changes, lines, deletions] = [FIRST_TIMESTAMP, FIRST_TIMESTAMP, FIRST_TIMESTAMP];
	return { kind, changes, lines, deletions, deletionsAt: now };
}

/** How far a stream has been read. */
export function placeIn(cursor: SyncCursor, stream: StreamName): Place {
	return { after: cursor[stream], told: cursor.told?.[stream] ?? [] };
}

/** The cursor with other places. */
export function withPlaces(
	{ told = {}, ...cursor }: SyncCursor,
	places: Partial<Record<StreamName, Place>>,
): SyncCursor {
	const all: NonNullable<SyncCursor['told']> = { ...told };
	for (const stream of ['changes', 'lines', 'deletions'] as const) {
		const place = places[stream];
		if (place === undefined) continue;
		cursor[stream] = place.after;
		all[stream] = place.told;
		if (place.told.length === 0) delete all[stream];
	}
	return { ...cursor, ...(Object.keys(all).length > 0 && { told: all }) };
}

/**
 * The cursor after two readings, both of which have been worked off and neither of which began after the other's
 * beginning and what was confirmed since: what either has read is read. So an older one moves nothing back.
 */
export function furthest(one: ChangeCursor, other: ChangeCursor): ChangeCursor {
	if (one.kind === 'sync' && other.kind === 'sync') {
		const at = Math.max(one.deletionsAt ?? 0, other.deletionsAt ?? 0);
		const { gap, deletedSince, ...known } = { ...one, ...other };
		const joined = (stream: StreamName) =>
			joinedPlace(placeIn(one, stream), placeIn(other, stream));
		const places = {
			...{ changes: joined('changes'), lines: joined('lines') },
			deletions: joined('deletions'),
		};
		const both: SyncCursor = {
			...known,
			// Who has read all deletions there are knows of no gap any more.
			...(gap && one.gap && other.gap && { gap }),
			...(one.deletedSince && other.deletedSince && { deletedSince }),
			...(at > 0 && { deletionsAt: at }),
		};
		return withPlaces(both, places);
	}
	if (one.kind === 'modified' && other.kind === 'modified') {
		if (one.modified !== other.modified) return one.modified > other.modified ? one : other;
		const { since: _own, ...known } = { ...one, ...other };
		const seen = [...new Set([...one.seen, ...other.seen])];
		// What one of them does not remember of the time before may come again, and is not lost.
		const isShort = one.since !== undefined && other.since !== undefined;
		return { ...known, seen, ...(isShort && { since: [one.since, other.since].sort()[0] }) };
	}
	return other;
}

/** Whether deletions may have been forgotten by Exact before they were read. */
export function mayMissDeletions(cursor: ChangeCursor, now: number): boolean {
	if (cursor.kind === 'modified') return false;
	const { gap, deletionsAt } = cursor;
	return (
		gap === true || (deletionsAt !== undefined && now - deletionsAt > DELETIONS_KEPT_DAYS * DAY_MS)
	);
}

/**
 * Where to go on in a division that has moved to another database since: all versions of its rows are new, so
 * everything has to be read again (docs/facts/exact-online.md 2.2, 5). So it is where the division tells of moves for the first
 * time, and tells of one that may have been since. Undefined where it has not moved.
 */
export function afterMove(
	cursor: ChangeCursor,
	moved: string | undefined,
	now: number,
): ChangeCursor | undefined {
	if (moved === undefined || moved === (cursor.moved ?? NEVER_MOVED)) return undefined;
	if (cursor.moved === undefined && isBefore(moved, cursor)) return undefined;
	return { ...startOf(cursor.kind, now), moved, gap: true };
}

/** Whether all moves that a division tells of were long before a cursor; a day, since they are dates without a zone. */
function isBefore(moved: string, cursor: ChangeCursor): boolean {
	const readAt = cursor.kind === 'sync' ? (cursor.deletionsAt ?? 0) : 0;
	return moved.split('|').every((date) => {
		const at = changedAt(date);
		return date === '' || (at > 0 && at < readAt - DAY_MS);
	});
}

/** Form of the text; another one is not read. */
const FORM = 'x1';

/**
 * A cursor as a text that a workflow keeps; `subject` says what it is a cursor of. It stands in each row, so it holds only the name
 * of what was told already of the time that is read again (`toldOf`).
 */
export function cursorText(cursor: ChangeCursor, subject: string): string {
	const told = toldOf(cursor);
	const short = withTold(cursor, undefined);
	const content = JSON.stringify([subject, told ? { ...short, again: told.name } : short]);
	return `${FORM}.${Buffer.from(content, 'utf8').toString('base64url')}`;
}

/** What a cursor holds that its text does not, with its name; undefined where that is nothing. */
export function toldOf(cursor: ChangeCursor): { name: string; text: string } | undefined {
	const told = cursor.kind === 'sync' ? cursor.told : cursor.seen;
	if (told === undefined || (Array.isArray(told) && told.length === 0)) return undefined;
	const text = JSON.stringify(told);
	return { name: createHash('sha256').update(text).digest('base64url').slice(0, 22), text };
}

/** The cursor of a text with what its name stands for; without that, rows come again that were told. */
export function withTold(cursor: ChangeCursor, text: string | undefined): ChangeCursor {
	const told = text === undefined ? undefined : parseJson(text);
	const { again: _name, ...rest } = cursor;
	if (rest.kind === 'modified')
		return { ...rest, seen: Array.isArray(told) ? told.map(String) : [] };
	const { told: _before, ...sync } = rest;
	const known = readAllTold(told);
	return { ...sync, ...(known && { told: known }) };
}

/**
 * The cursor of a text; also `0` for the beginning, and digits for a Timestamp of another program. These say nothing of moves
 * of the division: what it says now is taken for what it said then.
 * @throws ConnectorError EXACT_INVALID_VALUE
 */
export function readCursorText(
	text: string,
	subject: string,
	kind: ChangeCursor['kind'],
	{ now, moved, isOneOfSeveral = false }: { now: number; moved?: string; isOneOfSeveral?: boolean },
): ChangeCursor {
	const typed = text.trim();
	const present = moved === undefined ? {} : { moved };
	if (/^0+$/.test(typed)) return { ...startOf(kind, now), ...present };
	if (isTimestamp(typed) && kind === 'sync') {
		if (isOneOfSeveral) {
			throw invalidValue(
				typed,
				'is a Timestamp of one division, and several divisions are read.',
				'Read one division at a time with it, or let the node keep its cursors: each division counts for itself.',
			);
		}
		return { kind, changes: typed, lines: typed, deletions: typed, ...present };
	}
	const [form, content = ''] = typed.split('.');
	const parsed = form === FORM ? parseJson(Buffer.from(content, 'base64url').toString()) : null;
	const [of, value] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
	const cursor = readCursor(value);
	if (cursor?.kind === kind && of === subject) return cursor;
	const problem =
		cursor === undefined
			? 'is no cursor.'
			: `is a cursor of something else (${String(of).slice(0, 80)}).`;
	throw invalidValue(
		typed,
		problem,
		'Give the field cursor of a row that this operation gave for the same entity and division, or 0 for the beginning.',
	);
}

/** A cursor as it was stored; undefined for anything else. */
export function readCursor(value: unknown): ChangeCursor | undefined {
	if (!isRecord(value)) return undefined;
	const { kind, changes, lines, deletions, deletionsAt, modified, seen } = value;
	const { moved, gap, again, deletedSince } = value;
	const common: Common = {
		...(typeof moved === 'string' && { moved }),
		...(gap === true && { gap }),
		...(typeof again === 'string' && { again }),
	};
	if (kind === 'sync' && isTimestamp(changes) && isTimestamp(lines) && isTimestamp(deletions)) {
		const told = readAllTold(value.told);
		const more = {
			...(typeof deletionsAt === 'number' && { deletionsAt }),
			...(typeof deletedSince === 'string' && { deletedSince }),
			...(told && { told }),
		};
		return { kind, changes, lines, deletions, ...more, ...common };
	}
	if (kind !== 'modified' || typeof modified !== 'string' || !Array.isArray(seen)) return undefined;
	const { resume, since } = value;
	const more = {
		...(typeof resume === 'string' && { resume }),
		...(typeof since === 'string' && { since }),
	};
	return { kind, modified, seen: seen.map(String), ...more, ...common };
}

function readAllTold(value: unknown): SyncCursor['told'] {
	if (!isRecord(value)) return undefined;
	const told: NonNullable<SyncCursor['told']> = {};
	for (const stream of ['changes', 'lines', 'deletions'] as const) {
		const rows = readTold(value[stream]);
		if (rows.length > 0) told[stream] = rows;
	}
	return Object.keys(told).length === 0 ? undefined : told;
}
