import { isHmacOf } from '../../../../nodes/shared/hmacSignature';
import { FORGED_KEY, webhookSecretOf, type DeliveryFlaw } from '../../../simulators/ExactOnline';
import { Receiver } from '../../../support/receiver';
import { until } from '../../../support/until';
import { entityOf, ResourceClient } from './resourceClient';
import { messageOf } from './simulatorClient';

/** Webhooks as docs/facts/exact-online.md 6 tells of them. */

const PATH = 'webhooks/WebhookSubscriptions';

let service: ResourceClient;
let receiver: Receiver;

beforeEach(async () => {
	service = await ResourceClient.start();
	receiver = await Receiver.start();
	service.client.simulator.configure({ webhookLoopbackHttp: true, webhookRetryUnitMs: 0 });
});

afterEach(async () => {
	await service.close();
	await receiver.close();
});

const simulator = () => service.client.simulator;

async function subscribe(topic: string, more: Record<string, unknown> = {}) {
	return await service.create(PATH, { CallbackURL: `${receiver.url}/hook`, Topic: topic, ...more });
}

/** The parts of a delivery, the content as it was written. */
function partsOf(body: string): { raw: string; content: Record<string, unknown>; hash: string } {
	const [, raw = '', hash = ''] = /^\{"Content":(.*),"HashCode":"([0-9A-F]*)"\}$/s.exec(body) ?? [];
	return { raw, content: JSON.parse(raw) as Record<string, unknown>, hash };
}

function isProven(body: string, app = 0): boolean {
	const { raw, hash } = partsOf(body);
	return isHmacOf('sha256', webhookSecretOf(service.client.app(app)), raw, hash);
}

test('a subscription is made after an empty POST was answered, and belongs to one app', async () => {
	const made = await subscribe('Accounts', { Description: 'mine' });
	expect(receiver.received).toEqual([
		expect.objectContaining({
			method: 'POST',
			path: '/hook',
			body: '',
			headers: expect.objectContaining({ 'content-length': '0' }) as unknown,
		}),
	]);
	expect(made).toMatchObject({
		ClientID: service.client.app().clientId,
		UserID: service.client.user().userId,
		Division: service.client.division,
		Topic: 'Accounts',
		Description: 'mine',
		IsInstant: false,
	});
	expect(await service.rows(PATH)).toHaveLength(1);
	const other = service.client.logIn(1).accessToken;
	const path = `${service.client.division}/${PATH}`;
	expect(await service.client.get(path, other)).toHaveProperty('json.d.results', []);
	const one = `${path}(guid'${String(made['ID'])}')`;
	expect((await service.client.call('DELETE', one, other)).status).toBe(404);
	expect((await service.delete(`${PATH}(guid'${String(made['ID'])}')`)).status).toBe(204);
	expect(await service.rows(PATH)).toEqual([]);
});

test('what a subscription needs', async () => {
	const callback = `${receiver.url}/hook`;
	const refused = async (body: object) => {
		const answer = await service.post(PATH, body);
		return [answer.status, messageOf(answer).trim()];
	};
	expect(await refused({ Topic: 'Accounts' })).toEqual([400, 'Mandatory: CallbackURL']);
	expect(await refused({ CallbackURL: callback })).toEqual([400, 'Mandatory: Topic']);
	expect(await refused({ CallbackURL: callback, Topic: 'Acounts' })).toEqual([
		400,
		'Invalid: Topic',
	]);
	const instant = { CallbackURL: callback, Topic: 'Items', IsInstant: true };
	expect(await refused(instant)).toEqual([400, 'Invalid: IsInstant']);
	const foreign = { CallbackURL: 'https://other.example/hook', Topic: 'Items' };
	expect(await refused(foreign)).toEqual([400, 'Invalid: CallbackURL']);
	simulator().configure({ webhookLoopbackHttp: false });
	const plain = { CallbackURL: callback, Topic: 'Items' };
	expect(await refused(plain)).toEqual([400, 'Invalid: CallbackURL']);
	expect(receiver.received).toEqual([]);
	simulator().configure({ webhookLoopbackHttp: true });
	expect(await subscribe('GoodsDeliveries', { IsInstant: true })).toHaveProperty('IsInstant', true);
});

