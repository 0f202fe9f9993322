import type { IPollFunctions } from 'n8n-workflow';
import { processState } from '../../process/processState';
import { nodeOf } from '../nodeIdentity';

/** What n8n polls for. */
export type PollOccasion =
	/** Somebody runs the node by hand: samples. */
	| 'sample'
	/** The workflow is being published: an error forbids it. */
	| 'publish'
	/** n8n starts, or becomes the leader: an error would keep the workflow from polling. */
	| 'start'
	/** Its time has come. */
	| 'regular';

/** What n8n 2.40 gives as a budget where it has none (docs/facts/n8n.md, "Polls"). */
const NO_BUDGET_MS = 300_000;

/**
 * Why a poll runs: n8n does not say, but the first poll of a context without a budget is the one that n8n makes when it
 * registers the workflow.
 */
export function occasionOf(context: IPollFunctions): PollOccasion {
	if (context.getMode() === 'manual') return 'sample';
	const known = processState('polledContexts1', () => new WeakSet<object>());
	const isFirst = !known.has(context);
	known.add(context);
	const budgetMs = givenBudget(context);
	if (!isFirst || (budgetMs !== undefined && budgetMs !== NO_BUDGET_MS)) return 'regular';
	const mode = (context.getActivationMode as (() => string) | undefined)?.call(context);
	if (isStartOfN8n(mode)) return 'start';
	return mode === undefined ? 'regular' : 'publish';
}

/** Whether n8n activates a workflow because it has started, or has become the leader. */
export function isStartOfN8n(activationMode: string | undefined): boolean {
	return activationMode === 'init' || activationMode === 'leadershipChange';
}

/** The time that n8n gives a poll (ms); undefined where it names none. */
export function budgetOf(context: IPollFunctions): number | undefined {
	const budgetMs = givenBudget(context);
	return budgetMs === undefined || budgetMs >= NO_BUDGET_MS ? undefined : budgetMs;
}

function givenBudget(context: IPollFunctions): number | undefined {
	// n8n before 2.40 has no such method.
	const ask = context.getPollBudgetMs as (() => number) | undefined;
	return ask?.call(context);
}

/** A run by hand shows samples and moves nothing on, so it never stands in the way of production. */
export function pollKey(context: IPollFunctions): string {
	return JSON.stringify([...nodeOf(context), context.getMode() === 'manual']);
}
