import { once } from 'node:events';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { isConnectorError } from '../../../../nodes/shared/errors';
import {
	bodyText,
	isHttpTransportError,
	send,
	type HttpRequest,
	type HttpResponseType,
	type HttpTransportError,
} from '../../../../nodes/shared/http';
import { httpServer, httpsServer, tcpServer } from './support/servers';

type Closable = { close(): Promise<void> };

const open: Closable[] = [];

function keep<T extends Closable>(server: T): T {
	open.push(server);
	return server;
}

afterEach(async () => {
	await Promise.all(open.splice(0).map(async (server) => await server.close()));
});

async function failureOf<R extends HttpResponseType>(
	request: HttpRequest<R>,
): Promise<HttpTransportError> {
	const outcome = await send(request).then(
		() => undefined,
		(error: unknown) => error,
	);
	if (!isHttpTransportError(outcome)) throw new Error(`no transport error: ${String(outcome)}`);
	return outcome;
}

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

describe('failures before the request left', () => {
	it('an unknown name', async () => {
		const error = await failureOf({
			method: 'POST',
			url: 'https://does-not-exist.invalid/token',
			connection: 'fresh',
		});
		expect(error).toMatchObject({
			code: 'HTTP_CONNECT_FAILED',
			kind: 'connect',
			requestSent: false,
			retryable: true,
		});
		expect(isConnectorError(error)).toBe(true);
	});

	it.each(['http', 'https'])('a refused connection over %s', async (protocol) => {
		const server = await httpServer(() => undefined);
		await server.close();
		const url = `${protocol}://127.0.0.1:${server.port}/`;
		const error = await failureOf({ method: 'POST', url, body: 'x', connection: 'fresh' });
		expect(error).toMatchObject({ kind: 'connect', requestSent: false });
		expect(error.message).toContain('ECONNREFUSED');
	});

	it('a TLS handshake that never ends', async () => {
		const server = keep(await tcpServer(() => undefined));
		const error = await failureOf({
			method: 'POST',
			url: `https://127.0.0.1:${server.port}/`,
			body: 'refresh',
			connection: 'fresh',
			connectTimeoutMs: 100,
		});
		expect(error).toMatchObject({ code: 'HTTP_TIMEOUT', kind: 'timeout', requestSent: false });
	});

	it('a server that hangs up during the TLS handshake', async () => {
		const server = keep(await tcpServer((socket) => socket.once('data', () => socket.destroy())));
		const error = await failureOf({
			method: 'POST',
			url: `https://127.0.0.1:${server.port}/`,
			connection: 'fresh',
		});
		expect(error).toMatchObject({ kind: 'connect', requestSent: false });
	});

	it('a certificate that is not trusted, with the repair', async () => {
		const server = keep(await httpsServer((_request, response) => response.end('ok')));
		const url = `https://127.0.0.1:${server.port}/`;
		for (const connection of ['fresh', 'pooled'] as const) {
			const error = await failureOf({ method: 'POST', url, body: 'refresh', connection });
			expect(error).toMatchObject({ code: 'HTTP_TLS_ERROR', kind: 'tls', requestSent: false });
			expect(error.repair).toContain('NODE_EXTRA_CA_CERTS');
			expect(error.repair).toContain('Ignore SSL Issues (Insecure)');
		}
		expect(server.requests).toHaveLength(0);
		const answer = await send({ method: 'GET', url, ignoreSslIssues: true });
		expect(answer.body).toBe('ok');
		// The unchecked connection in the pool must not serve a request that wants checks.
		expect((await failureOf({ method: 'GET', url })).kind).toBe('tls');
	});

	it('plain http behind an https address', async () => {
		const server = keep(await httpServer((_request, response) => response.end('ok')));
		const url = `https://127.0.0.1:${server.port}/`;
		const error = await failureOf({ method: 'GET', url, connection: 'fresh' });
		expect(error).toMatchObject({ code: 'HTTP_TLS_ERROR', requestSent: false });
	});

	it('a signal that was aborted before', async () => {
		const server = keep(await httpServer((_request, response) => response.end('ok')));
		const error = await failureOf({
			method: 'POST',
			url: `http://127.0.0.1:${server.port}/`,
			signal: AbortSignal.abort(),
		});
		expect(error).toMatchObject({ kind: 'aborted', requestSent: false });
		expect(server.requests).toHaveLength(0);
	});
});

