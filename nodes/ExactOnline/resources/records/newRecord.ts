import type { IDataObject } from 'n8n-workflow';
import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import type { OutputRow } from '../../../shared/node/operation';
import type { SubjectTurn } from '../../../shared/vault/subjectTurns';
import { requestBody, type Body, type BodyOptions } from '../../catalogue/requestBody';
import { keyPredicate } from '../../odata/keys';
import type { ExactRow } from '../../wire/exactTypes';
import { requireLines } from '../lines/documentLines';
import type { OperationCall } from '../operation';
import { ambiguous, matchingRecords, type Place } from './findRecord';
import { isStillNothing, knownMatch, turnName } from './knownMatches';
import { likelyMatch, type IfExists, type Match } from './matchFields';
import { entriesAmong, matchingEntries } from './creditNotes';
import { requireNeeded } from './readValues';
import { inRecordTurn } from './recordLease';
import { newRecordRow, readAgain, sendChange, sendNew } from './writeRecord';

/** A record that is to be there afterwards. */
export interface WantedRecord {
	place: Place;
	/** By names of Exact's fields, references and codes resolved, lines as arrays of such objects. */
	values: Readonly<Record<string, unknown>>;
	options: BodyOptions;
	ifExists: IfExists;
	/** Needed unless it is created in any case. */
	match?: Match;
}

const CREATED = { created: true };

/** Errors of a POST after which the record may be there. A fault of the server may have come after the change. */
const FATE_UNKNOWN = new Set([
	'EXACT_WRITE_UNCONFIRMED',
	'EXACT_UNEXPECTED_ANSWER',
	'EXACT_SERVER_ERROR',
]);

/**
 * Makes a record, or does what is wanted where it is there already. Look-up and creation run under a lease of division,
 * endpoint and match over all workers, so that two of them with the same record make one.
 *
 * @throws ConnectorError EXACT_RECORD_EXISTS, EXACT_AMBIGUOUS_RECORD, and those of the request
 */
export async function writeWanted(call: OperationCall, wanted: WantedRecord): Promise<OutputRow> {
	const { place, ifExists, match, values, options } = wanted;
	if (ifExists === 'create' || match === undefined) {
		const made = await sendNew(call, place, newBody(wanted)).catch(async (error: unknown) => {
			const likely = likelyMatch(place, values, options);
			return likely ? await withLikely(call, place, likely, error) : passOn(error);
		});
		return await newRecordRow(call, place, made, CREATED);
	}
	const known = knownMatch(call, place, match);
	// Nobody makes a record that is there already, so no lease is needed for what was found.
	const there = known && (await entriesAmong(call, place, known.rows, match.entry));
	if (there !== undefined && there.length > 0) return await whereFound(call, wanted, match, there);
	return await inRecordTurn(call, place, turnName(match.filter), async (turn) => {
		const found = isStillNothing(known, turn.number) ? [] : await recordsBy(call, place, match);
		if (found.length > 0) return await whereFound(call, wanted, match, found);
		return await inTurn(call, wanted, match, turn);
	});
}

async function recordsBy(
	call: OperationCall,
	place: Place,
	{ filter, entry }: Match,
): Promise<readonly ExactRow[]> {
	return entry === undefined
		? await matchingRecords(call, place, filter)
		: await matchingEntries(call, place, filter, entry);
}

/** Makes the record, which is not there. */
async function inTurn(
	call: OperationCall,
	wanted: WantedRecord,
	match: Match,
	{ leaveInDoubt }: SubjectTurn,
): Promise<OutputRow> {
	const { place } = wanted;
	const body = newBody(wanted);
	const about: IDataObject = { ...CREATED };
	const made = await sendNew(call, place, body).catch(async (error: unknown) => {
		// Exact may make it later, also after a cancel; whoever looked for it meanwhile, without the lease, has to look again.
		if (mayBeThere(error)) await leaveInDoubt();
		about.foundAfterUnknownFate = true;
		return await afterUnknownFate(call, place, match, error);
	});
	return await newRecordRow(call, place, made, about);
}

