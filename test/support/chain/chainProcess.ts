import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { ConnectorError } from '../../../nodes/shared/errors';
import type { GrantedToken } from '../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization } from '../../../nodes/shared/tokenChain/types';
import { TEST_TIMING } from './chainFixture';
import type { ChainStore } from './chainStore';
import type {
	Posting,
	ServeCounts,
	WorkerMessage,
	WorkerOptions,
	WorkerRequest,
} from './workerMessages';

interface Waiter {
	resolve(value: unknown): void;
	reject(error: Error): void;
}

/** A worker process (`chainWorker.ts`) on a store, as the test that started it sees it. */
export class ChainProcess {
	/** How it ended; pending while it runs. */
	readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

	/** The last counts of its callers that it has told. */
	counts: ServeCounts | undefined;

	/** The token request that is under way here, as far as it has told. */
	posting: Posting = null;

	private readonly waiters = new Map<number, Waiter>();

	private nextId = 1;

	private ended = false;

	private constructor(private readonly child: ChildProcess) {
		this.exited = once(child, 'exit').then(([code, signal]) => {
			this.ended = true;
			this.posting = null;
			for (const { reject } of this.waiters.values()) {
				reject(new Error(`The worker ended (${String(signal ?? code)}) before it answered`));
			}
			return { code: code as number | null, signal: signal as NodeJS.Signals | null };
		});
		child.on('message', (message) => this.receive(message as WorkerMessage));
	}

	/** Starts a process and opens the store in it. */
	static async start(
		store: ChainStore,
		options: Partial<Omit<WorkerOptions, 'spillFolder'>> = {},
	): Promise<ChainProcess> {
		const child = fork(join(__dirname, 'chainWorker.ts'), {
			execArgv: ['--require', join(__dirname, '..', 'registerTypeScript.js')],
			stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
		});
		const worker = new ChainProcess(child);
		await worker.ask({
			kind: 'open',
			options: {
				store: store.location,
				spillFolder: store.spillFolder,
				timing: TEST_TIMING,
				...options,
			},
		});
		return worker;
	}

	get isRunning(): boolean {
		return !this.ended;
	}

	/** A token for a normal request. @throws ConnectorError as the worker met it. */
	async getToken(authorization: Authorization): Promise<GrantedToken> {
		return (await this.ask({ kind: 'getToken', authorization })) as GrantedToken;
	}

	/** Lets callers use tokens in a loop: one API call each, then a pause around `pauseMs`. */
	async serve(authorization: Authorization, callers: number, pauseMs: number): Promise<void> {
		await this.ask({ kind: 'serve', authorization, callers, pauseMs });
	}

	/** Ends the callers once each has finished its call. */
	async stopServing(): Promise<ServeCounts> {
		this.counts = (await this.ask({ kind: 'stopServing' })) as ServeCounts;
		return this.counts;
	}

	/** SQLite: runs SQL on the worker's own connection. */
	async sql(text: string): Promise<void> {
		await this.ask({ kind: 'sql', text });
	}

	/** Sends a signal; after SIGKILL, resolves when the process has ended. */
	async signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
		this.child.kill(signal);
		if (signal === 'SIGKILL') await this.exited;
	}

	/** Ends the process, whatever it does. */
	async end(): Promise<void> {
		if (this.isRunning) await this.signal('SIGKILL');
	}

	private async ask(request: WorkerRequest): Promise<unknown> {
		const id = this.nextId++;
		return await new Promise((resolve, reject) => {
			this.waiters.set(id, { resolve, reject });
			this.child.send({ id, request }, (error) => {
				if (error) reject(error);
			});
		});
	}

	private receive(message: WorkerMessage): void {
		if ('posting' in message) {
			this.posting = message.posting;
		} else if ('counts' in message) {
			this.counts = message.counts;
		} else {
			const waiter = this.waiters.get(message.id);
			this.waiters.delete(message.id);
			if ('error' in message) {
				const { code, message: text, repair, retryable } = message.error;
				waiter?.reject(new ConnectorError(code, text, { repair, retryable }));
			} else {
				waiter?.resolve(message.value);
			}
		}
	}
}
