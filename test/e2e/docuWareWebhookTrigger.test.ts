import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import {
	activateWorkflow,
	chainOf,
	createCredential,
	deactivateWorkflow,
	importWorkflow,
	listExecutions,
	N8nHost,
	outputOf,
	readsCalls,
	testCredential,
	waitForExecutions,
	type CredentialReference,
	type N8nProcess,
	type Workflow,
} from '../support/n8n';
import { inQueueMode } from '../support/n8n/queueModeTests';
import { startRedis, type RedisServer } from '../support/n8n/redisServer';
import { until } from '../support/until';
import { post, sendWebhook, signature, validationBody } from '../support/docuWareCalls';
import {
	CASES,
	proofsWorkflow,
	SECRET_TYPE,
	trigger,
	validationWorkflow,
} from './support/receivingWorkflows';

const PASSPHRASE = 'passphrase of the organization';
const SECRET = 'validation-secret-0123456789';
const LIMIT_SECONDS = readsCalls ? 2 : 20;
/** What n8n reads of a body at most. */
const LARGEST_MIB = 1;

let host: N8nHost;
let redis: RedisServer | undefined;
let worker: N8nProcess | undefined;
let credential: CredentialReference;
let validation: Workflow;
let webhook: Workflow;
/** One whose credential is empty. */
let refused: Workflow;
/** What n8n has said to its publication at once. */
let refusal: string;
let empty: CredentialReference;

beforeAll(async () => {
	host = await N8nHost.start({
		env: {
			N8N_WORKFLOW_PUBLICATION_OUTBOX_POLL_INTERVAL_MS: '500',
			N8N_PAYLOAD_SIZE_MAX: String(LARGEST_MIB),
		},
	});
	const data = {
		passphrase: PASSPHRASE,
		previousPassphrase: 'the one before',
		validationSecret: SECRET,
	};
	credential = await createCredential(host.client, SECRET_TYPE, 'Secrets', data);
	validation = await importWorkflow(host.client, validationWorkflow(credential, LIMIT_SECONDS));
	webhook = await importWorkflow(
		host.client,
		chainOf('Webhook', [trigger(credential, {}, 'webhook-of-test')]),
	);
	empty = await createCredential(host.client, SECRET_TYPE, 'Empty', { passphrase: '' });
	const node = trigger(empty, {}, 'without-passphrase');
	refused = await importWorkflow(host.client, chainOf('Empty', [node]));
	const proofs = await importWorkflow(host.client, proofsWorkflow(credential));
	await activateWorkflow(host.client, validation);
	await activateWorkflow(host.client, proofs);
	await activateWorkflow(host.client, webhook);
	// n8n 2.20 tries before it answers, and answers with what the trigger has thrown.
	refusal = await activateWorkflow(host.client, refused).then(() => '', String);
});

afterAll(async () => {
	await worker?.kill();
	await host?.dispose();
	await redis?.close();
});

const base = () => `${host.client.baseUrl}/webhook`;
const validationUrl = (secret = SECRET) =>
	`${base()}/validation-of-test/validation-of-test/${secret}`;
const webhookUrl = () => `${base()}/webhook-of-test`;

/** For what has to be answered, also by a process that has not done anything yet. */
const patiently = (seconds = 60) => `${validationUrl()}?limit=${seconds}`;

/**
 * Asks as DocuWare does before it stores.
 * @param seconds how long the slow workflow takes
 */
async function ask(of: keyof typeof CASES, url = validationUrl(), seconds = LIMIT_SECONDS + 2) {
	const body = validationBody([
		{ FieldName: 'CASE', ItemElementName: 'Int', Item: CASES[of] },
		{ FieldName: 'SECONDS', ItemElementName: 'Int', Item: seconds },
		{ FieldName: 'SUPPLIER', ItemElementName: 'String', Item: 'Péters & Söhne' },
	]);
	return await told(await post(url, body));
}

async function told(response: Response) {
	return { status: response.status, ...((await response.json()) as object) };
}

/** n8n answers a moment after the publishing; until then there is no such address. */
async function untilPublished(url: string) {
	await until(async () => (await fetch(url)).status !== 404);
}

/** Until n8n, which publishes in the background, says of a trigger what it has thrown. */
async function untilRefused({ id }: Workflow, code: string): Promise<void> {
	if (refusal.includes(code)) return;
	await until(async () => {
		const status = await host.client.request('GET', `/rest/workflows/${id}/publication-status`);
		return JSON.stringify(status).includes(code);
	});
}

const started = async (workflow: Workflow) =>
	(await listExecutions(host.client, workflow.id)).length;

