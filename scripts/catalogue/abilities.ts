import { readEndpoint } from '../../nodes/ExactOnline/catalogue/catalogue';
import { FIRST_CLASS } from '../../nodes/ExactOnline/catalogue/firstClass';
import { operationsOf } from '../../nodes/ExactOnline/catalogue/firstClass/operations';
import { referenceOf } from '../../nodes/ExactOnline/catalogue/firstClass/references';
import type { ResourceData } from '../../nodes/ExactOnline/catalogue/firstClass/resourceData';

/**
 * `nodes/ExactOnline/catalogue/firstClass/abilities.ts`, made from the catalogue and the data of the resources: what
 * the node's description has to know of the catalogue without reading it.
 */
export function abilitiesSource(resources: readonly ResourceData[] = FIRST_CLASS): string {
	return [
		'/** What a resource can do, by the catalogue; words with blanks between them. */',
		'export interface Abilities {',
		'\toperations: string;',
		'\t/** Main fields that name another record and may stand in a POST. */',
		'\tcreate: string;',
		'\t/** The same for a PUT. */',
		'\tupdate: string;',
		'\t/** Business keys that a POST may hold. */',
		'\tkeys: string;',
		'}',
		'',
		'/** By value of the resource. Made by `npm run catalogue`; a test compares it. */',
		'export const ABILITIES: Readonly<Record<string, Abilities>> = {',
		...resources.flatMap(entryOf),
		'};',
		'',
	].join('\n');
}

function entryOf(resource: ResourceData): string[] {
	return [
		`\t${resource.value}: {`,
		`\t\toperations: '${operationsOf(resource, readEndpoint).map(camelCase).join(' ')}',`,
		`\t\tcreate: '${referencesOf(resource, 'create').join(' ')}',`,
		`\t\tupdate: '${referencesOf(resource, 'update').join(' ')}',`,
		`\t\tkeys: '${keysOf(resource).join(' ')}',`,
		'\t},',
	];
}

function referencesOf({ endpoint, main }: ResourceData, mark: 'create' | 'update'): string[] {
	const { fields } = readEndpoint(endpoint);
	return main.filter((name) => {
		const field = fields.get(name);
		return field?.[mark] === true && referenceOf(field, endpoint) !== undefined;
	});
}

function keysOf({ endpoint, keys = [] }: ResourceData): string[] {
	const { fields } = readEndpoint(endpoint);
	return keys.filter((name) => fields.get(name)?.create === true);
}

/** `Get Many` is `getMany`. */
function camelCase(name: string): string {
	return name.charAt(0).toLowerCase() + name.slice(1).replaceAll(' ', '');
}
