import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';

import { executeContext } from '../n8nContext';
import { publishedNode } from './publishedTypes';

/** One execution of a node with one empty item. */
export interface NodeRun {
	/** As a workflow stores them: what is not here has its default. */
	parameters: INodeParameters;
	/** By credential type. */
	credentials: Record<string, { id: string; data: ICredentialDataDecryptedObject }>;
	executionId: string;
}

/** Runs a node of the package as n8n does, and gives its output items. */
export async function runPublishedNode(name: string, run: NodeRun): Promise<IDataObject[]> {
	const type = publishedNode(name);
	if (type.execute === undefined) throw new Error(`${name} does not execute.`);
	const output = await type.execute.call(
		executeContext({ description: type.description, ...run }).context,
	);
	return ((output as Array<Array<{ json: IDataObject }>>)[0] ?? []).map(({ json }) => json);
}
