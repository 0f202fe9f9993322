import type { INodeProperties } from 'n8n-workflow';
import { readRecordValues } from '../../../shared/node/givenRecord';
import { readOptions } from '../../../shared/node/optionsField';
import { dataModeField, jsonInput } from '../../../shared/node/recordInputs';
import { readValueOptions, valueOptionFields } from '../../../shared/node/valueOptionFields';
import type { FieldNames } from '../../fields/fieldNames';
import { SYSTEM_FIELDS, type IndexField } from '../../fields/indexFields';
import {
	isEmptyList,
	writeFields,
	type SentField,
	type WriteOptions,
} from '../../fields/writeFields';
import type { OperationCall } from '../operation';
import { DOCUMENT_ID, DOCUMENT_MEMBERS } from './documentOutput';
import { OUTCOMES } from './outcomes';
import { valueLocator } from './valueLocator';

/** Name of the mapper. */
export const INDEX_FIELDS = 'indexFields';

const mapper: INodeProperties = {
	displayName: 'Index Fields',
	name: INDEX_FIELDS,
	type: 'resourceMapper',
	noDataExpression: true,
	default: { mappingMode: 'defineBelow', value: null },
	typeOptions: {
		loadOptionsDependsOn: ['fileCabinetId.value', 'dialogId.value', 'resource', 'operation'],
		resourceMapper: {
			resourceMapperMethod: 'getIndexFields',
			mode: 'add',
			fieldWords: { singular: 'index field', plural: 'index fields' },
			addAllFields: true,
			valuesLabel: 'Index Fields',
			multiKeyMatch: false,
			supportAutoMap: true,
		},
	},
	displayOptions: { show: { dataMode: ['fields'] } },
};

/** Name of the rows, whose expressions that give nothing the reading deals with, as *Empty Values* says. */
export const INDEX_FIELD_ROWS = 'indexFieldRows';

const rows: INodeProperties = {
	displayName: 'Index Fields',
	name: INDEX_FIELD_ROWS,
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add index field',
	default: {},
	options: [
		{
			displayName: 'Index Field',
			name: 'row',
			values: [
				{
					displayName: 'Field Name or ID',
					name: 'field',
					type: 'options',
					typeOptions: {
						loadOptionsMethod: 'getMatchFields',
						loadOptionsDependsOn: ['fileCabinetId.value'],
					},
					default: '',
					description:
						'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
				},
				valueLocator({
					displayName: 'Value',
					name: 'value',
					description: 'Any value, or one of the select list of the field',
				}),
			],
		},
	],
	displayOptions: { show: { dataMode: ['rows'] } },
};

/** How a form asks for the index fields of a document: by n8n's mapper, in rows with lists of values, or as JSON. */
export const indexFieldInputs: INodeProperties[] = [
	dataModeField('index fields', [
		{
			name: 'Fields with Lists',
			value: 'rows',
			description: 'Choose fields, and their values from select lists or typed',
		},
	]),
	mapper,
	rows,
	jsonInput('The index fields by their names or labels, as one object; null clears a field'),
];

/** Options of how values are read. */
export const indexFieldOptions: INodeProperties[] = valueOptionFields(
	'no field of the file cabinet has the name of',
);

/** What is asked of the index fields of a document. */
export interface IndexFieldScope {
	/** Fields of the file cabinet, or of the dialog that they are entered by. */
	names: FieldNames;
	/**
	 * A document is stored: a mandatory field must not be left empty by its expression. Whether all are given the
	 * service says, since dialogs and suggestions fill some.
	 */
	isNew: boolean;
	/** Names of the fields by which an existing document is found: a value that lacks a part would find another. */
	matchNames?: readonly string[];
}

/**
 * The index fields that the item gives, as they are sent; a field that is not given is not among them.
 *
 * A list without members from data says as little as an empty text; typed, it clears.
 *
 * @throws ConnectorError DOCUWARE_EMPTY_VALUE for an expression that gives nothing, as *Empty Values* says, or only a part
 *   of what a document needs or is found by; DOCUWARE_INVALID_VALUE for a value or a name that does not fit
 */
export function readIndexFields(
	call: OperationCall,
	{ names, isNew, matchNames = [] }: IndexFieldScope,
): SentField[] {
	const mandatory = isNew ? names.fields.filter(isMandatory) : [];
	const isNeeded = (name: string) => names.has(name) && mandatory.includes(names.find(name));
	const isMatched = (name: string) =>
		matchNames.length > 0 && names.has(name) && matchNames.includes(names.find(name).name);
	const { values, from } = readRecordValues(call, {
		mapper: INDEX_FIELDS,
		rows: INDEX_FIELD_ROWS,
		whole: {
			isWhole: (name) => isNeeded(name) || isMatched(name),
			code: 'DOCUWARE_EMPTY_VALUE',
		},
		invalidCode: 'DOCUWARE_INVALID_VALUE',
		example: '{"COMPANY": "Peters Engineering"}',
		isNeeded,
		isNothing: (name, value) => names.has(name) && isEmptyList(names.find(name), value),
		isColumnMeant: (name) => !isMade(name, call),
	});
	return writeFields(names, values, { ...readValueOptions(call), ...rules(call, from) });
}

/** What of the item's columns is no index field, and what the dialog shows only, is left out or refused. */
function rules(call: OperationCall, from: string): Pick<WriteOptions, 'unknown' | 'readOnly'> {
	if (from !== 'columns') return {};
	const rule = readOptions(call).unknownColumns === 'leaveOut' ? 'leaveOut' : 'refuse';
	return { unknown: rule, readOnly: 'leaveOut' };
}

/** What the output of this node says beside the index fields of a document. */
const OUTPUT_MEMBERS: ReadonlySet<string> = new Set([
	...DOCUMENT_MEMBERS,
	...['updated', 'error', 'totalCount'],
	...Object.values(OUTCOMES).flatMap(Object.keys),
]);

/**
 * Whether a column was made by this node or by DocuWare, and is not meant. A title may be the user's own, unless a
 * document comes with it.
 */
function isMade(name: string, { context, itemIndex }: OperationCall): boolean {
	if (name === DOCUMENT_ID || SYSTEM_FIELDS.has(name.trim().toUpperCase())) return true;
	const isOutput = context.getInputData()[itemIndex]?.json[DOCUMENT_ID] !== undefined;
	return isOutput && OUTPUT_MEMBERS.has(name);
}

function isMandatory({ isRequired, isReadOnly }: IndexField): boolean {
	return isRequired && !isReadOnly;
}
