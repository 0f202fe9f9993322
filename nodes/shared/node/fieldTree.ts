import type { INodeProperties } from 'n8n-workflow';
import { isRecord } from '../http';

/**
 * What a value becomes that is no collection.
 * @param fields those of one name, of which n8n shows one at a time; they are of one type
 */
export type ReadLeaf = (fields: readonly INodeProperties[], value: unknown) => unknown;

/** The value of a field with each of the values in it read anew; what no field is known of stays as it is. */
export function mapLeaves(
	fields: readonly INodeProperties[],
	value: unknown,
	read: ReadLeaf,
): unknown {
	const [field] = fields;
	if (field === undefined) return value;
	if (field.type === 'collection') {
		return isRecord(value) ? membersOf(fieldsIn(field.options), value, read) : value;
	}
	if (field.type === 'fixedCollection') {
		return isRecord(value) ? groupsOf(field, value, read) : value;
	}
	return read(fields, value);
}

function fieldsIn(options: INodeProperties['options'] = []): INodeProperties[] {
	return options.filter((option): option is INodeProperties => 'type' in option);
}

function membersOf(
	members: readonly INodeProperties[],
	value: Record<string, unknown>,
	read: ReadLeaf,
): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(value).map(([name, one]) => [
			name,
			mapLeaves(
				members.filter((member) => member.name === name),
				one,
				read,
			),
		]),
	);
}

/** The rows of a fixed collection, a list of them or a single one. */
function groupsOf(
	{ options = [] }: INodeProperties,
	value: Record<string, unknown>,
	read: ReadLeaf,
): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(value).map(([name, rows]) => {
			const group = options.find((option) => option.name === name);
			if (group === undefined || !('values' in group)) return [name, rows];
			const row = (one: unknown) => (isRecord(one) ? membersOf(group.values, one, read) : one);
			return [name, Array.isArray(rows) ? rows.map(row) : row(rows)];
		}),
	);
}
