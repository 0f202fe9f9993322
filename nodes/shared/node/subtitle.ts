import type { Resource } from './operation';

/**
 * The expression under the node's name, such as `Account: Get Many`. n8n evaluates it for each node on the canvas, so
 * that words are made of the values, with a short list of what is spoken otherwise.
 */
export function subtitleOf<Call>(resources: ReadonlyArray<Resource<Call>>): string {
	const operations = resources.flatMap((resource) => resource.operations);
	const [resource, operation] = ['$parameter["resource"]', '$parameter["operation"]'];
	return `={{ ${spoken(resource, resources)} + ": " + ${spoken(operation, operations)} }}`;
}

/** The same of the choices of one field, which may be several at once. */
export function subtitleOfChoices(parameter: string, choices: readonly Choice[]): string {
	const words = `[].concat($parameter["${parameter}"]).map((one) => ${spoken('one', choices)})`;
	return `={{ ${words}.join(", ") }}`;
}

interface Choice {
	name: string;
	value: string;
}

/** An expression for the name of a value. */
function spoken(value: string, choices: readonly Choice[]): string {
	const words = `.replace(/([A-Z])/g, " $1").replace(/^./, (first) => first.toUpperCase())`;
	return `(${JSON.stringify(otherNames(choices))}[${value}] ?? ${value}${words})`;
}

function otherNames(named: readonly Choice[]): object {
	const others = named.filter(({ name, value }) => wordsOf(value) !== name);
	return Object.fromEntries(others.map(({ name, value }) => [value, name]));
}

function wordsOf(value: string): string {
	return value.replace(/([A-Z])/g, ' $1').replace(/^./, (first) => first.toUpperCase());
}
