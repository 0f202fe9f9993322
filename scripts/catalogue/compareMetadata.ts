import { readMetadata, type MetadataSet } from './metadata';
import { linesOf, type Source, type SourceEndpoint } from './source';

/** What a comparison found, in lines for people. */
export interface Comparison {
	differs: boolean;
	lines: string[];
}

/**
 * Compares the catalogue with the `$metadata` of one service.
 *
 * @param named the folder of the catalogue that the service is, in any capitals; where it is missing, its entity sets
 *   tell: the folder that has most of them
 * @throws Error if the text is no `$metadata`, or of no service of the catalogue, or of several alike
 */
export function compareMetadata(xml: string, source: Source, named?: string): Comparison {
	const sets = readMetadata(xml);
	const folder =
		named === undefined ? likeliestFolder([...sets.keys()], source) : knownFolder(named, source);
	const endpoints = new Map(
		[...source].flatMap(([path, endpoint]) =>
			folderOf(path) === folder ? [[lastOf(path), endpoint] as const] : [],
		),
	);
	const lines = [
		...[...sets.keys()]
			.filter((name) => !endpoints.has(name))
			.map((name) => `${folder}/${name}: not in the catalogue`),
		...[...endpoints].flatMap(([name, endpoint]) => {
			const set = sets.get(name);
			const problems = set ? compareSet(set, endpoint) : ['not in the metadata'];
			return problems.map((problem) => `${folder}/${name}: ${problem}`);
		}),
	];
	const compared = [...endpoints.keys()].filter((name) => sets.has(name)).length;
	const summary = `${compared} endpoints of ${folder} compared, ${lines.length} differences.`;
	return { differs: lines.length > 0, lines: [...lines, summary] };
}

function compareSet(set: MetadataSet, { keys, fields }: SourceEndpoint): string[] {
	const differentKey = [...set.keys].sort().join() !== [...keys].sort().join();
	return [
		...(differentKey ? [`key ${keys.join(', ')}, in the metadata ${set.keys.join(', ')}`] : []),
		...Object.entries(fields).flatMap(([name, type]) => compareField(set, name, type)),
		...[...set.properties]
			.filter(([name]) => !(name in fields))
			.map(([name, type]) => `${name} (${type}) is not in the catalogue`),
		...[...set.navigation.keys()]
			.filter((name) => !(name in fields))
			.map((name) => `collection ${name} is not in the catalogue`),
	];
}

function compareField(set: MetadataSet, name: string, type: string): string[] {
	const property = set.properties.get(name);
	const lines = linesOf(type);
	if (property !== undefined) {
		return property === `Edm.${type}` ? [] : [`${name} is ${type}, in the metadata ${property}`];
	}
	if (!set.navigation.has(name)) return [`${name} is not in the metadata`];
	const target = set.navigation.get(name);
	if (type === 'Unknown' || target === undefined) return [];
	return lines !== undefined && lastOf(lines) === target
		? []
		: [`${name} is ${type}, in the metadata it leads to ${target}`];
}

/** The folder in an address such as `…/api/v1/1234567/crm/$metadata`; undefined where it names none. */
export function folderOfAddress(where: string): string | undefined {
	if (!/^https?:/.test(where)) return undefined;
	const path = decodeURIComponent(new URL(where).pathname);
	return /^\/api\/v1\/(?:\d+\/)?(.+)\/\$metadata$/.exec(path)?.[1];
}

function knownFolder(named: string, source: Source): string {
	for (const path of source.keys()) {
		const folder = folderOf(path);
		if (folder.toLowerCase() === named.toLowerCase()) return folder;
	}
	throw new Error(
		`The catalogue has no folder ${named}. Name one of it behind the address or file, such as crm or sync/CRM.`,
	);
}

function likeliestFolder(names: readonly string[], source: Source): string {
	const hits = new Map<string, number>();
	for (const path of source.keys()) {
		if (!names.includes(lastOf(path))) continue;
		const folder = folderOf(path);
		hits.set(folder, (hits.get(folder) ?? 0) + 1);
	}
	const most = Math.max(...hits.values());
	const [first, ...more] = [...hits].filter(([, count]) => count === most).map(([one]) => one);
	if (first === undefined) {
		throw new Error(`No endpoint of the catalogue is called ${names.slice(0, 5).join(', ')}.`);
	}
	if (more.length === 0) return first;
	const alike = [first, ...more].sort().join(', ');
	throw new Error(`Name the folder: these have the same number of the entity sets: ${alike}`);
}

function folderOf(path: string): string {
	return path.slice(0, path.lastIndexOf('/'));
}

function lastOf(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1);
}
