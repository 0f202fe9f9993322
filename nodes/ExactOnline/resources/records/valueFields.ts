import type { INodeProperties } from 'n8n-workflow';
import { dataModeField, jsonInput } from '../../../shared/node/recordInputs';
import { valueOptionFields } from '../../../shared/node/valueOptionFields';
import type { ResourceData } from '../../catalogue/firstClass/resourceData';
import { neededReferences, referenceLocator, referenceNames } from './referenceFields';

type CollectionOption = Extract<
	NonNullable<INodeProperties['options']>[number],
	{ type: INodeProperties['type'] }
>;

const dataMode = dataModeField('fields');

const jsonField = jsonInput("The fields of the record by Exact Online's names, as one object");

/**
 * n8n's mapper over what `getWritableFields` offers for the chosen resource, endpoint and operation.
 * @param title of the field
 */
export function mapperOf(
	title: string,
	{ supportAutoMap }: { supportAutoMap: boolean },
): INodeProperties {
	return {
		displayName: title,
		name: 'values',
		type: 'resourceMapper',
		noDataExpression: true,
		default: { mappingMode: 'defineBelow', value: null },
		typeOptions: {
			loadOptionsDependsOn: ['resource', 'operation', 'endpoint.value'],
			resourceMapper: {
				resourceMapperMethod: 'getWritableFields',
				mode: 'add',
				fieldWords: { singular: 'field', plural: 'fields' },
				addAllFields: true,
				valuesLabel: title,
				multiKeyMatch: false,
				supportAutoMap,
			},
		},
	};
}

const mapper: INodeProperties = {
	...mapperOf('Fields', { supportAutoMap: true }),
	displayOptions: { show: { dataMode: ['fields'] } },
};

/** With what one by one was mapped, not what columns bring. */
const ONE_BY_ONE = { dataMode: ['fields'], '/values.mappingMode': ['defineBelow'] };

/**
 * What a form shows for the values of a record: the references that are needed, the other fields, further
 * references. A resource locator inside the mapper is beyond n8n, so references stand beside it.
 */
export function valueFields(
	data: ResourceData | undefined,
	method: 'POST' | 'PUT',
): INodeProperties[] {
	if (data === undefined) return [dataMode, mapper, jsonField];
	const needed = method === 'POST' ? neededReferences(data) : [];
	const further = referenceNames(data, method).filter((name) => !needed.includes(name));
	return [
		dataMode,
		...needed.map((name) => ({
			...referenceLocator(name, true, data.endpoint),
			displayOptions: { show: ONE_BY_ONE },
		})),
		mapper,
		...(further.length === 0 ? [] : [furtherReferences(further, data.endpoint)]),
		jsonField,
	];
}

function furtherReferences(names: readonly string[], path: string): INodeProperties {
	return {
		displayName: 'References',
		name: 'references',
		type: 'collection',
		placeholder: 'Add reference',
		default: {},
		options: names
			.map((name) => referenceLocator(name, false, path) as CollectionOption)
			.sort((one, other) => (one.displayName < other.displayName ? -1 : 1)),
		displayOptions: { show: ONE_BY_ONE },
	};
}

/** Options of how values are read. */
export const valueOptions: INodeProperties[] = valueOptionFields('the endpoint does not know');
