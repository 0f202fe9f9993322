import { randomBytes } from 'node:crypto';
import { ExactHost, type ExactIdentity } from '../../e2e/support/exactHost';
import { errorText } from '../../e2e/support/statusOf';
import { DOCUWARE_CREDENTIAL } from '../../e2e/support/docuWareHost';
import {
	defaultWorld,
	startDocuWareSimulator,
	type DocuWareSimulator,
} from '../../simulators/DocuWare';
import {
	createCredential,
	readExecution,
	type CredentialReference,
	N8nHost,
	type PostgresSettings,
	type Workflow,
} from '../../support/n8n';
import { startRedis, type RedisServer } from '../../support/n8n/redisServer';
import {
	startTestPostgres,
	type TestDatabase,
	type TestPostgres,
} from '../../support/postgres/testPostgres';
import { until } from '../../support/until';
import { FleetWorker } from './fleetWorker';

/** Enough for a workflow with the pause of an outage in it, on a busy machine; each look is a connection. */
const POLLING = { limitMs: 150_000, pollMs: 200 };

/** More than the scenarios take together. */
const IDENTITIES = 80;

/** Long enough for one execution in a queue, on a busy machine too, in s. */
const SHORT_LIFE = 5;

const WORKERS = ['worker-1', 'worker-2', 'worker-3'];

/** A row of n8n's executions. */
export interface FleetExecution {
	id: string;
	status: string;
	ended: boolean;
}

/**
 * n8n in queue mode as users run it on several hosts: PostgreSQL, Redis, a main process and three workers with
 * user folders of their own, the package installed from its tarball in each. Its one setting is that of all tests, no
 * login token in the background, since requests are counted; editor and Code nodes, which nothing here uses, are left
 * out. The services are simulators.
 */
export class Fleet {
	/** What the present scenario says beside its counters. */
	readonly remarks: string[] = [];

	/** A worker that came later, for one scenario. */
	private guest: FleetWorker | undefined;

	private other: Promise<N8nHost> | undefined;

	private constructor(
		readonly postgres: TestPostgres,
		readonly database: TestDatabase,
		readonly redis: RedisServer,
		readonly exact: ExactHost,
		readonly docuWare: DocuWareSimulator,
		readonly workers: readonly FleetWorker[],
		/** `N8N_ENCRYPTION_KEY` of all of them. */
		readonly encryptionKey: string,
	) {}

	/** Starts it all. What has been started is ended where something does not start. */
	static async start(): Promise<Fleet> {
		const ends: Array<() => Promise<void>> = [];
		try {
			const postgres = await startTestPostgres();
			ends.push(async () => await postgres.close());
			const redis = await startRedis();
			ends.push(async () => await redis.close());
			const database = await postgres.createDatabase();
			const docuWare = await startDocuWareSimulator({
				world: defaultWorld(),
				switches: { perMinuteLimits: { filecabinets: 10_000 } },
			});
			ends.push(async () => await docuWare.close());
			const encryptionKey = randomBytes(24).toString('hex');
			const exact = await ExactHost.start({
				identities: IDENTITIES,
				shortLife: SHORT_LIFE,
				database: settingsOf(database),
				encryptionKey,
				env: { ...redis.queueMode, N8N_WORKFLOW_PUBLICATION_OUTBOX_POLL_INTERVAL_MS: '500' },
			});
			ends.push(async () => await exact.dispose());
			const workers = await Promise.all(
				WORKERS.map(async (name) => await FleetWorker.start(name, exact.host)),
			);
			return new Fleet(postgres, database, redis, exact, docuWare, workers, encryptionKey);
		} catch (error) {
			for (const end of ends.reverse()) await end();
			throw error;
		}
	}

	get host(): N8nHost {
		return this.exact.host;
	}

	/** Ports of the servers that a worker needs. */
	get ports(): number[] {
		const { QUEUE_BULL_REDIS_PORT } = this.redis.queueMode;
		const services = [this.exact.simulator.url, this.docuWare.url].map((url) => new URL(url).port);
		return [this.postgres.port, QUEUE_BULL_REDIS_PORT, ...services].map(Number);
	}

	/** One more worker; the caller ends it. */
	async addWorker(name: string, prefix: readonly string[]): Promise<FleetWorker> {
		this.guest = await FleetWorker.start(name, this.host, prefix);
		return this.guest;
	}

	worker(name: string): FleetWorker {
		const all = [...this.workers, ...(this.guest === undefined ? [] : [this.guest])];
		const found = all.find((worker) => worker.name === name);
		if (found === undefined) throw new Error(`There is no worker "${name}".`);
		return found;
	}

	/**
	 * An n8n with a database and an encryption key of its own, whose vault is that of the fleet. It starts at the first
	 * call.
	 */
	async otherInstance(): Promise<N8nHost> {
		this.other ??= N8nHost.start({
			env: {
				N8N_EXACTONLINE_DOCUWARE_VAULT: this.database.url,
				N8N_EXACTONLINE_DOCUWARE_VAULT_KEY: this.encryptionKey,
			},
		});
		return await this.other;
	}

