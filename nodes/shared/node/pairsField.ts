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

/** The names and values of such a field; those without a name are left out. */
export function readPairs(value: unknown, group: string): Array<[name: string, value: string]> {
	const pairs = (value as IDataObject | undefined)?.[group];
	if (!Array.isArray(pairs)) return [];
	return (pairs as IDataObject[])
		.map((pair): [string, string] => [String(pair.name ?? '').trim(), String(pair.value ?? '')])
		.filter(([name]) => name !== '');
}
