import { join } from 'node:path';

import type { AccessToken, Authorization } from '../../../nodes/shared/tokenChain/types';
import { TEST_TIMING } from './chainFixture';
import type { ChainStore } from './chainStore';
import type {
	Posting,
	RequestOrder,
	RequestOutcome,
	ServeCounts,
	WorkerNotice,
	WorkerOptions,
} from './workerMessages';
import type { ProcessEnd } from '../processes/testProcess';
import { TestProcess } from '../processes/testProcess';

/** A process (`chainWorker.ts`) with token chains on a store, as the test that started it sees it. */
export class ChainProcess {
	/** The last counts of its callers that it has told. */
	counts: ServeCounts | undefined;

	private lastPosting: Posting = null;

	private readonly process: TestProcess;

	private constructor() {
		this.process = new TestProcess(join(__dirname, 'chainWorker.ts'), {
			onNotice: (notice) => this.receive(notice as WorkerNotice),
		});
	}

	/** Starts a process and opens the store in it. */
	static async start(
		store: ChainStore,
		options: Partial<Omit<WorkerOptions, 'spillFolder'>> = {},
	): Promise<ChainProcess> {
		const started = new ChainProcess();
		await started.process.call('open', {
			store: store.location,
			spillFolder: store.spillFolder,
			timing: TEST_TIMING,
			...options,
		});
		return started;
	}

	get pid(): number {
		return this.process.pid;
	}

	/** How it ended; pending while it runs. */
	get exited(): Promise<ProcessEnd> {
		return this.process.exited;
	}

	get isRunning(): boolean {
		return this.process.isRunning;
	}

	/** The token request that is under way here, as far as it has told. */
	get posting(): Posting {
		return this.isRunning ? this.lastPosting : null;
	}

	/** A token for a normal request. @throws ConnectorError as the worker met it. */
	async getToken(authorization: Authorization): Promise<AccessToken> {
		return (await this.process.call('getToken', authorization)) as AccessToken;
	}

	/** Makes requests to the API through the client of the node. */
	async request(order: RequestOrder): Promise<RequestOutcome[]> {
		return (await this.process.call('request', order)) as RequestOutcome[];
	}

	/** Lets time pass in what the process remembers. */
	async passTime(seconds: number): Promise<void> {
		await this.process.call('passTime', seconds);
	}

	/** Lets callers use tokens in a loop: one API call each, then a pause around `pauseMs`. */
	async serve(authorization: Authorization, callers: number, pauseMs: number): Promise<void> {
		await this.process.call('serve', { authorization, callers, pauseMs });
	}

	/** Ends the callers once each has finished its call. */
	async stopServing(): Promise<ServeCounts> {
		this.counts = (await this.process.call('stopServing')) as ServeCounts;
		return this.counts;
	}

	/** SQLite: runs SQL on the worker's own connection. */
	async sql(text: string): Promise<void> {
		await this.process.call('sql', text);
	}

	/** Stops the process between two writes to its store. */
	async freeze({ location }: ChainStore): Promise<void> {
		await this.process.freeze(location.engine === 'sqlite' ? location.file : undefined);
	}

	/** Sends a signal; after SIGKILL, resolves when the process has ended. */
	async signal(signal: 'SIGKILL' | 'SIGCONT'): Promise<void> {
		this.process.signal(signal);
		if (signal === 'SIGKILL') await this.exited;
	}

	/** Ends the process, whatever it does. */
	async end(): Promise<void> {
		await this.process.end();
	}

	private receive(notice: WorkerNotice): void {
		if ('posting' in notice) this.lastPosting = notice.posting;
		else this.counts = notice.counts;
	}
}
