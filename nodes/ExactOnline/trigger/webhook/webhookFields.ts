import type { INodeProperties } from 'n8n-workflow';
import { outputChoice } from '../../../shared/node/outputChoice';
import type { TriggerForm } from '../../../shared/node/triggerValues';

const whereFetched = { show: { fetchRecord: [true] } };

/** Fields of the node. */
export const webhookFields: INodeProperties[] = [
	{
		displayName: 'Topic',
		name: 'topic',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description:
			'The records whose changes start the workflow, by the name that Exact Online gives them',
		hint:
			'Exact Online keeps one subscription for each topic, division and app: publishing a second workflow on the same topic ends ' +
			'with an error that names the first one. It can poll with the Exact Online Trigger, if the entity is in its list.',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a topic…',
				typeOptions: { searchListMethod: 'searchWebhookTopics', searchable: true },
			},
			{
				displayName: 'By Name',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. SalesInvoices',
				validation: [
					{
						type: 'regex',
						properties: {
							regex: '^\\s*[A-Za-z][A-Za-z0-9]*\\s*$',
							errorMessage: 'A topic is one word of letters and digits',
						},
					},
				],
			},
		],
	},
	{
		displayName: 'Division Names or IDs',
		name: 'divisions',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getDivisions' },
		default: [],
		required: true,
		description:
			'The divisions to be told of; all are subscribed or none. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		options: [
			{ name: 'Changed', value: 'changed' },
			{ name: 'Created', value: 'created' },
			{ name: 'Deleted', value: 'deleted' },
		],
		default: ['changed', 'created', 'deleted'],
		required: true,
		description: 'What starts the workflow',
	},
	{
		displayName: 'If Subscribed Already',
		name: 'ifSubscribed',
		type: 'options',
		options: [
			{
				name: 'Fail',
				value: 'fail',
				description: 'Publishing fails and names the address to which Exact Online sends now',
			},
			{
				name: 'Replace',
				value: 'replace',
				description:
					'Exact Online sends to this workflow instead; who received before receives nothing more',
			},
		],
		default: 'fail',
		description:
			'What happens on publishing if the app has a subscription to the topic that sends elsewhere',
	},
	{
		displayName: 'Fetch Record',
		name: 'fetchRecord',
		type: 'boolean',
		default: true,
		description:
			'Whether to fetch the record, which takes one call for each event. Without it the item holds the ID of the record alone.',
	},
	...outputChoice({
		simplified: 'The ten fields that matter most',
		raw: 'All fields as Exact Online delivers them',
		list: { loadOptionsMethod: 'getFieldsToReturn', loadOptionsDependsOn: ['topic.value'] },
	}).map((field) => ({
		...field,
		displayOptions: { show: { ...field.displayOptions?.show, ...whereFetched.show } },
	})),
];

/** The form of the node; what Trigger On may hold `readChangeEvents` says. */
export const webhookForm: TriggerForm = {
	fields: webhookFields,
	dealsWithGapsIn: ['events'],
	emptyValue: 'EXACT_EMPTY_VALUE',
};
