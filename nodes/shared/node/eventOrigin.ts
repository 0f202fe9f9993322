import type { EventOrigin } from '../vault/rows/events';

/** What is asked of one of n8n's contexts; some of them have no execution. */
interface RunContext {
	getWorkflow(): { id?: string };
	getExecutionId?(): string | undefined;
}

/** The workflow and execution of a run, for the log of events. */
export function originOf(context: RunContext): EventOrigin {
	return {
		workflowId: context.getWorkflow().id ?? null,
		executionId: context.getExecutionId?.() ?? null,
	};
}
