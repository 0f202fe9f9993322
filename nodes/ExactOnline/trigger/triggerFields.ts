import type { INodeProperties } from 'n8n-workflow';
import { connectionField } from '../../shared/node/polls/connectionOutput';
import { mostItemsOption, startFields } from '../../shared/node/polls/startFields';
import { optionsCollection } from '../../shared/node/optionsField';
import type { TriggerForm } from '../../shared/node/triggerValues';
import { changeOutputFields, entityField } from '../resources/changes/changeFields';
import { divisionField } from '../resources/common/divisionField';
import { divisionOptions } from '../resources/records/severalDivisions';
import { CHANGE_EVENTS } from './changeEvents';

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
	...startFields({
		date: 'Also what has changed since a date, however many polls that takes',
		now: 'What changes after the workflow was published',
		from: "The time from which on changes count; without a zone one of the workflow's time zone",
	}),
	...changeOutputFields,
	connectionField,
	optionsCollection([
		...divisionOptions,
		mostItemsOption('How many items one poll gives at most; the next one goes on after them'),
	]),
];

/** The form of the trigger that polls; what Trigger On may hold `readChangeEvents` says. */
export const triggerForm: TriggerForm = {
	fields: triggerFields,
	dealsWithGapsIn: ['events'],
	emptyValue: 'EXACT_EMPTY_VALUE',
};
