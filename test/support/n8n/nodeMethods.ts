import type { N8nClient } from './n8nClient';

export interface MethodRequest {
	/** Full type name, such as `n8n-nodes-exactonline-docuware.exactOnline`. */
	nodeType: string;
	typeVersion?: number;
	/** Name of the method in the node's `methods`. */
	methodName: string;
	/** Path of the parameter that asks, such as `parameters.division`. */
	path: string;
	/** Present parameters of the node. */
	parameters?: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
}

export interface ListEntry {
	name: string;
	value: string | number;
	url?: string;
	description?: string;
}

/** Opens a drop-down whose options the node loads (`loadOptions`). */
export async function loadOptions(client: N8nClient, request: MethodRequest): Promise<ListEntry[]> {
	const body = bodyOf(request);
	const found = await client.request('POST', '/rest/dynamic-node-parameters/options', { body });
	return found as ListEntry[];
}

/**
 * Opens the list of a resource locator (`listSearch`).
 *
 * @param filter what the user typed
 * @param paginationToken from the page before
 */
export async function searchList(
	client: N8nClient,
	request: MethodRequest,
	filter?: string,
	paginationToken?: unknown,
): Promise<{ results: ListEntry[]; paginationToken?: unknown }> {
	const path = '/rest/dynamic-node-parameters/resource-locator-results';
	const body = { ...bodyOf(request), filter, paginationToken };
	const found = await client.request('POST', path, { body });
	return found as { results: ListEntry[]; paginationToken?: unknown };
}

/** Loads the fields of a form whose fields the node tells (`resourceMapping`), as n8n stores them. */
export async function mapperFields(
	client: N8nClient,
	request: MethodRequest,
): Promise<Array<{ id: string }>> {
	const path = '/rest/dynamic-node-parameters/resource-mapper-fields';
	const found = await client.request('POST', path, { body: bodyOf(request) });
	return (found as { fields: Array<{ id: string }> }).fields;
}

function bodyOf(request: MethodRequest): Record<string, unknown> {
	return {
		path: request.path,
		methodName: request.methodName,
		nodeTypeAndVersion: { name: request.nodeType, version: request.typeVersion ?? 1 },
		currentNodeParameters: request.parameters ?? {},
		credentials: request.credentials ?? {},
	};
}
