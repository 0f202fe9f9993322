import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { ConnectorError } from '../../../nodes/shared/errors';
import type { CallMessage, ProcessMessage } from './messages';
import { untilStopped } from './untilStopped';

const REGISTER = join(__dirname, '..', 'registerTypeScript.js');

export interface TestProcessOptions {
	/** Laid over the environment of the test. */
	env?: NodeJS.ProcessEnv;
	/** What stands behind the file in its `process.argv`. */
	args?: string[];
	/** True keeps what the process writes in `output` instead of passing it on. */
	keepOutput?: boolean;
	/** What the process tells without being asked (`notify`). */
	onNotice?: (notice: unknown) => void;
}

/** How a process ended. */
export interface ProcessEnd {
	code: number | null;
	signal: NodeJS.Signals | null;
}

interface Waiter {
	resolve(value: unknown): void;
	reject(error: Error): void;
}

/** A child process that runs a TypeScript file of the tests and answers calls (`answerCalls.ts`). */
export class TestProcess {
	/** How it ended; pending while it runs. */
	readonly exited: Promise<ProcessEnd>;

	/** What it has written, with `keepOutput`. */
	output = '';

	private readonly child: ChildProcess;

	private ended: ProcessEnd | undefined;

	private nextNumber = 1;

	private readonly waiters = new Map<number, Waiter>();

	constructor(file: string, options: TestProcessOptions = {}) {
		const stdio = options.keepOutput === true ? 'pipe' : 'inherit';
		this.child = fork(file, options.args ?? [], {
			execArgv: ['--no-warnings', '--require', REGISTER],
			stdio: ['ignore', stdio, stdio, 'ipc'],
			env: { ...process.env, ...options.env },
		});
		const keep = (data: Buffer) => (this.output += data.toString('utf8'));
		this.child.stdout?.on('data', keep);
		this.child.stderr?.on('data', keep);
		this.child.on('message', (message) => this.receive(message as ProcessMessage, options));
		this.exited = once(this.child, 'exit').then(([code, signal]) => this.noteEnd(code, signal));
	}

	get pid(): number {
		if (this.child.pid === undefined) throw new Error('the process has not started');
		return this.child.pid;
	}

	get isRunning(): boolean {
		return this.ended === undefined;
	}

	/**
	 * Calls a function of the process.
	 * @throws ConnectorError as the process met it, else an Error with its text; an Error where the
	 * process ends before it answers.
	 */
	async call(name: string, argument?: unknown): Promise<unknown> {
		const message: CallMessage = { number: this.nextNumber++, name, argument };
		return await new Promise((resolve, reject) => {
			this.waiters.set(message.number, { resolve, reject });
			this.child.send(message, (error) => {
				if (error) reject(error);
			});
		});
	}

	/** Sends a signal without waiting for what comes of it. */
	signal(signal: NodeJS.Signals): void {
		if (this.isRunning) this.child.kill(signal);
	}

	/**
	 * Stops the process; resolves once the system shows it as stopped.
	 * @param vaultFile the SQLite file that it writes to, where it does: stopped amid a write, of a heartbeat for one, it
	 *   would keep the file locked until it goes on
	 */
	async freeze(vaultFile?: string): Promise<void> {
		const lock = vaultFile === undefined ? undefined : lockFor(vaultFile);
		try {
			this.signal('SIGSTOP');
			await untilStopped(this.pid);
		} finally {
			lock?.close();
		}
	}

	/** Sends a signal and waits for the end. */
	async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<ProcessEnd> {
		this.signal(signal);
		return await this.exited;
	}

	private receive(message: ProcessMessage, { onNotice }: TestProcessOptions): void {
		if ('notice' in message) {
			onNotice?.(message.notice);
			return;
		}
		const waiter = this.waiters.get(message.number);
		this.waiters.delete(message.number);
		if (!('error' in message)) waiter?.resolve(message.value);
		else if (message.error.code === undefined) waiter?.reject(new Error(message.error.message));
		else {
			const { code, message: text, repair = '', retryable } = message.error;
			waiter?.reject(new ConnectorError(code, text, { repair, retryable }));
		}
	}

	private noteEnd(code: unknown, signal: unknown): ProcessEnd {
		const end = { code: code as number | null, signal: signal as NodeJS.Signals | null };
		this.ended = end;
		for (const { reject } of this.waiters.values()) {
			reject(
				new Error(
					`The worker ended (${String(end.signal ?? end.code)}) before it answered ${this.output}`,
				),
			);
		}
		this.waiters.clear();
		return end;
	}
}

/** Takes the one place of a writer; closing the database gives it up. */
function lockFor(file: string): DatabaseSync {
	const database = new DatabaseSync(file, { timeout: 30_000 });
	database.exec('BEGIN IMMEDIATE');
	return database;
}