it('answers what the last node says, and no with a reason to all else', async () => {
	await untilPublished(validationUrl());
	expect(await ask('accept', patiently())).toEqual({ status: 200, Status: 'OK', Reason: '' });
	expect(await ask('refuse', patiently())).toEqual({
		status: 200,
		Status: 'Failed',
		Reason: 'No supplier Péters & Söhne',
	});
	// Of an execution that has refused, whatever its last node is.
	expect(await ask('overruled', patiently())).toEqual({
		status: 200,
		Status: 'Failed',
		Reason: 'Row 2 has no price',
	});
	const failed = expect.stringContaining('The check in n8n failed');
	expect(await ask('fail', patiently())).toEqual({ status: 200, Status: 'Failed', Reason: failed });
	const noAnswer = expect.stringContaining('ended without an answer');
	expect(await ask('neither', patiently())).toEqual({
		status: 200,
		Status: 'Failed',
		Reason: noAnswer,
	});
	expect(await ask('nothing', patiently())).toEqual({
		status: 200,
		Status: 'Failed',
		Reason: noAnswer,
	});
	// An Accept holds through a node that hands it on, and not through one that changes it.
	expect(await ask('passedOn', patiently())).toEqual({ status: 200, Status: 'OK', Reason: '' });
	expect(await ask('changed', patiently())).toEqual({
		status: 200,
		Status: 'Failed',
		Reason: noAnswer,
	});
	const late = expect.stringContaining(`has not answered within ${LIMIT_SECONDS} seconds`);
	expect(await ask('slow')).toEqual({ status: 200, Status: 'Failed', Reason: late });
	const executions = await waitForExecutions(host.client, validation.id, 9);
	expect(executions.map(({ status }) => status)).toEqual([
		...['success', 'success', 'success', 'success', 'success', 'error'],
		...['success', 'success', 'success'],
	]);
	// What the slow workflow said too late was dropped without a word.
	expect(host.output).not.toMatch(/ERR_HTTP_HEADERS_SENT|Cannot set headers/);
	const [item] = outputOf(executions[8] as never, 'DocuWare');
	expect(item?.json).toEqual({
		user: 'John Doe',
		organization: 'Peters Engineering',
		fileCabinetId: '8d36692d-e694-4d8c-93db-e97c98897515',
		dialogId: 'ac07d242-0120-4575-8722-7c5ae7286026',
		dialogType: 'Store',
		askedAt: '2026-11-26T13:10:44.8888824Z',
		values: { CASE: 0, SECONDS: LIMIT_SECONDS + 2, SUPPLIER: 'Péters & Söhne' },
	});
	expect(JSON.stringify(executions)).not.toContain(SECRET);
});

it('answers the availability test by itself, and whoever lacks the secret with 401', async () => {
	const before = await started(validation);
	expect(await told(await fetch(validationUrl()))).toEqual({
		status: 200,
		Status: 'OK',
		Reason: '',
	});
	expect(await told(await post(validationUrl(), validationBody([])))).toMatchObject({
		status: 200,
		Status: 'OK',
	});
	expect(await ask('accept', validationUrl('wrong-secret-0123456789'))).toEqual({
		status: 401,
		message: 'Unauthorized',
	});
	expect(await started(validation)).toBe(before);
});

it('takes the secret in a header, or a signature, where that is chosen', async () => {
	const body = validationBody([{ FieldName: 'CASE', ItemElementName: 'Int', Item: 1 }]);
	const ok = { status: 200, Status: 'OK', Reason: '' };
	const stranger = { status: 401, message: 'Unauthorized' };
	const asked = async (proof: string, headers: Record<string, string>) =>
		await told(await post(`${base()}/by-${proof}`, body, headers));
	await untilPublished(`${base()}/by-header`);
	await untilPublished(`${base()}/by-signature`);
	const basic = (secret: string) => Buffer.from(`docuware:${secret}`).toString('base64');
	expect(await asked('header', { authorization: `Basic ${basic(SECRET)}` })).toEqual(ok);
	expect(await asked('header', { 'x-validation-secret': SECRET })).toEqual(ok);
	expect(await asked('header', { authorization: `Basic ${basic('other')}` })).toEqual(stranger);
	const signed = (by: string) => ({ 'x-docuware-signature': signature(body, by) });
	expect(await asked('signature', signed(PASSPHRASE))).toEqual(ok);
	expect(await asked('signature', signed(SECRET))).toEqual(stranger);
	expect(await asked('signature', { 'x-validation-secret': SECRET })).toEqual(stranger);
});

