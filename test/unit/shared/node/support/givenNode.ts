import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { describeResources } from '../../../../../nodes/shared/node/describeResources';
import { listFields, readLimit } from '../../../../../nodes/shared/node/listFields';
import { optionsCollection, readOptions } from '../../../../../nodes/shared/node/optionsField';
import type {
	ItemCall,
	Operation,
	OutputRow,
	Resource,
} from '../../../../../nodes/shared/node/operation';
import { pairsField } from '../../../../../nodes/shared/node/pairsField';
import { runItem } from '../../../../../nodes/shared/node/runNode';
import { changesAsTool, changesField } from '../../../../../nodes/shared/node/toolChanges';
import { executeContext, type NodeSettings } from '../../../../support/n8nContext';

const text = (displayName: string, name: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
});

const choice = (displayName: string, name: string): INodeProperties => ({
	...text(displayName, name),
	type: 'multiOptions',
	default: [],
	options: [{ name: 'A', value: 'a' }],
});

const TURNS = [0, 90].map((value) => ({ name: `${value}°`, value }));

export const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	default: {},
	options: [
		text('Code', 'code'),
		{ ...text('Status', 'status'), type: 'options', options: [{ name: 'A', value: 'a' }] },
	],
};

const place: INodeProperties = {
	...text('Place', 'place'),
	type: 'resourceLocator',
	default: { mode: 'list', value: 'current' },
	modes: [{ displayName: 'By Code', name: 'id', type: 'string' }],
};

const body: INodeProperties = {
	...text('Body', 'body'),
	type: 'json',
	default: '{}',
	displayOptions: { show: { kind: ['write'] } },
};

const kind: INodeProperties = {
	...text('Kind', 'kind'),
	type: 'options',
	default: 'read',
	options: ['read', 'write'].map((value) => ({ name: value, value })),
};

const sort = (operator: string): INodeProperties => ({
	...text('Sort', 'sort'),
	type: 'options',
	displayOptions: { show: { operator: [operator] } },
});

/** Conditions as rows, of which a value is hidden by another field of its row. */
const rows: INodeProperties = {
	...text('Rows', 'rows'),
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	default: {},
	options: [
		{
			name: 'row',
			displayName: 'Row',
			values: [
				text('Operator', 'operator'),
				{ ...text('Bold', 'bold'), type: 'boolean' },
				{ ...text('Value', 'value'), displayOptions: { show: { operator: ['eq'] } } },
				{ ...place, displayName: 'Item', name: 'item' },
				{ ...sort('eq'), options: ['up', 'down'].map((value) => ({ name: value, value })) },
				{ ...sort('in'), options: [{ name: 'First', value: 'first' }] },
			],
		},
	],
};

const mapper: INodeProperties = { ...text('Columns', 'columns'), type: 'resourceMapper' };

/** Columns as the editor saves them. */
export const mapped = (value: IDataObject): IDataObject => ({
	mappingMode: 'defineBelow',
	value,
	schema: ['Name', 'Code', 'City'].map((id) => ({ id, displayName: id, required: id === 'Name' })),
});

const fields: INodeProperties[] = [
	kind,
	place,
	...listFields,
	text('Path', 'path'),
	{ ...text('Text', 'text'), typeOptions: { rows: 4 } },
	filters,
	pairsField(
		{ displayName: 'Parameters', name: 'pairs' },
		{ name: 'entries', displayName: 'Entry' },
	),
	body,
	rows,
	mapper,
	{ ...text('Lines', 'lines'), type: 'json', typeOptions: { rows: 6 } },
	{ ...filters, displayName: 'References', name: 'references' },
	optionsCollection([
		choice('Fields', 'fields'),
		choice('Divisions', 'divisions'),
		text('Limit', 'limit'),
		{ ...text('Force', 'force'), type: 'boolean' },
		{ ...choice('Turn', 'turn'), type: 'options', options: TURNS },
		{ ...choice('Turns', 'turns'), options: TURNS },
	]),
];

const READ = ['kind', 'filters', 'pairs', 'rows', 'path', 'text'];

const get: Operation<ItemCall> = {
	name: 'Get',
	value: 'get',
	action: 'Get it',
	description: 'Get it',
	fields,
	async execute({ context, itemIndex }) {
		const read = READ.map((name) => [name, context.getNodeParameter(name, itemIndex, '')]);
		const options = readOptions({ context, itemIndex });
		const limit = readLimit(context, itemIndex);
		return [{ json: { ...Object.fromEntries(read), options, limit } as IDataObject }];
	},
};

const change: Operation<ItemCall> = {
	...get,
	name: 'Change',
	value: 'change',
	fields: [changesField, ...fields],
	refusedAsTool: changesAsTool,
};

export const resources: Array<Resource<ItemCall>> = [
	{ name: 'Thing', value: 'thing', defaultOperation: 'get', operations: [get, change] },
];

/** A node with one resource. */
export const description = {
	displayName: 'Node',
	name: 'node',
	properties: describeResources(resources, 'thing'),
};

export const errors = {
	unknownOperation: 'U',
	notForAi: 'N',
	emptyValue: 'EMPTY',
	cancelled: () => new Error(),
};

/** Runs the operation for an item that has nothing in it but what is given. */
export async function run(
	parameters: IDataObject,
	json: IDataObject = {},
	settings: NodeSettings = {},
): Promise<{ rows: OutputRow[]; opened: number }> {
	const { context } = executeContext({
		description,
		parameters,
		items: [{}, { json }],
		...settings,
	});
	let opened = 0;
	const rows = await runItem(
		resources,
		errors as never,
		{ context, itemIndex: 1, signal: undefined },
		async (item) => {
			opened += 1;
			return item;
		},
	).catch((error: unknown) => {
		expect(opened).toBe(0);
		throw error;
	});
	return { rows, opened };
}

/** What the item gives. */
export const X = '={{ $json.x }}';
