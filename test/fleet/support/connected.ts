import { type ExactIdentity } from '../../e2e/support/exactHost';
import {
	meNode,
	runOnce,
	webhookWorkflow,
	type WebhookWorkflow,
} from '../../e2e/support/exactWorkflows';
import type { CredentialReference, WorkflowNode } from '../../support/n8n';
import type { Fleet } from './fleet';

/** An identity in use, with a workflow that makes one call with it. */
export interface Connected extends WebhookWorkflow {
	identity: ExactIdentity;
	credential: CredentialReference;
	/** Starts so many executions at once. */
	startAtOnce(count: number): Promise<void>;
}

/**
 * So many identities, each connected and used once, whose access tokens have ended since. Tokens issued from now on
 * live so long that none ends during a test.
 *
 * @param nodes of the workflow; without them *Me > Get*
 */
export async function connectedAndEnded(
	{ exact }: Fleet,
	names: readonly string[],
	nodes: (credential: CredentialReference) => WorkflowNode[] = (credential) => [meNode(credential)],
): Promise<Connected[]> {
	exact.issueShortLives();
	const all: Connected[] = [];
	for (const name of names) {
		const identity = exact.newIdentity();
		const credential = await exact.connectedCredential(identity, name);
		const { status, error } = await runOnce(exact, meNode(credential));
		if (status !== 'success') throw new Error(`${name}: ${error?.message ?? status}`);
		const { workflow, start } = await webhookWorkflow(exact, ...nodes(credential));
		const startAtOnce = async (count: number) => {
			await Promise.all(Array.from({ length: count }, start));
		};
		all.push({ identity, credential, workflow, start, startAtOnce });
	}
	await exact.letTokenEnd(...all.map(({ identity }) => identity));
	exact.simulator.reset();
	return all;
}

/**
 * A token life goes by for Exact Online: a pair that was issued and not received could be renewed from now on.
 */
export function letWindowOpen({ exact }: Fleet, { identity }: Pick<Connected, 'identity'>): void {
	const { clientId, userId } = identity;
	exact.simulator.ageChain(clientId, userId, exact.simulator.switches.accessTokenLifeSeconds);
}

/** @returns the only element. @throws Error where there is none. */
export function only<T>([one]: readonly T[]): T {
	if (one === undefined) throw new Error('There is none.');
	return one;
}
