import { ConnectorError } from '../../../shared/errors';
import { isRecord, parseJson } from '../../../shared/http';
import { keyPredicate } from '../../odata/keys';
import type { ExactRow } from '../../wire/exactTypes';
import type { OperationCall } from '../operation';
import { ambiguous, matchFilter, matchingRecords, notFound, type Place } from './findRecord';
import { readValueOptions } from './readValues';
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
	{ several = 'error' }: FindRules = {},
): Promise<ExactRow> {
	const { field, value } = readChosen(call);
	if (field === undefined) return await byKey(call, place, value, query);
	const $filter = matchFilter(place.endpoint, [[field, value]], readValueOptions(call));
	const { client, signal } = call;
	const { rows } = await client.request({
		method: 'GET',
		path: place.endpoint.path,
		division: place.division,
		query: { ...query, $filter, $top: several === 'first' ? 1 : 5 },
		signal,
	});
	const [row, another] = rows;
	const asked = `the ${field} "${String(value).slice(0, 60)}"`;
	if (row === undefined) throw notFound(place, asked);
	if (another !== undefined) throw ambiguous(place, rows, asked);
	return row;
}

async function byKey(
	{ client, signal, ...call }: OperationCall,
	place: Place,
	value: unknown,
	query: { $select?: string; $expand?: string },
): Promise<ExactRow> {
	const { endpoint, division } = place;
	const predicate = keyPredicate(endpoint.key, value, readValueOptions({ ...call, signal }));
	const path = endpoint.path + predicate;
	const { rows } = await client.request({ method: 'GET', path, division, query, signal });
	const [row] = rows;
	if (row === undefined) throw notFound(place, `the key ${predicate}`);
	return row;
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
	const options = readValueOptions(call);
	const { endpoint } = place;
	if (field === undefined) {
		const [only] = endpoint.keyNames;
		const key = isRecord(value) ? value : { [only ?? 'ID']: value };
		return { predicate: keyPredicate(endpoint.key, value, options), key };
	}
	const $filter = matchFilter(endpoint, [[field, value]], options);
	const rows = await matchingRecords(call, place, $filter);
	const asked = `the ${field} "${String(value).slice(0, 60)}"`;
	const [row, another] = rows;
	if (row === undefined) throw notFound(place, asked);
	if (another !== undefined) throw ambiguous(place, rows, asked);
	return { predicate: keyPredicate(endpoint.key, row), key: row };
}
