import fc from 'fast-check';
import { DocuWare } from '../../../../nodes/DocuWare/DocuWare.node';
import { readValidationRequest } from '../../../../nodes/DocuWare/trigger/validation/validationRequest';
import { post, signature, validationBody } from '../../../support/docuWareCalls';
import { executeContext, type NodeSettings } from '../../../support/n8nContext';
import { startReceiver, type TriggerReceiver } from './support/receiver';

const SECRET = 'secret-of-the-validation';

const SECRETS = {
	docuWareWebhookSecretApi: {
		id: 'secrets-1',
		data: { passphrase: 'present', previousPassphrase: '', validationSecret: SECRET },
	},
};

const VALUES = [{ FieldName: 'COMPANY', ItemElementName: 'String', Item: 'Peters' }];

let receiver: TriggerReceiver;

afterEach(async () => await receiver.close());

type Ending = Parameters<typeof startReceiver>[1];

async function receive(ending: Ending, parameters: NodeSettings['parameters'] = {}): Promise<void> {
	receiver = await startReceiver(
		{ parameters: { event: 'validation', ...parameters }, credentials: SECRETS },
		ending,
	);
}

/** The same with another credential. */
async function receiveWith(
	data: Record<string, string>,
	parameters: NodeSettings['parameters'] = {},
): Promise<void> {
	receiver = await startReceiver({
		parameters: { event: 'validation', ...parameters },
		credentials: { docuWareWebhookSecretApi: { id: 'secrets-2', data } },
	});
}

async function ask(
	body: string | Buffer = validationBody(VALUES),
	{ secret = SECRET, headers = {} }: { secret?: string; headers?: Record<string, string> } = {},
) {
	const answer = await post(`${receiver.url}/${secret}`, body, headers);
	return { status: answer.status, ...((await answer.json()) as object) };
}

const OK = { status: 200, Status: 'OK', Reason: '' };

/** What somebody is answered who does not prove himself. */
const STRANGER = { status: 401, message: 'Unauthorized' };

const failed = (reason: string) => ({
	status: 200,
	Status: 'Failed',
	Reason: expect.stringContaining(reason),
});

/** What an operation of the DocuWare node puts out, without any credential. @param execution its custom data */
async function output(
	operation: string,
	parameters: NodeSettings['parameters'] = {},
	execution = new Map<string, string>(),
) {
	const node = new DocuWare();
	const { context } = executeContext({
		description: node.description,
		parameters: { resource: 'validation', operation, ...parameters },
	});
	const customData = {
		get: (key: string) => execution.get(key),
		set: (key: string, value: string) => void execution.set(key, value),
	};
	const [items = []] = await node.execute.call(Object.assign(context, { customData }) as never);
	return items.map(({ json }) => json);
}

it('passes on the answers of Accept and Refuse, which need no credential', async () => {
	const accept = await output('accept');
	await receive(() => ({ status: 200, body: accept }));
	expect(await ask()).toEqual(OK);
	expect(receiver.executions).toMatchObject([
		[{ user: 'John Doe', values: { COMPANY: 'Peters' } }],
	]);
	await receiver.close();
	const refuse = await output('refuse', { reason: 'There is no such supplier' });
	await receive(() => ({ status: 200, body: refuse }));
	expect(await ask()).toEqual({
		status: 200,
		Status: 'Failed',
		Reason: 'There is no such supplier',
	});
});

it('keeps to a refusal, whatever another branch of the execution accepts after it', async () => {
	const execution = new Map<string, string>();
	await output('refuse', { reason: 'Row 2 has no price' }, execution);
	await output('refuse', { reason: 'Row 3 has no price' }, execution);
	await output('refuse', { reason: 'Row 2 has no price' }, execution);
	const last = await output('accept', {}, execution);
	await receive(() => ({ status: 200, body: last }));
	expect(await ask()).toEqual(failed('Row 2 has no price\nRow 3 has no price'));
});

it.each([
	['a workflow that fails', 500, { message: 'Error in workflow' }, 'The check in n8n failed'],
	['an empty end', 200, [], 'ended without an answer'],
	['an end without data', 200, { message: 'no data was returned' }, 'ended without an answer'],
	['the output of another node', 200, [{ Status: 'OK', Reason: '' }], 'ended without an answer'],
])('answers no with a reason to %s', async (_name, status, body, reason) => {
	await receive(() => ({ status, body }));
	expect(await ask()).toEqual(failed(reason));
});