test.each([
	[500, 500],
	[401, 401],
	[204, 204],
	[undefined, 503],
])('a callback that answers %s keeps the subscription from being made', async (status, told) => {
	if (status === undefined) await receiver.close();
	else receiver.answer = () => ({ status });
	const answer = await service.post(PATH, { CallbackURL: receiver.url, Topic: 'Items' });
	expect([answer.status, messageOf(answer)]).toEqual([
		500,
		`Invalid: Post to callback URL endpoint returns ${told}`,
	]);
	expect(simulator().webhooks.subscriptions(service.client.division)).toEqual([]);
});

test('one subscription per topic, division and app, whoever makes it and in whose language', async () => {
	await subscribe('Items');
	const again = async (token: string, division = service.client.division) =>
		await service.client.call('POST', `${division}/${PATH}`, token, {
			body: { CallbackURL: `${receiver.url}/other`, Topic: 'Items' },
		});
	const own = await again(service.accessToken);
	expect([own.status, messageOf(own)]).toEqual([500, 'Data already exists.']);
	simulator().configure({ messageLanguage: 'nl' });
	expect(messageOf(await again(service.accessToken))).toBe('Gegeven bestaat reeds.');
	expect(receiver.received).toHaveLength(1);
	expect((await again(service.accessToken, simulator().world.divisions[1])).status).toBe(201);
	expect((await again(service.client.logIn(1).accessToken)).status).toBe(201);
});

test('two at once: one is made', async () => {
	const body = { CallbackURL: receiver.url, Topic: 'Items' };
	const answers = await Promise.all([service.post(PATH, body), service.post(PATH, body)]);
	expect(answers.map(({ status }) => status).sort()).toEqual([201, 500]);
});

test('creation, change and deletion of a record are told, signed over the raw content', async () => {
	await subscribe('Accounts');
	const { ID } = await service.create('crm/Accounts', { Name: 'Nieuw' });
	const record = `crm/Accounts(guid'${String(ID)}')`;
	await simulator().webhooks.settled();
	await service.put(record, { City: 'Delft' });
	await simulator().webhooks.settled();
	await service.delete(record);
	await simulator().webhooks.settled();
	const contents = receiver.bodies.map((body) => partsOf(body).content);
	expect(contents.map(({ Action }) => Action)).toEqual(['Create', 'Update', 'Delete']);
	expect(contents[0]).toEqual({
		Topic: 'Accounts',
		ClientId: service.client.app().clientId,
		Division: service.client.division,
		Action: 'Create',
		Key: ID,
		ExactOnlineEndpoint: `${simulator().url}/api/v1/${service.client.division}/${record}`,
		EventCreatedOn: '2026-11-22T13:00:00.000',
	});
	expect(receiver.bodies.every((body) => isProven(body))).toBe(true);
	expect(receiver.bodies.some((body) => isProven(body, 1))).toBe(false);
	expect(receiver.received[1]?.headers).not.toHaveProperty('authorization');
});

test('a new document with its lines is one event, a line that is added later another', async () => {
	await subscribe('SalesInvoices');
	const item = await service.idOfFirst('logistics/Items');
	const invoice = await service.create('salesinvoice/SalesInvoices', {
		Journal: '70',
		OrderedBy: await service.idOfFirst('crm/Accounts'),
		SalesInvoiceLines: [{ Item: item }, { Item: item }],
	});
	await simulator().webhooks.settled();
	await service.create('salesinvoice/SalesInvoiceLines', {
		InvoiceID: invoice['InvoiceID'],
		Item: item,
	});
	await service.post('salesinvoice/PrintedSalesInvoices', { InvoiceID: invoice['InvoiceID'] });
	await simulator().webhooks.settled();
	const told = receiver.bodies.map((body) => partsOf(body).content);
	expect(told.map(({ Action, Key }) => [Action, Key])).toEqual([
		['Create', invoice['InvoiceID']],
		['Update', invoice['InvoiceID']],
		['Update', invoice['InvoiceID']],
	]);
});

