import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import type { OutputRow } from '../../../shared/node/operation';
import { readOptions } from '../../../shared/node/optionsField';
import { madeUnread } from '../../api/clientErrors';
import type { Body } from '../../catalogue/requestBody';
import type { Endpoint } from '../../catalogue/types';
import { keyPredicate } from '../../odata/keys';
import type { ExactRow } from '../../wire/exactTypes';
import { withContentsChecked } from '../files/contentSize';
import type { OperationCall } from '../operation';
import { isAction, refuseFailures } from './actionFailures';
import { theOnly, type Place } from './findRecord';
import { queryOf, readOutput, recordKeys, recordRow } from './outputFields';
import { withWords } from './wordLists';

/** Whether the record is read again after it was written. */
export const returnRecordOption: INodeProperties = {
	displayName: 'Return the Record',
	name: 'returnRecord',
	type: 'boolean',
	default: false,
	description:
		'Whether to read the record once more after it was written, so that the output holds what Exact Online made of it',
};

/** A change of one record. */
export interface Change {
	/** The key as it stands behind the path. */
	predicate: string;
	/** A row, or as much of one as its key. */
	key: ExactRow;
	body: Body;
	/** Goes into the output. */
	about?: IDataObject;
}

/**
 * PUTs what changes.
 * @throws ConnectorError EXACT_INVALID_VALUE where nothing would change; EXACT_TOO_LARGE
 */
export async function sendChange(
	call: OperationCall,
	place: Place,
	{ predicate, key, body, about = { updated: true } }: Change,
): Promise<OutputRow> {
	if (Object.keys(body).length === 0) {
		throw new ConnectorError('EXACT_INVALID_VALUE', 'No field is given that would change.', {
			repair: 'Give at least one field a value.',
		});
	}
	const { client, signal } = call;
	const { endpoint, division } = place;
	const path = endpoint.path + predicate;
	await withContentsChecked(call, endpoint, body, async () => {
		await client.request({ method: 'PUT', path, division, body, signal });
	});
	const written = { json: { ...recordKeys(endpoint, key), ...about } };
	if (readOptions(call).returnRecord !== true) return written;
	return await afterWrite(call, place, predicate, about, written);
}

/**
 * POSTs a new record. Exact Online answers with as much of it as its key (docs/facts/exact-online.md 4.6).
 * @throws ConnectorError EXACT_UNEXPECTED_ANSWER for an answer without, which says that the record was made; EXACT_TOO_LARGE
 */
export async function sendNew(
	call: OperationCall,
	{ endpoint, division }: Place,
	body: Body,
): Promise<ExactRow> {
	const { client, signal } = call;
	const { path } = endpoint;
	const { rows, status } = await withContentsChecked(
		call,
		endpoint,
		body,
		async () => await client.request({ method: 'POST', path, division, body, signal }),
	);
	const [row] = rows;
	if (row !== undefined) return row;
	const asked = { method: 'POST', endpoint: path, division };
	throw madeUnread(asked, status, 'it is empty.');
}

/**
 * What Exact Online has answered, or the record as it stands, where that is wanted.
 * @throws ConnectorError EXACT_ACTION_FAILED for an answer that tells of a failure, from an endpoint that does something
 */
export async function newRecordRow(
	call: OperationCall,
	place: Place,
	answer: ExactRow,
	about: IDataObject,
): Promise<OutputRow> {
	const { endpoint, data } = place;
	if (isAction(endpoint)) refuseFailures(endpoint.name, answer);
	const row = withOwnKey(endpoint, answer);
	const hasKey = endpoint.keyNames.every((name) => row[name] !== undefined);
	const plan = await withWords(call, place.division, readOutput(call, endpoint, data));
	const answered = recordRow(plan, row, about);
	if (readOptions(call).returnRecord !== true || !hasKey) return answered;
	return await afterWrite(call, place, keyPredicate(endpoint.key, row), about, answered);
}

/**
 * The row under the name of its key: some endpoints answer a POST with an `ID` that they have not, for their
 * `EntryID` (docs/facts/exact-online.md 7.2).
 */
function withOwnKey({ keyNames, fields }: Endpoint, row: ExactRow): ExactRow {
	const [key = 'ID', ...others] = keyNames;
	const misnamed = others.length === 0 && row[key] === undefined && !fields.has('ID');
	if (!misnamed || row.ID === undefined) return row;
	const { ID: id, ...rest } = row;
	return { ...rest, [key]: id };
}

/** The record as it stands; that it was written stays told where it cannot be read. */
async function afterWrite(
	call: OperationCall,
	place: Place,
	predicate: string,
	about: IDataObject,
	written: OutputRow,
): Promise<OutputRow> {
	try {
		return await readAgain(call, place, predicate, about);
	} catch (error) {
		if (!isConnectorError(error) || call.signal?.aborted === true) passOn(error);
		return { json: { ...written.json, readAgainFailed: `${error.message} [${error.code}]` } };
	}
}

/** The record as it stands now. @throws ConnectorError EXACT_NOT_FOUND where it is gone */
export async function readAgain(
	call: OperationCall,
	place: Place,
	predicate: string,
	about: IDataObject,
): Promise<OutputRow> {
	const { endpoint, data, division } = place;
	const plan = await withWords(call, division, readOutput(call, endpoint, data));
	const { client, signal } = call;
	const { rows } = await client.request({
		method: 'GET',
		path: endpoint.path + predicate,
		division,
		query: queryOf(plan),
		signal,
	});
	return recordRow(plan, theOnly(place, rows.slice(0, 1), `the key ${predicate}`), about);
}
