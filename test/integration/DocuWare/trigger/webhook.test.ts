import fc from 'fast-check';
import { whenFound } from '../../../../nodes/DocuWare/trigger/webhook/whenFound';
import { receiveEvents } from '../../../../nodes/shared/node/events/receiveEvents';
import type { NodeSettings } from '../../../support/n8nContext';
import { post, sendWebhook, signature } from '../../../support/docuWareCalls';
import { until } from '../../../support/until';
import { operation, useNode } from '../node/support/nodeFixture';
import { startReceiver, type TriggerReceiver } from './support/receiver';

jest.mock('../../../../nodes/DocuWare/trigger/webhook/whenFound', () => ({ whenFound: jest.fn() }));
jest.mock('../../../../nodes/shared/node/events/receiveEvents', () => ({
	...jest.requireActual<object>('../../../../nodes/shared/node/events/receiveEvents'),
	receiveEvents: jest.fn(),
}));

const actual = {
	...jest.requireActual<{ whenFound: typeof whenFound }>(
		'../../../../nodes/DocuWare/trigger/webhook/whenFound',
	),
	...jest.requireActual<{ receiveEvents: typeof receiveEvents }>(
		'../../../../nodes/shared/node/events/receiveEvents',
	),
};

beforeEach(() => {
	jest.mocked(receiveEvents).mockImplementation(actual.receiveEvents);
	const soon: typeof whenFound = async (read, signal) => await actual.whenFound(read, signal, [1]);
	jest.mocked(whenFound).mockImplementation(soon as never);
});

const { start } = useNode();

const SECRETS = {
	docuWareWebhookSecretApi: {
		id: 'secrets-1',
		data: { passphrase: 'present', previousPassphrase: 'previous', validationSecret: '' },
	},
};

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

let receiver: TriggerReceiver | undefined;

afterEach(async () => {
	await receiver?.close();
	receiver = undefined;
});

async function receive(
	parameters: NodeSettings['parameters'] = {},
	credentials: NodeSettings['credentials'] = {},
): Promise<TriggerReceiver> {
	receiver = await startReceiver({ parameters, credentials: { ...SECRETS, ...credentials } });
	return receiver;
}

/** Sends JSON with blanks and line feeds, signed without them. */
async function send({ url }: TriggerReceiver, values: object, passphrase = 'present') {
	const body = JSON.stringify(values, null, 2);
	const sent = await sendWebhook(url, { body, signed: JSON.stringify(values), passphrase });
	await sent.text();
	return sent.status;
}

const FETCHED = {
	fetchDocument: true,
	authentication: 'userPassword',
	fileCabinetId: { __rl: true, mode: 'id', value: INVOICES },
};

it('answers 202 and starts with the members of the body, by either passphrase', async () => {
	await start();
	const on = await receive();
	expect(await send(on, { DWDOCID: 80, COMPANY: 'Péters' })).toBe(202);
	await on.started(1);
	expect(await send(on, { DWDOCID: 81 }, 'previous')).toBe(202);
	expect(await on.started(2)).toEqual([
		[{ documentId: 80, DWDOCID: 80, COMPANY: 'Péters' }],
		[{ documentId: 81, DWDOCID: 81 }],
	]);
});

it('refuses a form with 401, and tells the log nothing', async () => {
	await start();
	const on = await receive();
	const form = { 'content-type': 'multipart/form-data; boundary=x' };
	const answer = await post(on.url, '{"DWDOCID":80}', form);
	expect([answer.status, on.log, on.executions]).toEqual([401, [], []]);
});

it('drops a repeat, which a time of change tells from the next change', async () => {
	await start();
	const on = await receive();
	const change = { DWDOCID: 80, DWMODDATETIME: '2026-11-26T09:00:01' };
	expect(await send(on, change)).toBe(202);
	expect(await send(on, change)).toBe(202);
	expect(await send(on, { ...change, DWMODDATETIME: '2026-11-26T09:00:02' })).toBe(202);
	expect(await on.started(2)).toHaveLength(2);
	// Who has seen a delivery could write its texts otherwise, and the signature would still be right.
	const rewritten = JSON.stringify(change).replace('T', '\\u0054');
	const signed = JSON.stringify(change);
	const again = await sendWebhook(on.url, { body: rewritten, signed, passphrase: 'present' });
	expect(again.status).toBe(202);
	// Without a time, two changes may have one body.
	expect(await send(on, { DWDOCID: 81 })).toBe(202);
	expect(await send(on, { DWDOCID: 81 })).toBe(202);
	const started = (await on.started(4)).flat();
	expect(started.map((item) => (item as { documentId: number }).documentId)).toEqual([
		80, 80, 81, 81,
	]);
});

