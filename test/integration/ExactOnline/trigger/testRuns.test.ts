import { wake, wakeLater } from '../../../../nodes/shared/node/events/wake';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { until } from '../../../support/until';
import {
	BOTH_DIVISIONS,
	failureOf,
	receiverOf,
	SECOND_DIVISION,
	useWebhooks,
} from './support/webhookBench';

/** A test run stands in the place of the published workflow, which receives again afterwards. */

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));
jest.mock('../../../../nodes/shared/vault/place/openVault', () => ({
	...jest.requireActual<object>('../../../../nodes/shared/vault/place/openVault'),
	openVault: jest.fn(),
}));

const bench = useWebhooks();

describe('a test run', () => {
	it('receives instead of the published workflow, which receives again afterwards', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		await bench.n8n.test(workflow);
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(workflow, true)]]);
		bench.changeAccount({ Name: 'Tested' });
		await until(() =>
			bench.subscriptions().some(([, url]) => url === bench.n8n.addressOf(workflow)),
		);
		expect(bench.n8n.executions).toMatchObject([{ isTest: true, items: [{ Name: 'Tested' }] }]);
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(workflow)]]);
		bench.changeAccount({ Name: 'Published' });
		await bench.settled();
		expect(bench.items()).toMatchObject([{ Name: 'Published' }]);
	});

	it('has an address of its own: what comes to the other one starts the other one', async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		await bench.n8n.test(workflow);
		const [production, test] = [false, true].map((one) => bench.n8n.addressOf(workflow, one));
		const to = async (url = '') => {
			const event = { division: FIRST_DIVISION, topic: 'Accounts', action: 'Delete' as const };
			const [answer] = await bench.simulator.webhooks.deliver({ ...event, url });
			return answer?.status;
		};
		expect(await to(production)).toBe(200);
		await bench.settled();
		expect(bench.n8n.executions.map(({ isTest }) => isTest)).toEqual([false]);
		expect(await to(test)).toBe(200);
		await until(() => !bench.n8n.listens(workflow, true));
		expect(bench.subscriptions()).toEqual([['Accounts', production]]);
		expect(await to(test)).toBe(404);
		expect(await to(production)).toBe(200);
		await bench.settled();
		expect(bench.n8n.executions.map(({ isTest }) => isTest)).toEqual([false, true, false]);
		expect(bench.items().filter((item) => 'repeated' in item)).toEqual([]);
	});

	it('never stands in the place of somebody else, and leaves nothing where it cannot begin', async () => {
		const first = bench.workflow('first');
		await bench.n8n.publish(first);
		const second = bench.workflow('second', { ...BOTH_DIVISIONS, ifSubscribed: 'replace' });
		expect(await failureOf(bench.n8n.test(second))).toContain('[EXACT_WEBHOOK_TAKEN]');
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(first)]]);
		expect(bench.subscriptions(SECOND_DIVISION)).toEqual([]);
		bench.simulator.faults.api.push({ kind: 'status', status: 500, where: { method: 'POST' } });
		expect(await failureOf(bench.n8n.test(first))).toContain('[EXACT_WEBHOOK_REFUSED]');
		expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(first)]]);
	});

	it('of a node that was put in place of the published one says that the workflow is to be published first', async () => {
		const published = bench.workflow('one');
		await bench.n8n.publish(published);
		const { settings } = published;
		const anew = {
			...published,
			webhookId: 'hook-anew',
			settings: { ...settings, nodeId: 'anew' },
		};
		const failed: unknown = await bench.n8n.test(anew).catch((error: unknown) => error);
		expect(failed).toMatchObject({
			message: expect.stringMatching(
				/another trigger node of this workflow.*\[EXACT_WEBHOOK_TAKEN\]/,
			) as string,
			description: expect.stringContaining('publish it first') as string,
		});
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
		const workflow = bench.workflow('one', BOTH_DIVISIONS);
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
			await bench.ageTest();
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
	bench.refuseToEnd();
	await expect(bench.n8n.endTest(workflow)).rejects.toThrow();
	await bench.ageTest();
	const failures = () => bench.n8n.log.length;
	const sleeper = { receiver: receiverOf('one'), url: bench.n8n.addressOf(workflow) };
	wakeLater(await bench.vault(), sleeper, [1, 1]);
	await until(() => failures() > 0);
	bench.simulator.faults.api.clear();
	// It is not tried again at once, however often the node is woken.
	await until(async () => (await bench.kept()).testedAt > Date.now());
	await bench.ageTest();
	const production = ['Accounts', bench.n8n.addressOf(workflow)];
	await until(() => bench.subscriptions().some(([, url]) => url === production[1]));
	expect(bench.subscriptions()).toEqual([production]);
});
