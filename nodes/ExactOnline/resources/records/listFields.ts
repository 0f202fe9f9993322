import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { sortFieldOf } from '../../../shared/node/listFields';
import type { ItemCall } from '../../../shared/node/operation';
import { readOptions } from '../../../shared/node/optionsField';
import { isRecord } from '../../../shared/http';
import { codeOfWord, ofField, type CodedFields } from '../../catalogue/firstClass/codes';
import { listedValues, type FilterOperator, type FilterRow } from '../../odata/filterRows';
import { inField } from '../../odata/invalidValue';
import type { OrderRow } from '../../odata/queryOptions';

const WITHOUT_VALUE: readonly FilterOperator[] = ['isEmpty', 'isNotEmpty'];

const WITH_VALUES: FilterOperator = 'isOneOf';

const VALUE: INodeProperties = {
	displayName: 'Value',
	name: 'value',
	type: 'string',
	default: '',
	description: 'Fields that are lists elsewhere take their words, such as Open',
};

/** Words of the operators, in the order in which they are offered. */
export const OPERATOR_WORDS: Readonly<Record<FilterOperator, string>> = {
	eq: 'Is',
	ne: 'Is Not',
	gt: 'Is Greater or Later Than',
	ge: 'Is at Least or From',
	lt: 'Is Less or Earlier Than',
	le: 'Is at Most or Up To',
	contains: 'Contains',
	notContains: 'Does Not Contain',
	startsWith: 'Starts With',
	endsWith: 'Ends With',
	isOneOf: 'Is One Of',
	isEmpty: 'Is Empty',
	isNotEmpty: 'Is Not Empty',
};

/** A field of the endpoint that has a value of its own. */
const fieldName: INodeProperties = {
	displayName: 'Field Name or ID',
	name: 'field',
	type: 'options',
	typeOptions: {
		loadOptionsMethod: 'getFilterFields',
		loadOptionsDependsOn: ['resource', 'endpoint.value'],
	},
	default: '',
	description:
		'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
};

/** Conditions as rows; the editor offers fields of the endpoint, and operators that fit the field's type. */
export const filterFields: INodeProperties[] = [
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add condition',
		default: {},
		options: [
			{
				displayName: 'Condition',
				name: 'conditions',
				values: [
					fieldName,
					{
						displayName: 'Operator Name or ID',
						name: 'operator',
						type: 'options',
						typeOptions: {
							loadOptionsMethod: 'getFilterOperators',
							loadOptionsDependsOn: ['&field'],
						},
						default: 'eq',
						description:
							'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
					},
					{ ...VALUE, displayOptions: { hide: { operator: [...WITHOUT_VALUE, WITH_VALUES] } } },
					{
						...VALUE,
						hint: 'Several values with commas or semicolons between them, such as 101, 102, or an array',
						displayOptions: { show: { operator: [WITH_VALUES] } },
					},
				],
			},
		],
	},
];

/** Collections that are fetched with each row. */
export const expandOption: INodeProperties = {
	displayName: 'Expand Names or IDs',
	name: 'expand',
	type: 'multiOptions',
	typeOptions: {
		loadOptionsMethod: 'getCollections',
		loadOptionsDependsOn: ['resource', 'endpoint.value'],
	},
	default: [],
	description:
		'Lines and other collections to fetch with each record. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

/** What is seldom asked of a list. */
export const listOptions: INodeProperties[] = [
	expandOption,
	{
		displayName: 'Filters Must Match',
		name: 'combine',
		type: 'options',
		options: [
			{ name: 'All Conditions', value: 'and' },
			{ name: 'Any Condition', value: 'or' },
		],
		default: 'or',
		description:
			'Whether a record must meet all conditions, as without this option, or any of them; with any, a list of values is not split over several requests',
	},
	{
		displayName: 'OData Filter',
		name: 'filter',
		type: 'string',
		default: '',
		placeholder: "e.g. City eq 'Delft' and Blocked eq false",
		description: 'A filter in the language of the API, added to the conditions',
	},
];

/** What a list is sorted by, below the options. */
export const sortField = sortFieldOf(
	fieldName,
	{ ascending: 'asc', descending: 'desc' },
	'Fields that the list is sorted by, the first counts most; slow at Exact Online',
);

/**
 * The item's conditions.
 * @throws ConnectorError EXACT_INVALID_VALUE for a word that a coded field does not know
 */
export function readConditions(
	{ context, itemIndex }: ItemCall,
	codes: CodedFields | undefined,
): { rows: FilterRow[]; combine: 'and' | 'or' } {
	const combine = readOptions({ context, itemIndex }).combine === 'or' ? 'or' : 'and';
	const rows = conditionsOf({ context, itemIndex }).map((one) => conditionOf(one, codes));
	return { rows, combine };
}

/** Fields of the item's conditions with their values as they were given. */
export function givenConditions(item: ItemCall): Array<[field: string, value: unknown]> {
	return conditionsOf(item).map(({ field, value }) => [String(field ?? ''), value]);
}

function conditionsOf({ context, itemIndex }: Pick<ItemCall, 'context' | 'itemIndex'>) {
	const filters = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const given: unknown[] = Array.isArray(filters.conditions) ? filters.conditions : [];
	return given.filter(isRecord);
}

function conditionOf(row: Record<string, unknown>, coded: CodedFields | undefined): FilterRow {
	const field = String(row.field ?? '');
	const operator = String(row.operator ?? 'eq') as FilterOperator;
	const codes = ofField(coded, field);
	if (codes === undefined || WITHOUT_VALUE.includes(operator)) {
		return { field, operator, value: row.value };
	}
	const code = (value: unknown) => inField(field, () => codeOfWord(codes, value));
	const value: unknown = row.value;
	if (operator !== 'isOneOf') return { field, operator, value: code(value) };
	return { field, operator, value: listedValues(value).map(code) };
}

/** The item's order; none for the service's own. */
export function readSort({ context, itemIndex }: ItemCall): OrderRow[] {
	const sort: unknown = context.getNodeParameter(sortField.name, itemIndex, {});
	const rows = isRecord(sort) && Array.isArray(sort.fields) ? sort.fields : [];
	return rows.filter(isRecord).map(({ field, direction }) => ({
		field: String(field ?? ''),
		direction: direction === 'desc' ? 'desc' : 'asc',
	}));
}
