import { ConnectorError } from '../../../shared/errors';
import { isRecord, parseJson } from '../../../shared/http';
import { keyPredicate, keyRow } from '../../odata/keys';
import type { ExactRequest, ExactRow } from '../../wire/exactTypes';
import type { OperationCall } from '../operation';
import { matchFilter, matchingRecords, theOnly, type Place } from './findRecord';
import { readValueOptions } from '../../../shared/node/valueOptionFields';
import { BY_ID, keyOfMode } from './recordField';

/** How a record is named by an item. */
export interface ChosenRecord {
	/** Field of the value; undefined for the key. */
	field: string | undefined;
	value: unknown;
}

/**
 * What the item's locator says.
 * @throws ConnectorError EXACT_INVALID_VALUE where it says nothing
 */
export function readChosen({ context, itemIndex }: OperationCall): ChosenRecord {
	const stands: unknown = context.getNodeParameter('record', itemIndex);
	const { mode, value } = isRecord(stands) ? stands : { mode: BY_ID, value: stands };
	const given: unknown = typeof value === 'string' ? value.trim() : value;
	if (given === '' || given === undefined || given === null) {
		throw new ConnectorError('EXACT_INVALID_VALUE', 'No record is chosen.', {
			repair: 'Choose the record from the list, or give its ID or another key.',
		});
	}
	const field = keyOfMode(mode);
	return { field, value: field === undefined ? keyValue(given) : given };
}

/** A key of several fields is given as JSON, from a list as well. */
function keyValue(given: unknown): unknown {
	const content = typeof given === 'string' && given.startsWith('{') ? parseJson(given) : undefined;
	return isRecord(content) ? content : given;
}

/** What happens where not exactly one record is found. */
export interface FindRules {
	/** Several: an error that lists them, or the first. */
	several?: 'error' | 'first';
	/** True where it is no error that there is none. */
	mayBeMissing?: boolean;
}

/**
 * The record that the item names.
 * @param $select of a look-up; all fields if missing
 * @throws ConnectorError EXACT_NOT_FOUND, EXACT_AMBIGUOUS_RECORD, EXACT_INVALID_VALUE
 */
export async function readChosenRecord(
	call: OperationCall,
	place: Place,
	query: { $select?: string; $expand?: string },
	{ several = 'error', mayBeMissing = false }: FindRules = {},
): Promise<ExactRow> {
	const { field, value } = readChosen(call);
	if (field === undefined) return await byKey(call, place, value, query, mayBeMissing);
	const one = several === 'first' ? { ...query, $top: 1 } : query;
	return await byField(call, place, field, value, one);
}

/** @param query as `matchingRecords` */
async function byField(
	call: OperationCall,
	place: Place,
	field: string,
	value: unknown,
	query?: ExactRequest['query'],
): Promise<ExactRow> {
	const $filter = matchFilter(place.endpoint, [[field, value]], readValueOptions(call));
	const rows = await matchingRecords(call, place, $filter, query);
	return theOnly(place, rows, `the ${field} "${String(value).slice(0, 60)}"`);
}

async function byKey(
	call: OperationCall,
	place: Place,
	value: unknown,
	query: { $select?: string; $expand?: string },
	mayBeMissing: boolean,
): Promise<ExactRow> {
	const { key, path } = place.endpoint;
	const predicate = keyPredicate(key, value, readValueOptions(call));
	const [only, ...others] = key;
	const isGuid = only?.type === 'Guid' && others.length === 0;
	// Functions take no filter (docs/facts/exact-online.md 4.5).
	if (!mayBeMissing || !isGuid || path.startsWith('read/')) {
		return await recordAt(call, place, predicate, query);
	}
	// A 404 counts among the errors after which Exact blocks an endpoint (1.7); a list without rows is none.
	const $filter = `${only.name} eq ${predicate.slice(1, -1)}`;
	const rows = await matchingRecords(call, place, $filter, { ...query, $top: 1 });
	return theOnly(place, rows, `the key ${predicate}`);
}

/**
 * The record with a key.
 * @param predicate the key as it stands behind the path
 * @throws ConnectorError EXACT_NOT_FOUND
 */
export async function recordAt(
	{ client, signal }: OperationCall,
	place: Place,
	predicate: string,
	query: { $select?: string; $expand?: string },
): Promise<ExactRow> {
	const { endpoint, division } = place;
	const path = endpoint.path + predicate;
	const { rows } = await client.request({ method: 'GET', path, division, query, signal });
	return theOnly(place, rows.slice(0, 1), `the key ${predicate}`);
}

/**
 * The key of the record that the item names, looked up only where it is named by another field.
 * @returns the part behind the path, and the key as it goes into the output
 */
export async function chosenKey(
	call: OperationCall,
	place: Place,
): Promise<{ predicate: string; key: ExactRow }> {
	const { field, value } = readChosen(call);
	const { endpoint } = place;
	if (field === undefined) {
		const predicate = keyPredicate(endpoint.key, value, readValueOptions(call));
		return { predicate, key: keyRow(endpoint.key, value) };
	}
	const row = await byField(call, place, field, value);
	return { predicate: keyPredicate(endpoint.key, row), key: row };
}
