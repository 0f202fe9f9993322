import type { INodeProperties } from 'n8n-workflow';
import { ABILITIES } from '../../catalogue/firstClass/abilities';
import { REFERENCES, type ReferenceTarget } from '../../catalogue/firstClass/references';
import type { ResourceData } from '../../catalogue/firstClass/resourceData';
import { titleOf } from '../../catalogue/words';
import { parameterName } from './words';

/** Records that some fields hold by their code. */
const HELD_BY_CODE = new Set(
	REFERENCES.filter(({ by }) => by === 'code').map(({ endpoint }) => endpoint),
);

/** The name under which the editor searches the records that a reference may name. */
export function searchMethodOf({ endpoint, by }: ReferenceTarget): string {
	const held = by === 'key' && HELD_BY_CODE.has(endpoint) ? 'ById' : '';
	return `search${endpoint.slice(endpoint.lastIndexOf('/') + 1)}${held}`;
}

/** One of the records that a field may name: from a searchable list, by its ID, or by its code. */
export function referenceLocator(field: string, required: boolean): INodeProperties {
	const target = REFERENCES.find(({ fields }) => fields.includes(field));
	if (target === undefined) throw new Error(`${field} is no reference.`);
	return {
		displayName: titleOf(field),
		name: parameterName(field),
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...(required && { required }),
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: searchMethodOf(target), searchable: true },
			},
			...(target.code === undefined ? [] : [typedMode('By Code', 'code')]),
			...(target.by === 'key' ? [typedMode('By ID', 'id')] : []),
		],
	};
}

/** A mode of a locator in which the value is typed. */
export function typedMode(displayName: string, name: string) {
	return { displayName, name, type: 'string' as const };
}

/** Main fields of a resource that name another record and may stand in a body. */
export function referenceNames({ value }: ResourceData, method: 'POST' | 'PUT'): string[] {
	const { create = '', update = '' } = ABILITIES[value] ?? {};
	return (method === 'POST' ? create : update).split(' ').filter((name) => name !== '');
}

/** Those of them that a form asks for. */
export function neededReferences(data: ResourceData): string[] {
	return referenceNames(data, 'POST').filter((name) => data.required?.includes(name));
}
