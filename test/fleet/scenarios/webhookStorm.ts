import { setTimeout as delay } from 'node:timers/promises';
import { docuWareNode } from '../../e2e/support/docuWareHost';
import { exactNode } from '../../e2e/support/exactWorkflows';
import type { LogEntry } from '../../simulators/ExactOnline';
import {
	activateWorkflow,
	callWebhook,
	chainOf,
	importWorkflow,
	webhookTrigger,
	type Workflow,
} from '../../support/n8n';
import { printTable } from '../../support/chain/printTable';
import type { Fleet } from '../support/fleet';
import { SIZE, SIZE_NAME } from '../support/size';

const ACCOUNTS = 'crm/Accounts';
const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const DIVISIONS = 10;

/** A minute of the service, in s; and so many of them are needed for the calls of a division at least. */
const [MINUTE, MINUTES] = [10, 2];

/** Webhook calls in a second, one per division: 500 within a minute. */
const PAUSE_MS = 1_000;

/** Calls that one division is asked for; within the longest wait (in s) it takes so many per minute, about half of them. */
const ONE_DIVISION = { calls: 30, perMinute: 5, longestWait: 20 };

/** Requests under way in each division, now and at most. */
class RequestsAtOnce {
	readonly most: Record<string, number> = {};

	private readonly now: Record<string, number> = {};

	begin(entry: LogEntry): void {
		const { division = '' } = entry.tags;
		const count = (this.now[division] ?? 0) + 1;
		this.now[division] = count;
		this.most[division] = Math.max(this.most[division] ?? 0, count);
	}

	end(entry: LogEntry): void {
		const { division = '' } = entry.tags;
		this.now[division] = (this.now[division] ?? 0) - 1;
	}
}

/** A record in each service for each webhook call. */
class Storm {
	/** What the calls asked to be written. */
	readonly names: string[] = [];

	private constructor(
		private readonly fleet: Fleet,
		private readonly path: string,
		readonly workflow: Workflow,
	) {}

	/** @param callLimits of the node for Exact Online */
	static async publish(
		fleet: Fleet,
		path: string,
		callLimits: Record<string, unknown>,
	): Promise<Storm> {
		const { exact } = fleet;
		const credential = await exact.connectedCredential(exact.newIdentity(), path);
		const docuWareApi = await fleet.docuWareCredential(path);
		const upload = {
			...{ resource: 'document', operation: 'upload' },
			fileCabinetId: { __rl: true, mode: 'id', value: INVOICES },
			indexFields: {
				mappingMode: 'defineBelow',
				value: { COMPANY: asked('name'), INVOICENO: asked('number') },
			},
		};
		const file = chainOf(path, [
			webhookTrigger(path, 'onReceived'),
			exactNode(credential, {
				...{ resource: 'account', operation: 'create', callLimits },
				division: { __rl: true, mode: 'id', value: asked('division') },
				values: { mappingMode: 'defineBelow', value: { Name: asked('name') } },
			}),
			{
				...{ name: 'File', type: 'n8n-nodes-base.convertToFile', typeVersion: 1.1 },
				parameters: {
					...{ operation: 'toText', sourceProperty: 'recordId' },
					options: { fileName: `${asked('name')}.txt` },
				},
			},
			{ ...docuWareNode({ docuWareApi }, upload), name: 'DocuWare' },
		]);
		const workflow = await importWorkflow(exact.client, file);
		await activateWorkflow(exact.client, workflow);
		return new Storm(fleet, path, workflow);
	}

	/** Calls in each of the divisions at once. */
	async callIn(divisions: readonly string[]): Promise<void> {
		await Promise.all(
			divisions.map(async (division, index) => {
				const name = `${this.path} ${this.names.length} in ${division}`;
				this.names.push(name);
				const query = new URLSearchParams({ division, name, number: String(index) });
				const response = await callWebhook(
					this.fleet.exact.client,
					`${this.path}?${query.toString()}`,
				);
				expect(response.status).toBe(200);
				await response.text();
			}),
		);
	}

	/** Names of what stands in Exact Online and in DocuWare, in order. */
	written(divisions: readonly string[]): { exact: string[]; docuWare: string[] } {
		const { exact, docuWare } = this.fleet;
		const records = divisions.flatMap((one) => exact.simulator.rows(Number(one), ACCOUNTS));
		const documents = docuWare.state.documents.inCabinet(INVOICES);
		const own = (names: string[]) =>
			names.filter((name) => name.startsWith(`${this.path} `)).sort();
		return {
			exact: own(records.map(({ Name }) => String(Name).trim())),
			docuWare: own(documents.map(({ values }) => String(values['COMPANY']))),
		};
	}
}