function newBody({ place, values, options }: WantedRecord) {
	requireNeeded(place.data, values);
	requireLines(place.data, values);
	return requestBody(place.endpoint, values, 'POST', options);
}

async function whereFound(
	call: OperationCall,
	wanted: WantedRecord,
	match: Match,
	[row = {}, ...others]: readonly ExactRow[],
): Promise<OutputRow> {
	if (others.length > 0) throw ambiguous(wanted.place, [row, ...others], match.words);
	return await whereItExists(call, wanted, match, row);
}

async function whereItExists(
	call: OperationCall,
	{ place, ifExists, values, options }: WantedRecord,
	match: Match,
	row: ExactRow,
): Promise<OutputRow> {
	const { endpoint } = place;
	const predicate = keyPredicate(endpoint.key, row);
	if (ifExists === 'skip') {
		return await readAgain(call, place, predicate, { created: false, skipped: true });
	}
	if (ifExists === 'update') {
		const body = requestBody(endpoint, values, 'PUT', { ...options, readOnly: 'leaveOut' });
		const about = { created: false, updated: true, ...unchanged(place, values, body, match) };
		return await sendChange(call, place, { predicate, key: row, body, about });
	}
	throw new ConnectorError(
		'EXACT_RECORD_EXISTS',
		`There is a ${endpoint.name} with ${match.words} in division ${place.division} already: ${predicate}.`,
		{ repair: 'Choose Skip or Update in If It Exists Already, or another key to match by.' },
	);
}

/** What a change leaves as it was: fields that only a POST takes, and lines, which change one by one. */
function unchanged(
	{ endpoint }: Place,
	values: WantedRecord['values'],
	body: Body,
	{ names = [] }: Match,
): IDataObject {
	const left = Object.keys(values).filter(
		(name) => values[name] !== undefined && endpoint.fields.has(name) && !(name in body),
	);
	const isLines = (name: string) => endpoint.fields.get(name)?.type === 'Collection';
	// What it was found by stands there already.
	const fields = left.filter((name) => !isLines(name) && !names.includes(name));
	return {
		...(left.some(isLines) && { linesUnchanged: true }),
		...(fields.length > 0 && { fieldsUnchanged: fields }),
	};
}

/** It was not there before the POST, so what is there now was made by it. */
async function afterUnknownFate(
	call: OperationCall,
	place: Place,
	match: Match,
	error: unknown,
): Promise<ExactRow> {
	if (!isUnknownFate(call, error)) passOn(error);
	const [row, another] = await recordsBy(call, place, match).catch(() => passOn(error));
	if (row !== undefined && another === undefined) return row;
	throw toldMore(error, `It was looked for by ${match.words} afterwards and not found.`);
}

/** Without a look before, a record that is found may be an older one, so a person decides. */
async function withLikely(
	call: OperationCall,
	place: Place,
	match: Match,
	error: unknown,
): Promise<never> {
	if (!isUnknownFate(call, error)) passOn(error);
	const rows = await recordsBy(call, place, match).catch(() => passOn(error));
	const keys = rows.map((row) => keyPredicate(place.endpoint.key, row)).join(', ');
	throw toldMore(
		error,
		rows.length === 0
			? `It was looked for by ${match.words} afterwards and not found.`
			: `With ${match.words} there is now ${keys}, which it may be.`,
	);
}

function isUnknownFate({ signal }: OperationCall, error: unknown): error is ConnectorError {
	return isConnectorError(error) && mayBeThere(error) && signal?.aborted !== true;
}

/** What is no word of ours says nothing of what was sent. */
function mayBeThere(error: unknown): boolean {
	return !isConnectorError(error) || FATE_UNKNOWN.has(error.code);
}

function toldMore(error: ConnectorError, more: string): ConnectorError {
	const { code, message, repair, httpStatus, serviceMessage } = error;
	return new ConnectorError(code, `${message} ${more}`, {
		repair,
		httpStatus,
		serviceMessage,
		cause: error,
	});
}
