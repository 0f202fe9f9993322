import { gzipSync } from 'node:zlib';
import { isConnectorError } from '../../../../nodes/shared/errors';
import { send } from '../../../../nodes/shared/http';
import { failureOf } from './support/failureOf';
import { keep } from './support/keptServers';
import { httpServer, httpsServer, tcpServer } from './support/servers';

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