	/** A credential for DocuWare, of the first user or of that one. */
	async docuWareCredential(
		name: string,
		user = this.docuWare.world.users[0],
	): Promise<CredentialReference> {
		return await createCredential(this.exact.client, DOCUWARE_CREDENTIAL, name, {
			platformUrl: this.docuWare.url,
			userName: user?.name,
			password: user?.password,
		});
	}

	/** The executions of a workflow as n8n's database has them, oldest first. */
	async executionsOf({ id }: Workflow): Promise<FleetExecution[]> {
		const rows = await this.database.sql(
			`SELECT id, status, "stoppedAt" IS NOT NULL AS ended FROM execution_entity
			WHERE "workflowId" = '${id}' ORDER BY id`,
		);
		return rows.map(({ id: number, status, ended }) => ({
			id: String(number),
			status: String(status),
			ended: ended === true,
		}));
	}

	/**
	 * Waits until a workflow has so many executions and all have ended, but for those that a killed worker took along.
	 *
	 * @param limitMs how long it waits for that
	 * @returns how many ended in which way: `success`, or the text of the error
	 */
	async endings(
		workflow: Workflow,
		count: number,
		limitMs = POLLING.limitMs,
	): Promise<Record<string, number>> {
		const isLost = ({ id }: FleetExecution) =>
			this.workers.some(({ lostExecutions }) => lostExecutions.has(id));
		let executions: FleetExecution[] = [];
		await until(
			async () => {
				executions = await this.executionsOf(workflow);
				return executions.length >= count && executions.every((one) => one.ended || isLost(one));
			},
			{ ...POLLING, limitMs },
		);
		const endings: Record<string, number> = {};
		for (const one of executions.filter((execution) => !isLost(execution))) {
			const ending = one.status === 'success' ? one.status : await this.errorOf(one);
			endings[ending] = (endings[ending] ?? 0) + 1;
		}
		return endings;
	}

	/**
	 * Starts so many more executions and waits until they have ended. For what comes after an outage of n8n's own
	 * database, in which executions can end that n8n cannot write down, so that they seem to run for ever.
	 *
	 * @returns their statuses
	 */
	async runMore(
		{ workflow, startAtOnce }: { workflow: Workflow; startAtOnce(count: number): Promise<void> },
		count: number,
	): Promise<string[]> {
		const before = new Set((await this.executionsOf(workflow)).map(({ id }) => id));
		await startAtOnce(count);
		let more: FleetExecution[] = [];
		await until(async () => {
			more = (await this.executionsOf(workflow)).filter(({ id }) => !before.has(id));
			return more.length === count && more.every(({ ended }) => ended);
		}, POLLING);
		return more.map(({ status }) => status);
	}

	/** Waits until n8n's main process takes calls again, and knows its database to be there. */
	async isBack({ start }: { start(): Promise<void> }): Promise<void> {
		const takesCalls = async () =>
			await start().then(
				() => true,
				() => false,
			);
		await until(takesCalls, POLLING);
		const isReady = async () => (await fetch(`${this.host.url}/healthz/readiness`)).ok;
		await until(isReady, POLLING);
	}

	/** Outcomes of the attempts to renew an identity's tokens, oldest first, as `kind outcome`. */
	async attemptsOf({ identifier }: ExactIdentity): Promise<string[]> {
		const rows = await this.database.sql(
			`SELECT kind, outcome FROM exactonline_docuware_attempt
			WHERE identity LIKE '%${identifier}' AND outcome <> 'noted' ORDER BY started_at`,
		);
		return rows.map(({ kind, outcome }) => `${String(kind)} ${String(outcome)}`);
	}

	/** State and generation of an identity's record in the vault. */
	async recordOf({ identifier }: ExactIdentity): Promise<{ state: string; generation: number }> {
		const [row] = await this.database.sql(
			`SELECT state, generation FROM exactonline_docuware_record WHERE identity LIKE '%${identifier}'`,
		);
		if (row === undefined) throw new Error(`The vault has no record of ${identifier}.`);
		return { state: String(row.state), generation: Number(row.generation) };
	}

	async dispose(): Promise<void> {
		await (await this.other)?.dispose();
		await Promise.all(this.workers.map(async (worker) => await worker.dispose()));
		await this.exact.dispose();
		await this.docuWare.close();
		await this.redis.close();
		await this.postgres.close();
	}

	private async errorOf({ id }: FleetExecution): Promise<string> {
		const execution = await readExecution(this.exact.client, id);
		return execution.status === 'error' ? errorText(execution) : execution.status;
	}
}

function settingsOf(database: TestDatabase): PostgresSettings {
	const { hostname, port, username, password } = new URL(database.url);
	return {
		host: hostname,
		port: Number(port),
		database: database.name,
		user: username,
		password: decodeURIComponent(password),
	};
}