it('is not asked about what n8n refuses by itself, whoever has sent it', async () => {
	await untilPublished(webhookUrl());
	const before = [await started(validation), await started(webhook)];
	const urls = [validationUrl(), validationUrl('wrong-secret-0123456789'), webhookUrl()];
	const large = JSON.stringify({ Values: [], Note: 'x'.repeat(LARGEST_MIB * 1024 * 1024) });
	for (const url of urls) {
		expect(await n8nSays(url, '{"Values": [{')).toEqual([422, 422, 'Failed to parse request body']);
		const tooLarge = [500, 0, 'There was a problem executing the workflow'];
		expect(await n8nSays(url, large)).toEqual(tooLarge);
		const packed = { 'content-encoding': 'gzip' };
		expect(await n8nSays(url, gzipSync(large), packed)).toEqual(tooLarge);
		const headers = { 'x-large': 'x'.repeat(20_000) };
		expect((await post(url, '{}', headers)).status).toBe(431);
		const put = await fetch(url, { method: 'PUT', body: '{}' });
		expect(put.status).toBe(404);
		expect(await put.text()).toContain('This webhook is not registered for PUT requests.');
	}
	const unpublished = await n8nSays(`${base()}/not-published`, '{}');
	expect(unpublished).toEqual([
		...[404, 404, 'The requested webhook "POST not-published" is not registered.'],
	]);
	expect([await started(validation), await started(webhook)]).toEqual(before);
});

/** Status, n8n's own code and message. */
async function n8nSays(
	url: string,
	body: string | Buffer,
	headers: Record<string, string> = {},
): Promise<unknown[]> {
	const answer = await post(url, body, headers);
	const { code, message } = (await answer.json()) as { code?: unknown; message?: unknown };
	return [answer.status, code, message];
}

/** How many signed webhooks are taken below. */
const RECEIVED = readsCalls ? 6 : 5;

it('takes signed webhooks with 202, and no others', async () => {
	await untilPublished(webhookUrl());
	const body = '{\n  "DWDOCID": 80,\n  "AMOUNT": 5.30,\n  "COMPANY": "Müller \\"&\\" Co"\n}';
	const signed = '{"DWDOCID":80,"AMOUNT":5.30,"COMPANY":"Müller \\"&\\" Co"}';
	const call = { body, signed, passphrase: PASSPHRASE };
	expect((await sendWebhook(webhookUrl(), call)).status).toBe(202);
	const before = { ...call, passphrase: 'the one before' };
	expect((await sendWebhook(webhookUrl(), before)).status).toBe(202);
	expect((await sendWebhook(webhookUrl(), { ...call, passphrase: 'other' })).status).toBe(401);
	expect((await post(webhookUrl(), body)).status).toBe(401);
	const late = { 'x-docuware-signature': signature('{"DWDOCID":81}', PASSPHRASE) };
	expect((await post(webhookUrl(), body, late)).status).toBe(401);
	expect((await fetch(webhookUrl())).status).toBe(405);
	// However it is sent, what is signed are the bytes that were meant.
	const headers = { 'x-docuware-signature': signature(signed, PASSPHRASE) };
	const gzip = { ...headers, 'content-encoding': 'gzip' };
	expect((await post(webhookUrl(), gzipSync(body), gzip)).status).toBe(202);
	expect((await post(webhookUrl(), gzipSync(body).subarray(0, 20), gzip)).status).not.toBe(202);
	const marked = await post(webhookUrl(), `\ufeff${body}`, headers);
	expect(marked.status).toBe(readsCalls ? 202 : 422);
	const text = { ...headers, 'content-type': 'text/plain' };
	expect((await post(webhookUrl(), body, text)).status).toBe(202);
	expect(await postRaw(webhookUrl(), body, Object.entries(headers))).toBe(202);
	const twice = [...Object.entries(headers), ...Object.entries(headers)];
	expect(await postRaw(webhookUrl(), body, twice)).toBe(401);
	const executions = await waitForExecutions(host.client, webhook.id, RECEIVED);
	expect(executions).toHaveLength(RECEIVED);
	for (const execution of executions) {
		expect(outputOf(execution, 'DocuWare').map(({ json }) => json)).toEqual([
			{ documentId: 80, DWDOCID: 80, AMOUNT: 5.3, COMPANY: 'Müller "&" Co' },
		]);
	}
});

