import type { IDataObject } from 'n8n-workflow';
import { ConnectorError, passOn } from '../../../shared/errors';
import type { OutputRow } from '../../../shared/node/operation';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { readEndpoint } from '../../catalogue/catalogue';
import { rowTypes } from '../../catalogue/fieldTypes';
import { wordOfCode } from '../../catalogue/firstClass/codes';
import type { ActionData } from '../../catalogue/firstClass/resourceData';
import { requestBody, type BodyOptions } from '../../catalogue/requestBody';
import { answerRow } from '../../odata/answers';
import { keyPredicate } from '../../odata/keys';
import type { Endpoint } from '../../catalogue/types';
import type { ExactRow } from '../../wire/exactTypes';
import { divisionField, readDivision } from '../common/divisionField';
import type { Operation, OperationCall } from '../operation';
import { refuseFailures } from './actionFailures';
import { chosenKey, readChosen, recordAt } from './chosenRecord';
import type { Place } from './findRecord';
import { recordKeys } from './outputFields';
import { readValues } from './readValues';
import { recordField } from './recordField';
import { underRecordLease } from './recordLease';
import { withReferencesResolved } from './references';
import type { RecordTarget } from './target';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { valueFields, valueOptions } from './valueFields';
import { inSentence, pluralOf } from './words';

/** Fields that ask for something to be sent to the customer, of which the status of the record does not tell. */
const SENDING = /^Send/;

/**
 * Something that is done with a record at an endpoint of its own, such as printing an invoice. It is sent once; what has
 * been done already is looked at first where a field of the record tells.
 */
export function recordAction(target: RecordTarget, action: ActionData): Operation {
	const { record, notAgain } = action;
	const what = inSentence(target.name);
	const whom = record === undefined ? pluralOf(what) : what;
	return {
		name: action.name,
		value: action.value,
		action: `${action.name.charAt(0)}${action.name.slice(1).toLowerCase()} ${whom}`,
		description: `${action.name} ${whom}`,
		fields: [
			divisionField,
			...(record === undefined ? [] : [recordField(target)]),
			...valueFields(undefined, 'POST'),
			changesField,
			optionsCollection([...(notAgain === undefined ? [] : [againOption]), ...valueOptions]),
		],
		refusedAsTool: changesAsTool,
		async execute(call) {
			const division = await readDivision(call);
			const place = { endpoint: target.endpointOf(call), data: target.data, division };
			const endpoint = readEndpoint(action.endpoint);
			const given = readValues(call, { endpoint, method: 'POST' });
			const { values: stated } = given;
			const { codes } = action;
			const values = await withReferencesResolved(call, endpoint, division, stated, codes);
			const parts = { action, place, endpoint, values, options: given.options };
			if (record === undefined) return [await send(call, parts, {})];
			// Two workers would both find it undone, one by the ID of the record and one by its number.
			const chosen = await chosenKey(call, place);
			const subject = JSON.stringify([action.value, chosen.predicate]);
			const look = async () =>
				await send(call, parts, await recordFor(call, place, chosen, action));
			return [await underRecordLease(call, place, subject, look)];
		},
	};
}

interface ActionParts {
	action: ActionData;
	/** Of the record. */
	place: Place;
	/** Of the action. */
	endpoint: Endpoint;
	values: Readonly<Record<string, unknown>>;
	options: BodyOptions;
}

/** Sends an action, once. */
async function send(
	call: OperationCall,
	{ action, place, endpoint, values, options }: ActionParts,
	row: ExactRow,
): Promise<OutputRow> {
	const { client, signal } = call;
	const { record, endpoint: path } = action;
	const [key = ''] = place.endpoint.keyNames;
	const named = record === undefined ? values : { ...values, [record]: row[key] };
	const body = requestBody(endpoint, named, 'POST', options);
	const { division } = place;
	const { rows } = await client.request({ method: 'POST', path, division, body, signal });
	const keys = record === undefined ? {} : recordKeys(place.endpoint, row);
	const [answered] = rows;
	if (answered === undefined) {
		const sends = Object.keys(body).filter((name) => SENDING.test(name) && body[name] === true);
		return { json: { ...keys, ...(await provedDone(call, place, action, row, sends)) } };
	}
	const answer = answerRow(answered, rowTypes(endpoint));
	refuseFailures(action.name, answer);
	return { json: { ...keys, ...told(answer) } };
}

