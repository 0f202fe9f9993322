import type { INodeProperties } from 'n8n-workflow';
import type { OperationCall } from '../operation';
import { outputFields } from '../records/outputFields';
import type { Start } from './begin';
import { CHANGED_ENTITIES, type ChangedEntity } from './entities';

/** What is told of an entity in the list. */
function descriptionOf({ sync, data }: ChangedEntity): string | undefined {
	if (sync === undefined) return 'Deletions cannot be seen';
	if (sync.deletedType === undefined) return 'Deletions cannot be seen';
	if (sync.lines || sync.mixed) return 'With the IDs of the lines that have changed';
	return sync.kinds !== undefined && sync.kinds !== data.name ? 'Both in one list' : undefined;
}

export const entityField: INodeProperties = {
	displayName: 'Entity',
	name: 'entity',
	type: 'options',
	options: CHANGED_ENTITIES.map((entity) => {
		const description = descriptionOf(entity);
		return { name: entity.name, value: entity.value, ...(description && { description }) };
	}),
	default: 'account',
	description: 'Whose changes to get',
};

export const startFields: INodeProperties[] = [
	{
		displayName: 'Start',
		name: 'start',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Everything',
				value: 'everything',
				description: 'The first run gets all records, and later ones what has changed since',
			},
			{
				name: 'From a Date',
				value: 'date',
				description:
					'The first run gets what has changed since a date, and later ones go on from there',
			},
			{
				name: 'Given Cursor',
				value: 'cursor',
				description:
					'Each run gets what has changed since the cursor that you give; your workflow keeps it',
			},
		],
		default: 'everything',
		description:
			'Where the first run begins. Later ones go on where the last one ended that Confirm Changes has confirmed. Another start begins anew.',
	},
	{
		displayName: 'Date',
		name: 'startDate',
		type: 'dateTime',
		default: '',
		required: true,
		displayOptions: { show: { start: ['date'] } },
	},
	{
		displayName: 'Cursor',
		name: 'cursor',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. {{ $json.cursor }}',
		description: 'The field cursor of the last row that your workflow has worked off',
		hint: '0 for the beginning',
		displayOptions: { show: { start: ['cursor'] } },
	},
];

/** Output and fields as in every list; the fields are those of the chosen entity. */
export const changeOutputFields: INodeProperties[] = outputFields.map((field) =>
	field.name === 'fieldsToReturn'
		? { ...field, typeOptions: { ...field.typeOptions, loadOptionsDependsOn: ['entity'] } }
		: field,
);

export const changeOptions: INodeProperties[] = [
	{
		displayName: 'Confirm at Once',
		name: 'confirmAtOnce',
		type: 'boolean',
		default: false,
		description:
			'Whether the next run goes on after these rows even if this execution fails. No Confirm Changes is needed then, and rows that were not worked off do not come again.',
	},
	{
		displayName: 'Include Deletions',
		name: 'includeDeletions',
		type: 'boolean',
		default: true,
		description:
			'Whether to get what was deleted as well. Exact Online may want a right of its own for that.',
	},
	{
		displayName: 'Most Rows per Run',
		name: 'mostRows',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1000,
		description: 'How many rows a run gets at most, per division; the next one goes on after them',
	},
];

/** The item's start. */
export function readStart({ context, itemIndex }: OperationCall): Start {
	const from = context.getNodeParameter('start', itemIndex, 'everything');
	if (from === 'cursor') {
		return { from, text: String(context.getNodeParameter('cursor', itemIndex, '')) };
	}
	if (from !== 'date') return { from: 'everything' };
	return { from, date: context.getNodeParameter('startDate', itemIndex, '') };
}
