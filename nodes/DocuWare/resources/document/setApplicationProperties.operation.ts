import type { INodeProperties } from 'n8n-workflow';
import { pairsField, readValuePairs } from '../../../shared/node/pairsField';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { invalidParameter } from '../../api/clientErrors';
import { sessionFields } from '../common/sessionFields';
import type { DocuWareOperation, OperationCall } from '../operation';
import { applicationProperties, propertiesBody } from './applicationProperties';
import { documentTargetFields } from './documentTarget';
import { linkOf, placeOf, readDocument } from './locatedDocument';
import { changeFor } from './sendChange';

const PAIRS = 'property';

const valuesField = pairsField(
	{
		displayName: 'Properties',
		name: 'applicationProperties',
		placeholder: 'Add property',
		description: 'Names and values to set; all others stay as they are',
	},
	{ name: PAIRS, displayName: 'Property' },
);

const deletedField: INodeProperties = {
	displayName: 'Properties to Delete',
	name: 'deletedProperties',
	type: 'string',
	default: '',
	placeholder: 'e.g. exportedAt, exportedBy',
	description: 'Names of properties to delete, with commas between them, or an array',
};

/** `POST …/DocumentApplicationProperties` (docs/facts/docuware.md 7.3, 7.4). */
export const setApplicationProperties: DocuWareOperation = {
	name: 'Set Application Properties',
	value: 'setApplicationProperties',
	action: 'Set application properties of document',
	description: 'Set or delete names and values that applications keep with a document',
	fields: [changesField, ...sessionFields, ...documentTargetFields, valuesField, deletedField],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const values = readValues(call);
		const deleted = readDeleted(call, values);
		const document = await readDocument(call);
		const address = linkOf(call, document, 'appProperties');
		const body = propertiesBody(values, deleted);
		const answer = await changeFor(call, { method: 'POST', address, body });
		return [
			{
				json: {
					...placeOf(document),
					set: values.map(([name]) => name),
					deleted,
					properties: applicationProperties(answer),
				},
			},
		];
	},
};

/** @throws ConnectorError DOCUWARE_INVALID_PARAMETER for an empty value, which would delete, and a name given twice */
function readValues({ context, itemIndex }: OperationCall): Array<[name: string, value: string]> {
	const pairs = readValuePairs(context.getNodeParameter(valuesField.name, itemIndex, {}), PAIRS);
	const values = pairs.map(([name, value]): [string, string] => [name, textOf(value)]);
	for (const [index, [name, value]] of values.entries()) {
		if (value === '') {
			throw invalidParameter(
				`The value of the property "${name}" is empty for item ${itemIndex}. DocuWare would delete the property, so nothing was sent.`,
				'Give a value, or name the property in Properties to Delete.',
			);
		}
		if (values.findIndex(([other]) => other === name) !== index) {
			throw invalidParameter(
				`The property "${name}" is given twice for item ${itemIndex}. Nothing was sent.`,
				'Give each property once.',
			);
		}
	}
	return values;
}

function readDeleted(
	{ context, itemIndex }: OperationCall,
	values: ReadonlyArray<readonly [string, string]>,
): string[] {
	const given: unknown = context.getNodeParameter(deletedField.name, itemIndex, '');
	const list: unknown[] = Array.isArray(given) ? given : String(given ?? '').split(',');
	const names = [...new Set(list.map((one) => String(one).trim()))].filter((name) => name !== '');
	const both = names.find((name) => values.some(([set]) => set === name));
	if (both !== undefined) {
		throw invalidParameter(
			`The property "${both}" is to be set and deleted for item ${itemIndex}. Nothing was sent.`,
			'Take it out of one of the two fields.',
		);
	}
	if (names.length > 0 || values.length > 0) return names;
	throw invalidParameter(
		`No property is to be set or deleted for item ${itemIndex}.`,
		'Add a property, or name one to delete.',
	);
}

/** Properties are texts; of what is more, its JSON. */
function textOf(value: unknown): string {
	if (value === null || value === undefined) return '';
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
