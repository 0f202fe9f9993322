import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { n8nEnvironment, type PostgresSettings } from './environment';
import { freePort } from './freePort';
import { N8nClient, testOwner, type OwnerAccount } from './n8nClient';
import { N8nProcess } from './n8nProcess';
import { unpackPackageFor } from './packageTarball';
import { n8nCli } from './paths';
import { runCommand } from './runCommand';

export interface N8nHostOptions {
	/** User folder to use and to keep; without it a temporary one that `dispose` removes. */
	userFolder?: string;
	/** Port of the editor; without it a free one. The same after a restart. */
	port?: number;
	/** `N8N_ENCRYPTION_KEY`; without it n8n makes its own. */
	encryptionKey?: string;
	/** n8n's own database if it is to be PostgreSQL. */
	database?: PostgresSettings;
	/** Further or other environment variables of n8n. */
	env?: Record<string, string>;
	/**
	 * True starts all of n8n. Without it there is no editor, nor what it reads at its start (`/types/*.json`,
	 * `/rest/settings`), and no Code node runs: some seconds of processor less at each start.
	 */
	whole?: boolean;
	/** False leaves the package out, to install it in another way. */
	withPackage?: boolean;
	owner?: OwnerAccount;
}

export interface WorkerOptions {
	/** One of its own, as on another host; the package must be in it. */
	userFolder?: string;
	/** Further variables. */
	env?: Record<string, string>;
	/** What stands before the command, see `N8nProcessOptions`. */
	prefix?: readonly string[];
}

/** A real n8n with the packed package inside, an owner account and a logged-in client. */
export class N8nHost {
	/** Address of the editor, without slash at its end. */
	readonly url: string;

	/** Everything that every run of this n8n printed is appended here. */
	readonly logFile: string;

	private earlierOutput = '';

	private constructor(
		readonly userFolder: string,
		port: number,
		private readonly options: N8nHostOptions,
		private env: Record<string, string>,
		private running: N8nProcess | undefined,
		private session: N8nClient,
	) {
		this.url = `http://localhost:${port}`;
		this.logFile = logFileOf(userFolder);
	}

	/** Prepares a user folder, starts n8n there, creates the owner or logs in. */
	static async start(options: N8nHostOptions = {}): Promise<N8nHost> {
		const userFolder = options.userFolder ?? (await mkdtemp(join(tmpdir(), 'n8n-host-')));
		await mkdir(userFolder, { recursive: true });
		if (options.withPackage !== false) await unpackPackageFor(userFolder);
		const port = options.port ?? (await freePort());
		const env = n8nEnvironment({
			userFolder,
			port,
			runnerBrokerPort: await freePort(),
			...pick(options, 'encryptionKey', 'database', 'whole', 'env'),
		});
		const client = new N8nClient(`http://localhost:${port}`);
		const host = new N8nHost(userFolder, port, options, env, undefined, client);
		try {
			await host.startAgain();
		} catch (error) {
			await host.dispose();
			throw error;
		}
		return host;
	}

	/** The running n8n. */
	get process(): N8nProcess {
		if (this.running === undefined) throw new Error('This n8n is stopped.');
		return this.running;
	}

	/** Session of the owner; a new one after each start. */
	get client(): N8nClient {
		return this.session;
	}

	/** Path of n8n's own SQLite file. */
	get databaseFile(): string {
		return join(this.userFolder, '.n8n', 'database.sqlite');
	}

	/** Everything printed so far, over all starts. */
	get output(): string {
		return this.earlierOutput + (this.running?.output ?? '');
	}

	/**
	 * Starts n8n on the same folder and port after `stop` or `crash`.
	 *
	 * @param env variables that are to change from this start on
	 */
	async startAgain(env: Record<string, string> = {}): Promise<void> {
		this.env = { ...this.env, ...env };
		this.running = await N8nProcess.start({
			env: this.env,
			cwd: this.userFolder,
			logFile: this.logFile,
		});
		this.session = new N8nClient(this.url);
		await this.session.setUpOwnerOrLogIn(this.options.owner ?? testOwner);
	}

	/** Starts a worker of the queue, with the variables that n8n itself has. The caller ends it. */
	async startWorker(options: WorkerOptions = {}): Promise<N8nProcess> {
		const userFolder = options.userFolder ?? this.userFolder;
		return await N8nProcess.start({
			env: {
				...this.env,
				HOME: userFolder,
				N8N_USER_FOLDER: userFolder,
				N8N_RUNNERS_BROKER_PORT: String(await freePort()),
				...options.env,
			},
			cwd: userFolder,
			logFile: join(userFolder, 'worker.log'),
			kind: 'worker',
			...(options.prefix === undefined ? {} : { prefix: options.prefix }),
		});
	}

	/** Shuts n8n down in order (SIGTERM). */
	async stop(): Promise<void> {
		await this.running?.stop();
		this.forgetProcess();
	}

	/** Ends n8n as a crash would (SIGKILL). */
	async crash(): Promise<void> {
		await this.running?.kill();
		this.forgetProcess();
	}

	/** Shuts down and starts again on the same folder. */
	async restart(env: Record<string, string> = {}): Promise<void> {
		await this.stop();
		await this.startAgain(env);
	}

	/**
	 * Runs a workflow by `n8n execute`, in a process of its own beside n8n or while that is stopped.
	 * @throws {Error} with its output where it ends with another exit code than 0
	 */
	async execute(workflowId: string): Promise<void> {
		await this.command('execute', `--id=${workflowId}`);
	}

	/**
	 * Runs a command of n8n's own, in the same way.
	 * @throws {Error} with its output where it ends with another exit code than 0
	 */
	async command(...args: string[]): Promise<void> {
		await runCommand(process.execPath, [n8nCli, ...args], this.userFolder, {
			...this.env,
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		});
	}

	/** Ends n8n and removes its folder, unless the caller gave the folder. */
	async dispose(): Promise<void> {
		await this.crash();
		if (this.options.userFolder === undefined) {
			await rm(this.userFolder, { recursive: true, force: true, maxRetries: 3 });
		}
	}

	private forgetProcess(): void {
		this.earlierOutput = this.output;
		this.running = undefined;
	}
}

function logFileOf(userFolder: string): string {
	return join(userFolder, 'n8n.log');
}

function pick<T extends object, K extends keyof T>(from: T, ...keys: K[]): Pick<T, K> {
	const entries = keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]);
	return Object.fromEntries(entries) as Pick<T, K>;
}
