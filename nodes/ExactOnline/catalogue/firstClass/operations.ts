import type { Endpoint, Method } from '../types';
import type { ResourceData } from './resourceData';

/** What can be done with a resource, in the order of the list. */
export const OPERATIONS = [
	'Create',
	'Get',
	'Get Many',
	'Update',
	'Upsert',
	'Delete',
	'Add Line',
	'Change Line',
	'Delete Line',
] as const;

export type OperationName = (typeof OPERATIONS)[number];

/** How changed rows are found: by a sync endpoint, by the field Modified (deletions unseen), or not at all. */
export type Changes = 'sync' | 'modified' | 'none';

/**
 * The operations that the endpoints of a resource allow, less the denied ones.
 * @param endpointOf reads an endpoint of the catalogue
 */
export function operationsOf(
	{ endpoint: path, lines }: ResourceData,
	endpointOf: (path: string) => Endpoint,
): OperationName[] {
	const endpoint = endpointOf(path);
	const can = (method: Method) => endpoint.methods.includes(method);
	const isFunction = path.startsWith('read/');
	const byKey = endpoint.key.length > 0 && !isFunction;
	const linePath = lines && endpoint.fields.get(lines.field)?.lines;
	const line = linePath === undefined ? undefined : endpointOf(linePath);
	const canLine = (method: Method) => line?.methods.includes(method) === true;
	const wanted: Record<OperationName, boolean> = {
		Create: can('POST'),
		Get: can('GET') && byKey,
		'Get Many': can('GET'),
		Update: can('PUT') && byKey,
		Upsert: can('POST') && can('PUT') && byKey,
		Delete: can('DELETE') && byKey,
		// A line that cannot name its header would belong to none.
		'Add Line': canLine('POST') && line?.fields.get(lines?.header ?? '')?.create === true,
		'Change Line': canLine('PUT'),
		'Delete Line': canLine('DELETE'),
	};
	return OPERATIONS.filter((name) => wanted[name]);
}

/** How changed rows of a resource are found. */
export function changesOf(
	{ endpoint, sync, noChanges }: ResourceData,
	endpointOf: (path: string) => Endpoint,
): Changes {
	if (sync !== undefined) return 'sync';
	if (noChanges !== undefined) return 'none';
	return endpointOf(endpoint).fields.has('Modified') ? 'modified' : 'none';
}