/**
 * What a record says of an action whose answer was empty: the texts that tell of failures stand in the body, so the status of the
 * answer alone proves nothing (docs/facts/exact-online.md 7.2).
 * @param sends fields that asked for something to be sent
 * @throws ConnectorError EXACT_WRITE_UNCONFIRMED where it says nothing, or not whether something was sent
 */
async function provedDone(
	call: OperationCall,
	place: Place,
	{ name, endpoint, notAgain }: ActionData,
	before: ExactRow,
	sends: readonly string[],
): Promise<IDataObject> {
	const unproved = new ConnectorError(
		'EXACT_WRITE_UNCONFIRMED',
		`Exact Online took ${name} and said nothing of what became of it: its answer was empty (${endpoint}).`,
		{ repair: 'Look at the record in Exact Online before you do it again.' },
	);
	if (notAgain === undefined) throw unproved;
	const { field, codes } = notAgain;
	const isDone = (row: ExactRow) => codes.includes(String(row[field]));
	if (isDone(before)) throw unproved;
	const { client, signal } = call;
	const { rows } = await client
		.request({
			method: 'GET',
			path: place.endpoint.path + keyPredicate(place.endpoint.key, before),
			division: place.division,
			query: { $select: [...place.endpoint.keyNames, field].join(',') },
			signal,
		})
		.catch(() => passOn(unproved));
	const [after = {}] = rows;
	if (!isDone(after)) throw unproved;
	const code = String(after[field]);
	const status = wordOfCode(place.data?.codes?.[field] ?? {}, code);
	if (sends.length > 0) {
		throw new ConnectorError(
			'EXACT_WRITE_UNCONFIRMED',
			`${unproved.message} ${field} is ${status} (${code}) now; whether it was sent to the customer (${sends.join(', ')}) is not known.`,
			{ repair: 'Look in Exact Online whether it was sent before you send it again.' },
		);
	}
	return { answerWasEmpty: true, [field]: status };
}

const againOption = {
	displayName: 'Even If Done Already',
	name: 'evenIfDone',
	type: 'boolean',
	default: false,
	description: 'Whether to do it once more for a record whose status says that it has been done',
} as const;

/**
 * The record, if the action is still to be done.
 * @throws ConnectorError EXACT_DONE_ALREADY
 */
async function recordFor(
	call: OperationCall,
	place: Place,
	{ predicate, key }: Awaited<ReturnType<typeof chosenKey>>,
	{ name, notAgain }: ActionData,
): Promise<ExactRow> {
	// What was looked up by another field is there, and no field of it tells more.
	if (notAgain === undefined && readChosen(call).field !== undefined) return key;
	const fields = [...place.endpoint.keyNames, ...(notAgain === undefined ? [] : [notAgain.field])];
	const row = await recordAt(call, place, predicate, { $select: fields.join(',') });
	if (notAgain === undefined || readOptions(call).evenIfDone === true) return row;
	const code = String(row[notAgain.field]);
	if (!notAgain.codes.includes(code)) return row;
	const status = wordOfCode(place.data?.codes?.[notAgain.field] ?? {}, code);
	throw new ConnectorError(
		'EXACT_DONE_ALREADY',
		`${name} was not sent: ${notAgain.field} of the ${inSentence(place.endpoint.name)} is ${status} (${code}), so it has been done already.`,
		{ repair: 'If it is to be done once more, switch on Options > Even If Done Already.' },
	);
}

/** What the answer tells, without what it leaves empty. */
function told(answer: ExactRow): IDataObject {
	const given = Object.entries(answer).filter(([, value]) => value !== null && value !== '');
	return Object.fromEntries(given) as IDataObject;
}
