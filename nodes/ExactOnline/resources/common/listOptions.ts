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

/** `$select` of the item's Fields to Return; undefined for all fields. */
export function selectOf(options: IDataObject): string | undefined {
	return selectClause(options.fields);
}
