import type { FakeRun } from './fakeNode';

/** What a worker is asked to do with one session. */
export interface WorkerCall {
	run: FakeRun;
	/** Number of requests, and how many of them at a time. */
	requests: number;
	parallel: number;
	/** Address below the Platform; default `Organization`. */
	url?: string;
	/** After so many requests it waits until it is told to go on, between two requests. */
	pauseAfter?: number;
	/** Log off at the end (a login token first); `leaveOpen`: but not where others use the session. */
	logOff?: true | 'leaveOpen';
}

/** What became of the requests. */
export interface RunResult {
	done: number;
	failures: Array<{ code: string; text: string }>;
}

/** What a worker tells without being asked: how many requests are done, that a signal has come. */
export type WorkerNotice = { progress: number } | { shuttingDown: true };

/** With this code a worker ends by itself. */
export const EXIT_CODE = 42;

/** Written by a worker of the queue that gives up waiting. */
export const TIMED_OUT = 'Shutdown timed out';
