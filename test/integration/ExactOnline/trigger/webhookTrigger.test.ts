import { setImmediate as immediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { runPoll } from '../../../../nodes/shared/node/pollFrame';
import { receiveEvents } from '../../../../nodes/shared/node/events/receiveEvents';
import { ReceivedEvents } from '../../../../nodes/shared/node/events/receivedEvents';
import { wake, wakeAll, wakeLater } from '../../../../nodes/shared/node/events/wake';
import { openVault } from '../../../../nodes/shared/vault/place/openVault';
import { putItem, readItem } from '../../../../nodes/shared/vault/rows/items';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { resolvedStandIn } from '../../../support/exactStandIn';
import { pollContext } from '../../../support/n8nContext';
import { holdsAsync } from '../../../support/properties';
import { until } from '../../../support/until';
import { NO_NEWS } from './support/noNews';
import { forgetRefusals, useWebhooks } from './support/webhookBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));
jest.mock('../../../../nodes/shared/node/events/receiveEvents', () => ({
	...jest.requireActual<object>('../../../../nodes/shared/node/events/receiveEvents'),
	receiveEvents: jest.fn(),
}));
jest.mock('../../../../nodes/shared/vault/place/openVault', () => ({
	...jest.requireActual<object>('../../../../nodes/shared/vault/place/openVault'),
	openVault: jest.fn(),
}));

const bench = useWebhooks();

const receiving = jest.requireActual<{ receiveEvents: typeof receiveEvents }>(
	'../../../../nodes/shared/node/events/receiveEvents',
);

beforeEach(() => {
	jest.mocked(receiveEvents).mockImplementation(receiving.receiveEvents);
	jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
	jest.mocked(openVault).mockImplementation(async () => await bench.vault());
});

const SECOND_DIVISION = FIRST_DIVISION + 7;
const BOTH = { divisions: [String(FIRST_DIVISION), String(SECOND_DIVISION)] };

function changeAccount(values = {}): void {
	bench.simulator.changeRows(FIRST_DIVISION, 'crm/Accounts', values, { last: 1 });
}

/** Of a node, as the vault knows it. */
const receiverOf = (id: string) => ['instance-1', id, `node of ${id}`] as const;

async function failureOf(work: Promise<unknown>): Promise<string> {
	return await work.then(
		() => 'It did not fail.',
		(error: Error) => error.message,
	);
}

describe('the life of a subscription', () => {
	it('begins in all divisions with publishing, is found again, and ends with unpublishing', async () => {
		const workflow = bench.workflow('one', BOTH);
		const url = bench.n8n.addressOf(workflow);
		expect(await bench.n8n.publish(workflow)).toBe(true);
		for (const division of [FIRST_DIVISION, SECOND_DIVISION]) {
			expect(bench.subscriptions(division)).toEqual([['Accounts', url]]);
		}
		expect(await bench.n8n.publish(workflow, 'init')).toBe(false);
		const fewer = bench.workflow('one');
		await bench.n8n.unpublish(workflow);
		expect([...bench.subscriptions(), ...bench.subscriptions(SECOND_DIVISION)]).toEqual([]);
		await bench.n8n.publish(workflow);
		await bench.n8n.unpublish(fewer);
		expect([...bench.subscriptions(), ...bench.subscriptions(SECOND_DIVISION)]).toEqual([]);
	});

	it('that could not be ended is ended with the next publishing, of a test run too', async () => {
		await bench.n8n.publish(bench.workflow('one', BOTH));
		refuseToEnd();
		await expect(bench.n8n.unpublish(bench.workflow('one', BOTH))).rejects.toThrow();
		bench.simulator.faults.api.clear();
		expect(bench.subscriptions(SECOND_DIVISION)).toHaveLength(1);
		const items = { topic: { __rl: true, mode: 'id', value: 'Items' } };
		await bench.n8n.test(bench.workflow('one', items));
		expect(bench.subscriptions()).toHaveLength(2);
		const workflow = bench.workflow('one');
		expect(await bench.n8n.publish(workflow, 'init')).toBe(false);
		expect(await bench.n8n.publish(workflow)).toBe(true);
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(workflow)]]);
		expect(bench.subscriptions(SECOND_DIVISION)).toEqual([]);
		expect(await bench.n8n.publish(workflow)).toBe(false);
	});

	it('is made in all divisions or in none', async () => {
		const first = bench.workflow('first', { divisions: [String(SECOND_DIVISION)] });
		await bench.n8n.publish(first);
		const second = bench.workflow('second', BOTH);
		const failure = await failureOf(bench.n8n.publish(second));
		expect(failure).toContain('[EXACT_WEBHOOK_TAKEN]');
		expect(failure).toContain(bench.n8n.addressOf(first));
		expect(failure).toContain('workflow first of this n8n');
		expect(bench.subscriptions()).toEqual([]);
		expect(bench.subscriptions(SECOND_DIVISION)).toEqual([
			['Accounts', bench.n8n.addressOf(first)],
		]);
	});

	it('ends wherever it can be ended, and what cannot be does not hold the next publishing back', async () => {
		const both = bench.workflow('one', BOTH);
		await bench.n8n.publish(both);
		const where = { path: `/${FIRST_DIVISION}/webhooks/` };
		bench.simulator.faults.api.push({ kind: 'status', status: 403, where, times: Infinity });
		expect(await failureOf(bench.n8n.unpublish(both))).toContain('[EXACT_FORBIDDEN]');
		expect(bench.subscriptions(SECOND_DIVISION)).toEqual([]);
		expect(bench.subscriptions()).toHaveLength(1);
		const second = bench.workflow('one', { divisions: [String(SECOND_DIVISION)] });
		expect(await bench.n8n.publish(second)).toBe(true);
		bench.simulator.faults.api.clear();
		forgetRefusals();
		await bench.n8n.unpublish(second);
		expect([...bench.subscriptions(), ...bench.subscriptions(SECOND_DIVISION)]).toEqual([]);
	});

	it('takes the place of another one where the user says so, and puts it back where that fails', async () => {
		const first = bench.workflow('first', BOTH);
		await bench.n8n.publish(first);
		const second = bench.workflow('second', { ...BOTH, ifSubscribed: 'replace' });
		bench.simulator.faults.api.push({
			kind: 'status',
			status: 500,
			where: { method: 'POST', path: `/${SECOND_DIVISION}/webhooks/` },
		});
		expect(await failureOf(bench.n8n.publish(second))).toContain('[EXACT_WEBHOOK_REFUSED]');
		for (const division of [FIRST_DIVISION, SECOND_DIVISION]) {
			expect(bench.subscriptions(division)).toEqual([['Accounts', bench.n8n.addressOf(first)]]);
		}
		await bench.n8n.publish(second);
		for (const division of [FIRST_DIVISION, SECOND_DIVISION]) {
			expect(bench.subscriptions(division)).toEqual([['Accounts', bench.n8n.addressOf(second)]]);
		}
		// Who received before ends nothing of the new one.
		await bench.n8n.unpublish(first);
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(second)]]);
	});

	it('of somebody else is noted before it is taken, and put back where the taking was broken off', async () => {
		const first = bench.workflow('first');
		await bench.n8n.publish(first);
		const second = bench.workflow('second', { ifSubscribed: 'replace' });
		const hold = bench.simulator.hold('apiReceived', { where: { method: 'DELETE' } });
		const publishing = bench.n8n.publish(second);
		await hold.waiting();
		const noted = await keptText('second');
		hold.release();
		await publishing;
		expect(noted).toContain(bench.n8n.addressOf(first));
		expect(await keptText('second')).not.toContain(bench.n8n.addressOf(first));
		// As after a kill that left neither.
		await bench.n8n.unpublish(second);
		const vault = await bench.vault();
		const name = JSON.stringify(receiverOf('second'));
		await vault.write(() => putItem('webhookSubscriptions1', name, noted));
		expect(bench.subscriptions()).toEqual([]);
		expect(await bench.n8n.publish(second, 'init')).toBe(true);
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(second)]]);
		await bench.n8n.unpublish(second);
		expect(bench.subscriptions()).toEqual([]);
		// Who gives it up has it put back.
		await vault.write(() => putItem('webhookSubscriptions1', name, noted));
		await bench.n8n.unpublish(second);
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(first)]]);
		expect(await keptText('second')).toBe('');
	});

	it('of a workflow is neither ended nor tested away by a copy of it that has its address', async () => {
		const first = bench.workflow('first');
		await bench.n8n.publish(first);
		const production = [['Accounts', bench.n8n.addressOf(first)]];
		const copy = {
			...bench.workflow('copy', { ifSubscribed: 'replace' }),
			webhookId: 'hook-first',
		};
		const failure = await failureOf(bench.n8n.test(copy));
		expect(failure).toContain('(workflow first of this n8n)');
		expect(failure).toContain('[EXACT_WEBHOOK_TAKEN]');
		expect(bench.subscriptions()).toEqual(production);
		// n8n has what it does not publish, since the address is in use, end what it has.
		await bench.n8n.unpublish(copy);
		expect(bench.subscriptions()).toEqual(production);
		await bench.n8n.unpublish(first);
		expect(bench.subscriptions()).toEqual([]);
	});

	it.each(['fail', 'replace'])(
		'is had by one of two workflows that are published at the same moment (%s)',
		async (ifSubscribed) => {
			const present = bench.workflow('present');
			if (ifSubscribed === 'replace') await bench.n8n.publish(present);
			const both = ['first', 'second'].map((id) => bench.workflow(id, { ifSubscribed }));
			// The requests of a division take turns, so that each looks before the other one changes anything.
			const failures = await Promise.all(
				both.map(async (one) => await failureOf(bench.n8n.publish(one))),
			);
			const [winner, other] = failures[0] === 'It did not fail.' ? [0, 1] : [1, 0];
			expect(failures[winner]).toBe('It did not fail.');
			const address = bench.n8n.addressOf(both[winner]!);
			expect(failures[other]).toContain('[EXACT_WEBHOOK_TAKEN]');
			expect(failures[other]).toContain(address);
			expect(bench.subscriptions()).toEqual([['Accounts', address]]);
			expect(bench.n8n.log).toEqual([]);
			await bench.n8n.unpublish(both[other]!);
			expect(bench.subscriptions()).toEqual([['Accounts', address]]);
		},
	);

	it('stays with whoever was published last when n8n starts again, also of two that replace each other', async () => {
		const first = bench.workflow('first', { ifSubscribed: 'replace' });
		const second = bench.workflow('second', { ifSubscribed: 'replace' });
		await bench.n8n.publish(first);
		await bench.n8n.publish(second);
		for (const one of [first, second]) expect(await bench.n8n.publish(one, 'init')).toBe(false);
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(second)]]);
		expect(bench.n8n.log).toEqual([
			[expect.stringContaining('[EXACT_WEBHOOK_TAKEN]'), expect.anything()],
		]);
		expect(await bench.n8n.publish(first)).toBe(true);
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(first)]]);
	});

	it('is made although the answer is lost, and in whatever language it is refused', async () => {
		bench.simulator.configure({ messageLanguage: 'nl' });
		const workflow = bench.workflow('one');
		bench.simulator.faults.api.push({ kind: 'lostAnswer', where: { method: 'POST' } });
		expect(await bench.n8n.publish(workflow)).toBe(true);
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(workflow)]]);
		bench.n8n.proxyStatus = 503;
		const items = bench.workflow('items', { topic: { __rl: true, mode: 'id', value: 'Items' } });
		const failure = await failureOf(bench.n8n.publish(items));
		expect(failure).toContain('Ongeldig: Post to callback URL endpoint returns 503');
		expect(failure).toContain('[EXACT_WEBHOOK_REFUSED]');
	});

	it('goes on when n8n starts while Exact Online cannot be asked, and not on publishing', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		bench.simulator.faults.api.push({ kind: 'status', status: 403, times: Infinity });
		expect(await bench.n8n.publish(workflow, 'init')).toBe(false);
		expect(await failureOf(bench.n8n.publish(workflow))).toMatch(/\[EXACT_|\[HTTP_/);
		bench.simulator.faults.api.clear();
		expect(bench.subscriptions()).toHaveLength(1);
	});

	it('that somebody else makes at the same moment is not taken from them', async () => {
		const items = bench.workflow('items', { topic: { __rl: true, mode: 'id', value: 'Items' } });
		await bench.n8n.publish(items);
		const elsewhere = bench.n8n.addressOf(items);
		const where = { method: 'POST', path: '/webhooks/' };
		const hold = bench.simulator.hold('apiReceived', { where });
		const second = bench.workflow('second', { ifSubscribed: 'replace' });
		const publishing = failureOf(bench.n8n.publish(second));
		await hold.waiting();
		await subscribeElsewhere('Accounts', elsewhere);
		hold.release();
		const failure = await publishing;
		expect(failure).toContain('[EXACT_WEBHOOK_TAKEN]');
		expect(failure).toContain(elsewhere);
		expect(bench.subscriptions()).toContainEqual(['Accounts', elsewhere]);
	});

	it('does not begin at an address that the service would not take, which is not asked', async () => {
		const service = resolvedStandIn('https://start.exactonline.nl') as IDataObject;
		const failure = await failureOf(bench.n8n.publish(bench.workflow('one', {}, service)));
		expect(failure).toContain('[EXACT_WEBHOOK_ADDRESS]');
		expect(failure).toContain('https addresses only');
		expect(bench.simulator.counters.apiCalls).toBe(0);
	});

	it('does not begin without a webhook secret, a topic and a division', async () => {
		const without = bench.workflow('one', {}, { webhookSecret: '' });
		expect(await failureOf(bench.n8n.publish(without))).toContain('[EXACT_WEBHOOK_SECRET_MISSING]');
		const nowhere = bench.workflow('one', { divisions: [] });
		expect(await failureOf(bench.n8n.publish(nowhere))).toContain('[EXACT_INVALID_DIVISION]');
		const never = bench.workflow('one', { events: [] });
		expect(await failureOf(bench.n8n.publish(never))).toContain('Trigger On');
		const nothing = bench.workflow('one', { topic: { __rl: true, mode: 'id', value: 'a b' } });
		expect(await failureOf(bench.n8n.publish(nothing))).toContain('[EXACT_INVALID_VALUE]');
		expect(bench.simulator.counters.apiCalls).toBe(0);
	});

	it('does not begin in a division that is not there, which is asked for once while n8n tries again', async () => {
		const workflow = bench.workflow('one', { divisions: ['3100006'] });
		for (let attempt = 0; attempt < 5; attempt += 1) {
			const failure = await failureOf(bench.n8n.publish(workflow));
			expect(failure).toMatch(/no subscriptions in division 3100006: .* \[EXACT_NOT_FOUND\]/);
		}
		expect(bench.simulator.counters.apiCallsByEndpoint).toMatchObject({
			'webhooks/WebhookSubscriptions': 1,
		});
	});
});

