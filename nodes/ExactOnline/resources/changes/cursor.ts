import { isRecord, parseJson } from '../../../shared/http';
import { invalidValue } from '../../odata/invalidValue';
import { FIRST_TIMESTAMP, isTimestamp, laterOf } from './timestamps';

/** Exact tells of deletions for two months (docs/facts/exact-online.md 5); days after which some may be missing. */
const DELETIONS_KEPT_DAYS = 55;

const DAY_MS = 86_400_000;

interface Common {
	/** What the division said of its moves; undefined where nobody could say. */
	moved?: string;
	/** Deletions between the reading before and the next one cannot be known. */
	gap?: true;
}

/** How far the rows of a sync endpoint, and those of deletions, have been read. */
export interface SyncCursor extends Common {
	kind: 'sync';
	changes: string;
	/** Of the endpoint of the lines, where it is another one. */
	lines: string;
	deletions: string;
	/** When all deletions up to then had been read (ms); undefined where nobody knows. */
	deletionsAt?: number;
}

/** How far the rows of an endpoint without a sync twin have been read. */
export interface ModifiedCursor extends Common {
	kind: 'modified';
	/** The latest `Modified` that was read, ISO without a zone; '' before the first row. */
	modified: string;
	/** Digests of the rows that were read of the time that is read again. */
	seen: readonly string[];
}

export type ChangeCursor = SyncCursor | ModifiedCursor;

/** Before the first row. */
export function startOf(kind: ChangeCursor['kind'], now: number): ChangeCursor {
	if (kind === 'modified') return { kind, modified: '', seen: [] };
	const [changes, lines, deletions] = [FIRST_TIMESTAMP, FIRST_TIMESTAMP, FIRST_TIMESTAMP];
	return { kind, changes, lines, deletions, deletionsAt: now };
}

/**
 * The cursor after two readings, both of which have been worked off and neither of which began after the other's
 * beginning and what was confirmed since: what either has read is read. So an older one moves nothing back.
 */
export function furthest(one: ChangeCursor, other: ChangeCursor): ChangeCursor {
	if (one.kind === 'sync' && other.kind === 'sync') {
		const at = Math.max(one.deletionsAt ?? 0, other.deletionsAt ?? 0);
		const { gap, ...known } = { ...one, ...other };
		return {
			...known,
			// Who has read all deletions there are knows of no gap any more.
			...(gap && one.gap && other.gap && { gap }),
			changes: laterOf(one.changes, other.changes),
			lines: laterOf(one.lines, other.lines),
			deletions: laterOf(one.deletions, other.deletions),
			...(at > 0 && { deletionsAt: at }),
		};
	}
	if (one.kind === 'modified' && other.kind === 'modified') {
		if (one.modified !== other.modified) return one.modified > other.modified ? one : other;
		return { ...one, ...other, seen: [...new Set([...one.seen, ...other.seen])] };
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
 * everything has to be read again (docs/facts/exact-online.md 2.2, 5). Undefined where it has not moved.
 */
export function afterMove(
	cursor: ChangeCursor,
	moved: string | undefined,
	now: number,
): ChangeCursor | undefined {
	if (moved === undefined || cursor.moved === undefined || moved === cursor.moved) return undefined;
	return { ...startOf(cursor.kind, now), moved, gap: true };
}

/** Form of the text; another one is not read. */
const FORM = 'x1';

/** A cursor as a text that a workflow keeps; `subject` says what it is a cursor of. */
export function cursorText(cursor: ChangeCursor, subject: string): string {
	const content = JSON.stringify([subject, cursor]);
	return `${FORM}.${Buffer.from(content, 'utf8').toString('base64url')}`;
}

/**
 * The cursor of a text; also `0` for the beginning, and digits for a Timestamp of another program.
 * @throws ConnectorError EXACT_INVALID_VALUE
 */
export function readCursorText(
	text: string,
	subject: string,
	kind: ChangeCursor['kind'],
	now: number,
): ChangeCursor {
	const typed = text.trim();
	if (/^0+$/.test(typed)) return startOf(kind, now);
	if (isTimestamp(typed) && kind === 'sync') {
		return { kind, changes: typed, lines: typed, deletions: typed };
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
	const { kind, changes, lines, deletions, deletionsAt, modified, seen, moved, gap } = value;
	const common: Common = {
		...(typeof moved === 'string' && { moved }),
		...(gap === true && { gap }),
	};
	if (kind === 'sync' && isTimestamp(changes) && isTimestamp(lines) && isTimestamp(deletions)) {
		const at = typeof deletionsAt === 'number' && { deletionsAt };
		return { kind, changes, lines, deletions, ...at, ...common };
	}
	if (kind !== 'modified' || typeof modified !== 'string' || !Array.isArray(seen)) return undefined;
	return { kind, modified, seen: seen.map(String), ...common };
}
