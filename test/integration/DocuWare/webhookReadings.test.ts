import { isHmacOf } from '../../../nodes/shared/hmacSignature';
import {
	passphraseOf,
	type DocuWareSimulator,
	type SwitchChanges,
} from '../../simulators/DocuWare';
import {
	WEBHOOK_READINGS,
	type WebhookReadingName,
} from '../../simulators/DocuWare/webhooks/webhookSwitches';
import { Receiver } from '../../support/receiver';
import { useDocuWare } from './support/useDocuWare';

/** Webhooks and validation, whichever way the server has them. */

const bench = useDocuWare();
const invoices = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const dialog = { fileCabinetId: invoices, dialogId: 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d12' };
let receiver: Receiver;

beforeEach(async () => {
	receiver = await Receiver.start();
});

afterEach(async () => {
	await receiver.close();
});

async function stored(simulator: DocuWareSimulator): Promise<void> {
	simulator.webhooks.add({ url: receiver.url, fileCabinetId: invoices });
	simulator.addDocuments(invoices, [{ COMPANY: 'Peters', AMOUNT: 5.3 }]);
	await simulator.webhooks.settled();
}

const scenarios: Record<WebhookReadingName, (reading: SwitchChanges) => Promise<void>> = {
	webhookBody: async (reading) => {
		const simulator = await bench.simulator(reading);
		await stored(simulator);
		const [{ body = '', headers } = {}] = receiver.received;
		const passphrase = passphraseOf(simulator.world, { organizationId: '1' });
		expect(body).toContain('"AMOUNT":5.30,');
		const signature = String(headers?.['x-docuware-signature']);
		expect(isHmacOf('sha512', passphrase, body, signature)).toBe(true);
	},
	webhookTries: async (reading) => {
		const simulator = await bench.simulator(reading);
		receiver.answer = () => ({ status: receiver.bodies.length < 3 ? 500 : 202 });
		await stored(simulator);
		expect(new Set(receiver.bodies).size).toBe(1);
		expect(simulator.webhooks.deliveries[0]?.tries).toEqual([500, 500, 202]);
	},
	availabilityTest: async (reading) => {
		const simulator = await bench.simulator(reading);
		receiver.answer = () => ({ status: 200, body: '{"Status":"OK","Reason":""}' });
		simulator.validations.configure({ ...dialog, url: receiver.url });
		expect(await simulator.validations.test(dialog)).toHaveProperty('available', true);
	},
	availabilitySigned: async (reading) => {
		const simulator = await bench.simulator(reading);
		receiver.answer = () => ({ status: 200, body: '{"Status":"OK","Reason":""}' });
		simulator.validations.configure({ ...dialog, url: receiver.url });
		expect(await simulator.validations.test(dialog)).toHaveProperty('available', true);
		await simulator.storeThroughDialog({ ...dialog, values: { COMPANY: 'Peters' } });
		const signed = receiver.received.map(({ headers }) => 'x-docuware-signature' in headers);
		expect(signed).toEqual([false, false, true]);
	},
	validationEmptyFields: async (reading) => {
		const simulator = await bench.simulator(reading);
		receiver.answer = () => ({ status: 200, body: '{"Status":"OK","Reason":""}' });
		simulator.validations.configure({ ...dialog, url: receiver.url });
		const values = { COMPANY: 'Peters' };
		expect(await simulator.storeThroughDialog({ ...dialog, values })).toHaveProperty(
			'stored',
			true,
		);
		expect(JSON.parse(receiver.bodies[0] ?? '')).toHaveProperty('Values', [
			{ FieldName: 'COMPANY', ItemElementName: 'String', Item: 'Peters' },
		]);
	},
};

const others = Object.entries(scenarios).flatMap(([name, scenario]) => {
	const values: readonly unknown[] = WEBHOOK_READINGS[name as WebhookReadingName].others;
	return values.map((value) => [name, value, scenario] as const);
});

describe('another reading of webhooks of DocuWare', () => {
	it.each(others)('%s: %j', async (name, value, scenario) => {
		await scenario({ [name]: value });
	});
});
