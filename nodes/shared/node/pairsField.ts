import type { IDataObject, INodeProperties } from 'n8n-workflow';

/** A field of names and values, such as query parameters or headers. */
export function pairsField(
	texts: Pick<INodeProperties, 'displayName' | 'name' | 'placeholder' | 'description'>,
	group: { name: string; displayName: string },
): INodeProperties {
	return {
		...texts,
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		default: {},
		options: [
			{
				...group,
				values: [
					{ displayName: 'Name', name: 'name', type: 'string', default: '' },
					{ displayName: 'Value', name: 'value', type: 'string', default: '' },
				],
			},
		],
	};
}

/** The names and values of such a field, as texts; those without a name are left out. */
export function readPairs(value: unknown, group: string): Array<[name: string, value: string]> {
	return readValuePairs(value, group).map(([name, given]) => [name, String(given)]);
}

/** The names and values of such a field, where an expression may give a number or a date. */
export function readValuePairs(
	value: unknown,
	group: string,
): Array<[name: string, value: unknown]> {
	const pairs = (value as IDataObject | undefined)?.[group];
	if (!Array.isArray(pairs)) return [];
	return (pairs as IDataObject[])
		.map((pair): [string, unknown] => [String(pair.name ?? '').trim(), pair.value ?? ''])
		.filter(([name]) => name !== '');
}
