import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * Whether a model decides what the node does: as a tool of an AI agent on the canvas n8n runs the node
 * under its type's name with `Tool` at the end, or in a context that says so; n8n's own agents run
 * it in the mode `internal`, without a workflow around it (facts/n8n.md).
 */
export function runsAsTool(
	context: Pick<IExecuteFunctions, 'getNode' | 'getMode' | 'isToolExecution'>,
): boolean {
	return (
		context.getNode().type.endsWith('Tool') ||
		context.getMode() === 'internal' ||
		(context.isToolExecution as (() => boolean) | undefined)?.call(context) === true
	);
}
