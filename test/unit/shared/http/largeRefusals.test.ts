import { createGzip } from 'node:zlib';
import { Readable } from 'node:stream';

import { bodyText, send } from '../../../../nodes/shared/http';
import type { HttpResponseType } from '../../../../nodes/shared/http';
import { httpServer } from './support/servers';

/** More than the system's buffers between two sockets can take. */
const HUGE_BYTES = 256 * 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, 'x');

/** A body of `HUGE_BYTES` that counts what was asked of it. */
function hugeBody(): { body: Readable; taken: () => number } {
	let taken = 0;
	const body = new Readable({
		read() {
			taken += CHUNK.length;
			this.push(taken > HUGE_BYTES ? null : CHUNK);
		},
	});
	return { body, taken: () => taken };
}

it.each<[HttpResponseType, boolean]>([
	['text', false],
	['buffer', false],
	['stream', false],
	['text', true],
	['stream', true],
])('reads only the start of a huge refusal (%s, packed: %s)', async (responseType, packed) => {
	const huge = hugeBody();
	let hungUp: () => void = () => undefined;
	const closed = new Promise<void>((resolve) => {
		hungUp = resolve;
	});
	const server = await httpServer((_request, response) => {
		response.once('close', hungUp);
		response.writeHead(401, packed ? { 'Content-Encoding': 'gzip' } : {});
		huge.body.on('error', () => undefined);
		(packed ? huge.body.pipe(createGzip()) : huge.body).pipe(response);
	});
	try {
		const url = `http://127.0.0.1:${server.port}/`;
		const { status, body } = await send({ method: 'GET', url, responseType });
		const text = await bodyText(body);
		expect(status).toBe(401);
		expect(text).toHaveLength(64 * 1024);
		await closed;
		if (!packed) expect(huge.taken()).toBeLessThan(HUGE_BYTES / 4);
	} finally {
		huge.body.destroy();
		await server.close();
	}
});

it('delivers a refusal that fits as it is, and a large answer without an error status in full', async () => {
	const server = await httpServer((request, response) => {
		if (request.url === '/large') response.end(Buffer.alloc(1024 * 1024, 'y'));
		else response.writeHead(403).end('no');
	});
	try {
		const origin = `http://127.0.0.1:${server.port}`;
		expect((await send({ method: 'GET', url: `${origin}/no` })).body).toBe('no');
		expect((await send({ method: 'GET', url: `${origin}/large` })).body).toHaveLength(1024 * 1024);
	} finally {
		await server.close();
	}
});
