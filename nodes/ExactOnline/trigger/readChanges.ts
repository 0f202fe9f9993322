import type { IDataObject } from 'n8n-workflow';
import { isConnectorError, passOn } from '../../shared/errors';
import type { PolledRow } from '../../shared/node/pollFrame';
import { isoTime } from '../../shared/values/dateTimes';
import { readExactDate } from '../odata/dateTimes';
import { changedRows, deletedRows } from '../resources/changes/changeRows';
import {
	documentsByKey,
	modifiedSource,
	syncSource,
	type ReadPlace,
} from '../resources/changes/changeSource';
import {
	placeIn,
	type ChangeCursor,
	type ModifiedCursor,
	type SyncCursor,
} from '../resources/changes/cursor';
import { syncPlan, type ChangedEntity } from '../resources/changes/entities';
import { readModified } from '../resources/changes/modifiedReading';
import { changedAt, MOST_TOLD } from '../resources/changes/overlap';
import { OUT_OF_ORDER } from '../resources/changes/streamRows';
import { DELETED, readSync, type ChangedRecord } from '../resources/changes/syncReading';
import { timestampOf } from '../resources/changes/timestamps';
import { outputJson, recordKeys, type OutputPlan } from '../resources/records/outputFields';
import type { ExactRow } from '../wire/exactTypes';
import { eventOf, newestOf, type ChangeEvent } from './changeEvents';
import { cutModified, cutSync, wholeSync, type Reread } from './cutSource';
import { fetchInto, withDocuments, type LineDocuments, type LineRules } from './lineDocuments';
import { isSinceStart, type StartWish } from './triggerStart';

/** What a poll wants of a division. */
export interface Wanted {
	entity: ChangedEntity;
	plan: OutputPlan;
	events: ReadonlySet<ChangeEvent>;
	/** Records and deletions at most. */
	limit: number;
	/** Rows of before the beginning are left out; undefined once all that was there then has been read. */
	from: StartWish | undefined;
	/** The latest change that was read before. */
	newest: string;
	/** @param pieces how many pages are still to be read in any case; one if missing */
	hasTime(pieces?: number): boolean;
	/** By a clock that is not behind that of the service; ms since the epoch. */
	now(): number;
}

/** What was read of a division. */
export interface Read {
	rows: PolledRow[];
	cursor: ChangeCursor;
	newest: string;
	/** Nothing is left to be read at the moment. */
	isAll: boolean;
}

/** A record as it was read, before it is judged. */
interface Found {
	row: ExactRow | undefined;
	/** Tells of a document without rows of its own when it was made. */
	made?: ExactRow | undefined;
	/** When the record, or a line of it, was changed (ms); 0 where nothing says. */
	changedAt: number;
	mark: string;
	/** With a field `change`, whose place it keeps. */
	json: IDataObject;
}

/** Reads what has changed since a cursor, as far as time, limits and the number of rows allow. */
export async function readChanges(
	wanted: Wanted,
	place: ReadPlace,
	cursor: ChangeCursor,
): Promise<Read> {
	return cursor.kind === 'sync'
		? await syncChanges(wanted, place, cursor)
		: await modifiedChanges(wanted, place, cursor);
}

/** Of an ISO time, without their fractions. */
const SECONDS = 'YYYY-MM-DDTHH:MM:SS'.length;

/** Rows that are read at once where they do not come in their order; there is no place within them to go on from. */
const MOST_AT_ONCE = 50_000;

/** Rows of an endpoint that do not come in the order of their versions have to be read all at once. */
async function syncChanges(wanted: Wanted, place: ReadPlace, cursor: SyncCursor): Promise<Read> {
	try {
		return await syncRead(wanted, place, cursor);
	} catch (error) {
		if (!isConnectorError(error) || error.code !== OUT_OF_ORDER) passOn(error);
		return await syncRead({ ...wanted, limit: Infinity }, place, cursor);
	}
}

