import type { INodeProperties } from 'n8n-workflow';
import { sortFieldOf } from '../../../shared/node/listFields';
import { thousandsOption } from '../../../shared/node/valueOptionFields';
import { WITHOUT_VALUE } from '../../search/operators';
import { dialogField, fileCabinetField } from '../common/cabinetField';
import { sessionFields } from '../common/sessionFields';
import { valueLocator } from '../common/valueLocator';

const DEPENDS_ON = ['fileCabinetId.value', 'dialogId.value'];

const fieldName: INodeProperties = {
	displayName: 'Field Name or ID',
	name: 'field',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getSearchFields', loadOptionsDependsOn: DEPENDS_ON },
	default: '',
	description:
		'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
};

/** Conditions as rows; the editor offers fields of the file cabinet, and operators that fit the field's type. */
const conditionRows: INodeProperties = {
	displayName: 'Conditions',
	name: 'conditions',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add condition',
	default: {},
	description: 'What documents are searched for; without any condition all are found',
	displayOptions: { show: { conditionsAs: ['rows'] } },
	options: [
		{
			displayName: 'Condition',
			name: 'condition',
			values: [
				fieldName,
				{
					displayName: 'Operator Name or ID',
					name: 'operator',
					type: 'options',
					typeOptions: {
						loadOptionsMethod: 'getSearchOperators',
						loadOptionsDependsOn: ['&field'],
					},
					default: 'is',
					description:
						'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
				},
				valueLocator({
					displayName: 'Value',
					name: 'value',
					description:
						'Taken literally, but for wildcards with Is Like. For Is Any Of a list with commas, or an array.',
					displayOptions: { hide: { operator: [...WITHOUT_VALUE] } },
				}),
				valueLocator({
					displayName: 'Value To',
					name: 'valueTo',
					description: 'The end of the range, which belongs to it',
					displayOptions: { show: { operator: ['between'] } },
				}),
			],
		},
	],
};

/** What documents of a file cabinet are searched for: dialog and conditions. */
export const searchTermFields: INodeProperties[] = [
	dialogField('Search', {
		displayName: 'Search Dialog',
		description: 'The dialog to search with. Empty: the one that every user has, with all fields.',
	}),
	{
		displayName: 'Conditions As',
		name: 'conditionsAs',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'JSON', value: 'json', description: 'A list of conditions or a DialogExpression' },
			{ name: 'Rows', value: 'rows' },
		],
		default: 'rows',
		description: 'How the conditions are given',
	},
	conditionRows,
	{
		displayName: 'Conditions (JSON)',
		name: 'conditionsJson',
		type: 'json',
		default: '[]',
		description:
			'A list such as [{"field": "COMPANY", "operator": "contains", "value": "Peters"}] with the operators is, isNot, anyOf, contains, notContains, startsWith, endsWith, like, between (with valueTo), from, to, isEmpty, isNotEmpty; an object of fields and values; or a DialogExpression of DocuWare. [] finds all documents.',
		displayOptions: { show: { conditionsAs: ['json'] } },
	},
	{
		displayName: 'Conditions Must Match',
		name: 'combine',
		type: 'options',
		options: [
			{ name: 'All Conditions', value: 'And' },
			{ name: 'Any Condition', value: 'Or' },
		],
		default: 'And',
		description: 'Whether a document must meet all conditions, or any of them',
	},
];

/** Which documents are meant: file cabinet, dialog and conditions. */
export const conditionFields: INodeProperties[] = [
	...sessionFields,
	fileCabinetField('both'),
	...searchTermFields,
];

const additionalCabinets: INodeProperties = {
	displayName: 'Additional Cabinet Names or IDs',
	name: 'additionalCabinets',
	type: 'multiOptions',
	typeOptions: { loadOptionsMethod: 'getFileCabinets' },
	default: [],
	description:
		'Further file cabinets that have the same search dialog and fields. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

/** What is seldom asked of a search in one file cabinet. */
export const searchTermOptions: INodeProperties[] = [
	{
		displayName: 'Include Appended',
		name: 'includeAppended',
		type: 'boolean',
		default: false,
		description: 'Whether to find documents that are appended to others too',
	},
	{
		displayName: 'Include Checked-Out',
		name: 'includeCheckedOut',
		type: 'boolean',
		default: false,
		description: 'Whether to find documents that are checked out too',
	},
	thousandsOption,
];

/** What is seldom asked of a search, and of a count as well. */
export const conditionOptions: INodeProperties[] = [additionalCabinets, ...searchTermOptions];

/** Fields that results are sorted by, below the options. */
export const sortField = sortFieldOf(
	fieldName,
	{ ascending: 'Asc', descending: 'Desc' },
	'Fields that the documents are sorted by, the first counts most. Without it they come by document ID, and more than 10,000 can be read.',
);
