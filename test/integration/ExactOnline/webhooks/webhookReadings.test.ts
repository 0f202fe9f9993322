import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import type { ExactOnlineSwitches } from '../../../simulators/ExactOnline/switches';
import {
	WEBHOOK_READINGS,
	type WebhookReadingName,
} from '../../../simulators/ExactOnline/webhooks/webhookSwitches';
import { until } from '../../../support/until';
import { useWebhooks } from '../trigger/support/webhookBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));
jest.mock('../../../../nodes/shared/vault/place/openVault', () => ({
	...jest.requireActual<object>('../../../../nodes/shared/vault/place/openVault'),
	openVault: jest.fn(),
}));

/** What Exact Online Webhook Trigger does, whichever way the service has its webhooks. */

const bench = useWebhooks();

function changeAccount(Name: string): void {
	bench.simulator.changeRows(FIRST_DIVISION, 'crm/Accounts', { Name }, { last: 1 });
}

const names = () => bench.items().map(({ Name }) => Name);

/** Publishing, a change that starts the workflow once, and the end of it. */
async function wholeLife(): Promise<void> {
	const workflow = bench.workflow('one');
	expect(await bench.n8n.publish(workflow)).toBe(true);
	changeAccount('Told');
	await bench.settled();
	await bench.simulator.webhooks.repeat();
	await bench.settled();
	expect(names()).toEqual(['Told']);
	await bench.n8n.unpublish(workflow);
	expect(bench.subscriptions()).toEqual([]);
}

/** What n8n could not take at first comes again and starts the workflow once. */
async function repeated(): Promise<void> {
	await bench.n8n.publish(bench.workflow('one'));
	bench.n8n.proxyStatus = 503;
	changeAccount('Told late');
	await bench.settled();
	bench.n8n.proxyStatus = undefined;
	await until(() => bench.simulator.webhooks.deliveries[0]?.state === 'delivered');
	await bench.settled();
	expect(names()).toEqual(['Told late']);
}

const scenarios: Record<WebhookReadingName, () => Promise<void>> = {
	webhookDomain: wholeLife,
	webhookAccepts: wholeLife,
	webhookDuplicateCheck: async () => {
		await bench.n8n.publish(bench.workflow('first'));
		const second = bench.n8n.publish(bench.workflow('second'));
		await expect(second).rejects.toThrow('[EXACT_WEBHOOK_TAKEN]');
		expect(bench.subscriptions()).toHaveLength(1);
		// Where the service tries the callback first, the answer to that is no permission either.
		const [row] = bench.simulator.webhooks.subscriptions(FIRST_DIVISION);
		changeAccount('To the first');
		await bench.settled();
		expect(bench.simulator.webhooks.deliveries[0]?.url).toBe(row?.['CallbackURL']);
		expect(names()).toEqual(['To the first']);
	},
	webhookValidation: wholeLife,
	webhookPut: wholeLife,
	webhookRetryUnit: async () => {
		bench.simulator.configure({ webhookRetryUnitMs: null });
		await repeated();
	},
	webhookAfterTries: async () => {
		const workflow = bench.workflow('one');
		await bench.n8n.publish(workflow);
		bench.n8n.proxyStatus = 503;
		changeAccount('Lost');
		await until(() => bench.simulator.webhooks.deliveries[0]?.state === 'given up');
		expect(bench.subscriptions()).toEqual([]);
		bench.n8n.proxyStatus = undefined;
		// The next start of n8n finds that Exact Online sends no more, and subscribes again.
		expect(await bench.n8n.publish(workflow, 'init')).toBe(true);
		changeAccount('Told again');
		await bench.settled();
		expect(names()).toEqual(['Told again']);
	},
};

const others = Object.entries(scenarios).flatMap(([name, scenario]) => {
	const values: readonly unknown[] = WEBHOOK_READINGS[name as WebhookReadingName].others;
	return values.map((value) => [name, value, scenario] as const);
});

describe('another reading of webhooks of Exact Online', () => {
	it.each(others)('%s: %j', async (name, value, scenario) => {
		bench.simulator.configure({ [name]: value } as Partial<ExactOnlineSwitches>);
		await scenario();
	});
});
