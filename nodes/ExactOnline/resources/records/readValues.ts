import type { IDataObject, ResourceMapperValue } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import { isRecord } from '../../../shared/http';
import { readJsonField } from '../../../shared/node/jsonField';
import { evaluatorOf } from '../../../shared/node/givenValues';
import type { ItemCall } from '../../../shared/node/operation';
import { readOptions } from '../../../shared/node/optionsField';
import { readValueOptions } from '../../../shared/node/valueOptionFields';
import {
	requireWholeFields,
	requireWholeJson,
	type WholeValues,
} from '../../../shared/node/wholeValues';
import { isEmptyValue } from '../../../shared/values/emptyValues';
import type { ResourceData } from '../../catalogue/firstClass/resourceData';
import type { BodyOptions } from '../../catalogue/requestBody';
import type { Endpoint } from '../../catalogue/types';
import { isReferenceName } from '../../catalogue/firstClass/references';
import { WHOLE_REFERENCES } from '../../lines/wholeValues';
import type { ValueOptions } from '../../odata/edm';
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
	emptyValues?: EmptyRule;
}

/** Values by names of Exact's fields as they were given, and how they are to be taken. */
export interface GivenRecord {
	/** Null clears a field. */
	values: Record<string, unknown>;
	options: BodyOptions;
}

type EmptyRule = 'error' | 'leaveOut' | 'clear';

/** Who made or changed a row, and when. */
const STAMPS = /^(?:Created|Creator|Modified|Modifier)(?:FullName)?$|^(?:Division|Timestamp)$/;

/** Names that this node adds to its output; columns of the next node's input. */
const OWN_COLUMNS = new Set([
	...['recordId', 'recordKey', 'group', 'itemIndexes', 'created', 'updated', 'skipped'],
	...['linesUnchanged', 'foundAfterUnknownFate'],
]);

/**
 * The values of a record as the item gives them: mapped one by one, from the columns of the item, or as JSON.
 * @throws ConnectorError EXACT_EMPTY_VALUE for an expression that gives nothing, as *Empty Values* says, or only a part
 *   of what a record is found by or needs; EXACT_INVALID_VALUE for JSON that is none, and for a field that is given twice
 */
export function readValues(item: ItemCall, scope: ValueScope): GivenRecord {
	const options = readValueOptions(item);
	const { context, itemIndex } = item;
	if (context.getNodeParameter('dataMode', itemIndex, 'fields') === 'json') {
		const given = objectOf(context.getNodeParameter('json', itemIndex), itemIndex);
		const typed = context.getNode().parameters.json;
		if (!isExpression(typed)) return { values: given, options };
		const read = (value: unknown) => objectOf(value, itemIndex);
		requireWholeJson(typed, given, read, wholeValues(item, scope));
		// What comes from data says nothing where it is empty; a null that somebody typed clears the field.
		return { values: withoutEmpty(item, scope, given, 'leaveOut', undefined), options };
	}
	const mapped = context.getNodeParameter('values', itemIndex, {}) as Partial<ResourceMapperValue>;
	if (mapped.mappingMode === 'autoMapInputData') return readColumns(item, scope, options);
	requireWholeFields(Object.entries(typedValues(item) ?? {}), wholeValues(item, scope));
	const values = withoutEmpty(
		item,
		scope,
		mapped.value ?? {},
		scope.emptyValues ?? 'error',
		typedValues(item),
	);
	return { values: withReferences(values, item, scope), options };
}

/** What of a record has to be whole: what it is looked for by, what it needs, and what it refers to. */
function wholeValues(item: ItemCall, scope: ValueScope): WholeValues {
	const matched = scope.method === 'POST' ? matchNames(item, scope) : [];
	return {
		...WHOLE_REFERENCES,
		evaluate: evaluatorOf(item.context, item.itemIndex),
		isWhole: (name) =>
			scope.allWhole === true ||
			matched.includes(name) ||
			isNeeded(name, scope) ||
			isReferenceName(name),
		where: `item ${item.itemIndex}`,
	};
}

