import type { IDataObject } from 'n8n-workflow';
import { putItem } from '../../../../nodes/shared/vault/rows/items';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { resolvedStandIn } from '../../../support/exactStandIn';
import {
	BOTH_DIVISIONS,
	failureOf,
	forgetRefusals,
	receiverOf,
	SECOND_DIVISION,
	useWebhooks,
} from './support/webhookBench';

/** A subscription from publishing to unpublishing, and whoever else has one. */

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));
jest.mock('../../../../nodes/shared/vault/place/openVault', () => ({
	...jest.requireActual<object>('../../../../nodes/shared/vault/place/openVault'),
	openVault: jest.fn(),
}));

const bench = useWebhooks();

describe('the life of a subscription', () => {
	it('begins in all divisions with publishing, is found again, and ends with unpublishing', async () => {
		const workflow = bench.workflow('one', BOTH_DIVISIONS);
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
		await bench.n8n.publish(bench.workflow('one', BOTH_DIVISIONS));
		bench.refuseToEnd();
		await expect(bench.n8n.unpublish(bench.workflow('one', BOTH_DIVISIONS))).rejects.toThrow();
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
		const second = bench.workflow('second', BOTH_DIVISIONS);
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
		const both = bench.workflow('one', BOTH_DIVISIONS);
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
		const first = bench.workflow('first', BOTH_DIVISIONS);
		await bench.n8n.publish(first);
		const second = bench.workflow('second', { ...BOTH_DIVISIONS, ifSubscribed: 'replace' });
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
		const noted = await bench.keptText('second');
		hold.release();
		await publishing;
		expect(noted).toContain(bench.n8n.addressOf(first));
		expect(await bench.keptText('second')).not.toContain(bench.n8n.addressOf(first));
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
		expect(await bench.keptText('second')).toBe('');
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

	// Red before: it was taken for one of before, and ended after it had been found.
	it('stays where its topic is written otherwise than when it could not be ended', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		bench.refuseToEnd();
		await expect(bench.n8n.unpublish(workflow)).rejects.toThrow();
		bench.simulator.faults.api.clear();
		const typed = { topic: { __rl: true, mode: 'id', value: 'accounts' } };
		await bench.n8n.publish(bench.workflow('one', typed));
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(workflow)]]);
	});

	it('is found and ended beside one that somebody else has, should Exact Online let several stand', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		const set = bench.simulator.world.records.set(FIRST_DIVISION, 'webhooks/WebhookSubscriptions');
		const elsewhere = 'https://elsewhere.example/hook';
		const ID = '00000000-0000-4000-8000-000000000000';
		set.add({ ...set.rows[0], ID, CallbackURL: elsewhere });
		expect(await bench.n8n.publish(workflow, 'init')).toBe(false);
		expect(bench.n8n.log).toEqual([]);
		await bench.n8n.unpublish(workflow);
		expect(bench.subscriptions()).toEqual([['Accounts', elsewhere]]);
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

	it('that another user has made, which this one is not shown, is told as a reason of the refusal', async () => {
		const where = { method: 'POST', path: '/webhooks/' };
		bench.simulator.faults.api.push({ kind: 'status', status: 500, where });
		const failed: unknown = await bench.n8n
			.publish(bench.workflow('one'))
			.catch((error: unknown) => error);
		expect(failed).toMatchObject({
			message: expect.stringContaining('[EXACT_WEBHOOK_REFUSED]') as string,
			description: expect.stringContaining('another user has subscribed with this app') as string,
		});
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
