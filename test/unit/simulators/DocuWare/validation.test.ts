import { isHmacOf } from '../../../../nodes/shared/hmacSignature';
import { passphraseOf, type DocuWareSimulator } from '../../../simulators/DocuWare';
import { Receiver } from '../../../support/receiver';
import { useSimulator } from './useSimulator';

/** Validation before storing as docs/facts/docuware.md 8.6 tells of it. */

const bench = useSimulator();
const invoices = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const storeDialog = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d12';
const infoDialog = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d16';
const place = { fileCabinetId: invoices, dialogId: storeDialog };
let receiver: Receiver;

beforeEach(async () => {
	receiver = await Receiver.start();
});

afterEach(async () => {
	await receiver.close();
});

const ok = JSON.stringify({ Status: 'OK', Reason: '' });

async function start(answer: string, status = 200): Promise<DocuWareSimulator> {
	const simulator = await bench.start();
	receiver.answer = () => ({ status, body: answer });
	simulator.validations.configure({
		...place,
		url: `${receiver.url}/check`,
		headers: { 'x-secret': 'abc' },
	});
	return simulator;
}

const values = {
	COMPANY: 'Peters',
	AMOUNT: 5.3,
	INVOICENO: 12,
	INVOICEDATE: '2026-01-31',
	RECEIVED: '2026-01-31T10:15:00+01:00',
	KEYWORDS: ['a', 'b'],
	REMARKS: 'long',
};

test('typed values, user, cabinet and dialog, signed; a document that is let pass is stored', async () => {
	const simulator = await start(ok);
	const outcome = await simulator.storeThroughDialog({
		...place,
		values,
		userName: 'peggy.jenkins',
		file: { name: 'a.txt', text: 'one' },
	});
	expect(outcome).toEqual({ stored: true, documentId: 1 });
	const [{ body = '', headers, path } = {}] = receiver.received;
	const question = JSON.parse(body) as Record<string, unknown>;
	expect(question).toMatchObject({
		TimeStamp: '2026-11-22T12:00:00.0000000Z',
		UserName: 'Peggy Jenkins',
		OrganizationName: 'Peters Engineering',
		FileCabinetGuid: invoices,
		DialogGuid: storeDialog,
		DialogType: 'Store',
	});
	const item = (name: string, element: string, value: unknown) => ({
		FieldName: name,
		ItemElementName: element,
		Item: value,
	});
	expect(question['Values']).toEqual([
		item('COMPANY', 'String', 'Peters'),
		item('DOCTYPE', 'String', null),
		item('AMOUNT', 'Decimal', 5.3),
		item('INVOICEDATE', 'Date', '2026-01-31T00:00:00Z'),
		item('KEYWORDS', 'Keywords', { Keyword: ['a', 'b'] }),
		item('STATUS', 'String', null),
		item('RECEIVED', 'DateTime', '2026-01-31T09:15:00Z'),
		item('INVOICENO', 'Int', 12),
		item('RATE', 'Decimal', null),
		item('REMARKS', 'Memo', 'long'),
	]);
	expect(body).toContain('"Item":5.30}');
	expect([path, headers?.['x-secret']]).toEqual(['/check', 'abc']);
	const passphrase = passphraseOf(simulator.world, { organizationId: '1' });
	expect(isHmacOf('sha512', passphrase, body, String(headers?.['x-docuware-signature']))).toBe(
		true,
	);
	expect(simulator.state.documents.find(invoices, 1)?.sections).toHaveLength(1);
});

test.each([
	[200, JSON.stringify({ Status: 'Failed', Reason: 'Unknown supplier' }), 'Unknown supplier'],
	[200, JSON.stringify({ Status: 'ok', Reason: 'case' }), 'case'],
	[200, '{"Status":', 'The validation service answers 200.'],
	[500, ok, 'The validation service answers 500.'],
])('%s with %s keeps it out', async (status, answer, reason) => {
	const simulator = await start(answer, status);
	const asked = { ...place, values };
	expect(await simulator.storeThroughDialog(asked)).toEqual({ stored: false, reason });
	expect(simulator.state.documents.all()).toEqual([]);
	expect(simulator.validations.asked).toEqual([
		expect.objectContaining({ accepted: false, reason }),
	]);
});

