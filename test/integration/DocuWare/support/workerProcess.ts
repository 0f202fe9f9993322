import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { SessionStore } from './sessionStore';
import type { RunResult, WorkerCall } from './workerMessages';

type Answer = { id?: number; result?: RunResult; error?: string; progress?: number };

/** A worker process on a store, as the test that started it sees it. */
export class WorkerProcess {
	/** Everything it has written. */
	output = '';

	private nextId = 1;

	private readonly waiters = new Map<
		number,
		{ resolve: (result: RunResult) => void; reject: (error: Error) => void }
	>();

	private progressListener: ((done: number) => void) | undefined;

	readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

	private constructor(private readonly child: ChildProcess) {
		child.stdout?.on('data', (data: Buffer) => (this.output += data.toString('utf8')));
		child.stderr?.on('data', (data: Buffer) => (this.output += data.toString('utf8')));
		child.on('message', (message) => this.receive(message as Answer));
		this.exited = once(child, 'exit').then(([code, signal]) => {
			for (const { reject } of this.waiters.values()) {
				reject(new Error(`The worker ended (${String(signal ?? code)}): ${this.output}`));
			}
			return { code: code as number | null, signal: signal as NodeJS.Signals | null };
		});
	}

	/** Starts a process that keeps its vault in the store. */
	static async start(store: SessionStore): Promise<WorkerProcess> {
		const child = fork(join(__dirname, 'sessionWorker.ts'), {
			execArgv: [
				'--require',
				join(__dirname, '..', '..', '..', 'support', 'registerTypeScript.js'),
			],
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
			env: { ...process.env, ...store.environment },
		});
		const worker = new WorkerProcess(child);
		await Promise.race([once(child, 'message'), worker.exited]);
		return worker;
	}

	/** Does what a node run does. */
	async call(work: WorkerCall): Promise<RunResult> {
		const id = this.nextId;
		this.nextId += 1;
		return await new Promise<RunResult>((resolve, reject) => {
			this.waiters.set(id, { resolve, reject });
			this.child.send({ id, work });
		});
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
		if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
		await this.exited;
	}

	private receive(message: Answer): void {
		if (message.progress !== undefined) this.progressListener?.(message.progress);
		const waiter = message.id === undefined ? undefined : this.waiters.get(message.id);
		if (waiter === undefined) return;
		this.waiters.delete(message.id!);
		if (message.result) waiter.resolve(message.result);
		else waiter.reject(new Error(message.error ?? 'the worker failed'));
	}
}
