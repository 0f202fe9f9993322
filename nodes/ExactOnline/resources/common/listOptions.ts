import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { selectClause } from '../../odata/queryOptions';

/** Which fields come back, chosen from those of the resource's endpoint. */
export const fieldsOption: INodeProperties = {
	displayName: 'Fields to Return',
	name: 'fields',
	type: 'multiOptions',
	typeOptions: { loadOptionsMethod: 'getFieldsToReturn' },
	default: [],
	description:
		'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	hint:
		'Only these are asked for, which is faster; all of them if empty. An expression may give an ' +
		'array or a list separated by commas.',
};

/** The order of a list, by one field of an entity. */
export function orderOptions(names: readonly string[]): INodeProperties[] {
	return [
		{
			displayName: 'Order By',
			name: 'orderBy',
			type: 'options',
			options: [
				{ name: 'As Delivered', value: '' },
				...[...names].sort().map((name) => ({ name, value: name })),
			],
			default: '',
			description: 'Field that the list is sorted by',
		},
		{
			displayName: 'Order Direction',
			name: 'orderDirection',
			type: 'options',
			options: [
				{ name: 'Ascending', value: 'asc' },
				{ name: 'Descending', value: 'desc' },
			],
			default: 'asc',
			description: 'Direction of the order',
		},
	];
}

/** `$select` of the item's Fields to Return; undefined for all fields. */
export function selectOf(options: IDataObject): string | undefined {
	return selectClause(options.fields);
}

/** `$orderby` of the item's options; undefined for the service's own order. */
export function orderOf(options: IDataObject): string | undefined {
	const field = String(options.orderBy ?? '').trim();
	if (field === '') return undefined;
	return options.orderDirection === 'desc' ? `${field} desc` : field;
}