it('answers by itself when the time is over, and drops what the workflow says later', async () => {
	const accept = await output('accept');
	let end: () => void = () => undefined;
	await receive(
		(_items, answer) => {
			end = () => answer.status(200).json(accept);
			return undefined;
		},
		{ answerLimit: 1 },
	);
	expect(await ask()).toEqual(failed('has not answered within 1 second,'));
	end();
	expect(receiver.executions).toHaveLength(1);
	// The connection is as good as before.
	expect((await fetch(`${receiver.url}/${SECRET}`)).status).toBe(200);
});

it('passes on what it hears first where two workers end the same workflow', async () => {
	const [accept, refuse] = [await output('accept'), await output('refuse', { reason: 'Second' })];
	await receive((_items, answer) => {
		answer.status(200).json(accept);
		answer.status(200).json(refuse);
		answer.status(500).json({ message: 'Error in workflow' });
		return undefined;
	});
	for (let time = 0; time < 3; time += 1) expect(await ask()).toEqual(OK);
	expect(receiver.log).toEqual([]);
});

it('goes on where DocuWare hangs up before the answer', async () => {
	const hangUp = new AbortController();
	let end: () => void = () => undefined;
	const accept = await output('accept');
	await receive((_items, answer) => {
		end = () => answer.status(200).json(accept);
		if (hangUp.signal.aborted) return { status: 200, body: accept };
		hangUp.abort();
		return undefined;
	});
	const left = fetch(`${receiver.url}/${SECRET}`, {
		...{ method: 'POST', body: validationBody(VALUES), signal: hangUp.signal },
		headers: { 'content-type': 'application/json' },
	});
	await expect(left).rejects.toThrow('abort');
	end();
	expect(await ask()).toEqual(OK);
	expect(receiver.executions).toHaveLength(2);
	expect(receiver.log).toEqual([]);
});

it('answers the test of availability by itself', async () => {
	await receive(() => ({ status: 500, body: {} }));
	const tested = await fetch(`${receiver.url}/${SECRET}`);
	expect({ status: tested.status, ...((await tested.json()) as object) }).toEqual(OK);
	expect(await ask(validationBody([]))).toEqual(OK);
	expect(await ask('')).toEqual(OK);
	expect(receiver.executions).toEqual([]);
});

it('refuses with 401 whoever does not show the secret in the path', async () => {
	await receive(() => ({ status: 500, body: {} }));
	for (const secret of ['', 'another-secret-of-it', `${SECRET}x`, SECRET.slice(1)]) {
		expect(await ask(validationBody(VALUES), { secret })).toMatchObject({ status: 401 });
	}
	const inHeader = {
		secret: 'another-secret-of-it',
		headers: { authorization: `Bearer ${SECRET}` },
	};
	expect(await ask(validationBody(VALUES), inHeader)).toMatchObject({ status: 401 });
	expect(receiver.executions).toEqual([]);
});

it('refuses with 401 a form of somebody who does not prove himself, and tells the log nothing', async () => {
	const form = { 'content-type': 'multipart/form-data; boundary=x' };
	for (const validationProof of ['path', 'header', 'signature']) {
		await receive(() => ({ status: 500, body: {} }), { validationProof });
		const answer = await ask(validationBody(VALUES), { secret: 'another', headers: form });
		expect(answer).toMatchObject({ status: 401 });
		expect(receiver.log).toEqual([]);
		if (validationProof !== 'signature') await receiver.close();
	}
});

it.each([0, 601, 'soon', ''])(
	'says no where the time for the answer is %p',
	async (answerLimit) => {
		await receive(() => ({ status: 200, body: [] }), { answerLimit });
		expect(await ask()).toEqual(failed('is not set up'));
		expect(receiver.log.join()).toContain('Answer Within');
		expect(receiver.executions).toEqual([]);
	},
);

