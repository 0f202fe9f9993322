import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	makeLater,
	packageName,
	unpackPackageFor,
	type N8nHost,
	type N8nProcess,
	type ProcessEnd,
} from '../../support/n8n';
import { untilStopped } from '../../support/processes/untilStopped';

const PRELOAD = join(__dirname, 'workerPreload.js');

/** A worker of the queue with a user folder of its own, as on a host of its own. */
export class FleetWorker {
	/** Executions that it had begun and not ended when it was killed, over all its lives. */
	readonly lostExecutions = new Set<string>();

	private running: N8nProcess | undefined;

	private starting: Promise<void> | undefined;

	private constructor(
		/** As it stands in the user agent of its calls. */
		readonly name: string,
		readonly userFolder: string,
		private readonly host: N8nHost,
		private readonly prefix: readonly string[],
	) {}

	/**
	 * Puts the package into a new user folder and starts the worker there.
	 *
	 * @param prefix what stands before its command
	 */
	static async start(
		name: string,
		host: N8nHost,
		prefix: readonly string[] = [],
	): Promise<FleetWorker> {
		const userFolder = await mkdtemp(join(tmpdir(), `n8n-${name}-`));
		await unpackPackageFor(userFolder);
		const worker = new FleetWorker(name, userFolder, host, prefix);
		await worker.startAgain();
		return worker;
	}

	get process(): N8nProcess {
		if (this.running === undefined) throw new Error(`${this.name} is not running.`);
		return this.running;
	}

	/** Starts it after it was killed or stopped; who asks meanwhile waits for the same start. */
	async startAgain(): Promise<void> {
		this.starting ??= this.host
			.startWorker({
				...{ userFolder: this.userFolder, prefix: this.prefix },
				env: { NODE_OPTIONS: `--require ${PRELOAD}`, FLEET_WORKER: this.name },
			})
			.then((started) => void (this.running = started))
			.finally(() => (this.starting = undefined));
		await this.starting;
	}

	/** SIGKILL, as when its host loses its power. */
	async kill(): Promise<void> {
		const { process } = this;
		this.running = undefined;
		await process.kill();
		for (const id of unfinishedIn(process.output)) this.lostExecutions.add(id);
	}

	/** SIGTERM; resolves once it has let its executions end. */
	async stop(): Promise<ProcessEnd> {
		const { process } = this;
		this.running = undefined;
		return await process.stop();
	}

	/** Replaces the package by that of a later version; while the worker is stopped. */
	async installLater(): Promise<void> {
		await makeLater(join(this.userFolder, '.n8n', 'nodes', 'node_modules', packageName));
	}

	/** SIGSTOP; resolves once the system shows it as stopped. */
	async freeze(): Promise<void> {
		this.process.signal('SIGSTOP');
		await untilStopped(this.process.pid);
	}

	wake(): void {
		this.process.signal('SIGCONT');
	}

	/** From now on its clock is wrong by so many milliseconds. */
	async shiftClock(ms: number): Promise<void> {
		await writeFile(join(this.userFolder, 'clockShift'), String(ms));
		this.process.signal('SIGUSR2');
		await this.process.waitForOutput(new RegExp(`The clock is off by ${ms} ms`));
	}

	async dispose(): Promise<void> {
		await this.starting?.catch(() => undefined);
		await this.running?.kill();
		await rm(this.userFolder, { recursive: true, force: true, maxRetries: 3 });
	}
}

/** What a worker tells of its executions (n8n-core, job processor). */
function unfinishedIn(output: string): string[] {
	const idsAfter = (verb: string) =>
		[...output.matchAll(new RegExp(`Worker ${verb} execution (\\d+)`, 'g'))].map(
			([, id]) => id ?? '',
		);
	const finished = new Set([...idsAfter('finished'), ...idsAfter('errored')]);
	return idsAfter('started').filter((id) => !finished.has(id));
}