/** @param wanted without a limit all or nothing is read, whatever their order */
async function syncRead(wanted: Wanted, place: ReadPlace, cursor: SyncCursor): Promise<Read> {
	const { entity, plan, events, limit, hasTime } = wanted;
	const { sync } = entity;
	if (sync === undefined) return { rows: [], cursor, newest: wanted.newest, isAll: true };
	const { linesOnly = false } = sync;
	const now = Date.now();
	const cut = { isCut: false };
	const all = syncSource(place);
	const documents: LineDocuments = new Map();
	const isTold = toldBefore(cursor, sync.path);
	const fetch = async (ids: readonly string[]) => await documentsByKey(entity, place, ids);
	const streams = syncPlan(entity, sync);
	const lists = [DELETED, streams.records.path, ...(streams.lines ? [streams.lines.path] : [])];
	const listsAfter = (path: string) => lists.length - 1 - lists.indexOf(path);
	// A poll without time for another question tells what it has rather than fail each time.
	const isYoung = (row: ExactRow, newest: string) => hasTime() && mayBeNew(row, newest, wanted);
	const source =
		limit === Infinity
			? wholeSync(all, { hasTime, most: MOST_AT_ONCE })
			: cutSync(
					withDocuments(all, { isTold, fetch, isYoung, records: streams.records }, documents, cut),
					{ hasTime, listsAfter, most: Infinity },
					cut,
					rereadOf(isTold),
				);
	const options = { limit, withDeletions: events.has('deleted'), now };
	const reading = await readSync(source, streams, cursor, options);
	// Where all rows are read at once, documents of lines were not fetched with them.
	const isMissing = ({ id, row }: ChangedRecord) => row === undefined && !documents.has(id);
	const missing = linesOnly ? reading.records.filter(isMissing).map(({ id }) => id) : [];
	await fetchInto(documents, fetch, missing);
	const changed = await changedRows(entity, plan, place, reading.records, documents);
	const found = reading.records.map(({ id, row, version, changedAt: at }, index) => ({
		...{ row, made: linesOnly ? madeOf(documents.get(id)) : undefined, changedAt: at },
		mark: `${id} ${version}`,
		json: changed[index]?.json ?? {},
	}));
	const deletions = reading.deletions.filter(({ row }) => isDeletedSince(wanted, row));
	const gone = deletedRows(plan, deletions).map(({ json }, index) => ({
		mark: `deleted ${deletions[index]?.id} ${deletions[index]?.version}`,
		json,
	}));
	const size = reading.records.length + reading.deletions.length;
	return {
		rows: [...told(found, wanted), ...gone],
		cursor: cut.isCut ? { ...reading.cursor, ...unreadDeletions(cursor) } : reading.cursor,
		newest: newestOf(
			[...reading.records.map(({ row }) => row), linesOnly ? lastOf(reading.cursor) : undefined],
			wanted.newest,
		),
		isAll: !cut.isCut && size < limit,
	};
}

/** Which rows were told before, by their list and version. */
function toldBefore(cursor: SyncCursor, records: string): LineRules['isTold'] {
	const versions = (list: 'changes' | 'lines') =>
		new Set(placeIn(cursor, list).told.map(([version]) => version));
	const [changes, lines] = [versions('changes'), versions('lines')];
	return (row, path) => (path === records ? changes : lines).has(timestampOf(row, path));
}

/** Of deletions others than those of the entity are read again too, as many as a cursor holds. */
function rereadOf(isTold: LineRules['isTold']): Reread {
	return (path) => {
		let rows = 0;
		return (row) => (path === DELETED ? (rows += 1) <= MOST_TOLD : isTold(row, path));
	};
}

/** What is not known of deletions stays so until all of them have been read. */
function unreadDeletions({ gap, deletedSince, deletionsAt }: SyncCursor): Partial<SyncCursor> {
	return {
		...(gap && { gap }),
		...(deletedSince !== undefined && { deletedSince }),
		...(deletionsAt !== undefined && { deletionsAt }),
	};
}

