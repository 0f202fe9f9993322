import { startWaitingEvents } from '../../../../nodes/shared/node/events/wake';
import { runPoll } from '../../../../nodes/shared/node/pollFrame';
import { isVaultThere } from '../../../../nodes/shared/vault/place/vaultThere';
import { putItem, readItem } from '../../../../nodes/shared/vault/rows/items';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { pollContext } from '../../../support/n8nContext';
import { until } from '../../../support/until';
import { NO_NEWS } from './support/noNews';
import { useWebhooks } from './support/webhookBench';

/** A process that ends while a test run listens: production has its subscription back without a new publishing. */

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));
jest.mock('../../../../nodes/shared/vault/place/openVault', () => ({
	...jest.requireActual<object>('../../../../nodes/shared/vault/place/openVault'),
	openVault: jest.fn(),
}));
jest.mock('../../../../nodes/shared/vault/place/vaultThere', () => ({ isVaultThere: jest.fn() }));

const bench = useWebhooks();

const N8N = ['node', '/usr/bin/n8n', 'start'];

const SCOPE = 'webhookSubscriptions1';
const NAME = JSON.stringify(['instance-1', 'one', 'node of one']);

beforeEach(() => {
	jest.mocked(isVaultThere).mockResolvedValue(true);
});

async function kept(): Promise<{ test: unknown[]; replaced: unknown[]; testedAt: number }> {
	const vault = await bench.vault();
	const item = await vault.read(() => readItem(SCOPE, NAME));
	return JSON.parse(item!.value) as Awaited<ReturnType<typeof kept>>;
}

/** The test run began long ago: whoever listened does so no more. */
async function ageTest(): Promise<void> {
	const vault = await bench.vault();
	const aged = { ...(await kept()), testedAt: 1 };
	await vault.write(() => putItem(SCOPE, NAME, JSON.stringify(aged)));
}

/** A poll of any trigger of the package in n8n's process, of another workflow. */
async function pollSomething(): Promise<void> {
	const { argv } = process;
	process.argv = N8N;
	try {
		expect(await runPoll(pollContext({ mode: 'trigger' }), NO_NEWS)).toBeNull();
	} finally {
		process.argv = argv;
	}
}

it.each([
	['a poll', pollSomething],
	['a start of n8n', async () => await Promise.resolve(startWaitingEvents())],
])('with %s', async (_what, happens) => {
	const workflow = bench.workflow('one');
	await bench.n8n.publish(workflow);
	await bench.n8n.test(workflow);
	const production = ['Accounts', bench.n8n.addressOf(workflow)];
	// Nobody ends the test: the process is gone, and production has no subscription.
	expect(bench.subscriptions()).toEqual([['Accounts', bench.n8n.addressOf(workflow, true)]]);
	expect(await kept()).toMatchObject({ replaced: [{ topic: 'Accounts', url: production[1] }] });
	await ageTest();
	await happens();
	await until(() => bench.subscriptions().some(([, url]) => url === production[1]));
	await until(async () => (await kept()).testedAt === 0);
	expect(bench.subscriptions()).toEqual([production]);
	expect(await kept()).toMatchObject({ test: [], replaced: [] });
	bench.simulator.changeRows(FIRST_DIVISION, 'crm/Accounts', { Name: 'Later' }, { last: 1 });
	await bench.settled();
	expect(bench.items()).toMatchObject([{ Name: 'Later' }]);
});
