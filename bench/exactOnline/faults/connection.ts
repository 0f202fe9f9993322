import type { ExactHost, ExactIdentity } from '../../../test/e2e/support/exactHost';
import { runOnce } from '../../../test/e2e/support/exactWorkflows';
import { errorText } from '../../../test/e2e/support/statusOf';
import type { CredentialReference, Execution } from '../../../test/support/n8n';
import type { Way } from './ways';

/** What became of the executions of one way in one story. */
export interface Row {
	way: string;
	executions: number;
	failed: number;
	tokenPosts: number;
	oldTokenUses: number;
	tooEarly: number;
	expiredCalls: number;
	unauthorized: number;
	/** What the editor shows of the first execution that failed. */
	text: string;
}

/** What a story has to tell of one way. */
export interface Told {
	connection: Connection;
	row: Row;
}

/** One connection of one way, with what it has cost since `begin`. */
export class Connection {
	private executions: Execution[] = [];

	private readonly counted = { tooEarly: 0, expiredCalls: 0, unauthorized: 0 };

	private tokenPosts = 0;

	private oldTokenUses = 0;

	private constructor(
		readonly exact: ExactHost,
		readonly way: Way,
		readonly identity: ExactIdentity,
		readonly credential: CredentialReference,
	) {
		exact.simulator.log.on('received', ({ path, tags }) => {
			if (path !== '/api/oauth2/token' || tags.clientId !== identity.clientId) return;
			if (tags.grantType !== 'refresh_token') return;
			this.tokenPosts += 1;
			if (tags.standing !== 'live') this.oldTokenUses += 1;
		});
	}

	/** So many connections, one for each way, whose tokens have been used and have ended. */
	static async endedInUse(exact: ExactHost, ways: readonly Way[]): Promise<Connection[]> {
		exact.issueShortLives();
		const all: Connection[] = [];
		for (const way of ways) {
			const identity = exact.newIdentity();
			const credential = await way.connected(exact, identity, `${way.name} ${identity.userId}`);
			const connection = new Connection(exact, way, identity, credential);
			const { status, error } = await runOnce(exact, way.node(exact, credential));
			if (status !== 'success') throw new Error(`${way.name}: ${error?.message ?? status}`);
			all.push(connection);
		}
		await exact.letTokenEnd(...all.map(({ identity }) => identity));
		for (const connection of all) connection.begin();
		return all;
	}

	/** Everything counts from now on. */
	begin(): void {
		this.executions = [];
		Object.assign(this.counted, { tooEarly: 0, expiredCalls: 0, unauthorized: 0 });
		this.tokenPosts = 0;
		this.oldTokenUses = 0;
		this.exact.simulator.reset();
	}

	/** Does what only this connection does meanwhile, and counts what the service has seen. */
	async alone<T>(work: () => Promise<T>): Promise<T> {
		const { counters } = this.exact.simulator;
		const before = { ...counters };
		const result = await work();
		this.counted.tooEarly += counters.tooEarly - before.tooEarly;
		this.counted.expiredCalls +=
			counters.apiCallsWithExpiredToken - before.apiCallsWithExpiredToken;
		this.counted.unauthorized += counters.unauthorized - before.unauthorized;
		return result;
	}

	/** Runs the workflow so many times, one after another. */
	async run(times: number, credential = this.credential): Promise<void> {
		await this.alone(async () => {
			for (let run = 0; run < times; run += 1) {
				this.took([await runOnce(this.exact, this.way.node(this.exact, credential))]);
			}
		});
	}

	/** Executions that were started in another way. */
	took(executions: readonly Execution[]): void {
		this.executions.push(...executions);
	}

	/** From now on its token has ended at the service. */
	age(): void {
		this.exact.simulator.ageChain(this.identity.clientId, this.identity.userId, 600);
	}

	/** What has been counted until now. */
	told(): Told {
		const { executions, counted, tokenPosts, oldTokenUses, way } = this;
		const failed = executions.filter(({ status }) => status !== 'success');
		return {
			connection: this,
			row: {
				...{ way: way.name, executions: executions.length, failed: failed.length },
				...{ tokenPosts, oldTokenUses, ...counted },
				text: failed[0] === undefined ? '' : shownOf(failed[0]),
			},
		};
	}

	/** Runs the workflow once; whether it succeeded. */
	async succeeds(): Promise<boolean> {
		const { status } = await runOnce(this.exact, this.way.node(this.exact, this.credential));
		return status === 'success';
	}
}

function shownOf(execution: Execution): string {
	return execution.status === 'error'
		? errorText(execution).replace(/\s+/g, ' ').trim()
		: `(${execution.status})`;
}