async function modifiedChanges(
	wanted: Wanted,
	place: ReadPlace,
	cursor: ModifiedCursor,
): Promise<Read> {
	const { entity, plan, limit, hasTime } = wanted;
	const now = Date.now();
	const cut = { isCut: false };
	// What is read again beside the overlap does not count.
	const rules = { hasTime, most: limit + cursor.seen.length };
	const source = cutModified(modifiedSource(entity, place, 'Modified'), rules, cut);
	const isCut = () => cut.isCut;
	const { client } = place.call;
	const times = { now, ahead: () => client.serviceAhead, behindMs: client.mostBehindMs };
	const reading = await readModified(source, cursor, { limit, ...times, isCut });
	const found = reading.rows.map((row, index) => ({
		...{ row, changedAt: changedAt(row.Modified) },
		...{ mark: `${String(recordKeys(plan.endpoint, row).recordId)} ${reading.marks[index]}` },
		json: { ...recordKeys(plan.endpoint, row), change: '', ...outputJson(plan, row) },
	}));
	return {
		rows: told(found, wanted),
		cursor: reading.cursor,
		newest: newestOf(reading.rows, wanted.newest),
		isAll: reading.cursor.resume === undefined,
	};
}

/** The records that a workflow is to start for. */
function told(found: readonly Found[], wanted: Wanted): PolledRow[] {
	const { from, newest, events } = wanted;
	const now = wanted.now();
	return found.flatMap((one) => {
		const { row, made, mark, json } = one;
		if (from !== undefined && !isNews(from, one, now)) return [];
		const isSince = from === undefined || isMadeSince(from, row ?? made, now);
		// Before anything was read, what was made since the beginning is younger than all that.
		const isNew = newest === '' && from !== undefined && isSince;
		// A document may come by its lines that is of before the beginning, and younger than what was read of before it.
		const change = isNew ? 'created' : eventOf(isSince ? (row ?? made) : undefined, newest);
		if (!events.has(change)) return [];
		return [{ mark, json: { ...json, change } }];
	});
}

/**
 * Whether a record, or a line of it, was changed since the beginning: a document by its lines alone may be of before it, and one of
 * before it may have lines that are not. Where nothing says when, it was as it was made.
 */
function isNews(from: StartWish, { row, changedAt: at }: Found, now: number): boolean {
	const Modified = at > 0 ? isoTime(at) : undefined;
	if (isSinceStart(from, { Modified }, now)) return true;
	return Modified === undefined && isMadeSince(from, row, now);
}

/** When a document was made, and no more: that it has not changed since says nothing of its lines, by which it was read. */
function madeOf(document: ExactRow | undefined): ExactRow | undefined {
	return document && { Created: document.Created };
}

/** The latest change among the rows that were read, as far as they say. */
function lastOf(cursor: SyncCursor): ExactRow | undefined {
	const last = Math.max(0, ...placeIn(cursor, 'changes').told.map(([, at]) => at));
	return last > 0 ? { Modified: isoTime(last) } : undefined;
}

/** Whether a record may have been made after all that was read: by the second, as records of one second may. */
function mayBeNew(row: ExactRow, read: string, { newest: before, from, now }: Wanted): boolean {
	const newest = read > before ? read : before;
	if (newest === '') return from !== undefined && isMadeSince(from, row, now());
	const { Created } = row;
	return typeof Created === 'string' && readExactDate(Created) >= newest.slice(0, SECONDS);
}

function isMadeSince(from: StartWish, row: ExactRow | undefined, now: number): boolean {
	const { Created } = row ?? {};
	return typeof Created === 'string' && isSinceStart(from, { Modified: Created }, now);
}

/** One that does not say when it was deleted counts, rather than be lost. */
function isDeletedSince({ from, now }: Wanted, { DeletedDate }: ExactRow): boolean {
	if (from === undefined || typeof DeletedDate !== 'string') return true;
	return isSinceStart(from, { Modified: DeletedDate }, now());
}
