import type { FakeRun } from './fakeNode';

/** What a worker is asked to do with one session. */
export interface WorkerCall {
	run: FakeRun;
	/** Number of requests, and how many of them at a time. */
	requests: number;
	parallel: number;
	/** Address below the Platform; default `Organizations`. */
	url?: string;
	/** Log off at the end (a login token first). */
	logOff?: boolean;
}

/** What became of the requests. */
export interface RunResult {
	done: number;
	failures: Array<{ code: string; text: string }>;
}

/** What a worker tells without being asked: how many requests are done. */
export interface WorkerNotice {
	progress: number;
}