it('takes the secret in a header, or the signature, where that is chosen', async () => {
	const accept = await output('accept');
	const ending = () => ({ status: 200, body: accept });
	await receive(ending, { validationProof: 'header' });
	const authorization = `Basic ${Buffer.from(`docuware:${SECRET}`).toString('base64')}`;
	expect(await ask(undefined, { secret: '', headers: { authorization } })).toEqual(OK);
	expect(await ask()).toMatchObject({ status: 401 });
	await receiver.close();
	await receive(ending, { validationProof: 'signature' });
	const body = validationBody(VALUES);
	const headers = { 'x-docuware-signature': signature(body, 'present') };
	expect(await ask(`${body}\n`, { secret: '', headers })).toEqual(OK);
	expect(await ask(body)).toMatchObject({ status: 401 });
	const large = JSON.stringify({ Values: [], Note: 'x'.repeat(1024 * 1024) });
	const signed = { 'x-docuware-signature': signature(large, 'present') };
	expect(await ask(large, { secret: '', headers: signed })).toMatchObject({ status: 401 });
	expect(receiver.executions).toHaveLength(1);
});

it('by signature, a test of availability need not be signed, but a wrong passphrase fails it', async () => {
	await receive(() => ({ status: 500, body: {} }), { validationProof: 'signature' });
	const empty = validationBody([]);
	for (const body of [empty, '']) expect(await ask(body)).toEqual(OK);
	const wrong = { headers: { 'x-docuware-signature': signature(empty, 'another') } };
	expect(await ask(empty, wrong)).toEqual(STRANGER);
	for (const body of [validationBody(VALUES), 'no JSON']) expect(await ask(body)).toEqual(STRANGER);
	expect(receiver.executions).toEqual([]);
	expect(receiver.log).toEqual([]);
});

it('tells who shows the secret of an incomplete credential that the check is not set up, and nobody else', async () => {
	await receiveWith({ passphrase: '', previousPassphrase: '', validationSecret: 'short' });
	for (let time = 0; time < 3; time += 1) {
		expect(await ask(validationBody(VALUES), { secret: 'short' })).toEqual(failed('is not set up'));
		expect(await ask(validationBody(VALUES), { secret: 'other' })).toEqual(STRANGER);
		expect(await ask(validationBody([]), { secret: 'other' })).toEqual(STRANGER);
	}
	expect(receiver.log).toEqual([expect.stringContaining('DOCUWARE_WEBHOOK_SECRET_MISSING')]);
	expect(receiver.executions).toEqual([]);
});

it.each(['path', 'header', 'signature'])(
	'answers everybody 401 where the credential has lost its secret, and the log says why once (%s)',
	async (validationProof) => {
		await receiveWith(
			{ passphrase: '', previousPassphrase: '', validationSecret: '' },
			{ validationProof },
		);
		const body = validationBody(VALUES);
		const attempts: Array<Record<string, string>> = [
			{ authorization: 'Bearer ', 'x-validation-secret': '' },
			{ authorization: `Basic ${Buffer.from('docuware:').toString('base64')}` },
			{ 'x-docuware-signature': signature(body, '') },
		];
		for (const headers of attempts) {
			expect(await ask(body, { secret: '', headers })).toEqual(STRANGER);
		}
		expect((await fetch(`${receiver.url}/${SECRET}`)).status).toBe(401);
		expect(receiver.log).toEqual([expect.stringContaining('DOCUWARE_WEBHOOK_SECRET_MISSING')]);
		expect(receiver.executions).toEqual([]);
	},
);

it('answers everybody 401 where the credential is gone, and the log says so once', async () => {
	receiver = await startReceiver({ parameters: { event: 'validation' }, credentials: {} });
	for (let time = 0; time < 3; time += 1) expect(await ask()).toEqual(STRANGER);
	expect(receiver.log).toHaveLength(1);
	expect(receiver.executions).toEqual([]);
});

it('takes any bytes without failing, and starts for questions alone', async () => {
	await receive(() => ({ status: 200, body: [] }));
	const bodies = fc.oneof(
		fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
		fc.json().map((json) => Buffer.from(json)),
		fc
			.integer({ min: 1, max: validationBody(VALUES).length - 1 })
			.map((end) => Buffer.from(validationBody(VALUES).slice(0, end))),
	);
	await fc.assert(
		fc.asyncProperty(bodies, async (body) => {
			const { kind } = readValidationRequest(body);
			const answer = failed('in a form that it does not understand');
			expect(await ask(body)).toEqual(kind === 'availability' ? OK : answer);
			expect(await ask(body, { secret: 'another-secret-of-it' })).toMatchObject({ status: 401 });
		}),
		{ numRuns: 60 },
	);
	expect(receiver.executions).toEqual([]);
	expect(receiver.log).toEqual([]);
});