test('lines of an entry are financial transactions', async () => {
	await subscribe('FinancialTransactions');
	const account = await service.idOfFirst('financial/GLAccounts');
	const line = (amount: number) => ({ GLAccount: account, AmountFC: amount });
	await service.create('generaljournalentry/GeneralJournalEntries', {
		JournalCode: '90',
		GeneralJournalEntryLines: [line(10), line(-10)],
	});
	await simulator().webhooks.settled();
	expect(receiver.bodies).toHaveLength(2);
	const [told] = receiver.bodies.map((body) => partsOf(body).content);
	const found = await service.follow(String(told?.['ExactOnlineEndpoint']));
	expect(entityOf(found)).toHaveProperty('ID', told?.['Key']);
});

test('a delivery that is not taken is repeated ten times, with pauses that double, then lost', async () => {
	await subscribe('Items');
	receiver.answer = () => ({ status: 503 });
	simulator().changeRows(service.client.division, 'logistics/Items', {}, { last: 1 });
	await until(() => simulator().webhooks.deliveries[0]?.state === 'given up');
	expect(simulator().webhooks.deliveries[0]?.tries).toEqual(Array(11).fill(503));
	expect(new Set(receiver.bodies).size).toBe(1);
	expect(simulator().webhooks.subscriptions(service.client.division)).toHaveLength(1);
});

test('a delivery that is taken at the third try is not sent again', async () => {
	await subscribe('Items');
	receiver.answer = () => ({ status: receiver.bodies.length < 3 ? 500 : 200 });
	simulator().changeRows(service.client.division, 'logistics/Items', {}, { last: 1 });
	await until(() => simulator().webhooks.deliveries[0]?.state === 'delivered');
	expect(simulator().webhooks.deliveries[0]?.tries).toEqual([500, 500, 200]);
});

test('held deliveries come in the wrong order, and the last ones again, byte for byte', async () => {
	await subscribe('Items');
	const keys = (await service.rows('logistics/Items', { $top: '3' })).map(({ ID }) => String(ID));
	simulator().webhooks.hold();
	for (const key of keys) {
		simulator().changeRows(service.client.division, 'logistics/Items', {}, { keys: [key] });
		await simulator().webhooks.settled();
	}
	expect(receiver.bodies).toEqual([]);
	simulator().webhooks.release('newestFirst');
	await simulator().webhooks.settled();
	const told = receiver.bodies.map((body) => partsOf(body).content['Key']);
	expect(told).toEqual([...keys].reverse());
	const before = [...receiver.bodies];
	expect((await simulator().webhooks.repeat(2)).map(({ status }) => status)).toEqual([200, 200]);
	expect(receiver.bodies).toEqual([...before, ...before.slice(-2)]);
});

test('deliveries on demand: any record, in another writing, and again', async () => {
	await subscribe('Items');
	const { division } = service.client;
	const asked = { division, topic: 'Items', action: 'Delete', form: 'escaped', times: 2 } as const;
	expect(await simulator().webhooks.deliver(asked)).toHaveLength(2);
	const [first = '', second] = receiver.bodies;
	expect(second).toBe(first);
	expect([isProven(first), first.includes('\\u0027'), first.includes('\n')]).toEqual([
		true,
		true,
		true,
	]);
	const { content, hash } = partsOf(first);
	const written = JSON.stringify(content);
	expect(isHmacOf('sha256', webhookSecretOf(service.client.app()), written, hash)).toBe(false);
	await expect(simulator().webhooks.deliver({ division, topic: 'Quotes' })).rejects.toThrow(
		'subscribed',
	);
	await expect(simulator().webhooks.deliver({ division, topic: 'Accounts' })).rejects.toThrow(
		'url',
	);
});

test.each<[DeliveryFlaw, boolean]>([
	['forged', false],
	['wrongSecret', false],
	['otherClient', true],
])('a delivery that is %s', async (flaw, proven) => {
	await subscribe('Items');
	await simulator().webhooks.deliver({ division: service.client.division, topic: 'Items', flaw });
	const [body = ''] = receiver.bodies;
	expect(isProven(body)).toBe(proven);
	const { content } = partsOf(body);
	expect(content['Key'] === FORGED_KEY).toBe(flaw === 'forged');
	expect(content['ClientId'] === service.client.app().clientId).toBe(flaw !== 'otherClient');
});

