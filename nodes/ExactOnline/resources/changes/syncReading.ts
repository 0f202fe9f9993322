import { ConnectorError } from '../../../shared/errors';
import type { ExactRow, MayFollow } from '../../wire/exactTypes';
import { readExactDate } from '../../odata/dateTimes';
import { placeIn, withPlaces, type SyncCursor } from './cursor';
import { changedAt, nextPlace, type Place, type Told } from './overlap';
import { inTurn, wholeStream, type VersionedRow } from './streamRows';
import { isAfter, laterOf } from './timestamps';

export type { MayFollow };

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
	changes(stream: SyncStream, after: string, mayFollow?: MayFollow): AsyncIterable<ExactRow[]>;
	/** Of all kinds of records: the service filters by the version alone. Each may be asked for twice. */
	deletions(after: string, mayFollow?: MayFollow): AsyncIterable<ExactRow[]>;
}

/** A record that was made or changed since, or of which lines were. */
export interface ChangedRecord {
	id: string;
	/** Missing where lines alone have changed. */
	row?: ExactRow;
	/** Keys of the lines that were made or changed. */
	lines: string[];
	/** The latest version of what was read of it. */
	version: string;
	/** When it, or a line of it, was changed last by what was read of it (ms); 0 where nothing says. */
	changedAt: number;
}

/** A record, or a line of one, that was deleted since. */
export interface DeletedRecord {
	id: string;
	isLine: boolean;
	row: ExactRow;
	version: string;
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
 * @throws ConnectorError EXACT_UNEXPECTED_ANSWER for rows without a version, EXACT_ROWS_OUT_OF_ORDER where a limit cuts
 *   rows that are out of order
 */
export async function readSync(
	source: SyncSource,
	plan: SyncPlan,
	cursor: SyncCursor,
	{ limit, withDeletions, now }: SyncOptions,
): Promise<SyncReading> {
	const tellsDeletions = plan.deletedType !== undefined || plan.deletedLineType !== undefined;
	const deleted =
		withDeletions && tellsDeletions ? await readDeletions(source, plan, cursor, limit) : undefined;
	const records = new Map<string, ChangedRecord>();
	const taken = async (stream: SyncStream, place: Place) =>
		await take(source, stream, records, place, limit);
	const changes = await taken(plan.records, placeIn(cursor, 'changes'));
	const lines = plan.lines && (await taken(plan.lines, placeIn(cursor, 'lines')));
	const next = withPlaces(cursor, { changes, ...(lines && { lines }) });
	// What is not known yet about deletions stays so until all of them have been read.
	if (deleted === undefined) return { records: [...records.values()], deletions: [], cursor: next };
	const room = Math.max(0, limit - records.size);
	const deletions = deleted.found.slice(0, endOfVersion(deleted.found, room));
	const left = deleted.found[deletions.length];
	const isCut = left !== undefined;
	const read = deleted.read.filter(([version]) => !isCut || isAfter(left.version, version));
	const mark = isCut ? latestOf(cursor.deletions, read) : deleted.mark;
	const place = nextPlace(placeIn(cursor, 'deletions'), read, mark);
	const told = place.told.filter(([version]) => !deleted.others.has(version));
	const end = withPlaces(next, { deletions: { ...place, told } });
	const { gap: _gap, deletedSince: _since, ...whole } = end;
	return {
		records: [...records.values()],
		deletions,
		cursor: isCut ? end : { ...whole, deletionsAt: now },
	};
}

interface Deletions {
	/** Version of the last one of any kind. */
	mark: string;
	/** Those of the entity that were not told yet, in their order. */
	found: DeletedRecord[];
	/** Of all kinds. */
	read: Told[];
	/** Versions of those of other kinds, which are never told. */
	others: Set<string>;
}

function latestOf(before: string, read: readonly Told[]): string {
	return read.reduce((latest, [version]) => laterOf(latest, version), before);
}

/** As many deletions as a reading tells at most, and one more; so a long list is read on from run to run. */
async function readDeletions(
	source: SyncSource,
	{ deletedType, deletedLineType }: SyncPlan,
	cursor: SyncCursor,
	limit: number,
): Promise<Deletions> {
	const place = placeIn(cursor, 'deletions');
	const told = versionsOf(place);
	const { deletedSince = '' } = cursor;
	const all: Deletions = { mark: place.after, found: [], read: [], others: new Set() };
	const open = () => source.deletions(place.after);
	const isOther = ({ row }: VersionedRow) =>
		![deletedType, deletedLineType].includes(Number(row.EntityType));
	const isNew = (one: VersionedRow) =>
		!isOther(one) && !told.has(one.timestamp) && !wasBefore(one.row.DeletedDate, deletedSince);
	const stream = { path: DELETED, key: 'EntityKey' };
	for (const one of await wholeStream(open, stream, { isWanted: isNew, limit })) {
		const { row, timestamp } = one;
		all.mark = laterOf(all.mark, timestamp);
		all.read.push([timestamp, changedAt(row.DeletedDate)]);
		if (isOther(one)) all.others.add(timestamp);
		if (!isNew(one)) continue;
		const isLine = Number(row.EntityType) === deletedLineType;
		all.found.push({ id: String(row.EntityKey ?? ''), isLine, row, version: timestamp });
	}
	return all;
}

/** How many come out where there is room for so many: one place holds all that have one version, whatever the limit. */
function endOfVersion(found: readonly DeletedRecord[], room: number): number {
	let end = Math.min(room, found.length);
	while (end > 0 && found[end]?.version === found[end - 1]?.version) end += 1;
	return end;
}

function wasBefore(date: unknown, since: string): boolean {
	return typeof date === 'string' && readExactDate(date) < since;
}

function versionsOf({ told }: Place): Set<string> {
	return new Set(told.map(([version]) => version));
}

/**
 * Adds the rows of a stream to the records, until a row would begin one more than the limit.
 * @returns where the next reading of the stream begins
 */
async function take(
	source: SyncSource,
	stream: SyncStream,
	records: Map<string, ChangedRecord>,
	place: Place,
	limit: number,
): Promise<Place> {
	const told = versionsOf(place);
	const read: Told[] = [];
	let last = place.after;
	const open = () => source.changes(stream, place.after);
	const rows = limit === Infinity ? await wholeStream(open, stream) : inTurn(open, stream.path);
	for await (const { row, timestamp } of rows) {
		const id = keyOf(row, stream);
		const known = records.get(id);
		const isTold = told.has(timestamp);
		if (!isTold && known === undefined && records.size >= limit) break;
		last = laterOf(last, timestamp);
		const at = changedAt(row.Modified);
		read.push([timestamp, at]);
		if (isTold) continue;
		const record = known ?? { id, lines: [], version: timestamp, changedAt: at };
		record.version = laterOf(record.version, timestamp);
		record.changedAt = Math.max(record.changedAt, at);
		if (stream.isLine(row)) record.lines.push(String(row.ID ?? ''));
		else record.row = row;
		records.set(id, record);
	}
	return nextPlace(place, read, last);
}

/** @throws ConnectorError EXACT_UNEXPECTED_ANSWER for a row without it: such rows would become one record */
function keyOf(row: ExactRow, { key, path }: SyncStream): string {
	const id = String(row[key] ?? '');
	if (id !== '') return id;
	throw new ConnectorError(
		'EXACT_UNEXPECTED_ANSWER',
		`A row has no ${key}, so that nobody can say which record it is: ${path}.`,
		{
			repair:
				'Run again. If this repeats, check that no proxy changes the answers of Exact Online.',
		},
	);
}
