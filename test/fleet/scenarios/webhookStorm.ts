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
import type { Fleet } from '../support/fleet';
import { SIZE } from '../support/size';

const ACCOUNTS = 'crm/Accounts';
const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const DIVISIONS = 10;
const STORM_USER = 'peggy.jenkins';

/** A minute of the service, in s. */
const MINUTE = 10;

/** Every second one webhook call for each division, all of them within a minute, in s. */
const [PAUSE, WITHIN] = [1, 60];

/** How long an execution waits for a place in the minute of a division, in s. */
const LONGEST_WAIT = 20;

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

/**
 * Between two calls that n8n had so long after each other the first one's request comes to the node first: until then
 * they go through n8n's queue and workers, whose order is n8n's; on a busy machine that takes seconds. In ms.
 */
const UNTIL_ARRIVED_MS = 10_000;

/** Enough for all executions of a storm on a busy machine, in ms. */
const STORM_LIMIT_MS = 900_000;

/** A record in each service for each webhook call. */
class Storm {
	/** What the calls asked to be written. */
	readonly names: string[] = [];

	/** When n8n had each of them, in ms. */
	private readonly acceptedAt = new Map<string, number>();

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
		// A user of its own, who has no session yet.
		const user = fleet.docuWare.world.users.find(({ name }) => name === STORM_USER);
		const docuWareApi = await fleet.docuWareCredential(path, user);
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

	/**
	 * Calls for these divisions, all of them again each second, whether the calls before have been answered or not.
	 *
	 * @returns seconds until the last one was sent, and until the last one had been accepted
	 */
	async rage(
		divisions: readonly string[],
		calls: number,
	): Promise<{ sentIn: number; acceptedIn: number }> {
		const began = performance.now();
		const seconds = () => Math.ceil((performance.now() - began) / 1000);
		const answers: Array<Promise<void>> = [];
		for (let round = 0; round * divisions.length < calls; round += 1) {
			await delay(Math.max(0, began + round * PAUSE * 1000 - performance.now()));
			answers.push(...divisions.map(async (division, index) => await this.call(division, index)));
		}
		const sentIn = seconds();
		await Promise.all(answers);
		return { sentIn, acceptedIn: seconds() };
	}

	private async call(division: string, number: number): Promise<void> {
		const name = `${this.path} ${this.names.length} in ${division}`;
		this.names.push(name);
		const query = new URLSearchParams({ division, name, number: String(number) });
		const path = `${this.path}?${query.toString()}`;
		for (;;) {
			const response = await callWebhook(this.fleet.exact.client, path);
			await response.text();
			if (response.ok) {
				this.acceptedAt.set(name, performance.now());
				return;
			}
			// On a busy machine n8n's own look at its database comes late; nothing was run then.
			expect(response.status).toBe(503);
			await delay(PAUSE * 1000);
		}
	}

	/** Records of a division that came before one that had been asked for earlier. */
	outOfOrder(division: string): number {
		const numbers = this.inOrder(division).map((name) => Number(name.split(' ')[1]));
		return numbers.filter((number, index) => number < Math.max(...numbers.slice(0, index))).length;
	}

	/** How long n8n had had a call before one whose record came first, at most, in ms; 0 where none was overtaken. */
	overtakenBy(division: string): number {
		const times = this.inOrder(division).map((name) => this.acceptedAt.get(name) ?? NaN);
		const overtaken = times.map((at, index) => Math.max(0, ...times.slice(0, index)) - at);
		return Math.round(Math.max(0, ...overtaken.slice(1)));
	}

