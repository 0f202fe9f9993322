import { isHmacOf } from '../../../../nodes/shared/hmacSignature';
import {
	passphraseOf,
	type DocuWareSimulator,
	type WebhookFlaw,
} from '../../../simulators/DocuWare';
import { minified } from '../../../simulators/DocuWare/webhooks/signature';
import { Receiver } from '../../../support/receiver';
import { callPlatform, cookiesOf, logOn } from './platformClient';
import { useSimulator } from './useSimulator';

/** Webhooks as docs/facts/docuware.md 8.3 tells of them. */

const bench = useSimulator();
const invoices = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
let receiver: Receiver;

beforeEach(async () => {
	receiver = await Receiver.start();
	receiver.answer = () => ({ status: 202 });
});

afterEach(async () => {
	await receiver.close();
});

const template = `{
  "id": {{DWDOCID}}, "company": "{{COMPANY}}", "amount": {{AMOUNT}},
  "date": {{INVOICEDATE}}, "title": "Invoice {{INVOICENO}} of \\"{{COMPANY}}\\"", "keywords": {{KEYWORDS}}, "none": {{RATE}}
}`;

const values = {
	COMPANY: 'Müller "& Söhne"',
	AMOUNT: 5.3,
	INVOICEDATE: '2026-01-31',
	INVOICENO: 7,
	KEYWORDS: ['a', 'b'],
};

function set(simulator: DocuWareSimulator, more: Record<string, unknown> = {}) {
	return simulator.webhooks.add({ url: receiver.url, fileCabinetId: invoices, template, ...more });
}

function isSigned(simulator: DocuWareSimulator, index = 0): boolean {
	const { body = '', headers } = receiver.received[index] ?? {};
	const passphrase = passphraseOf(simulator.world, { organizationId: '1' });
	return isHmacOf('sha512', passphrase, minified(body), String(headers?.['x-docuware-signature']));
}

test('a stored document is told as the template says, signed over the minified body', async () => {
	const simulator = await bench.start();
	set(simulator);
	simulator.addDocuments(invoices, [values]);
	await simulator.webhooks.settled();
	const [{ body = '' } = {}] = receiver.received;
	expect(body).toContain('"amount": 5.30,');
	expect(JSON.parse(body)).toEqual({
		id: 1,
		company: 'Müller "& Söhne"',
		amount: 5.3,
		date: '2026-01-31T00:00:00Z',
		title: 'Invoice 7 of "Müller "& Söhne""',
		keywords: ['a', 'b'],
		none: null,
	});
	expect(isSigned(simulator)).toBe(true);
	const passphrase = passphraseOf(simulator.world, { organizationId: '1' });
	const signature = String(receiver.received[0]?.headers['x-docuware-signature']);
	const rewritten = JSON.stringify(JSON.parse(body));
	expect(isHmacOf('sha512', passphrase, body, signature)).toBe(false);
	expect(isHmacOf('sha512', passphrase, rewritten, signature)).toBe(false);
	expect(simulator.webhooks.deliveries).toEqual([
		expect.objectContaining({ event: 'stored', documentId: 1, tries: [202] }),
	]);
});

test('an upload and a change of index data by the platform are told, of this cabinet alone', async () => {
	const simulator = await bench.start();
	set(simulator, {
		template: '{"id":{{DWDOCID}},"pages":{{DWPAGECOUNT}},"company":"{{COMPANY}}"}',
	});
	const cookie = cookiesOf(await logOn(simulator));
	const documents = `FileCabinets/${invoices}/Documents`;
	await callPlatform(simulator, 'POST', documents, {
		headers: {
			cookie,
			'content-type': 'text/plain',
			'content-disposition': 'attachment; filename="a.txt"',
		},
		body: 'one\ftwo',
	});
	await simulator.webhooks.settled();
	await callPlatform(simulator, 'PUT', `${documents}/1/Fields`, {
		headers: { cookie, 'content-type': 'application/json' },
		body: JSON.stringify({
			Field: [{ FieldName: 'COMPANY', Item: 'Peters', ItemElementName: 'String' }],
		}),
	});
	simulator.addDocuments('4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20', [{ EMPLOYEE: 'Jenkins' }]);
	await simulator.webhooks.settled();
	expect(receiver.bodies).toEqual([
		'{"id":1,"pages":2,"company":""}',
		'{"id":1,"pages":2,"company":"Peters"}',
	]);
	expect(simulator.webhooks.deliveries.map(({ event }) => event)).toEqual([
		'stored',
		'indexChanged',
	]);
});

test('events that are not chosen are not told, and nothing once the webhook is gone', async () => {
	const simulator = await bench.start();
	const { id } = set(simulator, { events: ['indexChanged'] });
	simulator.addDocuments(invoices, [values]);
	await simulator.webhooks.settled();
	expect(receiver.received).toEqual([]);
	expect(simulator.changeDocuments({ fileCabinetId: invoices, values: { STATUS: 'x' } })).toBe(1);
	await simulator.webhooks.settled();
	expect(receiver.received).toHaveLength(1);
	simulator.webhooks.remove(id);
	simulator.changeDocuments({ fileCabinetId: invoices, values: { STATUS: 'y' } });
	await simulator.webhooks.settled();
	expect(receiver.received).toHaveLength(1);
});

