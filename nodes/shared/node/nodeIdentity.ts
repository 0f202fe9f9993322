import { createHash } from 'node:crypto';
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

/** Letters of a digest of settings that are kept. */
const DIGEST_LENGTH = 12;

/** Tells the settings of a node from others that it had, and no more of them. */
export function settingsDigest(context: Pick<FunctionsBase, 'getNode'>): string {
	const settings = createHash('sha256').update(JSON.stringify(context.getNode().parameters));
	return settings.digest('base64url').slice(0, DIGEST_LENGTH);
}
