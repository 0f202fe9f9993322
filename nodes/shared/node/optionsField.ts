import type { IDataObject, INodeProperties, INodePropertyCollection } from 'n8n-workflow';
import type { ItemCall } from './operation';

type CollectionItem = Exclude<
	NonNullable<INodeProperties['options']>[number],
	INodePropertyCollection
>;

/** A collection named Options: what is seldom needed, by name. */
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

/** The item's Options; those that were not added are missing. */
export function readOptions({
	context,
	itemIndex,
}: Pick<ItemCall, 'context' | 'itemIndex'>): IDataObject {
	return context.getNodeParameter('options', itemIndex, {}) as IDataObject;
}

/** Whether a switch of Options is on, which an expression or a model may give as a text. */
export function isOn(value: unknown): boolean {
	return String(value).trim().toLowerCase() === 'true';
}
