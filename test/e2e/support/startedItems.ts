import {
	listExecutions,
	outputOf,
	waitForExecution,
	type N8nClient,
	type OutputItem,
} from '../../support/n8n';
import { until } from '../../support/until';

/** Longer than many thousands of items take on a busy machine, in ms. */
const REACH_LIMIT_MS = 240_000;

/** What a trigger has started a workflow with so far, read once per execution. */
export class StartedItems {
	private readonly byExecution = new Map<string, OutputItem[]>();

	/**
	 * @param client session of n8n's owner; a new one after a restart of n8n
	 * @param trigger name of the trigger
	 */
	constructor(
		private readonly client: () => N8nClient,
		private readonly workflowId: string,
		private readonly trigger: string,
	) {}

	/** Executions so far. */
	get executions(): number {
		return this.byExecution.size;
	}

	/** Items of each execution so far. */
	get sizes(): number[] {
		return [...this.byExecution.values()].map(({ length }) => length);
	}

	/** All items so far, oldest execution first. */
	get all(): OutputItem[] {
		const inOrder = [...this.byExecution].sort(([one], [other]) => Number(one) - Number(other));
		return inOrder.flatMap(([, items]) => items);
	}

	/** Waits until there are so many items at least. */
	async reach(count: number): Promise<OutputItem[]> {
		const isReached = async () => {
			await this.read();
			return this.all.length >= count;
		};
		await until(isReached, { limitMs: REACH_LIMIT_MS });
		return this.all;
	}

	private async read(): Promise<void> {
		const client = this.client();
		for (const { id } of await listExecutions(client, this.workflowId)) {
			if (this.byExecution.has(id)) continue;
			const execution = await waitForExecution(client, id);
			this.byExecution.set(id, outputOf(execution, this.trigger));
		}
	}
}

/** Poll times that n8n takes although they come every two seconds together: each alone is one second of each minute. */
export const EVERY_TWO_SECONDS = {
	item: Array.from({ length: 30 }, (_none, index) => ({
		mode: 'custom',
		cronExpression: `${index * 2} * * * * *`,
	})),
};
