import type { INodeProperties } from 'n8n-workflow';
import { FIRST_CLASS } from '../../catalogue/firstClass';
import { ABILITIES } from '../../catalogue/firstClass/abilities';
import {
	REFERENCES,
	referenceByName,
	type ReferenceTarget,
} from '../../catalogue/firstClass/references';
import type { ResourceData } from '../../catalogue/firstClass/resourceData';
import { titleOf } from '../../catalogue/words';
import { parameterName } from './words';

/** Records that some fields hold by their code. */
const HELD_BY_CODE = new Set(
	REFERENCES.filter(({ by }) => by === 'code').map(({ endpoint }) => endpoint),
);

/** The name under which the editor searches the records that a reference may name. */
export function searchMethodOf({ endpoint, by, inUse }: ReferenceTarget): string {
	const held = by === 'key' && HELD_BY_CODE.has(endpoint) ? 'ById' : '';
	const name = endpoint.slice(endpoint.lastIndexOf('/') + 1);
	return inUse === undefined ? `search${name}${held}` : `search${inUse}Of${name}`;
}

/**
 * One of the records that a field may name: from a searchable list, by its ID, or by its code.
 * @param path of the endpoint that has the field; missing where the name means the same everywhere
 */
export function referenceLocator(field: string, required: boolean, path?: string): INodeProperties {
	const target = referenceByName(field, path);
	if (target === undefined) throw new Error(`${field} is no reference.`);
	const { by, code, inUse, endpoint } = target;
	return {
		displayName: titleOf(field),
		name: parameterName(field),
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...(required && { required }),
		...(inUse !== undefined && {
			description: `The list has those that ${namesOf(endpoint)} name already, since Exact Online lists no others`,
		}),
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: searchMethodOf(target), searchable: true },
			},
			...(code === undefined ? [] : [typedMode(`By ${codeTitle(code)}`, 'code')]),
			...(by === 'key' ? [typedMode('By ID', 'id')] : []),
		],
	};
}

/** What people call the field that they know a record by. */
export function codeTitle(code: string): string {
	return code === 'Code' ? code : titleOf(code.replace(/String$/, ''));
}

/** `crm/Opportunities` in a sentence. */
function namesOf(endpoint: string): string {
	return titleOf(endpoint.slice(endpoint.lastIndexOf('/') + 1)).toLowerCase();
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

/** The kinds of records that some form offers a list of; those of others are given by ID or code. */
export function listedReferences(): ReferenceTarget[] {
	const targets = FIRST_CLASS.flatMap((data) => {
		const names = [...referenceNames(data, 'POST'), ...referenceNames(data, 'PUT')];
		const ofLines = (data.lines?.main ?? []).map((name) => referenceByName(name));
		return [...names.map((name) => referenceByName(name, data.endpoint)), ...ofLines];
	});
	return [...new Set(targets)].filter((target) => target !== undefined);
}
