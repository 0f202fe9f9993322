import type { INodeProperties } from 'n8n-workflow';
import { optionsCollection } from '../../shared/node/optionsField';
import { authenticationField } from '../resources/common/authenticationField';
import { fileCabinetField } from '../resources/common/cabinetField';
import { documentOutputFields } from '../resources/common/documentOutput';
import { searchTermFields, searchTermOptions } from '../resources/document/searchFields';
import type { PollEvent } from './pollEvents';

/** Names of the parameters that the poll reads itself. */
export const PARAMETERS = {
	events: 'events',
	place: 'place',
	hasConditions: 'onlySome',
	start: 'start',
	startDate: 'startDate',
	most: 'maxDocuments',
} as const;

/** Documents of an event that a poll gives unless the node says otherwise. */
export const DEFAULT_MOST = 1_000;

const eventChoices: Array<{ name: string; value: PollEvent; description: string }> = [
	{
		name: 'Document Changed',
		value: 'changed',
		description: 'Index values or files of a document were changed after it was stored',
	},
	{
		name: 'Document Stored',
		value: 'stored',
		description: 'A document is new in the file cabinet or tray',
	},
];

type Shown = Record<string, Array<string | boolean>>;

/** A field that is shown only where others have these values, beside what it asks for itself. */
function shownFor(show: Shown, field: INodeProperties): INodeProperties {
	return { ...field, displayOptions: { show: { ...field.displayOptions?.show, ...show } } };
}

/** The form of the trigger: what is needed first. */
export const triggerFields: INodeProperties[] = [
	authenticationField,
	{
		displayName: 'Trigger On',
		name: PARAMETERS.events,
		type: 'multiOptions',
		options: eventChoices,
		default: ['stored'],
		required: true,
		noDataExpression: true,
		description: 'What starts the workflow',
	},
	{
		displayName: 'Documents In',
		name: PARAMETERS.place,
		type: 'options',
		options: [
			{ name: 'Document Tray', value: 'tray' },
			{ name: 'File Cabinet', value: 'cabinet' },
		],
		default: 'cabinet',
		noDataExpression: true,
	},
	shownFor({ [PARAMETERS.place]: ['cabinet'] }, fileCabinetField('cabinets')),
	shownFor({ [PARAMETERS.place]: ['tray'] }, fileCabinetField('trays')),
	{
		displayName: 'Only Some Documents',
		name: PARAMETERS.hasConditions,
		type: 'boolean',
		default: false,
		noDataExpression: true,
		description: 'Whether only documents that meet conditions start the workflow',
		displayOptions: { show: { [PARAMETERS.place]: ['cabinet'] } },
	},
	...searchTermFields.map((field) =>
		shownFor({ [PARAMETERS.place]: ['cabinet'], [PARAMETERS.hasConditions]: [true] }, field),
	),
	{
		displayName: 'Start',
		name: PARAMETERS.start,
		type: 'options',
		options: [
			{
				name: 'From a Date',
				value: 'date',
				description: 'Also documents that are there already, from a date on',
			},
			{
				name: 'From Now',
				value: 'now',
				description: 'Documents from the publishing of the workflow on',
			},
		],
		default: 'now',
		noDataExpression: true,
		description: 'Where the first poll begins; another choice begins anew',
	},
	{
		displayName: 'Start Date',
		name: PARAMETERS.startDate,
		type: 'dateTime',
		default: '',
		required: true,
		description:
			"Documents that were stored or changed then or later; a date without a zone is one of the workflow's time zone",
		displayOptions: { show: { [PARAMETERS.start]: ['date'] } },
	},
	...documentOutputFields,
	optionsCollection([
		...searchTermOptions.filter(({ name }) => name !== 'thousands'),
		{
			displayName: 'Max Documents per Poll',
			name: PARAMETERS.most,
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 10_000 },
			default: DEFAULT_MOST,
			description:
				'How many documents one poll gives of each event at most; the next polls work off the rest',
		},
		...searchTermOptions.filter(({ name }) => name === 'thousands'),
	]),
];
