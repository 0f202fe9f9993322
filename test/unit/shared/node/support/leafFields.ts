import type { INodeProperties } from 'n8n-workflow';

/** Keys from a node's parameters down to a field. */
export type FieldPath = Array<string | number>;

/** A field that holds a value, at any depth of an operation's fields. */
export interface LeafField {
	field: INodeProperties;
	path: FieldPath;
	/** Choices that show it, by path. */
	shownBy: Array<readonly [path: FieldPath, value: unknown]>;
}

/** The fields of an operation that take an expression, also inside its collections. */
export function leafFields(fields: readonly INodeProperties[], at: FieldPath = []): LeafField[] {
	return fields.flatMap((field) => {
		if (field.noDataExpression || ['notice', 'hidden'].includes(field.type)) return [];
		const path = [...at, field.name];
		const shownBy = Object.entries(field.displayOptions?.show ?? {})
			.filter(([name]) => !/^[@/]/.test(name))
			.map(([name, values]): [FieldPath, unknown] => [[...at, name], values?.[0]]);
		return membersOf(field, path).map((leaf) => ({
			...leaf,
			shownBy: [...shownBy, ...leaf.shownBy],
		}));
	});
}

function membersOf(field: INodeProperties, path: FieldPath): LeafField[] {
	if (field.type === 'collection') return leafFields(field.options as INodeProperties[], path);
	if (field.type !== 'fixedCollection') return [{ field, path, shownBy: [] }];
	const isList = field.typeOptions?.multipleValues === true;
	return (field.options ?? []).flatMap((group) =>
		'values' in group
			? leafFields(group.values, [...path, group.name, ...(isList ? [0] : [])])
			: [],
	);
}

/** Puts a value at a path of parameters, with lists and objects on the way. */
export function putAt(parameters: object, path: FieldPath, value: unknown): void {
	let at = parameters as Record<string | number, unknown>;
	path.forEach((key, index) => {
		const next = path[index + 1];
		if (next === undefined) at[key] = value;
		else at = (at[key] ??= typeof next === 'number' ? [] : {}) as typeof at;
	});
}
