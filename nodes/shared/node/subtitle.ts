import type { Resource } from './operation';

/**
 * The expression under the node's name, such as `Account: Get Many`. n8n evaluates it for each node on the canvas, so
 * that words are made of the values, with a short list of what is spoken otherwise.
 */
export function subtitleOf<Call>(resources: ReadonlyArray<Resource<Call>>): string {
	const names = otherNames(resources);
	const operations = otherNames(resources.flatMap((resource) => resource.operations));
	const words = `.replace(/([A-Z])/g, " $1").replace(/^./, (first) => first.toUpperCase())`;
	const spoken = (parameter: string, others: object) =>
		`(${JSON.stringify(others)}[$parameter["${parameter}"]] ?? $parameter["${parameter}"]${words})`;
	return `={{ ${spoken('resource', names)} + ": " + ${spoken('operation', operations)} }}`;
}

function otherNames(named: ReadonlyArray<{ name: string; value: string }>): object {
	const others = named.filter(({ name, value }) => wordsOf(value) !== name);
	return Object.fromEntries(others.map(({ name, value }) => [value, name]));
}

function wordsOf(value: string): string {
	return value.replace(/([A-Z])/g, ' $1').replace(/^./, (first) => first.toUpperCase());
}
