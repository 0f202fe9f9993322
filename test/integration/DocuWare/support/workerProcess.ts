import { join } from 'node:path';

import type { ProcessEnd } from '../../../support/processes/testProcess';
import { TestProcess } from '../../../support/processes/testProcess';
import type { SessionStore } from './sessionStore';
import type { RunResult, WorkerCall, WorkerNotice } from './workerMessages';

/** A worker process (`sessionWorker.ts`) on a store, as the test that started it sees it. */
export class WorkerProcess {
	private readonly process: TestProcess;

	private progressListener: ((done: number) => void) | undefined;

	private shutdownListener: (() => void) | undefined;

	private constructor(env: NodeJS.ProcessEnv, args: string[]) {
		this.process = new TestProcess(join(__dirname, 'sessionWorker.ts'), {
			env,
			args,
			keepOutput: true,
			onNotice: (notice) => this.take(notice as WorkerNotice),
		});
	}

	/**
	 * Starts a process that keeps its vault in the store.
	 * @param env further variables
	 * @param args its command, as n8n's: `worker` ends as a worker of n8n's queue does
	 */
	static async start(
		store: SessionStore,
		env: NodeJS.ProcessEnv = {},
		args: string[] = [],
	): Promise<WorkerProcess> {
		const started = new WorkerProcess({ ...store.environment, ...env }, args);
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

	/** Ends the pause of a call with `pauseAfter`. */
	async goOn(): Promise<void> {
		await this.process.call('goOn');
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
	async end(signal: NodeJS.Signals): Promise<ProcessEnd> {
		return await this.process.end(signal);
	}

	/** Sends a signal; resolves once its shutdown has begun. */
	async shutDown(signal: NodeJS.Signals): Promise<void> {
		const begun = new Promise<void>((resolve) => {
			this.shutdownListener = resolve;
		});
		this.process.signal(signal);
		await begun;
	}

	/** Has it end the process by itself, as a command does that has done its work. */
	async exit(): Promise<ProcessEnd> {
		await this.process.call('exit');
		return await this.ended;
	}

	/** How it ended; pending while it runs. */
	get ended(): Promise<ProcessEnd> {
		return this.process.exited;
	}

	private take(notice: WorkerNotice): void {
		if ('progress' in notice) this.progressListener?.(notice.progress);
		else this.shutdownListener?.();
	}
}
