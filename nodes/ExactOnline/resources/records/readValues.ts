import type { IDataObject } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import { isRecord } from '../../../shared/http';
import { readRecordValues } from '../../../shared/node/givenRecord';
import type { ItemCall } from '../../../shared/node/operation';
import { readOptions } from '../../../shared/node/optionsField';
import { readValueOptions } from '../../../shared/node/valueOptionFields';
import { isEmptyValue, type EmptyValues } from '../../../shared/values/emptyValues';
import type { ResourceData } from '../../catalogue/firstClass/resourceData';
import type { BodyOptions } from '../../catalogue/requestBody';
import type { Endpoint } from '../../catalogue/types';
import { isReferenceName } from '../../catalogue/firstClass/references';
import { WHOLE_REFERENCES } from '../../lines/wholeValues';
import { matchNames } from './matchFields';
import { referenceNames } from './referenceFields';
import { parameterName } from './words';

/** What is asked of the values of one record. */
export interface ValueScope {
	endpoint: Endpoint;
	data?: ResourceData;
	method: 'POST' | 'PUT';
	/** True where each value tells what is read, as the parameters of a function do: none may be empty in part. */
	allWhole?: boolean;
	/** What becomes of empty values that are mapped one by one, unless the item says; default: an error. */
	emptyValues?: EmptyValues;
}

/** Values by names of Exact's fields as they were given, and how they are to be taken. */
export interface GivenRecord {
	/** Null clears a field. */
	values: Record<string, unknown>;
	options: BodyOptions;
}

/** Who made or changed a row, and when. */
const STAMPS = /^(?:Created|Creator|Modified|Modifier)(?:FullName)?$|^(?:Division|Timestamp)$/;

/** Names that this node adds to its output; columns of the next node's input. */
const OWN_COLUMNS = new Set([
	...['recordId', 'recordKey', 'group', 'itemIndexes', 'created', 'updated', 'skipped'],
	...['linesUnchanged', 'fieldsUnchanged', 'foundAfterUnknownFate', 'readAgainFailed'],
	...['answerWasEmpty', 'division', 'change', 'changedLineIds', 'cursor', 'deletionsMayBeMissing'],
]);

/**
 * The values of a record as the item gives them: mapped one by one, from the columns of the item, or as JSON.
 * @throws ConnectorError EXACT_EMPTY_VALUE for an expression that gives nothing, as *Empty Values* says, or where it
 *   would clear what a record needs, and for one that gives only a part of what a record is found by or needs; EXACT_INVALID_VALUE for JSON that is none, and for a field that is given twice
 */
export function readValues(item: ItemCall, scope: ValueScope): GivenRecord {
	const options = readValueOptions(item);
	const { values, from } = readRecordValues(item, {
		mapper: 'values',
		whole: { ...WHOLE_REFERENCES, isWhole: wholeIn(item, scope) },
		invalidCode: 'EXACT_INVALID_VALUE',
		example: '{"Name": "Acme"}',
		isNeeded: (name) => isNeeded(name, scope),
		mayBeCleared: (name) => mayBeCleared(name, scope),
		isColumnMeant: (name) => !isSetByService(name, scope),
		emptyValues: scope.emptyValues,
	});
	switch (from) {
		case 'json':
			return { values, options };
		case 'columns': {
			const rule = readOptions(item).unknownColumns === 'leaveOut' ? 'leaveOut' : 'refuse';
			return { values, options: { ...options, unknown: rule, readOnly: rule } };
		}
		case 'fields':
			return { values: withReferences(values, item, scope), options };
	}
}

/** What of a record has to be whole: what it is looked for by, what it needs, and what it refers to. */
function wholeIn(item: ItemCall, scope: ValueScope): (name: string) => boolean {
	let matched: readonly string[] | undefined;
	return (name) =>
		scope.allWhole === true ||
		(matched ??= scope.method === 'POST' ? matchNames(item, scope) : []).includes(name) ||
		isNeeded(name, scope) ||
		isReferenceName(name);
}

function isNeeded(name: string, { method, data }: ValueScope): boolean {
	return method === 'POST' && data?.required?.includes(name) === true;
}

/** What no change takes is cleared by none: a change leaves it out or refuses it, and a new record tells what it lacks. */
function mayBeCleared(name: string, { data, endpoint }: ValueScope): boolean {
	return data?.required?.includes(name) !== true || endpoint.fields.get(name)?.update !== true;
}

/** The key, stamps, and what only tells in words what the field beside it refers to. */
function isSetByService(name: string, { endpoint, method }: ValueScope): boolean {
	const field = endpoint.fields.get(name);
	if (OWN_COLUMNS.has(name) || endpoint.keyNames.includes(name)) return true;
	if (field === undefined || (method === 'POST' ? field.create : field.update)) return false;
	const stem = /^(.+?)(?:FullName|Code|Name|Description|Number|Subject|HID)$/.exec(name)?.[1];
	return STAMPS.test(name) || [stem, `${stem}ID`].some((one) => endpoint.fields.has(one ?? ''));
}

/** The locators beside the mapper. */
function withReferences(
	values: Record<string, unknown>,
	{ context, itemIndex }: ItemCall,
	{ data, method }: ValueScope,
): Record<string, unknown> {
	if (data === undefined) return values;
	const further = context.getNodeParameter('references', itemIndex, {}) as IDataObject;
	for (const name of referenceNames(data, method)) {
		const parameter = parameterName(name);
		const stands = further[parameter] ?? context.getNodeParameter(parameter, itemIndex, null);
		const value = isRecord(stands) ? stands.value : stands;
		if (isEmptyValue(value)) continue;
		if (name in values) {
			throw new ConnectorError('EXACT_INVALID_VALUE', `${name} is given twice.`, {
				repair: 'Give it among the fields or as a reference, not both.',
			});
		}
		values[name] = value;
	}
	return values;
}

/**
 * Stops a new record that lacks what its kind needs, before anything is sent.
 * @throws ConnectorError EXACT_INVALID_VALUE with the names
 */
export function requireNeeded(
	data: ResourceData | undefined,
	values: Readonly<Record<string, unknown>>,
): void {
	const missing = (data?.required ?? []).filter((name) => isEmptyValue(values[name]));
	if (missing.length === 0) return;
	throw new ConnectorError(
		'EXACT_INVALID_VALUE',
		`${data?.name} needs a value for ${missing.join(', ')}. Nothing was sent.`,
		{ repair: 'Give these fields a value.' },
	);
}
