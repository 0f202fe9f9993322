import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { send } from '../../../../nodes/shared/http';
import { failureOf } from './support/failureOf';
import { keep } from './support/keptServers';
import { httpServer } from './support/servers';

describe('answers', () => {
	it.each([200, 204, 301, 404, 429, 500])('returns status %i without throwing', async (status) => {
		const server = keep(
			await httpServer((_request, response) => {
				response.writeHead(status, { Location: '/elsewhere' }).end();
			}),
		);
		const answer = await send({ method: 'GET', url: `http://127.0.0.1:${server.port}/start` });
		expect(answer.status).toBe(status);
		expect(answer.headers.location).toBe('/elsewhere');
		expect(server.requests).toHaveLength(1);
	});

	it('gives headers in lower case, joined, and cookies apart', async () => {
		const server = keep(
			await httpServer((_request, response) => {
				response.setHeader('X-Several', ['a', 'b']);
				response.setHeader('Set-Cookie', ['one=1; path=/', 'two=2']);
				response.end('{"a":1}');
			}),
		);
		const answer = await send({ method: 'GET', url: `http://127.0.0.1:${server.port}/` });
		expect(answer.headers['x-several']).toBe('a, b');
		expect(answer.headers['set-cookie']).toBeUndefined();
		expect(answer.setCookie).toEqual(['one=1; path=/', 'two=2']);
		expect(answer.body).toBe('{"a":1}');
	});

	it('sends the body as it is and names this package', async () => {
		const bodies: string[] = [];
		const server = keep(
			await httpServer((request, response) => {
				let body = '';
				request.on('data', (chunk: Buffer) => (body += chunk.toString()));
				request.on('end', () => {
					bodies.push(body);
					response.end();
				});
			}),
		);
		const url = `http://127.0.0.1:${server.port}/`;
		const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
		await send({ method: 'POST', url, headers, body: 'a=1&b=%21' });
		await send({ method: 'PUT', url, body: Buffer.from('bytes') });
		await send({ method: 'POST', url, body: Readable.from(['str', 'eam']) });
		expect(bodies).toEqual(['a=1&b=%21', 'bytes', 'stream']);
		expect(server.requests[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
		expect(server.requests[0]?.headers['user-agent']).toMatch(
			/^n8n-nodes-exactonline-docuware\/\d+\.\d+\.\d+/,
		);
	});

	it('sends headers under any spelling once, values as HTTP takes them, and the length in bytes', async () => {
		const server = keep(await httpServer((_request, response) => response.end('ok')));
		const url = `http://127.0.0.1:${server.port}/a%20path?q=%21#not-sent`;
		const headers = { accept: 'text/plain', 'X-Note': ' caf\u00e9\u2615\r\n ', 'x-plain': 'a b' };
		await send({ method: 'post', url, headers, body: '\u2615', connection: 'fresh' });
		await send({ method: 'DELETE', url });
		const [posted, deleted] = server.requests;
		expect(posted).toMatchObject({ method: 'POST', url: '/a%20path?q=%21' });
		expect(posted?.headers).toMatchObject({
			accept: 'text/plain',
			'accept-encoding': 'gzip, deflate, br',
			'content-length': '3',
			'content-type': 'application/x-www-form-urlencoded',
			'x-note': 'caf\u00e9',
			'x-plain': 'a b',
			connection: 'close',
		});
		expect(deleted?.headers).toMatchObject({ accept: '*/*', connection: 'keep-alive' });
		expect(deleted?.headers).not.toHaveProperty('content-type');
	});

	it('unpacks gzip and delivers text, buffer and stream', async () => {
		const server = keep(
			await httpServer((_request, response) => {
				response.setHeader('Content-Encoding', 'gzip');
				response.end(gzipSync('grüße'));
			}),
		);
		const request = { method: 'GET', url: `http://127.0.0.1:${server.port}/` };
		expect((await send(request)).body).toBe('grüße');
		const buffered = await send({ ...request, responseType: 'buffer' });
		expect(buffered.body.equals(Buffer.from('grüße'))).toBe(true);
		const streamed = await send({ ...request, responseType: 'stream' });
		const chunks = (await streamed.body.toArray()) as Buffer[];
		expect(Buffer.concat(chunks).toString()).toBe('grüße');
	});

	it('reuses a pooled connection and opens a fresh one when asked', async () => {
		const server = keep(await httpServer((_request, response) => response.end('ok')));
		const request = { method: 'GET', url: `http://127.0.0.1:${server.port}/` };
		await send(request);
		// The connection is back in the pool a turn of the event loop after the answer has ended.
		await new Promise((resolve) => setImmediate(resolve));
		await send(request);
		expect(server.connections).toHaveLength(1);
		await send({ ...request, connection: 'fresh' });
		await send({ ...request, connection: 'fresh' });
		expect(server.connections).toHaveLength(3);
		expect(server.requests[2]?.headers.connection).toBe('close');
	});
});

it('shares kept connections with another copy of this package', async () => {
	const server = keep(await httpServer((_request, response) => response.end('ok')));
	const request = { method: 'GET', url: `http://127.0.0.1:${server.port}/` };
	await send(request);
	await new Promise((resolve) => setImmediate(resolve));
	await jest.isolateModulesAsync(async () => {
		const copy = jest.requireActual<{ send: typeof send }>('../../../../nodes/shared/http');
		expect(copy.send).not.toBe(send);
		await copy.send(request);
	});
	expect(server.connections).toHaveLength(1);
});

describe('targets', () => {
	it.each(['http://service.test/', 'http://10.0.0.1/', 'http://127.0.0.1.service.test/'])(
		'refuses %s without encryption',
		async (url) => {
			const error = await failureOf({ method: 'GET', url });
			expect(error).toMatchObject({ code: 'HTTP_INSECURE_URL', requestSent: false });
		},
	);

	it('reaches a plain address of another name when it is allowed', async () => {
		const error = await failureOf({
			method: 'GET',
			url: 'http://does-not-exist.invalid/',
			allowHttp: true,
		});
		expect(error.code).toBe('HTTP_CONNECT_FAILED');
	});

	it.each([
		'start.exactonline.nl',
		'ftp://service.test/',
		'',
		'https://user:hunter22@service.test/',
	])('refuses the address %p and hides secrets in it', async (url) => {
		const error = await failureOf({ method: 'GET', url });
		expect(error).toMatchObject({ code: 'HTTP_INVALID_URL', requestSent: false });
		expect(error.message).not.toContain('hunter22');
	});
});