it('fetches the document on request, with what was sent beside it', async () => {
	const { credential, run } = await start();
	const stored = await run(
		operation('customApiCall', 'call', {
			method: 'POST',
			path: `FileCabinets/${INVOICES}/Documents`,
			bodyType: 'json',
			jsonBody: JSON.stringify({
				Fields: [{ FieldName: 'COMPANY', Item: 'Peters', ItemElementName: 'String' }],
			}),
		}),
	);
	const documentId = Number(stored.items[0]?.json.Id);
	const on = await receive(FETCHED, credential());
	expect(await send(on, { DWDOCID: documentId, NOTE: 'x' })).toBe(202);
	expect(await on.started(1)).toEqual([
		[
			expect.objectContaining({
				documentId,
				COMPANY: 'Peters',
				webhook: { DWDOCID: documentId, NOTE: 'x' },
			}),
		],
	]);
	const chosen = { ...FETCHED, output: 'selected', fieldsToReturn: ['COMPANY'] };
	await on.close();
	const other = await receive(chosen, credential());
	await send(other, { DWDOCID: documentId });
	expect(await other.started(1)).toEqual([
		[{ documentId, COMPANY: 'Peters', webhook: { DWDOCID: documentId } }],
	]);
});

it('goes on with the ID and an error where there is no such document, no ID, or no log-on', async () => {
	const { credential } = await start();
	const on = await receive(FETCHED, credential());
	await send(on, { DWDOCID: 4711 });
	await on.started(1);
	await send(on, { NAME: 'without an ID' });
	expect(await on.started(2)).toMatchObject([
		[{ documentId: 4711, webhook: { DWDOCID: 4711 }, error: { code: 'DOCUWARE_NOT_FOUND' } }],
		[{ documentId: null, error: { code: 'DOCUWARE_EVENT_WITHOUT_DOCUMENT' } }],
	]);
	await on.close();
	const other = await receive(FETCHED, credential({ password: 'wrong-password-canary' }));
	await send(other, { DWDOCID: 80 });
	expect(await other.started(1)).toMatchObject([
		[{ documentId: 80, error: { code: 'DOCUWARE_WRONG_PASSWORD' } }],
	]);
	expect(JSON.stringify(other.executions)).not.toContain('canary');
});

it('asks again for a document that is found only after DocuWare has told of it', async () => {
	jest.mocked(whenFound).mockImplementation(actual.whenFound as never);
	const { credential, simulator } = await start();
	const { last } = simulator.addDocuments(INVOICES, [{ COMPANY: 'First' }]);
	const documentId = last + 1;
	const on = await receive(FETCHED, credential());
	expect(await send(on, { DWDOCID: documentId })).toBe(202);
	await until(() => simulator.counters.statuses['404'] === 1);
	expect(simulator.addDocuments(INVOICES, [{ COMPANY: 'Late' }]).last).toBe(documentId);
	const [[item]] = (await on.started(1)) as [[object]];
	expect(item).toMatchObject({ documentId, COMPANY: 'Late', webhook: { DWDOCID: documentId } });
	expect(item).not.toHaveProperty('error');
});

