import { join } from 'node:path';

import { TestProcess } from '../../../support/processes/testProcess';
import type { SessionStore } from './sessionStore';
import type { RunResult, WorkerCall, WorkerNotice } from './workerMessages';

/** A worker process (`sessionWorker.ts`) on a store, as the test that started it sees it. */
export class WorkerProcess {
	private readonly process: TestProcess;

	private progressListener: ((done: number) => void) | undefined;

	private constructor(store: SessionStore) {
		this.process = new TestProcess(join(__dirname, 'sessionWorker.ts'), {
			env: store.environment,
			keepOutput: true,
			onNotice: (notice) => this.progressListener?.((notice as WorkerNotice).progress),
		});
	}

	/** Starts a process that keeps its vault in the store. */
	static async start(store: SessionStore): Promise<WorkerProcess> {
		const started = new WorkerProcess(store);
		await started.process.call('ready');
		return started;
	}

	/** Everything it has written. */
	get output(): string {
		return this.process.output;
	}

	/** Does what a node run does. */
	async call(work: WorkerCall): Promise<RunResult> {
		return (await this.process.call('run', work)) as RunResult;
	}

	/** Resolves once the call under way has done this many requests. */
	async progressed(requests: number): Promise<void> {
		await new Promise<void>((resolve) => {
			this.progressListener = (done) => {
				if (done >= requests) resolve();
			};
		});
	}

	/** Sends a signal and waits for the end. */
	async end(signal: NodeJS.Signals): Promise<void> {
		await this.process.end(signal);
	}
}