test('the template of the system has all fields but tables; one with a table or no JSON is refused', async () => {
	const simulator = await bench.start();
	const { template: own } = simulator.webhooks.add({ url: receiver.url, fileCabinetId: invoices });
	expect(own).toContain('"COMPANY": "{{COMPANY}}"');
	expect(own).not.toContain('POSITIONS');
	simulator.addDocuments(invoices, [values]);
	await simulator.webhooks.settled();
	expect(JSON.parse(receiver.bodies[0] ?? '')).toMatchObject({ DWDOCID: 1, AMOUNT: 5.3 });
	expect(() => set(simulator, { template: '{"a":{{POSITIONS}}}' })).toThrow('POSITIONS');
	expect(() => set(simulator, { template: '{"a":{{NOTHING}}}' })).toThrow('NOTHING');
	expect(() => set(simulator, { template: '{"a":' })).toThrow(SyntaxError);
	expect(() => set(simulator, { fileCabinetId: 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40' })).toThrow(
		'tray',
	);
});

test('below version 7.10 nothing is signed', async () => {
	const simulator = await bench.start({ version: '7.7' });
	set(simulator);
	simulator.addDocuments(invoices, [values]);
	await simulator.webhooks.settled();
	expect(receiver.received[0]?.headers).not.toHaveProperty('x-docuware-signature');
});

test.each([
	[1, [503]],
	[3, [503, 503, 503]],
])('webhookTries %s', async (webhookTries, tries) => {
	const simulator = await bench.start({ webhookTries });
	receiver.answer = () => ({ status: 503 });
	set(simulator);
	simulator.addDocuments(invoices, [values]);
	await simulator.webhooks.settled();
	expect(simulator.webhooks.deliveries[0]?.tries).toEqual(tries);
});

test('webhookBody minified: without blanks, the same signature', async () => {
	const simulator = await bench.start();
	set(simulator);
	simulator.addDocuments(invoices, [values]);
	await simulator.webhooks.settled();
	simulator.configure({ webhookBody: 'minified' });
	await simulator.webhooks.deliver({ webhookId: 'webhook1', documentId: 1 });
	const [first, second] = receiver.received;
	expect(second?.body).toBe(minified(first?.body ?? ''));
	expect(second?.headers['x-docuware-signature']).toBe(first?.headers['x-docuware-signature']);
});

test('in the wrong order, and again, byte for byte', async () => {
	const simulator = await bench.start();
	set(simulator, { template: '{"id":{{DWDOCID}}}' });
	simulator.webhooks.hold();
	simulator.addDocuments(invoices, [values, values, values]);
	await simulator.webhooks.settled();
	expect(receiver.received).toEqual([]);
	simulator.webhooks.release('newestFirst');
	await simulator.webhooks.settled();
	await simulator.webhooks.repeat(2);
	expect(receiver.bodies).toEqual([3, 2, 1, 2, 1].map((id) => `{"id":${id}}`));
});

test.each<[WebhookFlaw]>([['forged'], ['wrongSecret'], ['unsigned'], ['truncated']])(
	'a webhook that is %s',
	async (flaw) => {
		const simulator = await bench.start();
		const { id } = set(simulator);
		simulator.addDocuments(invoices, [values]);
		await simulator.webhooks.settled();
		const asked = { webhookId: id, documentId: 1, flaw, times: 2 };
		expect((await simulator.webhooks.deliver(asked)).map(({ status }) => status)).toEqual([
			202, 202,
		]);
		expect([isSigned(simulator), isSigned(simulator, 1), isSigned(simulator, 2)]).toEqual([
			true,
			false,
			false,
		]);
	},
);

test('a webhook whose connection is cut does not arrive', async () => {
	const simulator = await bench.start();
	const { id } = set(simulator);
	const body = JSON.stringify({ text: 'x'.repeat(1000) });
	const asked = { webhookId: id, documentId: 1, body, flaw: 'cut' } as const;
	expect(await simulator.webhooks.deliver(asked)).toEqual([{ status: undefined, body: '' }]);
	expect(receiver.received).toEqual([]);
});

test('the control interface does the same for other processes', async () => {
	const simulator = await bench.start();
	const control = async (method: string, path: string, body: object = {}): Promise<unknown> => {
		const init = method === 'GET' ? { method } : { method, body: JSON.stringify(body) };
		return await (await fetch(`${simulator.url}/__simulator/${path}`, init)).json();
	};
	const { id } = (await control('POST', 'webhooks', {
		url: receiver.url,
		fileCabinetId: invoices,
		template,
	})) as { id: string };
	await control('POST', 'webhooks/hold');
	await control('POST', 'documents', { fileCabinetId: invoices, count: 2, values });
	await control('POST', 'documents/change', { fileCabinetId: invoices, values, last: 1 });
	await control('POST', 'webhooks/settled');
	await control('POST', 'webhooks/release', { order: 'newestFirst' });
	expect(await control('POST', 'webhooks/settled')).toMatchObject([
		{ event: 'indexChanged', documentId: 2 },
		{ event: 'stored', documentId: 2 },
		{ event: 'stored', documentId: 1 },
	]);
	const asked = { webhookId: id, documentId: 1, flaw: 'forged' };
	expect(await control('POST', 'webhooks/deliver', asked)).toMatchObject({
		answers: [{ status: 202 }],
	});
	expect(await control('POST', 'webhooks/repeat')).toMatchObject({ answers: [{ status: 202 }] });
	expect(await control('GET', 'webhooks')).toMatchObject([{ id }]);
	await control('DELETE', 'webhooks', { id });
	expect(await control('GET', 'webhooks')).toEqual([]);
});

test('many documents at one moment', async () => {
	const simulator = await bench.start();
	const at = Date.UTC(2026, 0, 5, 9, 30, 15);
	simulator.addDocuments(invoices, Array<object>(10_000).fill(values) as never, { at });
	simulator.changeDocuments({ fileCabinetId: invoices, values: {}, last: 500, at: at + 1 });
	const stored = simulator.state.documents.inCabinet(invoices);
	expect(new Set(stored.map(({ storedAt }) => storedAt))).toEqual(new Set([at]));
	expect(stored.filter(({ modifiedAt }) => modifiedAt === at + 1)).toHaveLength(500);
});