it('starts with the ID and an error where the document does not come in its time', async () => {
	const { credential, simulator } = await start();
	jest
		.mocked(receiveEvents)
		.mockImplementation(
			async (context, work) => await actual.receiveEvents(context, { ...work, withinMs: 1_000 }),
		);
	const { last: documentId } = simulator.addDocuments(INVOICES, [{ COMPANY: 'Slow' }]);
	const where = { path: new RegExp(`/Documents/${documentId}$`) };
	const hold = simulator.holds.hold('platform.received', { where });
	const on = await receive(FETCHED, credential());
	expect(await send(on, { DWDOCID: documentId, NOTE: 'x' })).toBe(202);
	await hold.waiting();
	const error = expect.objectContaining({
		message: expect.stringContaining('within 1 s') as string,
		code: 'DOCUWARE_EVENT_WITHOUT_DOCUMENT',
	}) as object;
	expect(await on.started(1)).toEqual([
		[{ documentId, webhook: { DWDOCID: documentId, NOTE: 'x' }, error }],
	]);
	hold.release();
});

it('starts nothing for a wrong, missing or torn signature, for a GET, and for what is no JSON', async () => {
	await start();
	const on = await receive();
	expect(await send(on, { DWDOCID: 80 }, 'other')).toBe(401);
	expect((await post(on.url, '{"DWDOCID": 80}')).status).toBe(401);
	const half = { 'x-docuware-signature': signature('{"DWDOCID":80}', 'present').slice(0, 64) };
	expect((await post(on.url, '{"DWDOCID": 80}', half)).status).toBe(401);
	const cut = { 'x-docuware-signature': signature('{"DWDOCID":80}', 'present') };
	expect((await post(on.url, '{"DWDOCID": 8', cut)).status).toBe(401);
	const text = { 'x-docuware-signature': signature('noJson', 'present') };
	expect((await post(on.url, 'no Json', text)).status).toBe(400);
	expect((await fetch(on.url)).status).toBe(405);
	expect(on.executions).toEqual([]);
	expect(on.log).toEqual([]);
});

it('refuses everything with 401 where the credential has no passphrase, and says so in the log once', async () => {
	await start();
	const data = { passphrase: '', previousPassphrase: '', validationSecret: '' };
	const on = await receive({}, { docuWareWebhookSecretApi: { id: 'empty', data } });
	for (let time = 0; time < 3; time += 1) {
		const answer = await post(on.url, '{}', { 'x-docuware-signature': signature('{}', '') });
		expect(answer.status).toBe(401);
		expect(await answer.text()).not.toContain('passphrase');
	}
	expect(on.log).toEqual([expect.stringContaining('DOCUWARE_WEBHOOK_SECRET_MISSING')]);
	expect(on.executions).toEqual([]);
});

it('takes nothing where the credential is gone, and says so in the log once', async () => {
	await start();
	receiver = await startReceiver({ parameters: {}, credentials: {} });
	for (let time = 0; time < 3; time += 1) expect(await send(receiver, { DWDOCID: 80 })).toBe(500);
	expect(receiver.log).toHaveLength(1);
	expect(receiver.executions).toEqual([]);
});

it('takes a body with members that objects of JavaScript have, and digits that they do not hold', async () => {
	await start();
	const on = await receive();
	const body =
		'{"DWDOCID":80,"__proto__":{"DWDOCID":81},"constructor":1e999,"toString":12345678901234567890}';
	const sent = await sendWebhook(on.url, { body, signed: body, passphrase: 'present' });
	expect(sent.status).toBe(202);
	const [[item]] = (await on.started(1)) as [[Record<string, unknown>]];
	expect(item).toMatchObject({ documentId: 80, DWDOCID: 80, constructor: '1e999' });
	expect(item.toString).toBe('12345678901234567890');
	expect(Object.getPrototypeOf(item)).toBe(Object.prototype);
	expect(({} as { DWDOCID?: number }).DWDOCID).toBeUndefined();
});

it('takes any bytes with any header without failing or starting', async () => {
	await start();
	const on = await receive();
	const header = fc.stringMatching(/^[\x21-\x7e]{0,130}$/);
	const bodies = fc.oneof(
		fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
		fc.json().map((json) => Buffer.from(json)),
		fc.json().map((json) => Buffer.from(json).subarray(0, -1)),
	);
	await fc.assert(
		fc.asyncProperty(bodies, header, async (body, given) => {
			const answer = await post(on.url, body, { 'x-docuware-signature': given });
			await answer.text();
			expect(answer.status).toBe(401);
		}),
		{ numRuns: 100 },
	);
	expect(on.executions).toEqual([]);
	expect(on.log).toEqual([]);
});