function isNeeded(name: string, { method, data }: ValueScope): boolean {
	return method === 'POST' && data?.required?.includes(name) === true;
}

/** All columns of the item; those that the service itself sets in every row are not meant. */
function readColumns(item: ItemCall, scope: ValueScope, options: ValueOptions): GivenRecord {
	const { context, itemIndex } = item;
	const columns = context.getInputData()[itemIndex]?.json ?? {};
	const given = Object.entries(columns).filter(([name]) => !isSetByService(name, scope));
	const rule = readOptions(item).unknownColumns === 'leaveOut' ? 'leaveOut' : 'refuse';
	return {
		values: withoutEmpty(item, undefined, Object.fromEntries(given), 'leaveOut', undefined),
		options: { ...options, unknown: rule, readOnly: rule },
	};
}

/** The key, stamps, and what only tells in words what the field beside it refers to. */
function isSetByService(name: string, { endpoint, method }: ValueScope): boolean {
	const field = endpoint.fields.get(name);
	if (OWN_COLUMNS.has(name) || endpoint.keyNames.includes(name)) return true;
	if (field === undefined || (method === 'POST' ? field.create : field.update)) return false;
	const stem = /^(.+?)(?:FullName|Code|Name|Description|Number|Subject|HID)$/.exec(name)?.[1];
	return STAMPS.test(name) || [stem, `${stem}ID`].some((one) => endpoint.fields.has(one ?? ''));
}

/** The fields in the node's own parameters, with their expressions. */
function typedValues({ context }: ItemCall): Readonly<Record<string, unknown>> | undefined {
	const stored: unknown = context.getNode().parameters.values;
	const values = isRecord(stored) ? stored.value : undefined;
	return isRecord(values) ? values : undefined;
}

/**
 * Values with what is empty dealt with. What was typed empty means that nothing is to be said of the field.
 * @param typed the same in the node's own parameters; undefined where every value comes from data
 */
function withoutEmpty(
	item: ItemCall,
	scope: ValueScope | undefined,
	given: Readonly<Record<string, unknown>>,
	standard: EmptyRule,
	typed: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
	const rule = (readOptions(item).emptyValues ?? standard) as EmptyRule;
	const values: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(given)) {
		if (!isEmptyValue(value)) values[name] = value;
		else if (typed === undefined || isExpression(typed[name])) {
			const needed = scope !== undefined && isNeeded(name, scope);
			if (needed || rule === 'error') throw emptyValue(name, value, item.itemIndex);
			if (rule === 'clear') values[name] = null;
		}
	}
	return values;
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

function objectOf(json: unknown, itemIndex: number): Record<string, unknown> {
	const reading = readJsonField(json);
	const content: unknown = 'text' in reading ? JSON.parse(reading.text) : undefined;
	if (isRecord(content) && !Array.isArray(content)) return content;
	const problem = 'problem' in reading ? reading.problem : 'it is no object';
	throw new ConnectorError(
		'EXACT_INVALID_VALUE',
		`The field JSON of item ${itemIndex} is not usable: ${problem}.`,
		{ repair: 'Give one object, such as {"Name": "Acme"}, with names and texts in double quotes.' },
	);
}

function isExpression(typed: unknown): boolean {
	return typeof typed === 'string' && typed.startsWith('=');
}

function emptyValue(name: string, value: unknown, itemIndex: number): ConnectorError {
	const gives = typeof value === 'string' ? 'an empty text' : String(value);
	return new ConnectorError(
		'EXACT_EMPTY_VALUE',
		`The field ${name} gets ${gives} from item ${itemIndex} (the first item is 0). Nothing was sent.`,
		{
			repair:
				'Correct the expression or the data of that item, or choose in Options > Empty Values what becomes ' +
				'of empty fields; one that is needed must have a value.',
		},
	);
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
