import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';

import { ExactOnlineClient } from '../../../../nodes/ExactOnline/api/exactOnlineClient';
import { createClientState } from '../../../../nodes/ExactOnline/api/limits/clientState';
import type { RawExactRequest } from '../../../../nodes/ExactOnline/wire/exactTypes';
import { ExactServer, odataError } from './support/exactServer';
import { FakeTokenSource, JumpingClock } from './support/fakes';

const server = new ExactServer();
let source: FakeTokenSource;
let clock: JumpingClock;
let client: ExactOnlineClient;

beforeAll(async () => await server.start());
afterAll(async () => await server.stop());

beforeEach(() => {
	source = new FakeTokenSource(server.baseUrl);
	clock = new JumpingClock();
	client = new ExactOnlineClient(source, {
		clock,
		state: createClientState(),
		credentialId: 'cred',
	});
});

const LIMITED = { status: 429, headers: { 'Retry-After': '1' }, body: '' };
const DONE = { status: 201, body: 'done' };

function upload(body: RawExactRequest['body']): RawExactRequest {
	return { method: 'POST', url: `${server.baseUrl}/docs/XMLUpload.aspx`, body };
}

describe('bodies', () => {
	it.each<[string, RawExactRequest['body']]>([
		['a text', 'one <é>'],
		['a buffer', Buffer.from('one <é>')],
		[
			'a function that opens a stream',
			async () => await Promise.resolve(Readable.from(['one ', '<é>'])),
		],
		['a function that reads a buffer', async () => await Promise.resolve(Buffer.from('one <é>'))],
	])('%s is sent as it is, and again after a 429', async (_name, body) => {
		server.answer([LIMITED, DONE]);
		const answer = await client.requestRaw(upload(body));
		expect(answer).toMatchObject({ status: 201, body: 'done' });
		expect(server.requests.map((request) => request.body)).toEqual(['one <é>', 'one <é>']);
	});

	it('bytes that are no text arrive unchanged', async () => {
		const bytes = Buffer.from([0, 255, 128, 10]);
		let received: Buffer | undefined;
		server.answer(({ bytes: sent }) => {
			received = sent;
			return DONE;
		});
		await client.requestRaw(upload(bytes));
		expect(received).toEqual(bytes);
	});

	it('a plain stream is sent once', async () => {
		server.answer([DONE]);
		await client.requestRaw(upload(Readable.from(['one', 'two'])));
		expect(server.requests.map((request) => request.body)).toEqual(['onetwo']);
	});

	it('a plain stream is not sent again after a 429, and the error says so', async () => {
		server.answer([LIMITED, DONE]);
		await expect(client.requestRaw(upload(Readable.from(['one'])))).rejects.toMatchObject({
			code: 'EXACT_RATE_LIMIT_MINUTE',
			retryable: true,
			message: expect.stringContaining('only once') as unknown,
		});
		expect(server.requests).toHaveLength(1);
	});

	it('a new token carries a body that can be opened anew, and not a spent one', async () => {
		source.validUntil = performance.now() + 1e6;
		const refused = odataError(401, 'no');
		source.vaultGeneration = 2;
		server.answer([refused, DONE]);
		await client.requestRaw(upload(async () => await Promise.resolve(Readable.from(['one']))));
		expect(server.requests.map((request) => request.body)).toEqual(['one', 'one']);

		source.vaultGeneration = 3;
		server.answer([refused, DONE]);
		await expect(client.requestRaw(upload(Readable.from(['one'])))).rejects.toMatchObject({
			code: 'EXACT_UNAUTHORIZED',
			retryable: true,
		});
		expect(server.requests).toHaveLength(1);
	});
});

describe('answers', () => {
	const PDF = Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 255, 254]);

	function download() {
		return {
			method: 'GET',
			url: `${server.baseUrl}/docs/SysAttachment.aspx?ID=1`,
			headers: { Accept: '*/*' },
		} as const;
	}

	it('come as text where nothing is said', async () => {
		server.answer([{ body: 'ünchanged' }]);
		expect((await client.requestRaw(download())).body).toBe('ünchanged');
		expect(server.requests[0]?.headers.accept).toBe('*/*');
	});

	it('come as a buffer', async () => {
		server.answer([{ body: PDF }]);
		const { body } = await client.requestRaw({ ...download(), responseType: 'buffer' });
		expect(body.equals(PDF)).toBe(true);
	});

	it('come as a stream', async () => {
		server.answer([{ body: PDF }]);
		const { body } = await client.requestRaw({ ...download(), responseType: 'stream' });
		expect((await buffer(body)).equals(PDF)).toBe(true);
	});

	it.each(['buffer', 'stream'] as const)('an error for a %s is told in its words', async (type) => {
		server.answer([odataError(404, 'No such attachment')]);
		await expect(client.requestRaw({ ...download(), responseType: type })).rejects.toMatchObject({
			code: 'EXACT_NOT_FOUND',
			serviceMessage: 'No such attachment',
		});
	});

	it('a streamed read is repeated after a passing fault', async () => {
		server.answer([{ status: 503, body: 'busy' }, { body: 'here' }]);
		const { body } = await client.requestRaw({ ...download(), responseType: 'stream' });
		expect(await text(body)).toBe('here');
		expect(server.requests).toHaveLength(2);
	});
});