test('a delivery without a proof, one that breaks off, and one whose connection is cut', async () => {
	await subscribe('Items');
	const { division } = service.client;
	await simulator().webhooks.deliver({ division, topic: 'Items', flaw: 'unsigned' });
	await simulator().webhooks.deliver({ division, topic: 'Items', flaw: 'truncated' });
	const cut = await simulator().webhooks.deliver({ division, topic: 'Items', flaw: 'cut' });
	const [unsigned = '', truncated = '', ...more] = receiver.bodies;
	expect(JSON.parse(unsigned)).not.toHaveProperty('HashCode');
	expect(() => JSON.parse(truncated) as unknown).toThrow(SyntaxError);
	expect([more, cut]).toEqual([[], [{ status: undefined, body: '' }]]);
});

test('the control interface does the same for other processes', async () => {
	await subscribe('Items');
	const { client } = service;
	const { division } = client;
	const control = async (method: string, path: string, body?: unknown) =>
		(await client.control(method, path, body)).json;
	const changes = { division, endpoint: 'logistics/Items', changes: { Notes: 'x' }, last: 2 };
	expect(await control('POST', 'rows/change', changes)).toEqual({ changed: 2 });
	expect(await control('POST', 'webhooks/settled')).toMatchObject({
		deliveries: [{ tries: [200] }, { tries: [200] }],
	});
	const asked = { division, topic: 'Items', flaw: 'forged' };
	expect(await control('POST', 'webhooks/deliver', asked)).toMatchObject({
		answers: [{ status: 200 }],
	});
	expect(await control('POST', 'webhooks/repeat', { count: 2 })).toMatchObject({
		answers: [{ status: 200 }, { status: 200 }],
	});
	expect(await control('GET', `webhooks/subscriptions?division=${division}`)).toMatchObject({
		subscriptions: [{ Topic: 'Items' }],
	});
	const [row] = simulator().rows(division, 'logistics/Items');
	const gone = { division, endpoint: 'logistics/Items', keys: [row?.['ID']] };
	await client.control('POST', 'webhooks/hold');
	expect(await control('DELETE', 'rows', gone)).toEqual({ deleted: 1 });
	await client.control('POST', 'webhooks/release', { order: 'newestFirst' });
	expect(await control('POST', 'webhooks/settled')).toMatchObject({
		deliveries: [{}, {}, { action: 'Delete', tries: [200] }],
	});
	await client.control('DELETE', `webhooks/subscriptions?division=${division}`);
	expect(await service.rows(PATH)).toEqual([]);
	expect((await client.control('POST', 'webhooks/deliver', { topic: 1 })).status).toBe(400);
	expect((await client.control('POST', 'webhooks/nothing')).status).toBe(404);
});

test('many rows change in one moment, and 10,000 in little time', async () => {
	const { division } = service.client;
	const at = Date.UTC(2026, 0, 5, 9, 30, 15, 250);
	const row = { Name: 'Nieuw' };
	simulator().addRows(division, 'crm/Contacts', Array(5).fill({ LastName: 'Smit' }), { at });
	simulator().addRows(division, 'crm/Accounts', [row], { at });
	simulator().changeRows(division, 'crm/Accounts', { City: 'Delft' }, { at });
	const accounts = simulator().rows(division, 'crm/Accounts');
	const stamp = at + 3_600_000;
	expect(new Set(accounts.map(({ Modified }) => Modified))).toEqual(new Set([stamp]));
	expect(new Set(accounts.map(({ Timestamp }) => Timestamp)).size).toBe(accounts.length);
	const contacts = simulator().rows(division, 'crm/Contacts');
	expect(contacts.filter(({ Modified }) => Modified === stamp)).toHaveLength(5);
	const second = await ResourceClient.start({ accounts: 10_000 });
	const changed = second.client.simulator.changeRows(division, 'crm/Accounts', { City: 'Gent' });
	const page = await second.rows('sync/CRM/Accounts', { $filter: 'Timestamp gt 1' });
	await second.close();
	expect([changed, page.length]).toEqual([10_000, 1000]);
});