describe('a delivery', () => {
	it('starts the workflow with the record, once, however often it comes', async () => {
		await bench.n8n.publish(bench.workflow('one'));
		changeAccount({ Name: 'Changed' });
		await bench.settled();
		expect(bench.items()).toEqual([
			expect.objectContaining({
				...{ recordId: expect.any(String) as string, change: 'changed', topic: 'Accounts' },
				...{ division: FIRST_DIVISION, Name: 'Changed' },
				eventCreatedOn: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
			}),
		]);
		expect(bench.items()[0]).not.toHaveProperty('repeated');
		expect(bench.items()[0]).not.toHaveProperty('__metadata');
		expect(await bench.simulator.webhooks.repeat(1)).toEqual([
			expect.objectContaining({ status: 200 }),
		]);
		await bench.settled();
		expect(bench.items()).toHaveLength(1);
	});

	it('of a deleted record, or without the wish for the record, asks Exact Online nothing', async () => {
		const set = { events: ['created', 'deleted'], fetchRecord: false };
		await bench.n8n.publish(bench.workflow('one', set));
		const before = bench.simulator.counters.apiCalls;
		const ask = { division: FIRST_DIVISION, topic: 'Accounts' };
		for (const action of ['Delete', 'Create', 'Update'] as const) {
			expect(await bench.simulator.webhooks.deliver({ ...ask, action })).toMatchObject([
				{ status: 200 },
			]);
		}
		await bench.settled();
		expect(bench.items().map(({ change }) => change)).toEqual(['deleted', 'created']);
		expect(bench.simulator.counters.apiCalls).toBe(before);
	});

	it('shows the present state in whatever order it comes, and an error where the record is gone', async () => {
		await bench.n8n.publish(
			bench.workflow('one', { output: 'selected', fieldsToReturn: ['Name'] }),
		);
		bench.simulator.webhooks.hold();
		for (const Name of ['First', 'Second']) {
			changeAccount({ Name });
			// Changes of one moment are told together, and two of one millisecond in the same words.
			await immediate();
			const at = Date.now();
			await until(() => Date.now() > at);
		}
		bench.simulator.webhooks.release('newestFirst');
		await bench.settled();
		expect(bench.items().map(({ Name }) => Name)).toEqual(['Second', 'Second']);
		expect(Object.keys(bench.items()[0] ?? {}).sort()).toEqual(
			['ID', 'Name', 'change', 'division', 'eventCreatedOn', 'recordId', 'topic'].sort(),
		);
		await bench.simulator.webhooks.deliver({ division: FIRST_DIVISION, topic: 'Accounts' });
		await bench.settled();
		expect(bench.items()[2]).toMatchObject({
			recordId: expect.any(String) as string,
			error: { code: 'EXACT_NOT_FOUND' },
		});
	});

	it.each(['forged', 'wrongSecret', 'otherClient', 'unsigned', 'truncated'] as const)(
		'that is %s is answered 401 and starts nothing',
		async (flaw) => {
			await bench.n8n.publish(bench.workflow('one'));
			const asked = { division: FIRST_DIVISION, topic: 'Accounts', flaw };
			const [answer] = await bench.simulator.webhooks.deliver(asked);
			expect(answer).toMatchObject({ status: 401 });
			expect(bench.items()).toEqual([]);
		},
	);

	it('is answered 401 where the credential has lost its webhook secret, and the log says so once', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		const credential = workflow.settings.credentials?.exactOnlineOAuth2Api?.data as IDataObject;
		credential.webhookSecret = '';
		for (let time = 0; time < 3; time += 1) {
			const asked = { division: FIRST_DIVISION, topic: 'Accounts' };
			expect(await bench.simulator.webhooks.deliver(asked)).toMatchObject([{ status: 401 }]);
		}
		expect(bench.items()).toEqual([]);
		expect(bench.n8n.log).toEqual([
			[expect.stringContaining('[EXACT_WEBHOOK_SECRET_MISSING]'), expect.anything()],
		]);
	});

	it('is not taken where the credential is gone, so that Exact Online sends it again, and the log says so once', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		const { credentials = {} } = workflow.settings;
		workflow.settings.credentials = {};
		for (let time = 0; time < 3; time += 1) {
			const asked = { division: FIRST_DIVISION, topic: 'Accounts' };
			expect(await bench.simulator.webhooks.deliver(asked)).toMatchObject([{ status: 500 }]);
		}
		expect(bench.items()).toEqual([]);
		expect(bench.n8n.log).toHaveLength(1);
		workflow.settings.credentials = credentials;
		changeAccount({ Name: 'Later' });
		await bench.settled();
		expect(bench.items()).toMatchObject([{ Name: 'Later' }]);
	});

	it('that is under way when its workflow is unpublished starts it all the same, and nothing is left', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		const hold = bench.simulator.hold('apiReceived', { where: { path: '/crm/Accounts' } });
		changeAccount({ Name: 'Under Way' });
		await hold.waiting();
		const unpublishing = bench.n8n.unpublish(workflow);
		hold.release();
		await unpublishing;
		expect(bench.subscriptions()).toEqual([]);
		await until(() => bench.items().length > 0);
		await bench.settled();
		expect(bench.items()).toMatchObject([{ Name: 'Under Way' }]);
		expect(await new ReceivedEvents(await bench.vault()).waiting()).toEqual([]);
		expect(bench.n8n.log).toEqual([]);
	});

	it('of another topic or division is answered 401, and one that is written otherwise is taken', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		const url = bench.n8n.addressOf(workflow);
		for (const other of [
			{ division: FIRST_DIVISION, topic: 'Items', url },
			{ division: SECOND_DIVISION, topic: 'Accounts', url },
		]) {
			expect(await bench.simulator.webhooks.deliver(other)).toMatchObject([{ status: 401 }]);
		}
		for (const form of ['escaped', 'spaced'] as const) {
			const asked = {
				division: FIRST_DIVISION,
				topic: 'Accounts',
				form,
				action: 'Delete' as const,
			};
			expect(await bench.simulator.webhooks.deliver(asked)).toMatchObject([{ status: 200 }]);
		}
		await bench.settled();
		expect(bench.items()).toHaveLength(2);
	});

	it('that links to another server fetches the record from the own one, and sends no token elsewhere', async () => {
		await bench.n8n.publish(bench.workflow('one'));
		const [row] = bench.simulator.rows(FIRST_DIVISION, 'crm/Accounts');
		const asked = { division: FIRST_DIVISION, topic: 'Accounts', form: 'elsewhere' as const };
		await bench.simulator.webhooks.deliver({ ...asked, key: String(row?.ID) });
		await bench.settled();
		expect(bench.items()).toMatchObject([{ recordId: row?.ID, Name: row?.Name }]);
		expect(bench.items()[0]).not.toHaveProperty('error');
	});

	it('that somebody made up starts nothing and breaks nothing, whatever it is', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		const url = bench.n8n.addressOf(workflow);
		const part = fc.constantFrom('{', '}', '"Content":', '"HashCode":', '"', '[', ',', '\\', '1');
		const body = fc.oneof(
			fc.array(part, { minLength: 1 }).map((parts) => Buffer.from(parts.join(''))),
			fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
			fc.json().map((text) => Buffer.from(`{"Content":${text},"HashCode":"${'0'.repeat(64)}"}`)),
		);
		await holdsAsync(
			fc.asyncProperty(body, async (bytes) => {
				const { status } = await fetch(url, { method: 'POST', body: bytes });
				expect(status).toBe(401);
			}),
			100,
		);
		expect((await fetch(url, { method: 'POST', body: 'x'.repeat(2_000_000) })).status).toBe(413);
		expect(bench.n8n.executions).toEqual([]);
		expect(bench.n8n.log).toEqual([]);
	});

	it('that n8n could not start is started when the node is woken, marked as repeated', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		bench.n8n.makesExecutions = false;
		changeAccount({ Name: 'Late' });
		await bench.settled();
		expect(bench.simulator.webhooks.deliveries[0]).toMatchObject({ tries: [200] });
		expect(bench.items()).toEqual([]);
		bench.n8n.makesExecutions = true;
		expect(await wakeAll(await bench.vault())).toBe(1);
		await bench.settled();
		expect(bench.items()).toEqual([expect.objectContaining({ Name: 'Late', repeated: true })]);
		expect(await wakeAll(await bench.vault())).toBe(0);
		const sleeper = { receiver: receiverOf('one'), url: bench.n8n.addressOf(workflow) };
		expect(await wake(await bench.vault(), sleeper)).toBe(true);
		await bench.simulator.webhooks.repeat(1);
		await bench.settled();
		expect(bench.items()).toHaveLength(1);
	});

	it('that n8n could not start is started when something of this package polls', async () => {
		await bench.n8n.publish(bench.workflow('one'));
		bench.n8n.makesExecutions = false;
		changeAccount({ Name: 'Late' });
		await bench.settled();
		bench.n8n.makesExecutions = true;
		const { argv } = process;
		process.argv = ['node', '/usr/bin/n8n', 'start'];
		try {
			expect(await runPoll(pollContext({ mode: 'trigger' }), NO_NEWS)).toBeNull();
		} finally {
			process.argv = argv;
		}
		await until(() => bench.items().length > 0);
		await bench.settled();
		expect(bench.items()).toEqual([expect.objectContaining({ Name: 'Late', repeated: true })]);
	});

	it('whose record does not come in time starts the workflow with its ID and the error', async () => {
		await bench.n8n.publish(bench.workflow('one'));
		const given = jest.mocked(receiveEvents);
		given.mockImplementation(
			async (context, work) => await receiving.receiveEvents(context, { ...work, withinMs: 2_000 }),
		);
		const hold = bench.simulator.hold('apiReceived', { where: { path: '/crm/Accounts' } });
		changeAccount({ Name: 'Slow' });
		await hold.waiting();
		await bench.settled();
		hold.release();
		expect(bench.items()).toEqual([
			expect.objectContaining({
				...{ recordId: expect.any(String) as string, change: 'changed' },
				error: expect.objectContaining({ code: 'EXACT_WEBHOOK_RECORD_LATE' }) as object,
			}),
		]);
		expect(bench.items()[0]).not.toHaveProperty('Name');
	});

	it('is not asked for again and again where its workflow is published no more', async () => {
		const vault = await bench.vault();
		const url = bench.n8n.addressOf(bench.workflow('gone'));
		const note = { mark: 'mark', content: { key: 'key', action: 'Update' } };
		const taking = await new ReceivedEvents(vault).note(receiverOf('gone'), url, note);
		if (taking !== 'repeat') await taking.taken.letGo();
		for (let look = 0; look < 5; look += 1) expect(await wakeAll(vault)).toBe(0);
		expect(bench.n8n.unknownRequests).toBe(1);
	});

	it('and many others that wait are started by one request to wake', async () => {
		const workflow = bench.workflow('one', { fetchRecord: false });
		await bench.n8n.publish(workflow);
		const sleeper = { receiver: receiverOf('one'), url: bench.n8n.addressOf(workflow) };
		const events = new ReceivedEvents(await bench.vault());
		for (let mark = 0; mark < 120; mark += 1) {
			const event = { mark: String(mark), content: { key: String(mark), action: 'Update' } };
			const taking = await events.note(sleeper.receiver, sleeper.url, event);
			if (taking !== 'repeat') await taking.taken.letGo();
		}
		expect(await wake(await bench.vault(), sleeper)).toBe(true);
		await until(() => bench.items().length >= 120);
		await bench.settled();
		expect(new Set(bench.items().map(({ recordId }) => recordId)).size).toBe(120);
		expect(bench.items()).toHaveLength(120);
	});
});

