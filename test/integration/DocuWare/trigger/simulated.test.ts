import { accepted, refused } from '../../../../nodes/DocuWare/platform/validation';
import {
	passphraseOf,
	type DocuWareSimulator,
	type SwitchChanges,
} from '../../../simulators/DocuWare';
import type { NodeSettings } from '../../../support/n8nContext';
import { useNode } from '../node/support/nodeFixture';
import { startReceiver, type TriggerReceiver } from './support/receiver';

/** *DocuWare Webhook Trigger* called by the simulator, whichever way the server has it. */

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const DIALOG = { fileCabinetId: INVOICES, dialogId: 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d12' };
const SECRET = 'secret-of-the-validation';

let receiver: TriggerReceiver | undefined;

afterEach(async () => {
	await receiver?.close();
	receiver = undefined;
});

/** The node, with the secrets of the simulator's organization. */
async function receive(
	simulator: DocuWareSimulator,
	parameters: NodeSettings['parameters'],
	workflow?: Parameters<typeof startReceiver>[1],
): Promise<TriggerReceiver> {
	const passphrase = passphraseOf(simulator.world, { organizationId: '1' });
	const data = { passphrase, previousPassphrase: '', validationSecret: SECRET };
	const credentials = { docuWareWebhookSecretApi: { id: 'secrets-1', data } };
	receiver = await startReceiver({ parameters, credentials }, workflow);
	return receiver;
}

async function webhooks(switches: SwitchChanges = {}) {
	const { simulator } = await start(switches);
	const on = await receive(simulator, { event: 'webhook' });
	const { id } = simulator.webhooks.add({ url: on.url, fileCabinetId: INVOICES });
	return { simulator, on, webhookId: id };
}

const NEW = { COMPANY: 'Müller "&" Söhne \\ Co', AMOUNT: 5.3 };

const webhookReadings: SwitchChanges[] = [
	{ webhookBody: 'asWritten' },
	{ webhookBody: 'minified' },
	{ webhookTries: 3 },
];

it.each(webhookReadings)('takes what is stored and what is changed: %j', async (reading) => {
	const { simulator, on } = await webhooks(reading);
	const { first: documentId } = simulator.addDocuments(INVOICES, [NEW]);
	await simulator.webhooks.settled();
	const [[item] = []] = await on.started(1);
	expect(item).toMatchObject({ ...NEW, documentId, DWDOCID: documentId });
	expect(simulator.webhooks.deliveries.map(({ tries }) => tries)).toEqual([[202]]);
	expect(simulator.webhooks.deliveries[0]?.body).toContain('5.30');
	simulator.changeDocuments({ fileCabinetId: INVOICES, values: { AMOUNT: 6 }, last: 1 });
	await simulator.webhooks.settled();
	expect((await on.started(2))[1]).toMatchObject([{ documentId, AMOUNT: 6 }]);
});

it('starts once for what is repeated, also where it comes in another order', async () => {
	const { simulator, on } = await webhooks();
	simulator.webhooks.hold();
	simulator.addDocuments(INVOICES, [{ COMPANY: 'One' }, { COMPANY: 'Two' }, { COMPANY: 'Three' }]);
	await simulator.webhooks.settled();
	simulator.webhooks.release('newestFirst');
	await simulator.webhooks.settled();
	await on.started(3);
	const answers = await simulator.webhooks.repeat(3);
	expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
	simulator.addDocuments(INVOICES, [{ COMPANY: 'Four' }]);
	await simulator.webhooks.settled();
	const started = await on.started(4);
	expect(started.map(([item]) => item?.COMPANY)).toEqual(['Three', 'Two', 'One', 'Four']);
});

it.each(['forged', 'wrongSecret', 'unsigned', 'truncated', 'cut'] as const)(
	'starts nothing for one that is %s',
	async (flaw) => {
		const { simulator, on, webhookId } = await webhooks();
		const { first: documentId } = simulator.addDocuments(INVOICES, [NEW]);
		await simulator.webhooks.settled();
		await on.started(1);
		const [answer] = await simulator.webhooks.deliver({ webhookId, documentId, flaw });
		// Of a connection that was cut nobody hears.
		expect(answer?.status).toBe(flaw === 'cut' ? undefined : 401);
		// The same without a flaw is a repeat, so that whatever follows was sent after it.
		simulator.addDocuments(INVOICES, [{ COMPANY: 'Last' }]);
		await simulator.webhooks.settled();
		expect((await on.started(2)).map(([item]) => item?.COMPANY)).toEqual([NEW.COMPANY, 'Last']);
	},
);

it('takes none of a server that does not sign, before 7.10', async () => {
	const { simulator, on } = await webhooks({ version: '7.7' });
	simulator.addDocuments(INVOICES, [NEW]);
	await simulator.webhooks.settled();
	const tries = simulator.webhooks.deliveries.flatMap((delivery) => delivery.tries);
	expect(new Set(tries)).toEqual(new Set([401]));
	expect(on.executions).toEqual([]);
});

/** A workflow that refuses a company by its name, and fails at another. */
const check: Parameters<typeof startReceiver>[1] = ([item]) => {
	const { COMPANY: company } = (item?.json.values ?? {}) as Record<string, unknown>;
	if (company === 'Broken') return { status: 500, body: { message: 'Error in workflow' } };
	const isKnown = company === 'Peters';
	return { status: 200, body: [isKnown ? accepted() : refused(`${String(company)} is unknown`)] };
};

const validationReadings: SwitchChanges[] = [
	{ availabilityTest: 'both', validationEmptyFields: 'null' },
	{ availabilityTest: 'noValues' },
	{ availabilityTest: 'get' },
	{ validationEmptyFields: 'absent' },
];

it.each(validationReadings)('decides what a person stores: %j', async (reading) => {
	const { simulator } = await start(reading);
	const on = await receive(simulator, { event: 'validation' }, check);
	simulator.validations.configure({ ...DIALOG, url: `${on.url}/${SECRET}` });
	expect(await simulator.validations.test(DIALOG)).toHaveProperty('available', true);
	expect(on.executions).toEqual([]);
	const store = async (COMPANY: string) =>
		await simulator.storeThroughDialog({ ...DIALOG, values: { COMPANY, AMOUNT: 12.5 } });
	expect(await store('Peters')).toMatchObject({ stored: true });
	expect(await store('Nobody')).toEqual({ stored: false, reason: 'Nobody is unknown' });
	expect(await store('Broken')).toEqual({
		stored: false,
		reason: expect.stringContaining('The check in n8n failed'),
	});
	expect(on.executions[0]).toMatchObject([
		{ fileCabinetId: INVOICES, dialogType: 'Store', values: { COMPANY: 'Peters', AMOUNT: 12.5 } },
	]);
});

it.each([true, false])(
	'decides by the signature, whether the test of availability is signed: %p',
	async (availabilitySigned) => {
		const { simulator } = await start({ availabilitySigned });
		const bySignature = { event: 'validation', validationProof: 'signature' };
		const on = await receive(simulator, bySignature, check);
		simulator.validations.configure({ ...DIALOG, url: on.url });
		expect(await simulator.validations.test(DIALOG)).toHaveProperty('available', true);
		expect(on.executions).toEqual([]);
		const stored = await simulator.storeThroughDialog({ ...DIALOG, values: { COMPANY: 'Peters' } });
		expect(stored).toMatchObject({ stored: true });
	},
);

it('decides by the secret in a header', async () => {
	const { simulator } = await start();
	const values = { COMPANY: 'Peters' };
	const on = await receive(simulator, { event: 'validation', validationProof: 'header' }, check);
	simulator.validations.configure({ ...DIALOG, url: on.url });
	expect(await simulator.storeThroughDialog({ ...DIALOG, values })).toMatchObject({
		stored: false,
	});
	const headers = { authorization: `Bearer ${SECRET}` };
	simulator.validations.configure({ ...DIALOG, url: on.url, headers });
	expect(await simulator.validations.test(DIALOG)).toHaveProperty('available', true);
	expect(await simulator.storeThroughDialog({ ...DIALOG, values })).toMatchObject({ stored: true });
});
