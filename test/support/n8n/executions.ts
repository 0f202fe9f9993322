import { parseFlatted } from './flatted';
import { N8nRequestError, type N8nClient } from './n8nClient';

/** How long to wait for the end of an execution, in ms. */
const EXECUTION_LIMIT_MS = 120_000;

const POLL_PAUSE_MS = 100;

export type ExecutionStatus =
	'new' | 'running' | 'waiting' | 'success' | 'error' | 'canceled' | 'crashed' | 'unknown';

export interface ItemError {
	message: string;
	description?: string | null;
	[key: string]: unknown;
}

export interface OutputItem {
	json: Record<string, unknown>;
	binary?: Record<string, unknown>;
	pairedItem?: unknown;
	error?: ItemError;
}

/** One run of one node inside an execution. */
export interface NodeRun {
	executionTime: number;
	executionStatus?: ExecutionStatus;
	error?: ItemError;
	data?: { main: Array<OutputItem[] | null> };
}

/** An execution as stored, with its data decoded. */
export interface Execution {
	id: string;
	workflowId: string;
	mode: string;
	status: ExecutionStatus;
	startedAt: string;
	stoppedAt: string | null;
	/** Error that ended the execution. */
	error?: ItemError;
	/** Runs by node name, in order. */
	runData: Record<string, NodeRun[]>;
	/** The whole decoded data. */
	data: unknown;
}

export interface ExecutionSummary {
	id: string;
	workflowId: string;
	mode: string;
	status: ExecutionStatus;
}

interface StoredExecution extends ExecutionSummary {
	startedAt: string;
	stoppedAt: string | null;
	data: string;
}

interface DecodedData {
	resultData?: { error?: ItemError; runData?: Record<string, NodeRun[]> };
}

const finalStatuses: ExecutionStatus[] = ['success', 'error', 'canceled', 'crashed'];

/** Reads an execution with its data. */
export async function readExecution(client: N8nClient, id: string): Promise<Execution> {
	const found = await storedExecution(client, id);
	const { data: text, ...summary } = found as StoredExecution;
	// Just after the start an execution has no data yet.
	const data = parseFlatted(text) as DecodedData | null | undefined;
	const result = data?.resultData;
	return {
		...summary,
		...(result?.error === undefined ? {} : { error: result.error }),
		runData: result?.runData ?? {},
		data,
	};
}

/** n8n 2.20 answers 500 for an execution that has no data yet: it misses `resultData`. */
async function storedExecution(client: N8nClient, id: string): Promise<unknown> {
	const giveUpAt = performance.now() + EXECUTION_LIMIT_MS;
	for (;;) {
		try {
			return await client.request('GET', `/rest/executions/${id}`);
		} catch (error) {
			const hasNoData = error instanceof N8nRequestError && error.message.includes('resultData');
			if (!hasNoData || performance.now() > giveUpAt) throw error;
		}
		await pause();
	}
}

/**
 * Waits until an execution has ended and its data is stored.
 *
 * @throws {Error} if it runs on after `limitMs`
 */
export async function waitForExecution(
	client: N8nClient,
	id: string,
	limitMs = EXECUTION_LIMIT_MS,
): Promise<Execution> {
	const giveUpAt = performance.now() + limitMs;
	for (;;) {
		const execution = await readExecution(client, id);
		if (finalStatuses.includes(execution.status) && execution.stoppedAt !== null) return execution;
		if (performance.now() > giveUpAt) {
			throw new Error(`Execution ${id} is still "${execution.status}" after ${limitMs} ms.`);
		}
		await pause();
	}
}

/**
 * The executions of a workflow, newest first.
 *
 * @param limit at most 100 (n8n's own maximum for one page)
 */
export async function listExecutions(
	client: N8nClient,
	workflowId: string,
	limit = 100,
): Promise<ExecutionSummary[]> {
	const query = { filter: JSON.stringify({ workflowId }), limit: String(limit) };
	const found = await client.request('GET', '/rest/executions', { query });
	return (found as { results: ExecutionSummary[] }).results;
}

/** Waits until a workflow has so many ended executions; returns them, newest first. */
export async function waitForExecutions(
	client: N8nClient,
	workflowId: string,
	count: number,
	limitMs = EXECUTION_LIMIT_MS,
): Promise<Execution[]> {
	const giveUpAt = performance.now() + limitMs;
	for (;;) {
		const ended = (await listExecutions(client, workflowId)).filter(({ status }) =>
			finalStatuses.includes(status),
		);
		if (ended.length >= count) {
			return await Promise.all(ended.map(({ id }) => waitForExecution(client, id)));
		}
		if (performance.now() > giveUpAt) {
			throw new Error(`${ended.length} of ${count} executions ended in ${limitMs} ms.`);
		}
		await pause();
	}
}

/** Presses Stop on a running execution. */
export async function stopExecution(client: N8nClient, id: string): Promise<void> {
	await client.request('POST', `/rest/executions/${id}/stop`);
}

/**
 * What a node put out on its first output, over all its runs.
 *
 * @throws {Error} with the node's or the execution's error if the node did not run to its end
 */
export function outputOf(execution: Execution, nodeName: string): OutputItem[] {
	const runs = execution.runData[nodeName] ?? [];
	const failure = runs.find(({ error }) => error !== undefined)?.error ?? execution.error;
	if (runs.length === 0 || (failure !== undefined && runs.every(({ data }) => !data?.main[0]))) {
		throw new Error(
			`Node "${nodeName}" gave nothing in execution ${execution.id} (${execution.status}): ` +
				`${failure?.message ?? 'no error'} ${failure?.description ?? ''}`,
		);
	}
	return runs.flatMap(({ data }) => data?.main[0] ?? []);
}

async function pause(): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, POLL_PAUSE_MS));
}