describe('a test run', () => {
	it('receives instead of the published workflow, which receives again afterwards', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		await bench.n8n.test(workflow);
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(workflow, true)]]);
		changeAccount({ Name: 'Tested' });
		await until(() =>
			bench.subscriptions().some(([, url]) => url === bench.n8n.addressOf(workflow)),
		);
		expect(bench.n8n.executions).toMatchObject([{ isTest: true, items: [{ Name: 'Tested' }] }]);
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(workflow)]]);
		changeAccount({ Name: 'Published' });
		await bench.settled();
		expect(bench.items()).toMatchObject([{ Name: 'Published' }]);
	});

	it('never stands in the place of somebody else, and leaves nothing where it cannot begin', async () => {
		const first = bench.workflow('first');
		await bench.n8n.publish(first);
		const second = bench.workflow('second', { ...BOTH, ifSubscribed: 'replace' });
		expect(await failureOf(bench.n8n.test(second))).toContain('[EXACT_WEBHOOK_TAKEN]');
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(first)]]);
		expect(bench.subscriptions(SECOND_DIVISION)).toEqual([]);
		bench.simulator.faults.api.push({ kind: 'status', status: 500, where: { method: 'POST' } });
		expect(await failureOf(bench.n8n.test(first))).toContain('[EXACT_WEBHOOK_REFUSED]');
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(first)]]);
	});

	it('leaves what somebody else has taken meanwhile to him, and says so in the log', async () => {
		const first = bench.workflow('first');
		await bench.n8n.publish(first);
		await bench.n8n.test(first);
		const second = bench.workflow('second', { ifSubscribed: 'replace' });
		await bench.n8n.publish(second);
		expect(bench.n8n.log).toEqual([]);
		await bench.n8n.endTest(first);
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(second)]]);
		const description = expect.stringMatching(/receives nothing any more.*Replace/) as string;
		expect(bench.n8n.log).toEqual([
			[
				expect.stringMatching(/\(workflow second of this n8n\)\. \[EXACT_WEBHOOK_TAKEN\]$/),
				expect.objectContaining({ description }),
			],
		]);
		// It is told once, and nothing is tried again.
		await bench.n8n.endTest(first);
		expect(bench.n8n.log).toHaveLength(1);
	});

	it('ends for a workflow that is not published with nothing left', async () => {
		const workflow = bench.workflow('one', BOTH);
		await bench.n8n.test(workflow);
		expect(bench.subscriptions()).toHaveLength(1);
		await bench.n8n.endTest(workflow);
		expect([...bench.subscriptions(), ...bench.subscriptions(SECOND_DIVISION)]).toEqual([]);
	});

	it.each(['publishing', 'waking'] as const)(
		'whose process has ended gives the subscription back with the next %s',
		async (next) => {
			const workflow = bench.workflow('one');
			await bench.n8n.publish(workflow);
			await bench.n8n.test(workflow);
			const production = [['Accounts', bench.n8n.addressOf(workflow)]];
			if (next === 'publishing') {
				expect(await bench.n8n.publish(workflow)).toBe(true);
				expect(bench.subscriptions()).toEqual(production);
				return;
			}
			const vault = await bench.vault();
			const sleeper = { receiver: receiverOf('one'), url: bench.n8n.addressOf(workflow) };
			expect(await wake(vault, sleeper)).toBe(true);
			// The test may still be listening.
			expect(bench.subscriptions()).not.toEqual(production);
			await ageTest();
			expect(await wake(vault, sleeper)).toBe(true);
			await until(() => bench.subscriptions().some(([, url]) => url === production[0]?.[1]));
			expect(bench.subscriptions()).toEqual(production);
		},
	);
});

