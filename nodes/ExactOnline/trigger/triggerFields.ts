import type { INodeProperties } from 'n8n-workflow';
import { connectionField } from '../../shared/node/polls/connectionOutput';
import { optionsCollection } from '../../shared/node/optionsField';
import { changeOutputFields, entityField } from '../resources/changes/changeFields';
import { divisionField } from '../resources/common/divisionField';
import { divisionOptions } from '../resources/records/severalDivisions';
import { CHANGE_EVENTS } from './changeEvents';

/** Rows that a poll gives at most unless the node says otherwise. */
export const MOST_ROWS = 1000;

/** The fields of the trigger that polls. */
export const triggerFields: INodeProperties[] = [
	{ ...entityField, description: 'Whose changes start the workflow' },
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		options: [
			{
				name: 'Changed',
				value: 'changed',
				description: 'Also where it cannot be told whether the record is new',
			},
			{
				name: 'Created',
				value: 'created',
				description: 'Entities that do not say when a record was made have none',
			},
			{
				name: 'Deleted',
				value: 'deleted',
				description: 'Entities whose deletions cannot be seen have none',
			},
		],
		default: [...CHANGE_EVENTS],
		required: true,
		description: 'What starts the workflow',
	},
	divisionField,
	{
		displayName: 'Start',
		name: 'start',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Now',
				value: 'now',
				description: 'What changes after the workflow was published',
			},
			{
				name: 'From a Date',
				value: 'date',
				description: 'Also what has changed since a date, however long that takes',
			},
		],
		default: 'now',
		description:
			'Where the first poll begins. Later ones go on where the last one has ended; another start begins anew.',
	},
	{
		displayName: 'Date',
		name: 'startDate',
		type: 'dateTime',
		default: '',
		required: true,
		displayOptions: { show: { start: ['date'] } },
		description: 'The time from which on changes count',
	},
	...changeOutputFields,
	connectionField,
	optionsCollection([
		...divisionOptions,
		{
			displayName: 'Most Items per Poll',
			name: 'mostItems',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: MOST_ROWS,
			description: 'How many items one poll gives at most; the next one goes on after them',
		},
	]),
];
