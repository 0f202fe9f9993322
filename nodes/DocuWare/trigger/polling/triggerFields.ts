import type { INodeProperties } from 'n8n-workflow';
import { optionsCollection } from '../../../shared/node/optionsField';
import { connectionField } from '../../../shared/node/polls/connectionOutput';
import { authenticationField } from '../../resources/common/authenticationField';
import { fileCabinetField } from '../../resources/common/cabinetField';
import { documentOutputFields } from '../../resources/common/documentOutput';
import { searchTermFields, searchTermOptions } from '../../resources/document/searchFields';
import type { PollEvent } from './pollEvents';

/** Names of the parameters that the poll reads itself. */
export const PARAMETERS = {
	events: 'events',
	place: 'place',
	hasConditions: 'onlySome',
	start: 'start',
	startDate: 'startDate',
	most: 'mostItems',
} as const;

/** Documents of an event that a poll gives unless the node says otherwise. */
export const DEFAULT_MOST = 1_000;

/** What can start the workflow. */
export const eventChoices: ReadonlyArray<{ name: string; value: PollEvent; description: string }> =
	[
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
		options: [...eventChoices],
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
		description:
			'Whether only documents that meet conditions start the workflow. One that meets them only after a later change counts as changed, not as stored.',
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
				description: 'Also what was stored or changed since a date, however many polls that takes',
			},
			{
				name: 'Now',
				value: 'now',
				description: 'What is stored or changed after the workflow was published',
			},
		],
		default: 'now',
		noDataExpression: true,
		description:
			'Where the first poll begins. Later ones go on where the last one has ended; another start begins anew.',
	},
	{
		displayName: 'Date',
		name: PARAMETERS.startDate,
		type: 'dateTime',
		default: '',
		required: true,
		description:
			"The time from which on documents count; without a zone one of the workflow's time zone",
		displayOptions: { show: { [PARAMETERS.start]: ['date'] } },
	},
	...documentOutputFields,
	connectionField,
	optionsCollection([
		...searchTermOptions.filter(isFlag).map((flag) => ({ ...flag, default: true })),
		{
			displayName: 'Most Items per Poll',
			name: PARAMETERS.most,
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 10_000 },
			default: DEFAULT_MOST,
			description:
				'How many documents one poll gives of each event at most; the next one goes on after them',
		},
		...searchTermOptions.filter((option) => !isFlag(option)),
	]),
];

/** Options that say which documents a search finds beside the usual ones. */
function isFlag({ name }: INodeProperties): boolean {
	return name.startsWith('include');
}