it('a subscription that could not be put back after a test run is put back once that works', async () => {
	const workflow = bench.workflow('one');
	await bench.n8n.publish(workflow);
	await bench.n8n.test(workflow);
	refuseToEnd();
	await expect(bench.n8n.endTest(workflow)).rejects.toThrow();
	await ageTest();
	const failures = () => bench.n8n.log.length;
	const sleeper = { receiver: receiverOf('one'), url: bench.n8n.addressOf(workflow) };
	wakeLater(await bench.vault(), sleeper, [1, 1]);
	await until(() => failures() > 0);
	bench.simulator.faults.api.clear();
	// It is not tried again at once, however often the node is woken.
	await until(async () => (await keptOfTest()).testedAt > Date.now());
	await ageTest();
	const production = ['Accounts', bench.n8n.addressOf(workflow)];
	await until(() => bench.subscriptions().some(([, url]) => url === production[1]));
	expect(bench.subscriptions()).toEqual([production]);
});

/** Another program with the same app subscribes. */
async function subscribeElsewhere(Topic: string, CallbackURL: string): Promise<void> {
	const { accessToken } = await (await bench.source()).getAccessToken('normal');
	const url = `${bench.simulator.url}/api/v1/${FIRST_DIVISION}/webhooks/WebhookSubscriptions`;
	const headers = {
		...{ authorization: `Bearer ${accessToken}`, accept: 'application/json' },
		'content-type': 'application/json',
	};
	const body = JSON.stringify({ Topic, CallbackURL });
	const { status } = await fetch(url, {
		...{ method: 'POST', headers, body },
		signal: AbortSignal.timeout(10_000),
	});
	expect(status).toBe(201);
}

/** No subscription can be ended. */
function refuseToEnd(): void {
	const where = { method: 'DELETE' };
	bench.simulator.faults.api.push({ kind: 'status', status: 403, times: Infinity, where });
}

/** The test run of the first workflow began long ago. */
async function ageTest(): Promise<void> {
	const vault = await bench.vault();
	const name = JSON.stringify(receiverOf('one'));
	const aged = { ...(await keptOfTest()), testedAt: 1 };
	await vault.write(() => putItem('webhookSubscriptions1', name, JSON.stringify(aged)));
}

async function keptOfTest(): Promise<{ testedAt: number }> {
	return JSON.parse(await keptText('one')) as { testedAt: number };
}

/** What is noted of a workflow's subscriptions; empty where nothing is. */
async function keptText(id: string): Promise<string> {
	const vault = await bench.vault();
	const name = JSON.stringify(receiverOf(id));
	return (await vault.read(() => readItem('webhookSubscriptions1', name)))?.value ?? '';
}
