import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { FIRST_DIVISION, type ExactOnlineSimulator } from '../../test/simulators/ExactOnline';
import { ExactHost, type ExactIdentity } from '../../test/e2e/support/exactHost';
import { UNDER_TEST } from '../../test/e2e/support/exactWorkflows';
import {
	activateWorkflow,
	callWebhook,
	chainOf,
	importWorkflow,
	webhookTrigger,
	type CredentialReference,
	type WorkflowNode,
} from '../../test/support/n8n';
import type { LoopOrder } from './nodes/benchLoop';
import type { ReadOrder } from './nodes/benchReads';
import type { Measures } from './nodes/meter';

/** Tokens outlive the bench, whatever it takes. */
const TOKEN_LIFE_SECONDS = 36_000;

/** Nothing of an execution is stored. */
const UNSAVED = {
	saveDataSuccessExecution: 'none',
	saveDataErrorExecution: 'none',
	saveExecutionProgress: false,
	saveManualExecutions: false,
};

const UNSAVED_BY_DEFAULT = {
	EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none',
	EXECUTIONS_DATA_SAVE_MANUAL_EXECUTIONS: 'false',
};

/** The connected credential, and the token of the bare loop. */
const OWN_IDENTITIES = 2;

const NOT_READY_PAUSE_MS = 500;

const ACCOUNTS = 'crm/Accounts';

/** Limits that nobody reaches. */
const WITHOUT_LIMITS = { minutelyLimit: 1_000_000_000, dailyLimit: 1_000_000_000 };

/** A workflow that measures its node under test, once for each call. */
export type Run = () => Promise<Measures>;

/** n8n with the package and the nodes of the bench, and a simulator without limits. */
export class BenchHost {
	private runs = 0;

	private constructor(
		readonly exact: ExactHost,
		private readonly nodes: string,
		/** Connected credential of the package. */
		readonly credential: CredentialReference,
		/** Live access token of another user, for the bare loop. */
		readonly token: string,
	) {}

	/**
	 * @param identities of connections that the caller makes
	 * @param keepsExecutions whether n8n stores what has become of executions, as it does by default
	 */
	static async start(identities = 2, keepsExecutions = false): Promise<BenchHost> {
		const nodes = buildNodes();
		const exact = await ExactHost.start({
			identities: identities + OWN_IDENTITIES,
			whole: true,
			switches: {
				...{ ...WITHOUT_LIMITS, accessTokenLifeSeconds: TOKEN_LIFE_SECONDS },
				// What is compared is who calls with a token that has ended.
				accessTokenLeewayMs: 0,
			},
			env: {
				N8N_CUSTOM_EXTENSIONS: nodes,
				...(keepsExecutions ? {} : UNSAVED_BY_DEFAULT),
				...(process.env.BENCH_PROFILE && { BENCH_PROFILE: process.env.BENCH_PROFILE }),
			},
		});
		const credential = await exact.connectedCredential(exact.newIdentity(), 'Package');
		const other = exact.newIdentity();
		const { accessToken } = exact.simulator.issueTokens(other.clientId, other.userId);
		return new BenchHost(exact, nodes, credential, accessToken);
	}

	get simulator(): ExactOnlineSimulator {
		return this.exact.simulator;
	}

	newIdentity(): ExactIdentity {
		return this.exact.newIdentity();
	}

	/** Address of an endpoint of the first division. */
	url(path: string): string {
		return `${this.simulator.url}/api/v1/${FIRST_DIVISION}/${path}`;
	}

	/** Keys of so many accounts of the first division; made where there are fewer. */
	accountIds(count: number): string[] {
		const known = this.simulator.rows(FIRST_DIVISION, ACCOUNTS).length;
		if (known < count) this.addAccounts(count - known);
		return this.simulator
			.rows(FIRST_DIVISION, ACCOUNTS)
			.slice(0, count)
			.map(({ ID }) => String(ID));
	}

	private addAccounts(count: number): void {
		const rows = Array.from({ length: count }, (_none, index) => ({
			...{ Name: `Bakkerij Visser ${index}`, Email: `info${index}@example.com` },
			...{ City: 'Delft', Country: 'NL', Phone: '+31 15 1234567', Status: 'C' },
			VATNumber: 'NL123456789B01',
		}));
		this.simulator.addRows(FIRST_DIVISION, ACCOUNTS, rows);
	}

