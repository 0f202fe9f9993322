import { setTimeout as delay } from 'node:timers/promises';

import { isConnectorError } from '../../../../nodes/shared/errors';
import { answerCalls, notify } from '../../../support/processes/answerCalls';
import { sessionFor } from './fakeNode';
import type { RunResult, WorkerCall, WorkerNotice } from './workerMessages';
import { EXIT_CODE, TIMED_OUT } from './workerMessages';

/** Runs in a child process: does what the test asks, as n8n's workers would. */

/** Calls under way: the executions of this process. */
const executions = new Set<Promise<RunResult>>();

/** n8n listens once, waits for its executions, and then ends the process. */
for (const name of ['SIGTERM', 'SIGINT'] as const) {
	process.once(name, () => {
		tell({ shuttingDown: true });
		const ends = process.argv[2] === 'worker' ? jobsEnd() : Promise.allSettled([...executions]);
		void ends.then(() => process.exit(EXIT_CODE));
	});
}

/** As n8n's worker of a queue: it looks again and again for jobs, and has a time after which it gives up. */
async function jobsEnd(): Promise<void> {
	const limitMs = Number(process.env.QUEUE_WORKER_TIMEOUT) * 1000;
	setTimeout(() => {
		process.stdout.write(TIMED_OUT);
		process.exit(1);
	}, limitMs);
	while (executions.size > 0) await delay(100);
}

let goOn = () => {};
const toldToGoOn = new Promise<void>((resolve) => {
	goOn = resolve;
});

async function execute(work: WorkerCall): Promise<RunResult> {
	const execution = call(work);
	executions.add(execution);
	return await execution.finally(() => executions.delete(execution));
}

async function call(work: WorkerCall): Promise<RunResult> {
	const session = await sessionFor(work.run);
	const result: RunResult = { done: 0, failures: [] };
	const one = async () => {
		try {
			const answer = await session.request({ method: 'GET', url: work.url ?? 'Organization' });
			if (answer.status === 200) result.done += 1;
			else result.failures.push({ code: `HTTP ${answer.status}`, text: '' });
		} catch (error) {
			result.failures.push({
				code: isConnectorError(error) ? error.code : 'none',
				text: error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error),
			});
		}
		if (result.done > 0 && result.done % 10 === 0) tell({ progress: result.done });
		if (result.done === work.pauseAfter) await toldToGoOn;
	};
	try {
		const lanes = Array.from({ length: work.parallel }, async (_, lane) => {
			for (let next = lane; next < work.requests; next += work.parallel) await one();
		});
		await Promise.all(lanes);
		if (work.logOff !== undefined) await session.logOff({ leaveOpen: work.logOff === 'leaveOpen' });
		return result;
	} finally {
		await session.release();
	}
}

answerCalls({
	ready: () => undefined,
	run: execute,
	goOn: () => goOn(),
	// As `n8n execute` does when its workflow has ended.
	exit: () => void setImmediate(() => process.exit(EXIT_CODE)),
});

function tell(notice: WorkerNotice): void {
	notify(notice);
}