function asked(name: string): string {
	return `={{ $('Webhook').item.json.query.${name} }}`;
}

/** Webhook calls come faster than Exact Online takes them; each writes a record in both services. */
export function webhookStorm(fleet: () => Fleet): void {
	const divisionsOf = (count: number) =>
		fleet().exact.simulator.world.divisions.slice(0, count).map(String);

	afterEach(() => {
		fleet().exact.simulator.configure({ minuteSeconds: 60, minutelyLimit: 10_000 });
	});

	it('a storm of webhook calls over ten divisions: all are done, each record is there once, no limit is met', async () => {
		const { exact, docuWare } = fleet();
		const { simulator } = exact;
		const divisions = divisionsOf(DIVISIONS);
		const perDivision = Math.ceil(SIZE.stormCalls / DIVISIONS);
		const minutelyLimit = Math.ceil(perDivision / (MINUTES + 0.5));
		simulator.configure({ minuteSeconds: MINUTE, minutelyLimit });
		// In every other division one request after another is asked for.
		const parallelRequests = `={{ Number($('Webhook').item.json.query.number) % 2 === 0 ? 1 : 2 }}`;
		const storm = await Storm.publish(fleet(), 'storm', { parallelRequests });
		simulator.reset();
		const atOnce = new RequestsAtOnce();
		const ends = [
			simulator.log.on('received', (entry) => atOnce.begin(entry)),
			simulator.log.on('answered', (entry) => atOnce.end(entry)),
		];
		const began = performance.now();
		const seconds = () => Math.round((performance.now() - began) / 1000);
		for (let round = 0; round < perDivision; round += 1) {
			await Promise.all([storm.callIn(divisions), delay(PAUSE_MS)]);
		}
		const calledIn = seconds();
		const { workflow, names } = storm;
		const endings = await fleet().endings(workflow, names.length);
		ends.forEach((end) => end());

		const written = storm.written(divisions);
		const { counters } = simulator;
		printTable(
			`Webhook storm (${SIZE_NAME})`,
			Object.entries({
				'webhook calls': names.length,
				'seconds for the calls': calledIn,
				'seconds until all was done': seconds(),
				endings: JSON.stringify(endings),
				'records of Exact Online': written.exact.length,
				'documents of DocuWare': written.docuWare.length,
				'refused by a limit': counters.rateLimited,
				'requests at once by division, at most': JSON.stringify(atOnce.most),
				'log-ons at DocuWare': docuWare.counters.logOns.password,
			}).map(([what, value]) => ({ what, value })),
		);
		const all = [...names].sort();
		expect({ endings, written }).toEqual({
			endings: { success: names.length },
			written: { exact: all, docuWare: all },
		});
		expect(counters).toMatchObject({ rateLimited: 0, apiErrors: {}, unauthorized: 0 });
		const oneByOne = divisions.filter((_division, index) => index % 2 === 0);
		expect(oneByOne.map((division) => atOnce.most[division])).toEqual(oneByOne.map(() => 1));
		expect(docuWare.counters.logOns).toEqual({ password: 1, token: 0 });
	});

	it('in one division, with a longest wait: what has no place in time says until when, and nothing is half done', async () => {
		const { simulator } = fleet().exact;
		const divisions = divisionsOf(1);
		simulator.configure({ minuteSeconds: MINUTE, minutelyLimit: ONE_DIVISION.perMinute });
		const { longestWait, calls } = ONE_DIVISION;
		const storm = await Storm.publish(fleet(), 'impatient-storm', { longestWait });
		simulator.reset();
		for (let call = 0; call < calls; call += 1) await storm.callIn(divisions);
		const { success = 0, ...failures } = await fleet().endings(storm.workflow, calls);
		const written = storm.written(divisions);
		printTable('Webhook storm in one division', [
			{ what: 'webhook calls', value: calls },
			{ what: 'done', value: success },
			{ what: 'failed', value: Object.values(failures).reduce((sum, count) => sum + count, 0) },
			{ what: 'refused by a limit', value: simulator.counters.rateLimited },
		]);
		expect(success).toBeGreaterThanOrEqual(ONE_DIVISION.perMinute);
		expect(Object.keys(failures).length).toBeGreaterThan(0);
		for (const text of Object.keys(failures)) {
			expect(text).toContain('[EXACT_RATE_LIMIT_MINUTE]');
			expect(text).toMatch(/used up until \d{4}-\d\d-\d\dT/);
		}
		expect(written.exact).toHaveLength(success);
		expect(written.docuWare).toEqual(written.exact);
		expect(simulator.counters.rateLimited).toBe(0);
	});
}