	/** Names of the storm's records of a division as Exact Online took them. */
	private inOrder(division: string): string[] {
		return [...this.fleet.exact.simulator.rows(Number(division), ACCOUNTS)]
			.sort((one, other) => Number(one['Timestamp']) - Number(other['Timestamp']))
			.map(({ Name }) => String(Name).trim())
			.filter((name) => name.startsWith(`${this.path} `));
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
		const { calls, perMinute } = SIZE.storm;
		simulator.configure({ minuteSeconds: MINUTE, minutelyLimit: perMinute });
		// In each division one request after another, in the order in which they come. The option takes no expression.
		const storm = await Storm.publish(fleet(), 'storm', { parallelRequests: 1 });
		simulator.reset();
		// Sessions of the scenarios before would show among the licences.
		docuWare.revokeSessions();
		// Whoever logs on in a scenario after this one would wait for the licences that are blocked now.
		docuWare.advanceClock(docuWare.state.switches.licenceHoldSeconds * 1000);
		docuWare.state.resetCounters();
		const atOnce = new RequestsAtOnce();
		const ends = [
			simulator.log.on('received', (entry) => atOnce.begin(entry)),
			simulator.log.on('answered', (entry) => atOnce.end(entry)),
		];
		const began = performance.now();
		const { sentIn, acceptedIn } = await storm.rage(divisions, calls);
		const { workflow, names } = storm;
		const endings = await fleet().endings(workflow, calls, STORM_LIMIT_MS);
		const doneIn = Math.ceil((performance.now() - began) / 1000);
		ends.forEach((end) => end());

		const written = storm.written(divisions);
		const { counters } = simulator;
		const { logOns, licences } = docuWare.counters;
		const usedUp = divisions.map((division) => counters.minutesUsedUp[division] ?? 0);
		fleet().remarks.push(
			`${names.length} webhook calls sent in ${sentIn} s, accepted in ${acceptedIn} s and done in ${doneIn} s`,
			`${perMinute} calls in ${MINUTE} s allowed in each of ${DIVISIONS} divisions`,
			`used up ${usedUp.reduce((sum, count) => sum + count)} times (${usedUp.join(' ')})`,
			`requests at once by division ${Object.values(atOnce.most).join(' ')}`,
			`records ${written.exact.length} and ${written.docuWare.length}`,
			`not in the order of the calls ${divisions.map((one) => storm.outOfOrder(one)).join(' ')}`,
			`overtaken by ms ${divisions.map((one) => storm.overtakenBy(one)).join(' ')}`,
		);
		// The limit was met. On a busy machine some divisions are slower than theirs.
		expect(Math.max(...usedUp)).toBeGreaterThan(0);
		expect(sentIn).toBeLessThanOrEqual(WITHIN);
		const all = [...names].sort();
		expect({ endings, written }).toEqual({
			endings: { success: calls },
			written: { exact: all, docuWare: all },
		});
		// Whatever is above the limit of its division is refused, and counted so.
		expect(counters).toMatchObject({ rateLimited: 0, apiErrors: {}, unauthorized: 0 });
		expect(divisions.map((division) => atOnce.most[division])).toEqual(divisions.map(() => 1));
		const overtaken = divisions.filter(
			(division) => storm.overtakenBy(division) > UNTIL_ARRIVED_MS,
		);
		expect(overtaken).toEqual([]);
		expect(logOns).toEqual({ password: 1, token: 0 });
		expect(licences.maxInUse).toBe(1);
	});

	it('in one division, with a longest wait: what has no place in time says until when, and nothing is half done', async () => {
		const { simulator } = fleet().exact;
		const [division = ''] = divisionsOf(1);
		const { calls, perMinute } = SIZE.oneDivision;
		simulator.configure({ minuteSeconds: MINUTE, minutelyLimit: perMinute });
		const storm = await Storm.publish(fleet(), 'impatient-storm', { longestWait: LONGEST_WAIT });
		simulator.reset();
		const inOne = Array<string>(DIVISIONS).fill(division);
		const { sentIn, acceptedIn } = await storm.rage(inOne, calls);
		const { success = 0, ...failures } = await fleet().endings(
			storm.workflow,
			calls,
			STORM_LIMIT_MS,
		);
		const written = storm.written([division]);
		const { counters } = simulator;
		const usedUp = counters.minutesUsedUp[division] ?? 0;
		fleet().remarks.push(
			`${calls} webhook calls sent in ${sentIn} s and accepted in ${acceptedIn} s`,
			`${perMinute} calls in ${MINUTE} s allowed`,
			`used up ${usedUp} times`,
			`${Object.values(failures).reduce((sum, count) => sum + count, 0)} told until when`,
			`records ${written.exact.length} and ${written.docuWare.length}`,
		);
		expect(usedUp).toBeGreaterThan(0);
		expect(success).toBeGreaterThanOrEqual(perMinute);
		expect(Object.keys(failures).length).toBeGreaterThan(0);
		for (const text of Object.keys(failures)) {
			expect(text).toContain('[EXACT_RATE_LIMIT_MINUTE]');
			expect(text).toMatch(/ until \d{4}-\d\d-\d\dT/);
		}
		// Each in both services or in none, and none twice.
		expect(new Set(written.exact).size).toBe(success);
		expect(written.exact).toHaveLength(success);
		expect(written.docuWare).toEqual(written.exact);
		expect(counters.apiCallsByMethod[ACCOUNTS]).toEqual({ POST: success });
		expect(counters).toMatchObject({ rateLimited: 0, apiErrors: {}, unauthorized: 0 });
	});
}
