import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { passOn, type ConnectorError } from '../errors';
import { processState } from '../process/processState';
import { withNodeErrors } from './nodeErrors';
import { beginNodeRun, type NodeRun } from './nodeRun';
import { triggerItems, type OutputRow } from './operation';

/** What a poll may take where n8n names no budget, in milliseconds. */
const DEFAULT_BUDGET_MS = 30_000;

/** Part of the budget in which new requests begin; the last one needs time to end. */
const ASKING_SHARE = 0.75;

/** One poll; its signal is aborted when its budget is used up. */
export interface PollRun extends NodeRun {
	/**
	 * From then on nothing more is asked for, and what has been found is returned (monotonic clock,
	 * ms): n8n drops what comes after the budget.
	 */
	readonly endsAt: number;
}

/** What a trigger does at each poll. */
export interface PollWork {
	/** Looks for what is new; an empty list starts nothing. */
	poll(run: PollRun): Promise<OutputRow[]>;
	/** The error of a poll that did not return in its time. */
	outOfTime(budgetMs: number): ConnectorError;
}

/**
 * Runs one poll of a trigger within n8n's budget of time. While an earlier poll of the same node runs in
 * this process, there is nothing new: two at once would return the same records twice.
 *
 * @throws NodeApiError or NodeOperationError
 */
export async function runPoll(
	context: IPollFunctions,
	work: PollWork,
): Promise<INodeExecutionData[][] | null> {
	const running = processState('polls1', () => new Set<string>());
	const key = pollKey(context);
	if (running.has(key)) return null;
	running.add(key);
	try {
		const rows = await withNodeErrors(
			context.getNode(),
			async () => await pollInTime(context, work),
		);
		return rows.length === 0 ? null : [triggerItems(rows)];
	} finally {
		running.delete(key);
	}
}

/** A run by hand shows samples and moves nothing on, so it never stands in the way of production. */
function pollKey(context: IPollFunctions): string {
	return JSON.stringify([
		context.getInstanceId(),
		context.getWorkflow().id,
		context.getNode().id,
		context.getMode() === 'manual',
	]);
}

async function pollInTime(context: IPollFunctions, work: PollWork): Promise<OutputRow[]> {
	// n8n before 2.40 has no such method.
	const askBudget = context.getPollBudgetMs as (() => number) | undefined;
	const budgetMs = askBudget?.call(context) ?? DEFAULT_BUDGET_MS;
	const overtime = new AbortController();
	const timer = setTimeout(() => overtime.abort(), budgetMs);
	const { finish, ...run } = beginNodeRun(overtime.signal);
	try {
		return await work.poll({ ...run, endsAt: performance.now() + budgetMs * ASKING_SHARE });
	} catch (error) {
		if (overtime.signal.aborted) throw work.outOfTime(budgetMs);
		passOn(error);
	} finally {
		clearTimeout(timer);
		await finish();
	}
}
