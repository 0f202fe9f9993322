import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parseJson } from '../http';
import { choiceNamed } from './choiceWords';
import { mapLeaves } from './fieldTree';
import { runsAsTool } from './toolRun';

/** How far a text is read as something else. */
interface Reading {
	/** A model says yes and no in more words than an expression. */
	isOfModel: boolean;
}

/**
 * The context of an item in which texts stand for what the fields of the operation are: true and false, numbers, choices
 * that are numbers, and lists as JSON. A model writes them so, and so does an expression with text around it.
 */
export function withTextArguments(
	context: IExecuteFunctions,
	fields: readonly INodeProperties[],
): IExecuteFunctions {
	const reading = { isOfModel: runsAsTool(context) };
	const read = context.getNodeParameter.bind(context) as (
		name: string,
		...rest: unknown[]
	) => unknown;
	const typedRead = (name: string, ...rest: unknown[]) =>
		typedAs(fieldsNamed(name, fields), read(name, ...rest), reading);
	return new Proxy(context, {
		get(target, name) {
			if (name === 'getNodeParameter') return typedRead;
			const member: unknown = Reflect.get(target, name, target);
			return typeof member === 'function' ? (member.bind(target) as unknown) : member;
		},
	});
}

/** Fields of an operation by their names: asked for with each reading of each item. */
const byName = new WeakMap<readonly INodeProperties[], Map<string, INodeProperties[]>>();

function fieldsNamed(name: string, fields: readonly INodeProperties[]): readonly INodeProperties[] {
	const known = byName.get(fields) ?? new Map<string, INodeProperties[]>();
	byName.set(fields, known);
	const named = known.get(name) ?? fields.filter((field) => field.name === name);
	known.set(name, named);
	return named;
}

function typedAs(fields: readonly INodeProperties[], value: unknown, reading: Reading): unknown {
	return mapLeaves(fields, value, (same, one) => typedLeaf(same, one, reading));
}

function typedLeaf(fields: readonly INodeProperties[], value: unknown, reading: Reading): unknown {
	if (typeof value !== 'string') return value;
	switch (fields[0]?.type) {
		case 'boolean':
			return truthIn(value, reading);
		case 'number':
			return isNumber(value) ? Number(value) : value;
		case 'options':
			return choiceNamed(fields, value) ?? value;
		case 'multiOptions':
			return listIn(value);
		default:
			return value;
	}
}

/** What a text for a switch says; a text that says neither yes nor no stays as it is. */
export function truthIn(text: string, { isOfModel }: Reading): boolean | string {
	const word = text.trim().toLowerCase();
	if (word === 'true' || (isOfModel && ['yes', '1'].includes(word))) return true;
	return word === 'false' || (isOfModel && ['no', '0', ''].includes(word)) ? false : text;
}

function isNumber(text: string): boolean {
	return text.trim() !== '' && Number.isFinite(Number(text));
}

/** A list as JSON; what separates names by commas, each operation reads itself. */
function listIn(text: string): unknown {
	const list = text.trimStart().startsWith('[') ? parseJson(text) : undefined;
	return Array.isArray(list) ? list : text;
}
