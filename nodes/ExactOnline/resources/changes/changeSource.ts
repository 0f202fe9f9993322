import { filterField } from '../../catalogue/fieldTypes';
import { readEndpoint, selectableFields } from '../../catalogue/catalogue';
import { functionParameters } from '../../catalogue/functionParameters';
import { functionQuery } from '../../odata/functionQuery';
import { keyBatches } from '../../odata/keyBatches';
import { odataLiteral } from '../../odata/literals';
import type { ExactRow } from '../../wire/exactTypes';
import type { OperationCall } from '../operation';
import { listPages } from '../records/listRows';
import { recordKeys } from '../records/outputFields';
import type { ChangeCursor } from './cursor';
import type { ChangedEntity } from './entities';
import { modifiedSince, type ModifiedSource } from './modifiedReading';
import { DELETED, type MayFollow, type SyncSource } from './syncReading';
import { FIRST_TIMESTAMP, isTimestamp, oneBefore } from './timestamps';

/** Where the rows of a division come from. */
export interface ReadPlace {
	call: OperationCall;
	division: number;
	/** Fields that the rows are to hold; undefined for all. */
	select: readonly string[] | undefined;
}

const SYNC_TIMESTAMP = 'read/sync/Sync/SyncTimestamp';

/** Characters of a filter by keys, beside which fields have to stand in the URL. */
const KEYS_ROOM = 2_500;

/** The sync endpoints of a division; only the version filters there (docs/facts/exact-online.md 5). */
export function syncSource({ call, division, select }: ReadPlace): SyncSource {
	const { client, signal } = call;
	const pages = (path: string, fields: readonly string[], after: string, mayFollow?: MayFollow) =>
		client.pages({
			method: 'GET',
			path,
			division,
			query: { $select: fields.join(','), $filter: `Timestamp gt ${after}L` },
			...{ signal, mayFollow },
		});
	return {
		changes: ({ path, key }, after, mayFollow) => {
			const known = selectableFields(readEndpoint(path));
			const needed = [key, 'ID', 'LineNumber', 'Timestamp', 'Modified'];
			const wanted = select === undefined ? known : [...select, ...needed];
			return pages(
				path,
				[...new Set(wanted)].filter((name) => known.includes(name)),
				after,
				mayFollow,
			);
		},
		deletions: (after, mayFollow) =>
			pages(DELETED, selectableFields(readEndpoint(DELETED)), after, mayFollow),
	};
}

/**
 * The endpoint of an entity without a twin.
 * @param orderBy where the rows are not to come in any order; slow at Exact Online
 */
export function modifiedSource(
	{ data }: ChangedEntity,
	place: ReadPlace,
	orderBy?: string,
): ModifiedSource {
	const { call, division, select } = place;
	const endpoint = readEndpoint(data.endpoint);
	return {
		names: { key: endpoint.keyNames, select: select?.join(',') ?? 'all' },
		rows: (since) =>
			listPages(call, {
				endpoint,
				division,
				...(since !== undefined && {
					filter: `Modified ge ${odataLiteral('DateTime', since)}`,
				}),
				filterFields: since === undefined ? [] : ['Modified'],
				select: select && [...new Set([...select, ...endpoint.keyNames, 'Modified'])],
				expand: [],
				...(orderBy !== undefined && { orderBy }),
				limit: Infinity,
			}),
	};
}

/**
 * Where the reading of what was changed since a date begins.
 * @param date ISO without a zone
 */
export async function cursorSince(
	call: OperationCall,
	{ sync }: ChangedEntity,
	division: number,
	date: string,
): Promise<ChangeCursor> {
	if (sync === undefined) return modifiedSince(date);
	const changes = await timestampAt(call, division, sync.path, date);
	const lines = sync.lines ? await timestampAt(call, division, sync.lines.path, date) : changes;
	// The version for a date may be that of the first row after it, and deletions may have come in between.
	const known = { deletions: FIRST_TIMESTAMP, deletedSince: date };
	return { kind: 'sync', changes, lines, ...known, deletionsAt: Date.parse(`${date}Z`) };
}

/**
 * The version from which on an endpoint tells what was changed after a date.
 * @param date ISO without a zone
 */
async function timestampAt(
	{ client, signal }: OperationCall,
	division: number,
	path: string,
	date: string,
): Promise<string> {
	const values: Record<string, string> = { modified: date, endPoint: path.replace(/^sync\//, '') };
	const parameters = functionParameters(SYNC_TIMESTAMP) ?? [];
	const query = functionQuery(parameters.map((one) => ({ ...one, value: values[one.name] })));
	const { rows } = await client.request({
		method: 'GET',
		path: SYNC_TIMESTAMP,
		division,
		query,
		signal,
	});
	const version = String(rows[0]?.TimeStampAsBigInt ?? '');
	// Nothing was there before the date: then everything is later. No source says whether the version is that of the last
	// row before the date or of the first one after it, so one row too many may come, but none is missing.
	return isTimestamp(version) ? oneBefore(version) : FIRST_TIMESTAMP;
}

/** The documents of which lines alone have changed, by their key; one that is gone by now is missing. */
export async function documentsByKey(
	{ data }: ChangedEntity,
	{ call, division, select }: ReadPlace,
	ids: readonly string[],
): Promise<Map<string, ExactRow>> {
	const endpoint = readEndpoint(data.endpoint);
	const [key = 'ID'] = endpoint.keyNames;
	const known = selectableFields(endpoint);
	const fields = select && [...new Set([...select, key])].filter((name) => known.includes(name));
	const found = new Map<string, ExactRow>();
	for (const { filter } of keyBatches(filterField(endpoint, key), ids, KEYS_ROOM)) {
		const query = { endpoint, division, filter, select: fields, expand: [], limit: Infinity };
		for await (const rows of listPages(call, { ...query, filterFields: [key] })) {
			for (const row of rows) found.set(String(recordKeys(endpoint, row).recordId), row);
		}
	}
	return found;
}
