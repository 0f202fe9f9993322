import { postTo } from '../../../simulators/shared/outgoingPost';
import { failureOf, forgetRefusals, useWebhooks } from './support/webhookBench';

/** Where n8n receives, beside the redirect URI of its credentials. */

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));
jest.mock('../../../../nodes/shared/vault/place/openVault', () => ({
	...jest.requireActual<object>('../../../../nodes/shared/vault/place/openVault'),
	openVault: jest.fn(),
}));
jest.mock('../../../simulators/shared/outgoingPost', () => ({ postTo: jest.fn() }));

const HOOKS = 'https://hooks.example.com';
const EDITOR = 'https://n8n.example.com';

const bench = useWebhooks();

const internet = jest.requireActual<{ postTo: typeof postTo }>(
	'../../../simulators/shared/outgoingPost',
);

beforeEach(() => {
	// The name and the certificate of n8n's proxy lead to the n8n of the test.
	jest.mocked(postTo).mockImplementation(async (post) => {
		const url = post.url.replace(HOOKS, bench.n8n.url);
		return await internet.postTo({ ...post, url });
	});
	bench.simulator.world.apps[0]!.redirectUris = [`${EDITOR}/rest/oauth2-credential/callback`];
});

it('at another host of the domain of the redirect URI receives', async () => {
	bench.simulator.configure({ webhookDomain: 'domain' });
	bench.n8n.publicUrls = { webhook: HOOKS, editor: EDITOR };
	const workflow = bench.workflow('one');
	await bench.n8n.publish(workflow);
	expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(workflow)]]);
	expect(bench.n8n.addressOf(workflow)).toContain(HOOKS);
	bench.changeAccount({ Name: 'Told' });
	await bench.settled();
	expect(bench.items()).toMatchObject([{ Name: 'Told' }]);
	await bench.n8n.unpublish(workflow);
	expect(bench.subscriptions()).toEqual([]);
});

it('is told what Exact Online says where that wants the very host of the redirect URI', async () => {
	bench.simulator.configure({ webhookDomain: 'host' });
	bench.n8n.publicUrls = { webhook: HOOKS, editor: EDITOR };
	const failure = await failureOf(bench.n8n.publish(bench.workflow('one')));
	expect(failure).toContain('Invalid: CallbackURL');
	expect(failure).toContain('[EXACT_WEBHOOK_REFUSED]');
	expect(bench.subscriptions()).toEqual([]);
	// n8n starts again for another address.
	forgetRefusals();
	bench.n8n.publicUrls = { webhook: HOOKS };
	bench.simulator.world.apps[0]!.redirectUris = [`${HOOKS}/rest/oauth2-credential/callback`];
	expect(await bench.n8n.publish(bench.workflow('one'))).toBe(true);
});

it.each([
	['another domain', 'https://tunnel.example.org', 'at tunnel.example.org, and the redirect URI'],
	['plain http', 'http://n8n.example.com', 'https addresses only'],
])('of %s is refused before Exact Online is asked', async (_what, webhook, problem) => {
	bench.n8n.publicUrls = { webhook, editor: EDITOR };
	const failure = await failureOf(bench.n8n.publish(bench.workflow('one')));
	expect(failure).toContain(problem);
	expect(failure).toContain('[EXACT_WEBHOOK_ADDRESS]');
	expect(bench.simulator.counters.apiCalls).toBe(0);
	expect(await failureOf(bench.n8n.test(bench.workflow('one')))).toContain(problem);
	expect(bench.subscriptions()).toEqual([]);
});
