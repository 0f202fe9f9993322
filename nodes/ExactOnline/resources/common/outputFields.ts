import type { IDataObject, INodeProperties, INodePropertyCollection } from 'n8n-workflow';
import type { ExactRow } from '../../wire/exactTypes';
import type { OperationCall } from '../operation';
import { keepRaw, simplify } from './simplify';

type CollectionItem = Exclude<
	NonNullable<INodeProperties['options']>[number],
	INodePropertyCollection
>;

/** Which fields come back, chosen from those of an entity. */
export function fieldsOption(names: readonly string[]): INodeProperties {
	return {
		displayName: 'Fields to Return',
		name: 'fields',
		type: 'multiOptions',
		options: [...names].sort().map((name) => ({ name, value: name })),
		default: [],
		description:
			'Only these fields are asked for, which is faster; all of them if empty. An expression may give an array or a list separated by commas.',
	};
}

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

/** Whether entities come back as the service delivers them. */
export const rawOption: INodeProperties = {
	displayName: 'Raw',
	name: 'raw',
	type: 'boolean',
	default: false,
	description:
		'Whether to return the data as Exact Online delivers it, with metadata and dates such as /Date(1700000000000)/',
};

/** A collection named Options. */
export function optionsCollection(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: options as CollectionItem[],
	};
}

/** The item's Options. */
export function readOptions({ context, itemIndex }: OperationCall): IDataObject {
	return context.getNodeParameter('options', itemIndex, {}) as IDataObject;
}

/** `$select` of the item's Fields to Return; undefined for all fields. */
export function selectOf(options: IDataObject): string | undefined {
	const { fields } = options;
	const names = (Array.isArray(fields) ? fields.map(String) : String(fields ?? '').split(','))
		.map((name) => name.trim())
		.filter((name) => name !== '');
	return names.length === 0 ? undefined : [...new Set(names)].join(',');
}

/** `$orderby` of the item's options; undefined for the service's own order. */
export function orderOf(options: IDataObject): string | undefined {
	const field = String(options.orderBy ?? '').trim();
	if (field === '') return undefined;
	return options.orderDirection === 'desc' ? `${field} desc` : field;
}

/** Entities as output, simplified unless the item asks for raw data. */
export function toOutput(rows: readonly ExactRow[], options: IDataObject): IDataObject[] {
	return rows.map(options.raw === true ? keepRaw : simplify);
}
