import dns from 'node:dns';
import { Readable } from 'node:stream';

import { postForm, send } from '../../../../nodes/shared/http';
import { ssrfPolicy } from '../../../../nodes/shared/http/ssrf/ssrfPolicy';
import { httpServer, type TestServer } from './support/servers';

const VARIABLES = {
	N8N_SSRF_PROTECTION_ENABLED: 'true',
	N8N_SSRF_BLOCKED_IP_RANGES: undefined,
	N8N_SSRF_ALLOWED_IP_RANGES: undefined,
	N8N_SSRF_ALLOWED_HOSTNAMES: undefined,
	N8N_SSRF_BLOCKED_HOSTNAMES: undefined,
};

const before = { ...process.env };
let server: TestServer;

function protect(changes: Record<string, string | undefined> = {}): void {
	for (const [name, value] of Object.entries({ ...VARIABLES, ...changes })) {
		if (value === undefined) delete process.env[name];
		else process.env[name] = value;
	}
}

/** Answers every lookup of a name with the next of these addresses, the last one again and again. */
function resolveTo(...addresses: string[]): jest.SpyInstance {
	let calls = 0;
	const answer = (_name: string, _options: unknown, done: (...result: unknown[]) => void) => {
		const address = addresses[Math.min(calls, addresses.length - 1)];
		calls += 1;
		done(null, [{ address, family: 4 }]);
	};
	return jest.spyOn(dns, 'lookup').mockImplementation(answer as unknown as typeof dns.lookup);
}

beforeEach(async () => {
	server = await httpServer((_request, response) => response.end('reached'));
});

afterEach(async () => {
	process.env = { ...before };
	jest.restoreAllMocks();
	await server.close();
});

async function ask(host: string): Promise<string> {
	const url = `http://${host}:${server.port}/`;
	return (await send({ method: 'GET', url, allowHttp: true })).body;
}

const BLOCKED = { code: 'HTTP_SSRF_BLOCKED', requestSent: false, kind: 'connect' };

// Red before: an error that nobody listened for, which ends a process that does not catch it.
it('fails a request whose body breaks while the name is resolved, and nothing else', async () => {
	protect({ N8N_SSRF_ALLOWED_HOSTNAMES: 'name.example' });
	const body = new Readable({ read: () => undefined });
	const answer = (_name: string, _options: unknown, done: (...result: unknown[]) => void) => {
		body.once('close', () => done(null, [{ address: '127.0.0.1', family: 4 }]));
		body.destroy(new Error('the file is gone'));
	};
	jest.spyOn(dns, 'lookup').mockImplementation(answer as unknown as typeof dns.lookup);
	const url = `http://name.example:${server.port}/`;
	const sent = send({ method: 'POST', url, allowHttp: true, body });
	await expect(sent).rejects.toMatchObject({ code: 'HTTP_PROTOCOL_ERROR', requestSent: false });
});

it('stands aside where it is off', async () => {
	protect({ N8N_SSRF_PROTECTION_ENABLED: 'false' });
	await expect(ask('127.0.0.1')).resolves.toBe('reached');
});

it.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]'])(
	'refuses %s before anything is sent',
	async (host) => {
		protect();
		await expect(ask(host)).rejects.toMatchObject(BLOCKED);
		expect(server.connections).toHaveLength(0);
	},
);

it('refuses a form with a secret as well', async () => {
	protect();
	const url = `http://127.0.0.1:${server.port}/token`;
	await expect(postForm({ url, fields: { refresh_token: 'x' } })).rejects.toMatchObject(BLOCKED);
	expect(server.connections).toHaveLength(0);
});

it('refuses a name whose address changes between the check and the connection', async () => {
	protect();
	const lookup = resolveTo('8.8.8.8', '127.0.0.1');
	await expect(ask('rebinding.test')).rejects.toMatchObject(BLOCKED);
	expect(lookup).toHaveBeenCalledTimes(2);
	expect(server.connections).toHaveLength(0);
});

it('does not reuse a connection from before the protection was switched on', async () => {
	protect({ N8N_SSRF_PROTECTION_ENABLED: undefined });
	await ask('127.0.0.1');
	protect();
	await expect(ask('127.0.0.1')).rejects.toMatchObject(BLOCKED);
});

it('checks the target also where a proxy is used', async () => {
	protect();
	process.env.HTTP_PROXY = `http://127.0.0.1:${server.port}`;
	resolveTo('10.1.2.3');
	await expect(ask('inside.test')).rejects.toMatchObject(BLOCKED);
	expect(server.connections).toHaveLength(0);
	jest.restoreAllMocks();
	await expect(ask('8.8.8.8')).resolves.toBe('reached');
});

it('reaches an allowed range and an allowed name', async () => {
	protect({ N8N_SSRF_ALLOWED_IP_RANGES: ' 127.0.0.1/32 ,10.0.0.1' });
	await expect(ask('127.0.0.1')).resolves.toBe('reached');
	protect({ N8N_SSRF_ALLOWED_HOSTNAMES: '*.Inside.test' });
	resolveTo('127.0.0.1');
	await expect(ask('docs.inside.test')).resolves.toBe('reached');
	await expect(ask('inside.test')).rejects.toMatchObject(BLOCKED);
});

it('refuses a blocked name without resolving it', async () => {
	protect({ N8N_SSRF_BLOCKED_HOSTNAMES: 'evil.test', N8N_SSRF_BLOCKED_IP_RANGES: '' });
	const lookup = resolveTo('127.0.0.1');
	await expect(ask('evil.test.')).rejects.toMatchObject(BLOCKED);
	expect(lookup).not.toHaveBeenCalled();
	await expect(ask('good.test')).resolves.toBe('reached');
});

it('says that a name is unknown as it does without protection', async () => {
	protect();
	jest
		.spyOn(dns, 'lookup')
		.mockImplementation(((_name: string, _options: unknown, done: (error: unknown) => void) =>
			done(Object.assign(new Error('x'), { code: 'ENOTFOUND' }))) as unknown as typeof dns.lookup);
	await expect(ask('nowhere.test')).rejects.toMatchObject({ code: 'HTTP_CONNECT_FAILED' });
});

it('ends with the time limit where the name is not resolved', async () => {
	protect();
	jest.spyOn(dns, 'lookup').mockImplementation((() => undefined) as unknown as typeof dns.lookup);
	const url = `http://silent.test:${server.port}/`;
	const request = { method: 'GET', url, allowHttp: true, connectTimeoutMs: 50 };
	await expect(send(request)).rejects.toMatchObject({ code: 'HTTP_TIMEOUT', requestSent: false });
});

it('reads lists as n8n does', () => {
	const env = {
		N8N_SSRF_PROTECTION_ENABLED: '1',
		N8N_SSRF_BLOCKED_IP_RANGES: 'default,8.8.8.8/32',
	};
	const policy = ssrfPolicy(env);
	expect(policy?.blocksAddress('8.8.8.8')).toBe(true);
	expect(policy?.blocksAddress('fd12::1')).toBe(true);
	expect(policy?.blocksAddress('9.9.9.9')).toBe(false);
	const wrong = { ...env, N8N_SSRF_BLOCKED_IP_RANGES: 'nonsense,8.8.8.8,8.8.8.0/33,1.1.1.0/08' };
	for (const address of ['8.8.8.8', '1.1.1.1', '10.0.0.1']) {
		expect(ssrfPolicy(wrong)?.blocksAddress(address)).toBe(false);
	}
	expect(ssrfPolicy({ N8N_SSRF_PROTECTION_ENABLED: 'yes' })).toBeUndefined();
});
