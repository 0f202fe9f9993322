import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { n8nCli } from './paths';

/** Upper limit for a start on a busy machine, with the database made from nothing. In ms. */
const START_LIMIT_MS = 180_000;

/** What n8n prints when it answers requests. */
const readyLine = {
	main: /Editor is now accessible via/,
	worker: /n8n worker is now ready/,
};

export interface N8nProcessOptions {
	/** Complete environment of the process. */
	env: Record<string, string>;
	/** Working folder; n8n reads an `.env` file from it. */
	cwd: string;
	/** Everything that the process prints is appended to this file. */
	logFile: string;
	kind?: 'main' | 'worker';
	/** What stands before the command, and becomes it: `ip netns exec …`. */
	prefix?: readonly string[];
}

/** How a process ended. */
export interface ProcessEnd {
	code: number | null;
	signal: NodeJS.Signals | null;
}

/** Process groups still running; a caller that ends must not leave them behind. */
const running = new Set<number>();

process.once('exit', () => running.forEach(killGroup));

function killGroup(pid: number): void {
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// The group is gone already.
	}
}

/** One running n8n. Create it with `N8nProcess.start`. */
export class N8nProcess {
	readonly pid: number;

	/** Resolves when the process is gone and its output is complete. */
	readonly ended: Promise<ProcessEnd>;

	private text = '';

	private readonly outputListeners = new Set<() => void>();

	private constructor(
		private readonly child: ChildProcess,
		private readonly log: WriteStream,
	) {
		if (child.pid === undefined) throw new Error('n8n could not be started.');
		this.pid = child.pid;
		const take = (chunk: string): void => {
			this.text += chunk;
			this.log.write(chunk);
			for (const listener of this.outputListeners) listener();
		};
		child.stdout?.setEncoding('utf8').on('data', take);
		child.stderr?.setEncoding('utf8').on('data', take);
		running.add(this.pid);
		this.ended = new Promise((resolve) => {
			child.once('close', (code, signal) => {
				running.delete(this.pid);
				this.log.end();
				resolve({ code, signal });
			});
		});
	}

	/**
	 * Starts n8n and waits until it answers.
	 *
	 * @throws {Error} with the end of its output if it ends or is not ready within three minutes
	 */
	static async start(options: N8nProcessOptions): Promise<N8nProcess> {
		const kind = options.kind ?? 'main';
		const [command = '', ...args] = [
			...(options.prefix ?? []),
			...[process.execPath, n8nCli, kind === 'main' ? 'start' : kind],
		];
		const child = spawn(command, args, {
			cwd: options.cwd,
			env: options.env,
			stdio: ['ignore', 'pipe', 'pipe'],
			// A process group of its own, so that Ctrl-C does not reach n8n before the caller stops it,
			// and so that `kill` takes the runner of Code nodes along.
			detached: true,
		});
		const started = new N8nProcess(child, createWriteStream(options.logFile, { flags: 'a' }));
		try {
			await started.waitForOutput(readyLine[kind], START_LIMIT_MS);
		} catch (error) {
			await started.kill();
			throw error;
		}
		return started;
	}

	/** Everything printed so far (stdout and stderr, as they came). */
	get output(): string {
		return this.text;
	}

	/**
	 * Waits for a line of the output; looks at earlier output first.
	 *
	 * @param limitMs how long to wait, in ms
	 * @throws {Error} if the process ends or the time is over before
	 */
	async waitForOutput(pattern: RegExp, limitMs = 60_000): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			const finish = (error?: Error): void => {
				clearTimeout(timer);
				this.outputListeners.delete(look);
				if (error) reject(error);
				else resolve();
			};
			const look = (): void => {
				if (pattern.test(this.text)) finish();
			};
			const timer = setTimeout(() => {
				finish(new Error(`n8n did not print ${String(pattern)} in ${limitMs} ms.\n${this.tail()}`));
			}, limitMs);
			this.outputListeners.add(look);
			void this.ended.then(({ code, signal }) => {
				finish(new Error(`n8n ended (${signal ?? `exit code ${code}`}).\n${this.tail()}`));
			});
			look();
		});
	}

	/** Asks n8n to shut down (SIGTERM) and waits for its end. */
	async stop(): Promise<ProcessEnd> {
		this.child.kill('SIGTERM');
		return await this.ended;
	}

	/** Ends n8n and its child processes at once (SIGKILL), as a crash would. */
	async kill(): Promise<ProcessEnd> {
		killGroup(this.pid);
		return await this.ended;
	}

	/** Sends a signal without waiting. */
	signal(signal: NodeJS.Signals): void {
		this.child.kill(signal);
	}

	private tail(): string {
		return this.text.split('\n').slice(-40).join('\n');
	}
}
