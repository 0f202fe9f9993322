import { ConnectorError } from '../../../shared/errors';
import type { ExactRow, MayFollow } from '../../wire/exactTypes';
import { readExactDate } from '../../odata/dateTimes';
import { placeIn, withPlaces, type SyncCursor } from './cursor';
import { changedAt, nextPlace, type Place, type Told } from './overlap';
import { isAfter, laterOf, timestampOf } from './timestamps';

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
	const deletions = deleted.found.slice(0, Math.max(0, limit - records.size));
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
	const isOther = ({ row }: Version) =>
		![deletedType, deletedLineType].includes(Number(row.EntityType));
	const isNew = (one: Version) =>
		!isOther(one) && !told.has(one.timestamp) && !wasBefore(one.row.DeletedDate, deletedSince);
	for (const one of await wholeStream(open, DELETED, { isWanted: isNew, limit })) {
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
	const rows =
		limit === Infinity ? await wholeStream(open, stream.path) : inTurn(open, stream.path);
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

interface Version {
	row: ExactRow;
	timestamp: string;
}

type Pages = () => AsyncIterable<ExactRow[]>;

/** Which rows count, and after how many of them no further page is asked for. */
interface Enough {
	isWanted(row: Version): boolean;
	limit: number;
}

const ALL: Enough = { isWanted: () => true, limit: Infinity };

/** The rows of a stream as they come, which is what a limit rests on. */
async function* inTurn(open: Pages, path: string): AsyncGenerator<Version> {
	let last: string | undefined;
	for await (const page of open()) {
		for (const row of page) {
			const timestamp = timestampOf(row, path);
			if (last !== undefined && !isAfter(timestamp, last)) throw outOfOrder(path);
			last = timestamp;
			yield { row, timestamp };
		}
	}
}

/**
 * All rows of a stream by their version. Where pages come in another order a row that changes while they are read may move
 * onto one that has been read already. They are read a second time then, as far as the last version of the first time:
 * whatever has it, or an earlier one, was there when the second time began.
 * @param enough ends the reading where pages have come in order so far, as a limit rests on that
 */
async function wholeStream(open: Pages, path: string, enough = ALL): Promise<Version[]> {
	const first = await readOnce(open, path, enough);
	if (first.isInOrder) return first.rows;
	const mark = first.rows.reduce((latest, { timestamp }) => laterOf(latest, timestamp), '0');
	const second = await readOnce(open, path, ALL);
	const rows = new Map(first.rows.map((row) => [row.timestamp, row]));
	for (const row of second.rows) if (!isAfter(row.timestamp, mark)) rows.set(row.timestamp, row);
	return [...rows.values()].sort((one, other) =>
		isAfter(one.timestamp, other.timestamp) ? 1 : -1,
	);
}

async function readOnce(
	open: Pages,
	path: string,
	{ isWanted, limit }: Enough,
): Promise<{ rows: Version[]; isInOrder: boolean }> {
	const rows: Version[] = [];
	let isInOrder = true;
	let wanted = 0;
	for await (const page of open()) {
		for (const row of page) {
			const timestamp = timestampOf(row, path);
			const last = rows.at(-1);
			if (last !== undefined && !isAfter(timestamp, last.timestamp)) isInOrder = false;
			rows.push({ row, timestamp });
			if (isWanted({ row, timestamp })) wanted += 1;
		}
		if (isInOrder && wanted > limit) break;
	}
	return { rows, isInOrder };
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

/** Code of rows that cannot be read piece by piece. */
export const OUT_OF_ORDER = 'EXACT_ROWS_OUT_OF_ORDER';

function outOfOrder(path: string): ConnectorError {
	return new ConnectorError(
		OUT_OF_ORDER,
		`The rows did not come in the order of their Timestamp, so that a part of them would leave others out for ever: ${path}.`,
		{
			repair:
				'Take Most Rows per Run out of the options: without a limit their order does not matter.',
		},
	);
}
