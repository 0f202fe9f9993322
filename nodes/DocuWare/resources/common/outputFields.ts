import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { PlatformResource } from '../../api/platformClient';
import type { OperationCall } from '../operation';

/** Whether entities come back without what only programs that follow links need. */
export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** Entities as output, simplified if the item asks for that. */
export function toOutput(
	rows: readonly PlatformResource[],
	{ context, itemIndex }: Pick<OperationCall, 'context' | 'itemIndex'>,
): IDataObject[] {
	const simple = context.getNodeParameter('simplify', itemIndex, true) === true;
	return rows.map((row) => (simple ? simplify(row) : row) as IDataObject);
}

/** An entity without links, type names and members that hold nothing. */
export function simplify(row: PlatformResource): PlatformResource {
	return Object.fromEntries(
		Object.entries(row)
			.filter(([name, value]) => name !== 'Links' && name !== '$type' && !isEmpty(value))
			.map(([name, value]) => [name, simplifyValue(value)]),
	);
}

function simplifyValue(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(simplifyValue);
	return isObject(value) ? simplify(value) : value;
}

function isEmpty(value: unknown): boolean {
	if (value === null || value === undefined) return true;
	if (Array.isArray(value)) return value.length === 0;
	return isObject(value) && Object.values(value).every(isEmpty);
}

function isObject(value: unknown): value is PlatformResource {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
