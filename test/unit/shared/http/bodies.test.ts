import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { bodyText, send } from '../../../../nodes/shared/http';
import type { HttpResponseType } from '../../../../nodes/shared/http';
import { httpServer, type TestServer } from './support/servers';

const TEXT = JSON.stringify({ lines: Array.from({ length: 2000 }, (_, index) => `line ${index}`) });

let server: TestServer;
let answer: { status?: number; headers: Record<string, string>; body: Buffer };

beforeAll(async () => {
	server = await httpServer((_request, response) => {
		response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
	});
});

afterAll(async () => {
	await server.close();
});

async function fetchText(responseType: HttpResponseType = 'text', method = 'GET'): Promise<string> {
	const url = `http://127.0.0.1:${server.port}/`;
	const { body } = await send({ method, url, responseType });
	if (responseType !== 'stream') return await bodyText(body);
	const chunks: Buffer[] = [];
	for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
	return Buffer.concat(chunks).toString('utf8');
}

const PACKED: Array<[string, Buffer]> = [
	['gzip', gzipSync(TEXT)],
	['deflate', deflateSync(TEXT)],
	['br', brotliCompressSync(TEXT)],
];

describe.each(PACKED)('a body packed with %s', (encoding, packed) => {
	const kinds: HttpResponseType[] = ['text', 'buffer', 'stream'];

	it.each(kinds)('is delivered unpacked (%s)', async (kind) => {
		answer = { headers: { 'Content-Encoding': encoding }, body: packed };
		expect(await fetchText(kind)).toBe(TEXT);
	});

	it.each(kinds)('is an error where it ends early (%s)', async (kind) => {
		const part = packed.subarray(0, Math.floor(packed.length / 2));
		answer = { headers: { 'Content-Encoding': encoding }, body: part };
		await expect(fetchText(kind)).rejects.toMatchObject({
			code: 'HTTP_CONNECTION_LOST',
			requestSent: true,
		});
	});

	it('is an error where it is damaged', async () => {
		const damaged = Buffer.from(packed);
		damaged.fill(0xff, 20, 60);
		answer = { headers: { 'Content-Encoding': encoding }, body: damaged };
		await expect(fetchText()).rejects.toMatchObject({
			code: expect.stringMatching(/^HTTP_(?:CONNECTION_LOST|PROTOCOL_ERROR)$/),
		});
	});

	it('may be empty where there is no content', async () => {
		answer = { headers: { 'Content-Encoding': encoding }, body: Buffer.alloc(0) };
		expect(await fetchText()).toBe('');
		expect(await fetchText('text', 'HEAD')).toBe('');
	});
});

it('refuses two encodings, and one that nobody asked for', async () => {
	for (const encoding of ['gzip, br', 'zstd']) {
		answer = { headers: { 'Content-Encoding': encoding }, body: gzipSync(TEXT) };
		await expect(fetchText()).rejects.toMatchObject({
			code: 'HTTP_PROTOCOL_ERROR',
			answered: 200,
			message: expect.stringContaining('packed in a way'),
		});
	}
});

it('says of an unpacked body nothing that fits only the packed one', async () => {
	answer = { headers: { 'Content-Encoding': 'gzip' }, body: gzipSync(TEXT) };
	const { headers } = await send({ method: 'GET', url: `http://127.0.0.1:${server.port}/` });
	expect(headers).not.toHaveProperty('content-encoding');
	expect(headers).not.toHaveProperty('content-length');
});

it.each([
	['text/plain; charset=ISO-8859-1', Buffer.from('Müller €'.replace('€', ''), 'latin1'), 'Müller '],
	['text/plain;charset="windows-1252"', Buffer.from([0x80, 0x20, 0xfc]), '€ ü'],
	['application/json; charset=utf-16le', Buffer.from('{"a":"ü"}', 'utf16le'), '{"a":"ü"}'],
	['text/xml', Buffer.from('\ufeff<a>ü</a>', 'utf16le'), '<a>ü</a>'],
	['text/xml', Buffer.from('\ufeff<a>ü</a>', 'utf16le').swap16(), '<a>ü</a>'],
	['application/json', Buffer.from('\ufeff{"a":"ü"}'), '{"a":"ü"}'],
	['application/json; charset=nonsense', Buffer.from('{"a":"ü"}'), '{"a":"ü"}'],
])('decodes a text by its charset: %s', async (contentType, body, expected) => {
	answer = { headers: { 'Content-Type': contentType }, body };
	expect(await fetchText()).toBe(expected);
});
