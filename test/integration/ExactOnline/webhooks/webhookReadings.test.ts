import { ExactOnlineClient } from '../../../../nodes/ExactOnline/api/exactOnlineClient';
import { createClientState } from '../../../../nodes/ExactOnline/api/limits/clientState';
import { NodeAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { isHmacOf } from '../../../../nodes/shared/hmacSignature';
import { FIRST_DIVISION, webhookSecretOf } from '../../../simulators/ExactOnline';
import type { ExactOnlineSwitches } from '../../../simulators/ExactOnline/switches';
import {
	WEBHOOK_READINGS,
	type WebhookReadingName,
} from '../../../simulators/ExactOnline/webhooks/webhookSwitches';
import { connect, failureOf } from '../../../support/chain/chainFixture';
import { useChain } from '../../../support/chain/useChain';
import { Receiver } from '../../../support/receiver';
import { until } from '../../../support/until';

/** What the package's client and its proof of a body make of webhooks, whichever way the service has them. */

const PATH = 'webhooks/WebhookSubscriptions';

const bench = useChain();
let receiver: Receiver;
let client: ExactOnlineClient;

beforeEach(async () => {
	receiver = await Receiver.start();
	const { chain } = await bench.open();
	const authorization = connect(bench.simulator);
	const credential = async () => await Promise.resolve(authorization);
	const source = new NodeAccessTokenSource(chain, authorization, credential);
	client = new ExactOnlineClient(source, { state: createClientState(), credentialId: 'c' });
	bench.simulator.configure({ webhookLoopbackHttp: true, webhookRetryUnitMs: 0 });
});

afterEach(async () => {
	await receiver.close();
});

async function subscribe(callbackUrl = receiver.url): Promise<Record<string, unknown>> {
	const body = { CallbackURL: callbackUrl, Topic: 'Items' };
	const answer = await client.request({
		method: 'POST',
		path: PATH,
		division: FIRST_DIVISION,
		body,
	});
	return { ...answer.rows[0] };
}

function changeItem(): void {
	bench.simulator.changeRows(FIRST_DIVISION, 'logistics/Items', {}, { last: 1 });
}

const scenarios: Record<WebhookReadingName, () => Promise<void>> = {
	webhookDomain: async () => {
		const other = await Receiver.start('127.0.0.2');
		expect(await subscribe(other.url)).toHaveProperty('CallbackURL', other.url);
		await other.close();
		bench.simulator.configure({ webhookDomain: 'redirectUri' });
		bench.simulator.webhooks.removeSubscriptions(FIRST_DIVISION);
		expect(await failureOf(subscribe(other.url))).toHaveProperty('code', 'EXACT_VALIDATION');
	},
	webhookAccepts: async () => {
		receiver.answer = () => ({ status: 202 });
		expect(await subscribe()).toHaveProperty('Topic', 'Items');
		changeItem();
		await until(() => bench.simulator.webhooks.deliveries[0]?.state === 'delivered');
		expect(receiver.bodies).toHaveLength(1);
	},
	webhookDuplicateCheck: async () => {
		await subscribe();
		const failure = await failureOf(subscribe());
		expect(failure).toMatchObject({ httpStatus: 500 });
		expect(failure.message).toContain('Data already exists');
		// The second one is tried although it cannot be made.
		expect(receiver.received).toHaveLength(2);
	},
	webhookValidation: async () => {
		await subscribe();
		const [received] = receiver.received;
		expect(received?.body).toBe('');
		const secret = webhookSecretOf(bench.simulator.world.apps[0]!);
		expect(isHmacOf('sha256', secret, '', String(received?.headers['hashcode']))).toBe(true);
	},
	webhookPut: async () => {
		const { ID: id } = await subscribe();
		const path = `${PATH}(guid'${String(id)}')`;
		const body = { CallbackURL: `${receiver.url}/elsewhere` };
		await client.request({ method: 'PUT', path, division: FIRST_DIVISION, body });
		changeItem();
		await bench.simulator.webhooks.settled();
		expect(receiver.received.at(-1)?.path).toBe('/elsewhere');
	},
	webhookRetryUnit: async () => {
		bench.simulator.configure({ webhookRetryUnitMs: null });
		await subscribe();
		receiver.answer = () => ({ status: 500 });
		changeItem();
		await bench.simulator.webhooks.settled();
		receiver.answer = () => ({ status: 200 });
		await until(() => bench.simulator.webhooks.deliveries[0]?.state === 'delivered');
		expect(bench.simulator.webhooks.deliveries[0]?.tries).toEqual([500, 200]);
	},
	webhookAfterTries: async () => {
		await subscribe();
		receiver.answer = () => ({ status: 500 });
		changeItem();
		await until(() => bench.simulator.webhooks.deliveries[0]?.state === 'given up');
		const list = { method: 'GET', path: PATH, division: FIRST_DIVISION } as const;
		expect((await client.request(list)).rows).toEqual([]);
		receiver.answer = () => ({ status: 200 });
		expect(await subscribe()).toHaveProperty('Topic', 'Items');
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
