import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { isRecord, parseJson } from '../http';
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

/** @param fields those of one name, of which n8n shows one at a time; they are of one type */
function typedAs(fields: readonly INodeProperties[], value: unknown, reading: Reading): unknown {
	const [field] = fields;
	switch (field?.type) {
		case 'boolean':
			return typeof value === 'string' ? truthIn(value, reading) : value;
		case 'number':
			return typeof value === 'string' && isNumber(value) ? Number(value) : value;
		case 'options':
			return typeof value === 'string' ? choiceIn(fields, value) : value;
		case 'multiOptions':
			return typeof value === 'string' ? listIn(value) : value;
		case 'collection':
			return isRecord(value) ? typedMembers(fieldsIn(field.options), value, reading) : value;
		case 'fixedCollection':
			return isRecord(value) ? typedGroups(field, value, reading) : value;
		default:
			return value;
	}
}

/** Yes and no; other texts stay as they are. */
function truthIn(text: string, { isOfModel }: Reading): unknown {
	const word = text.trim().toLowerCase();
	if (word === 'true' || (isOfModel && ['yes', '1'].includes(word))) return true;
	return word === 'false' || (isOfModel && ['no', '0', ''].includes(word)) ? false : text;
}

function isNumber(text: string): boolean {
	return text.trim() !== '' && Number.isFinite(Number(text));
}

/** The choice whose value is no text but is written so. */
function choiceIn(fields: readonly INodeProperties[], text: string): unknown {
	for (const option of fields.flatMap(({ options = [] }) => options)) {
		if (!('value' in option) || typeof option.value === 'string') continue;
		if (String(option.value) === text.trim()) return option.value;
	}
	return text;
}

/** A list as JSON; what separates names by commas, each operation reads itself. */
function listIn(text: string): unknown {
	const list = text.trimStart().startsWith('[') ? parseJson(text) : undefined;
	return Array.isArray(list) ? list : text;
}

function fieldsIn(options: INodeProperties['options'] = []): INodeProperties[] {
	return options.filter((option): option is INodeProperties => 'type' in option);
}

function typedMembers(
	members: readonly INodeProperties[],
	value: Record<string, unknown>,
	reading: Reading,
): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(value).map(([name, one]) => [
			name,
			typedAs(
				members.filter((member) => member.name === name),
				one,
				reading,
			),
		]),
	);
}

/** The rows of a fixed collection, a list of them or a single one. */
function typedGroups(
	{ options = [] }: INodeProperties,
	value: Record<string, unknown>,
	reading: Reading,
): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(value).map(([name, rows]) => {
			const group = options.find((option) => option.name === name);
			if (group === undefined || !('values' in group)) return [name, rows];
			const typed = (row: unknown) =>
				isRecord(row) ? typedMembers(group.values, row, reading) : row;
			return [name, Array.isArray(rows) ? rows.map(typed) : typed(rows)];
		}),
	);
}
