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
		'\t/** Fields that a form offers a list for: they name another record and may stand in a POST. */',
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
		...member('create', referencesOf(resource, 'create')),
		...member('update', referencesOf(resource, 'update')),
		`\t\tkeys: '${keysOf(resource).join(' ')}',`,
		'\t},',
	];
}

/** Letters that a line has beside two tabs, as the code is formatted. */
const LINE = 96;

function member(name: string, words: readonly string[]): string[] {
	const text = `'${words.join(' ')}',`;
	const isLong = `${name}: ${text}`.length > LINE;
	return isLong ? [`\t\t${name}:`, `\t\t\t${text}`] : [`\t\t${name}: ${text}`];
}

function referencesOf(
	{ endpoint, main, listed = [] }: ResourceData,
	mark: 'create' | 'update',
): string[] {
	const { fields } = readEndpoint(endpoint);
	return [...main, ...listed].filter((name) => {
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
