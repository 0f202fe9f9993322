import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { isRecord } from '../http';
import { runsAsTool } from './toolRun';

/**
 * The context of an item where a model gives the arguments: it may write true, false and numbers as text, for which
 * the fields of the operation tell what is meant. Unchanged where the node is no tool.
 */
export function withTextArguments(
	context: IExecuteFunctions,
	fields: readonly INodeProperties[],
): IExecuteFunctions {
	if (!runsAsTool(context)) return context;
	const read = context.getNodeParameter.bind(context) as (
		name: string,
		...rest: unknown[]
	) => unknown;
	const typedRead = (name: string, ...rest: unknown[]) =>
		typedAs(
			fields.find((field) => field.name === name),
			read(name, ...rest),
		);
	return new Proxy(context, {
		get(target, name) {
			if (name === 'getNodeParameter') return typedRead;
			const member: unknown = Reflect.get(target, name, target);
			return typeof member === 'function' ? (member.bind(target) as unknown) : member;
		},
	});
}

function typedAs(field: INodeProperties | undefined, value: unknown): unknown {
	switch (field?.type) {
		case 'boolean':
			return typeof value === 'string' ? truthIn(value) : value;
		case 'number':
			return typeof value === 'string' && isNumber(value) ? Number(value) : value;
		case 'collection':
			return isRecord(value) ? typedMembers(field, value) : value;
		default:
			return value;
	}
}

/** Yes and no in the words of a model; other texts stay as they are. */
function truthIn(text: string): unknown {
	const word = text.trim().toLowerCase();
	if (['true', 'yes', '1'].includes(word)) return true;
	return ['false', 'no', '0', ''].includes(word) ? false : text;
}

function isNumber(text: string): boolean {
	return text.trim() !== '' && Number.isFinite(Number(text));
}

function typedMembers(
	{ options = [] }: INodeProperties,
	value: Record<string, unknown>,
): Record<string, unknown> {
	const members = options.filter((option): option is INodeProperties => 'type' in option);
	return Object.fromEntries(
		Object.entries(value).map(([name, one]) => [
			name,
			typedAs(
				members.find((member) => member.name === name),
				one,
			),
		]),
	);
}