/** Sends in parts without a length, each header as it stands here, also twice. @returns the status */
async function postRaw(url: string, body: string, headers: Array<[string, string]>) {
	const json = { 'content-type': 'application/json' };
	const request = httpRequest(url, { method: 'POST', agent: false, headers: json });
	for (const [name, value] of headers) request.appendHeader(name, value);
	const answered = once(request, 'response') as Promise<[IncomingMessage]>;
	const half = Math.floor(body.length / 2);
	request.write(body.slice(0, half));
	request.end(body.slice(half));
	const [response] = await answered;
	response.resume();
	return response.statusCode;
}

it('goes on after a restart of n8n, which knows what it has received before', async () => {
	const change = (second: number) => {
		const body = `{"DWDOCID":81,"DWMODDATETIME":"2026-11-26T09:00:0${second}"}`;
		return { body, signed: body, passphrase: PASSPHRASE };
	};
	expect((await sendWebhook(webhookUrl(), change(1))).status).toBe(202);
	await waitForExecutions(host.client, webhook.id, RECEIVED + 1);
	await host.restart();
	await untilPublished(webhookUrl());
	expect((await sendWebhook(webhookUrl(), change(1))).status).toBe(202);
	expect((await sendWebhook(webhookUrl(), change(2))).status).toBe(202);
	const [last] = await waitForExecutions(host.client, webhook.id, RECEIVED + 2);
	expect(outputOf(last!, 'DocuWare')).toMatchObject([
		{ json: { documentId: 81, DWMODDATETIME: '2026-11-26T09:00:02' } },
	]);
	expect(await ask('accept', patiently())).toEqual({ status: 200, Status: 'OK', Reason: '' });
});

it('tests the credential, and publishes nothing without what the event needs', async () => {
	const tested = await testCredential(host.client, credential.id, SECRET_TYPE);
	expect(tested).toMatchObject({ status: 'OK' });
	expect(await testCredential(host.client, empty.id, SECRET_TYPE)).toMatchObject({
		status: 'Error',
	});
	await untilRefused(refused, 'DOCUWARE_WEBHOOK_SECRET_MISSING');
});

it('is not there once the workflow is taken out of service', async () => {
	await deactivateWorkflow(host.client, webhook.id);
	await until(async () => (await fetch(webhookUrl())).status === 404);
});

/** How long a worker that is to die works, in s, shorter than n8n would put the execution aside for; and what DocuWare waits then. */
const LONG_WORK = 60;
const SHORT_WAIT = readsCalls ? 4 : LIMIT_SECONDS;

/**
 * What keeps n8n from waiting for ever: Bull looks every 5 s whether a job of which it has missed the end has ended, which it
 * cannot see of a job that n8n has let it remove at its end.
 */
const JOBS_KEPT = {
	N8N_EXECUTIONS_QUEUE_KEEP_LAST_COMPLETED: '100',
	N8N_EXECUTIONS_QUEUE_KEEP_LAST_FAILED: '100',
};

inQueueMode('answers in queue mode too, also where the worker dies', async () => {
	redis = await startRedis();
	await host.restart({ ...redis.queueMode, ...JOBS_KEPT });
	worker = await host.startWorker();
	await untilPublished(validationUrl());
	expect(await ask('accept', patiently())).toEqual({ status: 200, Status: 'OK', Reason: '' });
	expect(await ask('refuse', patiently())).toMatchObject({
		status: 200,
		Reason: 'No supplier Péters & Söhne',
	});
	const failed = expect.stringContaining('The check in n8n failed');
	expect(await ask('fail', patiently())).toMatchObject({ status: 200, Reason: failed });
	const noAnswer = expect.stringContaining('ended without an answer');
	expect(await ask('neither', patiently())).toMatchObject({ status: 200, Reason: noAnswer });
	// The worker lives, and says something when DocuWare has its answer already.
	const inTime = expect.stringContaining(`has not answered within ${LIMIT_SECONDS} seconds`);
	expect(await ask('slow')).toMatchObject({ status: 200, Reason: inTime });
	await until(async () => {
		const [newest] = await listExecutions(host.client, validation.id, 1);
		return newest?.status === 'success';
	});
	expect(await ask('accept', patiently())).toEqual({ status: 200, Status: 'OK', Reason: '' });
	expect(host.output).not.toMatch(/ERR_HTTP_HEADERS_SENT|Cannot set headers/);
	const asked = ask('slow', patiently(SHORT_WAIT), LONG_WORK);
	await until(async () => {
		const [newest] = await listExecutions(host.client, validation.id, 1);
		return newest?.status === 'running';
	});
	await worker.kill();
	const late = expect.stringContaining(`has not answered within ${SHORT_WAIT} seconds`);
	expect(await asked).toMatchObject({ status: 200, Reason: late });
});
