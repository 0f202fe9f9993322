import { listExecutions, waitForExecutions, type Execution } from '../../support/n8n';
import type { ExactHost, ExactIdentity } from './exactHost';
import type { WebhookWorkflow } from './exactWorkflows';

const POLL_PAUSE_MS = 50;

/**
 * Starts executions at once, as a burst of webhook calls does. The first token request is held until
 * every execution has started, so that all of them need the token that is being fetched.
 *
 * @returns all executions, ended
 */
export async function runTogether(
	exact: ExactHost,
	{ clientId }: ExactIdentity,
	workflows: WebhookWorkflow[],
	timesEach: number,
): Promise<Execution[]> {
	const hold = exact.simulator.hold('tokenReceived', { where: { tags: { clientId } } });
	const starts = workflows.flatMap((one) => Array.from({ length: timesEach }, () => one.start()));
	await Promise.all(starts);
	const held = await hold.waiting();
	for (const { workflow } of workflows) await allStarted(exact, workflow.id, timesEach);
	held.release();
	const ended = workflows.map(({ workflow }) =>
		waitForExecutions(exact.client, workflow.id, timesEach),
	);
	return (await Promise.all(ended)).flat();
}

async function allStarted({ client }: ExactHost, workflowId: string, count: number): Promise<void> {
	for (;;) {
		const executions = await listExecutions(client, workflowId);
		if (executions.filter(({ status }) => status !== 'new').length >= count) return;
		await new Promise((resolve) => setTimeout(resolve, POLL_PAUSE_MS));
	}
}