	/** A workflow with a node under test between two meters, for these items. */
	async run(items: ReadonlyArray<Record<string, unknown>>, node: WorkflowNode): Promise<Run> {
		return await this.prepared(items, [{ ...node, name: UNDER_TEST }]);
	}

	/** The same where n8n's *Loop Over Items* runs the node once for each item. */
	async runPerItem(
		items: ReadonlyArray<Record<string, unknown>>,
		node: WorkflowNode,
	): Promise<Run> {
		return await this.prepared(items, [OVER_ITEMS, { ...node, name: UNDER_TEST }], {
			[OVER_ITEMS.name]: { main: [to(END), to(UNDER_TEST)] },
			[UNDER_TEST]: { main: [to(OVER_ITEMS.name)] },
		});
	}

	private async prepared(
		items: ReadonlyArray<Record<string, unknown>>,
		measured: WorkflowNode[],
		connections: Record<string, unknown> = {},
	): Promise<Run> {
		const path = `bench-${++this.runs}`;
		const rows = { ...rowsNode(items), name: 'Items' };
		const nodes = [webhookTrigger(path), rows, meterNode('start'), ...measured, meterNode('end')];
		const chain = chainOf(path, nodes, UNSAVED);
		const file = { ...chain, connections: { ...chain.connections, ...connections } };
		const { client } = this.exact;
		await activateWorkflow(client, await importWorkflow(client, file));
		return async () => {
			for (;;) {
				const answer = await callWebhook(client, path);
				const text = await answer.text();
				if (answer.ok) return JSON.parse(text) as Measures;
				// On a busy machine n8n's own look at its database comes late; nothing was run then.
				if (answer.status !== 503) throw new Error(`${path}: ${answer.status} ${text}`);
				await delay(NOT_READY_PAUSE_MS);
			}
		};
	}

	async dispose(): Promise<void> {
		await this.exact.dispose();
		rmSync(this.nodes, { recursive: true, force: true });
	}
}

/** The nodes of the bench, each with what it needs in one file, as n8n takes them from a folder. */
function buildNodes(): string {
	const from = resolve(__dirname, 'nodes');
	const folder = mkdtempSync(join(tmpdir(), 'bench-nodes-'));
	// n8n finds nodes by the names of their files, and our linter nodes that are published.
	const entryPoints = ['Loop', 'Meter', 'Reads', 'Rows'].map((name) => ({
		in: join(from, `bench${name}.ts`),
		out: `Bench${name}.node`,
	}));
	buildSync({
		entryPoints,
		outdir: folder,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node22',
	});
	return folder;
}

const OVER_ITEMS: WorkflowNode = {
	name: 'Loop Over Items',
	type: 'n8n-nodes-base.splitInBatches',
	typeVersion: 3,
	parameters: { options: {} },
};

const END = 'Meter end';

/** Where one output of a node leads. */
function to(name: string): unknown {
	return [{ node: name, type: 'main', index: 0 }];
}

function meterNode(phase: 'start' | 'end'): WorkflowNode {
	return { name: `Meter ${phase}`, type: 'CUSTOM.benchMeter', parameters: { phase } };
}

/** Rows from memory: these, or so many after the pattern of the first. */
export function rowsNode(rows: ReadonlyArray<Record<string, unknown>>, count = 0): WorkflowNode {
	const parameters = { rows: JSON.stringify(rows), count: String(count) };
	return { name: UNDER_TEST, type: 'CUSTOM.benchRows', parameters };
}

/** The bare loop. */
export function loopNode(order: LoopOrder): WorkflowNode {
	const parameters = { order: JSON.stringify(order) };
	return { name: UNDER_TEST, type: 'CUSTOM.benchLoop', parameters };
}

/** The least that a node does with a request for each item. */
export function readsNode(order: ReadOrder, value: string): WorkflowNode {
	const parameters = { order: JSON.stringify(order), value };
	return { name: UNDER_TEST, type: 'CUSTOM.benchReads', parameters };
}
