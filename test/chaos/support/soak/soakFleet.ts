import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SeededRandom } from '../../../simulators/shared/seededRandom';
import { TestProcess } from '../../../support/processes/testProcess';
import type { Span } from './explanations';
import type { EndedExecution, SoakNotice, SoakOrder } from './soakMessages';

/** A process of the fleet. */
interface Member {
	process: TestProcess;
	/** Executions that have begun and not ended. */
	underWay: number;
}

/** Worker processes (`soakWorker.ts`) on one vault, of which some are killed and replaced. */
export class SoakFleet {
	readonly ended: EndedExecution[] = [];

	/** Executions that have begun, whatever came of them. */
	begun = 0;

	/** Executions that were under way in a process that was killed. */
	abandoned = 0;

	readonly kills: Span[] = [];

	readonly freezes: Span[] = [];

	private members: Member[] = [];

	private started = 0;

	constructor(
		private readonly order: Omit<SoakOrder, 'seed'>,
		private readonly environment: NodeJS.ProcessEnv,
		private readonly random: SeededRandom,
	) {}

	/** Starts so many processes at once. */
	async start(count: number): Promise<void> {
		const started = Array.from({ length: count }, async () => await this.startOne());
		this.members.push(...(await Promise.all(started)));
	}

	/** Kills one and starts another in its place. */
	async kill(): Promise<void> {
		const index = this.anyIndex();
		const member = this.members[index]!;
		await during(this.kills, async () => void (await member.process.end('SIGKILL')));
		// What it had told before it was killed has arrived by now.
		this.abandoned += member.underWay;
		this.members[index] = await this.startOne();
	}

	/** Ends one in order, as n8n ends a worker, and starts another in its place. @returns its exit code */
	async replace(): Promise<number | null> {
		const index = this.anyIndex();
		const { code } = await this.members[index]!.process.end('SIGTERM');
		this.members[index] = await this.startOne();
		return code;
	}

	/** Stops one for so long, in milliseconds. */
	async freeze(ms: number): Promise<void> {
		const { process } = this.members[this.anyIndex()]!;
		await during(this.freezes, async () => {
			await process.freeze();
			await delay(ms);
			process.signal('SIGCONT');
		});
	}

	/** Lets every execution come to its end. */
	async stop(): Promise<void> {
		await Promise.all(this.members.map(async ({ process }) => await process.call('stop')));
	}

	/** Ends all processes, whatever they do. */
	async end(): Promise<void> {
		await Promise.all(this.members.map(async ({ process }) => await process.end()));
	}

	private anyIndex(): number {
		return this.random.integer(0, this.members.length - 1);
	}

	private async startOne(): Promise<Member> {
		const member: Member = {
			underWay: 0,
			process: new TestProcess(join(__dirname, 'soakWorker.ts'), {
				env: this.environment,
				onNotice: (notice) => this.receive(member, notice as SoakNotice),
			}),
		};
		this.started += 1;
		const seed = `${this.random.integer(0, 2 ** 31)}:${this.started}`;
		await member.process.call('begin', { ...this.order, seed } satisfies SoakOrder);
		return member;
	}

	private receive(member: Member, notice: SoakNotice): void {
		if ('began' in notice) {
			this.begun += 1;
			member.underWay += 1;
			return;
		}
		member.underWay -= 1;
		this.ended.push(notice.ended);
	}
}

/** Notes when something was done. */
export async function during(spans: Span[], work: () => Promise<void>): Promise<void> {
	const from = Date.now();
	await work();
	spans.push({ from, until: Date.now() });
}