test('a service that is not there keeps it out, and a dialog without one does not', async () => {
	const simulator = await start(ok);
	await receiver.close();
	const reason = 'The validation service answers nothing.';
	expect(await simulator.storeThroughDialog({ ...place, values })).toEqual({
		stored: false,
		reason,
	});
	const other = { fileCabinetId: invoices, dialogId: infoDialog };
	expect(await simulator.storeThroughDialog({ ...other, values })).toHaveProperty('stored', true);
	simulator.validations.configure(place);
	expect(await simulator.storeThroughDialog({ ...place, values })).toHaveProperty('stored', true);
	expect(() => simulator.validations.configure({ ...place, dialogId: 'none' })).toThrow('none');
});

test('a change in an info dialog is asked about with all values', async () => {
	const simulator = await start(ok);
	simulator.validations.configure({
		fileCabinetId: invoices,
		dialogId: infoDialog,
		url: receiver.url,
	});
	simulator.addDocuments(invoices, [values]);
	const changed = await simulator.changeThroughDialog({
		fileCabinetId: invoices,
		dialogId: infoDialog,
		documentId: 1,
		values: { STATUS: 'new' },
	});
	expect(changed).toEqual({ stored: true, documentId: 1 });
	const question = JSON.parse(receiver.bodies[0] ?? '') as { Values: unknown[] };
	expect(question).toMatchObject({ DialogType: 'InfoDialog' });
	expect(question.Values).toEqual(
		expect.arrayContaining([
			{ FieldName: 'COMPANY', ItemElementName: 'String', Item: 'Peters' },
			{ FieldName: 'STATUS', ItemElementName: 'String', Item: 'new' },
		]),
	);
	expect(simulator.state.documents.find(invoices, 1)?.values).toHaveProperty('STATUS', 'new');
});

test.each([
	['both', ['POST', 'GET']],
	['noValues', ['POST']],
	['get', ['GET']],
] as const)('the test of availability: %s', async (availabilityTest, methods) => {
	const simulator = await start(ok);
	simulator.configure({ availabilityTest });
	expect(await simulator.validations.test(place)).toHaveProperty('available', true);
	expect(receiver.received.map(({ method }) => method)).toEqual(methods);
	const posted = receiver.received.find(({ method }) => method === 'POST');
	if (posted) expect(JSON.parse(posted.body)).toHaveProperty('Values', []);
	receiver.answer = () => ({ status: 404 });
	expect(await simulator.validations.test(place)).toHaveProperty('available', false);
});

test('validationEmptyFields absent: fields without a value are not told', async () => {
	const simulator = await start(ok);
	simulator.configure({ validationEmptyFields: 'absent' });
	await simulator.storeThroughDialog({ ...place, values: { COMPANY: 'Peters' } });
	const { Values } = JSON.parse(receiver.bodies[0] ?? '') as { Values: unknown[] };
	expect(Values).toHaveLength(1);
});

test('the control interface does the same for other processes', async () => {
	const simulator = await start(ok);
	const control = async (method: string, path: string, body: object = {}): Promise<unknown> => {
		const init = method === 'GET' ? { method } : { method, body: JSON.stringify(body) };
		return await (await fetch(`${simulator.url}/__simulator/${path}`, init)).json();
	};
	await control('POST', 'validations', { ...place, url: receiver.url });
	expect(await control('POST', 'validations/test', place)).toHaveProperty('available', true);
	expect(await control('POST', 'dialogs/store', { ...place, values })).toEqual({
		stored: true,
		documentId: 1,
	});
	const change = { fileCabinetId: invoices, dialogId: infoDialog, documentId: 1, values };
	expect(await control('POST', 'dialogs/change', change)).toHaveProperty('stored', true);
	expect(await control('GET', 'validations')).toEqual([
		expect.objectContaining({ accepted: true }),
	]);
});
