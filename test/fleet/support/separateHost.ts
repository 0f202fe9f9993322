import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { runCommand } from '../../support/n8n/runCommand';
import type { Lack } from '../../support/notRun';

const FORWARD = join(__dirname, 'forward.js');

const [OUTSIDE, INSIDE] = ['10.213.77.1', '10.213.77.2'];

/**
 * A network of its own on this machine (a network namespace of Linux), joined to the other one by a cable that can be
 * cut. In it the loopback address has the servers that it has outside, so that no address need differ.
 */
export class SeparateHost {
	private readonly forwarders: ChildProcess[] = [];

	private constructor(
		private readonly name: string,
		private readonly cable: string,
	) {}

	/** Why this machine cannot have one; undefined where it can. */
	static impediment(): Lack | undefined {
		const name = nameOf('try');
		const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
		if (made.error !== undefined) {
			const why = `network namespaces need the program ip, as iproute2 brings it (${made.error.message})`;
			return { why, program: 'iproute2' };
		}
		if (made.status !== 0) {
			return {
				why: `this user may make no network namespace, which takes root (${made.stderr.trim()})`,
			};
		}
		spawnSync('ip', ['netns', 'del', name]);
		return undefined;
	}

	/** @param ports of servers on the loopback address that are to be reached from inside */
	static async create(ports: readonly number[]): Promise<SeparateHost> {
		const host = new SeparateHost(nameOf('host'), `fleet${process.pid % 100_000}`);
		try {
			await host.lay();
			await host.forward([], OUTSIDE, '127.0.0.1', ports);
			await host.forward(host.command, '127.0.0.1', OUTSIDE, ports);
		} catch (error) {
			await host.remove();
			throw error;
		}
		return host;
	}

	/** What stands before a command that is to run in it; the process is that of the command. */
	get command(): string[] {
		return ['ip', 'netns', 'exec', this.name];
	}

	/** From now on nothing gets through, and nobody is told. */
	async cut(): Promise<void> {
		await ip('link', 'set', this.cable, 'down');
	}

	async mend(): Promise<void> {
		await ip('link', 'set', this.cable, 'up');
	}

	/** Once no process runs in it any more. */
	async remove(): Promise<void> {
		for (const { stdin } of this.forwarders) stdin?.end();
		// The cable goes with the end that is inside.
		await ip('netns', 'del', this.name).catch(() => undefined);
		await ip('link', 'del', this.cable).catch(() => undefined);
	}

	private async lay(): Promise<void> {
		const far = `${this.cable}i`;
		const inside = async (...args: string[]) => await ip('-n', this.name, ...args);
		await ip('netns', 'add', this.name);
		await ip('link', 'add', this.cable, 'type', 'veth', 'peer', 'name', far, 'netns', this.name);
		await ip('addr', 'add', `${OUTSIDE}/30`, 'dev', this.cable);
		await ip('link', 'set', this.cable, 'up');
		await inside('addr', 'add', `${INSIDE}/30`, 'dev', far);
		await inside('link', 'set', far, 'up');
		await inside('link', 'set', 'lo', 'up');
	}

	private async forward(
		prefix: readonly string[],
		listenOn: string,
		leadTo: string,
		ports: readonly number[],
	): Promise<void> {
		const [command = '', ...args] = [
			...prefix,
			...[process.execPath, FORWARD, listenOn, leadTo],
			...ports.map(String),
		];
		const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
		this.forwarders.push(child);
		await Promise.race([
			once(child.stdout, 'data'),
			once(child, 'exit').then(() => {
				throw new Error(`The way from ${listenOn} to ${leadTo} could not be made.`);
			}),
		]);
	}
}

function nameOf(what: string): string {
	return `fleet-${what}-${process.pid}`;
}

async function ip(...args: string[]): Promise<void> {
	await runCommand('ip', args, '/');
}
