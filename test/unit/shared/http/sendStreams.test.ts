import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { getEventListeners, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { bodyText, send } from '../../../../nodes/shared/http';
import { failureOf } from './support/failureOf';
import { until } from '../../../support/until';
import { keep } from './support/keptServers';
import { httpServer, tcpServer } from './support/servers';

/** What a call returns, and the answer as Node.js received it meanwhile. */
async function withReceived<T>(
	call: () => Promise<T>,
): Promise<{ result: T; received: IncomingMessage }> {
	const channel = 'http.client.response.finish';
	const answers: IncomingMessage[] = [];
	const see = (message: unknown) =>
		void answers.push((message as { response: IncomingMessage }).response);
	subscribe(channel, see);
	try {
		const result = await call();
		const [received] = answers;
		if (!received) throw new Error('no answer was seen');
		return { result, received };
	} finally {
		unsubscribe(channel, see);
	}
}

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

	// Red before: the reader got the start of a file, and its end as if that were all.
	it('fail where the caller cancels while their end waits to be read', async () => {
		const answers: ServerResponse[] = [];
		const server = keep(
			await httpServer((_request, response) => {
				answers.push(response);
				response.write(Buffer.alloc(70_000, 'x'));
			}),
		);
		const controller = new AbortController();
		const { signal } = controller;
		const url = `http://127.0.0.1:${server.port}/`;
		const { result, received } = await withReceived(
			async () => await send({ method: 'GET', url, responseType: 'stream', signal }),
		);
		const { body } = result;
		await until(() => body.readableLength >= body.readableHighWaterMark);
		answers[0]?.end(Buffer.alloc(20_000, 'y'));
		await until(() => received.complete);
		const isHeldBack = received.readableLength === 20_000 && !received.readableEnded;
		controller.abort();
		expect(isHeldBack).toBe(true);
		await expect(body.toArray()).rejects.toMatchObject({ code: 'HTTP_ABORTED' });
	});

	// Red before: an error that nobody listened for, which ends a process that does not catch it.
	it('that break before anybody reads them tell it to their reader, and nobody else', async () => {
		const server = keep(
			await httpServer((request, response) => {
				response.write('first');
				request.socket.setTimeout(20, () => request.socket.resetAndDestroy());
			}),
		);
		const url = `http://127.0.0.1:${server.port}/`;
		const { body } = await send({ method: 'GET', url, responseType: 'stream' });
		await until(() => body.destroyed);
		await turnOfTheLoop();
		await expect(bodyText(body)).rejects.toMatchObject({ code: 'HTTP_CONNECTION_LOST' });
		await expect(body.toArray()).rejects.toMatchObject({ code: 'HTTP_CONNECTION_LOST' });
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

	// Red before: the address was looked at where nobody closed the file.
	it.each([
		['http://exact.example/', 'HTTP_INSECURE_URL'],
		['nowhere', 'HTTP_INVALID_URL'],
	])('is closed where the address is none for it: %s', async (url, code) => {
		const body = endless();
		expect(await failureOf({ method: 'POST', url, body })).toMatchObject({ code });
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

	// Red before: the file stayed open, and the signal kept its listener.
	it('is closed after an answer that is packed in a way nobody asked for', async () => {
		const server = keep(
			await httpServer((_request, response) => {
				response.writeHead(200, { 'Content-Encoding': 'zstd' }).end('?');
			}),
		);
		const body = endless();
		const { signal } = new AbortController();
		const url = `http://127.0.0.1:${server.port}/`;
		const failure = await failureOf({ method: 'POST', url, body, responseType: 'stream', signal });
		expect(failure).toMatchObject({ code: 'HTTP_PROTOCOL_ERROR' });
		expect(body.destroyed).toBe(true);
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});
});