describe('failures after the request left', () => {
	it.each([httpServer, httpsServer])('a server that never answers', async (start) => {
		const server = keep(await start(() => undefined));
		const protocol = start === httpServer ? 'http' : 'https';
		const error = await failureOf({
			method: 'POST',
			url: `${protocol}://127.0.0.1:${server.port}/`,
			body: 'refresh',
			ignoreSslIssues: true,
			connection: 'fresh',
			timeoutMs: 300,
		});
		expect(error).toMatchObject({ code: 'HTTP_TIMEOUT', kind: 'timeout', requestSent: true });
	});

	it('a connection cut before and within the answer', async () => {
		const server = keep(
			await httpServer((request, response) => {
				if (request.url === '/within') {
					response.writeHead(200, { 'Content-Length': '100' });
					response.write('some', () => request.socket.destroy());
				} else {
					request.socket.destroy();
				}
			}),
		);
		for (const path of ['before', 'within']) {
			const url = `http://127.0.0.1:${server.port}/${path}`;
			const error = await failureOf({ method: 'POST', url, connection: 'fresh' });
			expect(error).toMatchObject({ kind: 'reset', requestSent: true, retryable: true });
		}
	});

	it('a pooled connection that the server has closed counts as sent', async () => {
		let cut = false;
		const server = keep(
			await httpServer((request, response) => {
				if (cut) request.socket.destroy();
				else response.end('ok');
			}),
		);
		const request = { method: 'POST', url: `http://127.0.0.1:${server.port}/` };
		await send(request);
		await new Promise((resolve) => setImmediate(resolve));
		cut = true;
		const error = await failureOf(request);
		expect(server.connections).toHaveLength(1);
		expect(error).toMatchObject({ kind: 'reset', requestSent: true });
	});

	it('something that is not HTTP', async () => {
		const server = keep(await tcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')));
		const url = `http://127.0.0.1:${server.port}/`;
		expect(await failureOf({ method: 'GET', url })).toMatchObject({
			code: 'HTTP_PROTOCOL_ERROR',
			requestSent: true,
		});
	});

	it('a cancel while the answer is awaited', async () => {
		const controller = new AbortController();
		const server = keep(await httpServer(() => controller.abort()));
		const error = await failureOf({
			method: 'GET',
			url: `http://127.0.0.1:${server.port}/`,
			signal: controller.signal,
		});
		expect(error).toMatchObject({ code: 'HTTP_ABORTED', kind: 'aborted', requestSent: true });
	});

	it('an answer that is too large, also after unpacking', async () => {
		const server = keep(
			await httpServer((_request, response) => {
				response.setHeader('Content-Encoding', 'gzip');
				response.end(gzipSync(Buffer.alloc(200_000)));
			}),
		);
		const error = await failureOf({
			method: 'GET',
			url: `http://127.0.0.1:${server.port}/`,
			maxResponseBytes: 10_000,
		});
		expect(error).toMatchObject({ code: 'HTTP_RESPONSE_TOO_LARGE', kind: 'tooLarge' });
	});

	it('shows neither headers, body nor query', async () => {
		const server = keep(await httpServer((request) => request.socket.destroy()));
		const error = await failureOf({
			method: 'POST',
			url: `http://127.0.0.1:${server.port}/?code=canary-query`,
			headers: { Authorization: 'Bearer canary-header' },
			body: 'refresh_token=canary-body',
		});
		const everything = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)} ${error.repair}`;
		expect(everything).not.toContain('canary');
	});
});

describe('streamed answers', () => {
	it('fail readably when the service falls silent', async () => {
		const server = keep(
			await httpServer((_request, response) => {
				response.write('first');
			}),
		);
		const url = `http://127.0.0.1:${server.port}/`;
		const { body } = await send({ method: 'GET', url, responseType: 'stream', timeoutMs: 300 });
		const chunks: string[] = [];
		const failure = await body
			.forEach((chunk: Buffer) => void chunks.push(chunk.toString()))
			.catch((error: unknown) => error);
		expect(chunks.join('')).toBe('first');
		expect(failure).toMatchObject({ code: 'HTTP_TIMEOUT', requestSent: true });
	});

	it('fail readably when the connection breaks or the caller cancels', async () => {
		const server = keep(
			await httpServer((request, response) => {
				response.write('first');
				if (request.url === '/cut') setImmediate(() => request.socket.destroy());
			}),
		);
		const request = { method: 'GET', responseType: 'stream' as const };
		const base = `http://127.0.0.1:${server.port}`;
		const cut = await send({ ...request, url: `${base}/cut` });
		await expect(cut.body.toArray()).rejects.toMatchObject({ code: 'HTTP_CONNECTION_LOST' });

		const controller = new AbortController();
		const held = await send({ ...request, url: `${base}/held`, signal: controller.signal });
		await once(held.body, 'readable');
		controller.abort();
		await expect(held.body.toArray()).rejects.toMatchObject({ code: 'HTTP_ABORTED' });
	});

	it('end the request when the reader stops', async () => {
		const server = keep(
			await httpServer((_request, response) => {
				response.write('first');
			}),
		);
		const url = `http://127.0.0.1:${server.port}/`;
		const { body } = await send({ method: 'GET', url, responseType: 'stream' });
		const connection = server.connections[0];
		if (!connection) throw new Error('no connection');
		const closed = once(connection, 'close');
		body.destroy();
		await closed;
		expect(connection.destroyed).toBe(true);
	});
});

describe('a stream that is sent', () => {
	/** A file that is longer than what the connection takes in advance. */
	function endless(): Readable {
		return new Readable({
			read() {
				this.push(Buffer.alloc(64 * 1024));
			},
		});
	}

	it('is closed where no connection was made', async () => {
		const server = await tcpServer(() => undefined);
		await server.close();
		const body = endless();
		const url = `http://127.0.0.1:${server.port}/`;
		await failureOf({ method: 'POST', url, body });
		expect(body.destroyed).toBe(true);
	});

	it.each(['text', 'stream'] as const)(
		'is closed after an answer that came before its end (%s)',
		async (responseType) => {
			const server = keep(
				await httpServer((_request, response) => {
					response.writeHead(401).end('no');
				}),
			);
			const body = endless();
			const url = `http://127.0.0.1:${server.port}/`;
			const answer = await send({ method: 'POST', url, body, responseType, connection: 'fresh' });
			expect(await bodyText(answer.body)).toBe('no');
			if (!body.closed) await once(body, 'close');
			expect(body.destroyed).toBe(true);
		},
	);
});
