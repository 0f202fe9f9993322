import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { send } from '../../../../nodes/shared/http';
import { CERTIFICATE_FILE, httpServer, httpsServer } from './support/servers';

const ok = (_request: unknown, response: { end(text: string): void }) => response.end('ok');

async function failureAt(url: string): Promise<{ code: string; message: string; repair: string }> {
	return await send({ method: 'GET', url, ignoreSslIssues: true, allowHttp: true }).then(
		() => Promise.reject(new Error('it answered')),
		(error: unknown) => error as never,
	);
}

it('https at a port for http: names Allow Unencrypted Connection', async () => {
	const server = await httpServer(ok);
	const failure = await failureAt(`https://127.0.0.1:${server.port}/`);
	expect(failure).toMatchObject({
		code: 'HTTP_TLS_ERROR',
		message: expect.stringContaining('no https is spoken there'),
		repair: expect.stringContaining('Allow Unencrypted Connection'),
	});
	await server.close();
});

it('http at a port for https: says so', async () => {
	const server = await httpsServer(ok);
	const failure = await failureAt(`http://127.0.0.1:${server.port}/`);
	expect(failure.repair).toContain('write https:// in front');
	await server.close();
});

it('a server whose TLS is too old: names the versions', async () => {
	const cert = readFileSync(CERTIFICATE_FILE);
	const key = readFileSync(join(__dirname, 'support', 'certificateKey.pem'));
	const versions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;
	const server = createServer({ cert, key, ...versions, ciphers: 'ALL:@SECLEVEL=0' }, ok);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const failure = await failureAt(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
	expect(failure).toMatchObject({
		code: 'HTTP_TLS_ERROR',
		message: expect.stringContaining('no TLS version in common'),
		repair: expect.stringContaining('TLS 1.2'),
	});
	await new Promise((resolve) => server.close(resolve));
});

it('plain http to another machine: names Allow Unencrypted Connection', async () => {
	await expect(send({ method: 'GET', url: 'http://service.test/' })).rejects.toMatchObject({
		code: 'HTTP_INSECURE_URL',
		repair: expect.stringContaining('Allow Unencrypted Connection'),
	});
});
