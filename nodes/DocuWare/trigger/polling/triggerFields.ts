import type { INodeProperties } from 'n8n-workflow';
import { optionsCollection } from '../../../shared/node/optionsField';
import { connectionField } from '../../../shared/node/polls/connectionOutput';
import { mostItemsOption, startFields } from '../../../shared/node/polls/startFields';
import type { TriggerForm } from '../../../shared/node/triggerValues';
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
} as const;

/** Most documents of an event that a poll may be asked for. */
export const MOST_ITEMS = 10_000;

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
			'Whether only documents that meet conditions start the workflow. One that meets them only by a later change counts as changed, not as stored, if it was stored before the start or before a document that has already come.',
		displayOptions: { show: { [PARAMETERS.place]: ['cabinet'] } },
	},
	...searchTermFields.map((field) =>
		shownFor({ [PARAMETERS.place]: ['cabinet'], [PARAMETERS.hasConditions]: [true] }, field),
	),
	...startFields({
		date: 'Also what was stored or changed since a date, however many polls that takes',
		now: 'What is stored or changed after the workflow was published',
		from: "The time from which on documents count; without a zone one of the workflow's time zone",
	}),
	...documentOutputFields,
	connectionField,
	optionsCollection([
		...searchTermOptions.filter(isFlag).map((flag) => ({ ...flag, default: true })),
		mostItemsOption(
			'How many documents one poll gives of each event at most; the next one goes on after them',
			MOST_ITEMS,
		),
		...searchTermOptions.filter((option) => !isFlag(option)),
	]),
];

/** The form of the trigger. */
export const triggerForm: TriggerForm = {
	fields: triggerFields,
	emptyValue: 'DOCUWARE_EMPTY_VALUE',
};

/** Options that say which documents a search finds beside the usual ones. */
function isFlag({ name }: INodeProperties): boolean {
	return name.startsWith('include');
}
