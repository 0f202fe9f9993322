import { ConnectorError } from '../../../shared/errors';
import type { ExactRow } from '../../wire/exactTypes';
import type { SyncCursor } from './cursor';
import { isAfter, laterOf, timestampOf } from './timestamps';

/** Rows of one sync endpoint, and which record each of them belongs to. */
export interface SyncStream {
	path: string;
	/** Field with the key of the record. */
	key: string;
	/** Whether a row is a line of the record and not the record itself. */
	isLine(row: ExactRow): boolean;
}

/** What is read of an entity. */
export interface SyncPlan {
	records: SyncStream;
	/** Of the lines, where they are apart. */
	lines?: SyncStream;
	/** `EntityType` in sync/Deleted of the record, and of its lines. */
	deletedType?: number;
	deletedLineType?: number;
}

/** Where rows come from: in the order of their versions, those after one of them. */
export interface SyncSource {
	changes(stream: SyncStream, after: string): AsyncIterable<ExactRow[]>;
	/** Of all kinds of records: the service filters by the version alone. */
	deletions(after: string): AsyncIterable<ExactRow[]>;
}

/** A record that was made or changed since, or of which lines were. */
export interface ChangedRecord {
	id: string;
	/** Missing where lines alone have changed. */
	row?: ExactRow;
	/** Keys of the lines that were made or changed. */
	lines: string[];
}

/** A record, or a line of one, that was deleted since. */
export interface DeletedRecord {
	id: string;
	isLine: boolean;
	row: ExactRow;
}

export interface SyncReading {
	records: ChangedRecord[];
	deletions: DeletedRecord[];
	/** Where the next reading goes on once this one has been worked off. */
	cursor: SyncCursor;
}

export interface SyncOptions {
	/** Records and deletions at most; the cursor ends where they do. */
	limit: number;
	withDeletions: boolean;
	/** Milliseconds. */
	now: number;
}

export const DELETED = 'sync/Deleted';

/**
 * Reads what has changed since a cursor: first how far deletions have come, then the changes, and what was deleted
 * up to there. So nothing that is told as changed has been deleted before it, whatever happens meanwhile.
 * @throws ConnectorError EXACT_UNEXPECTED_ANSWER for rows without a version, or out of order where a limit cuts them
 */
export async function readSync(
	source: SyncSource,
	plan: SyncPlan,
	cursor: SyncCursor,
	{ limit, withDeletions, now }: SyncOptions,
): Promise<SyncReading> {
	const tellsDeletions = plan.deletedType !== undefined || plan.deletedLineType !== undefined;
	const deleted =
		withDeletions && tellsDeletions
			? await readDeletions(source, plan, cursor.deletions)
			: undefined;
	const records = new Map<string, ChangedRecord>();
	const changes = await take(source, plan.records, records, cursor.changes, limit);
	const lines =
		plan.lines === undefined
			? cursor.lines
			: await take(source, plan.lines, records, cursor.lines, limit);
	const { gap: _known, ...before } = cursor;
	const next: SyncCursor = { ...before, changes, lines };
	if (deleted === undefined) {
		return { records: [...records.values()], deletions: [], cursor: withGap(next, cursor) };
	}
	const deletions = deleted.found.slice(0, Math.max(0, limit - records.size));
	const last = deletions.at(-1);
	const isCut = deletions.length < deleted.found.length;
	return {
		records: [...records.values()],
		deletions: deletions.map(({ timestamp: _version, ...deletion }) => deletion),
		cursor: isCut
			? withGap({ ...next, deletions: last?.timestamp ?? cursor.deletions }, cursor)
			: { ...next, deletions: deleted.mark, deletionsAt: now },
	};
}

/** What is not known yet about deletions stays so until all of them have been read. */
function withGap(next: SyncCursor, { gap }: SyncCursor): SyncCursor {
	return gap === undefined ? next : { ...next, gap };
}

type FoundDeletion = DeletedRecord & { timestamp: string };

/** The deletions of the entity in their order, and the version of the last one of any kind. */
async function readDeletions(
	source: SyncSource,
	{ deletedType, deletedLineType }: SyncPlan,
	after: string,
): Promise<{ mark: string; found: FoundDeletion[] }> {
	let mark = after;
	const found: FoundDeletion[] = [];
	for await (const page of source.deletions(after)) {
		for (const row of page) {
			const timestamp = timestampOf(row, DELETED);
			mark = laterOf(mark, timestamp);
			const type = Number(row.EntityType);
			const isLine = type === deletedLineType;
			if (!isLine && type !== deletedType) continue;
			found.push({ id: String(row.EntityKey ?? ''), isLine, row, timestamp });
		}
	}
	found.sort((one, other) => (isAfter(one.timestamp, other.timestamp) ? 1 : -1));
	return { mark, found };
}

/**
 * Adds the rows of a stream to the records, until a row would begin one more than the limit.
 * @returns the version of the last row that was taken
 */
async function take(
	source: SyncSource,
	stream: SyncStream,
	records: Map<string, ChangedRecord>,
	after: string,
	limit: number,
): Promise<string> {
	let last = after;
	for await (const page of source.changes(stream, after)) {
		for (const row of page) {
			const timestamp = timestampOf(row, stream.path);
			const isLater = isAfter(timestamp, last);
			// Where all is read its order does not matter; a limit rests on it.
			if (!isLater && limit !== Infinity) throw outOfOrder(stream.path);
			const id = keyOf(row, stream);
			const known = records.get(id);
			if (known === undefined && records.size >= limit) return last;
			if (isLater) last = timestamp;
			const record = known ?? { id, lines: [] };
			if (stream.isLine(row)) record.lines.push(String(row.ID ?? ''));
			else record.row = row;
			records.set(id, record);
		}
	}
	return last;
}

/** @throws ConnectorError EXACT_UNEXPECTED_ANSWER for a row without it: such rows would become one record */
function keyOf(row: ExactRow, { key, path }: SyncStream): string {
	const id = String(row[key] ?? '');
	if (id !== '') return id;
	throw new ConnectorError(
		'EXACT_UNEXPECTED_ANSWER',
		`A row of ${path} has no ${key}, so that nobody can say which record it is.`,
		{
			repair:
				'Run again. If this repeats, check that no proxy changes the answers of Exact Online.',
		},
	);
}

function outOfOrder(path: string): ConnectorError {
	return new ConnectorError(
		'EXACT_UNEXPECTED_ANSWER',
		`The rows of ${path} did not come in the order of their Timestamp, so that a part of them would leave others out for ever.`,
		{
			repair:
				'Take Most Rows per Run out of the options: without a limit their order does not matter.',
		},
	);
}
