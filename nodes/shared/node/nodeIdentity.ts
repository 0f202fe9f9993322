import type { FunctionsBase } from 'n8n-workflow';

/** A node of a workflow in one n8n, whatever it is named there: the same over all its executions. */
export type NodeIdentity = readonly [instance: string, workflow: string, node: string];

/** Which node it is that n8n runs. */
export function nodeOf(
	context: Pick<FunctionsBase, 'getInstanceId' | 'getWorkflow' | 'getNode'>,
): NodeIdentity {
	const { id: workflow = '' } = context.getWorkflow();
	return [context.getInstanceId(), workflow, context.getNode().id];
}
