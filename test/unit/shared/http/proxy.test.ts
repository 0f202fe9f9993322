import { once } from 'node:events';
import { isHttpTransportError, send } from '../../../../nodes/shared/http';
import { httpsServer, proxyServer, tcpServer } from './support/servers';

type Closable = { close(): Promise<void> };

const open: Closable[] = [];
const variables = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
	name,
	name.toLowerCase(),
]);
const before = new Map(variables.map((name) => [name, process.env[name]]));

function keep<T extends Closable>(server: T): T {
	open.push(server);
	return server;
}

beforeEach(() => {
	for (const name of variables) delete process.env[name];
});

afterEach(async () => {
	for (const [name, value] of before) {
		if (value === undefined) delete process.env[name];
		else process.env[name] = value;
	}
	await Promise.all(open.splice(0).map(async (server) => await server.close()));
});

async function failureOf(request: Parameters<typeof send>[0]) {
	const outcome: unknown = await send(request).catch((error: unknown) => error);
	if (!isHttpTransportError(outcome)) throw new Error('no transport error');
	return outcome;
}

it.each(['HTTPS_PROXY', 'https_proxy'])('tunnels https through %s by CONNECT', async (name) => {
	const service = keep(await httpsServer((_request, response) => response.end('from service')));
	const proxy = keep(await proxyServer(service.port));
	process.env[name] = `http://user:p%40ss@127.0.0.1:${proxy.port}`;
	const request = { method: 'GET', url: 'https://service.test/path', ignoreSslIssues: true };
	const answer = await send(request);
	expect(answer.body).toBe('from service');
	expect(proxy.connects).toEqual(['service.test:443']);
	expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('user:p@ss').toString('base64')}`]);
	expect(service.requests[0]?.headers['proxy-authorization']).toBeUndefined();

	await new Promise((resolve) => setImmediate(resolve));
	await send(request);
	expect(proxy.connects).toHaveLength(1);
	await send({ ...request, connection: 'fresh' });
	expect(proxy.connects).toHaveLength(2);
});

it('checks the certificate behind the proxy before anything is sent', async () => {
	const service = keep(await httpsServer((_request, response) => response.end('from service')));
	const proxy = keep(await proxyServer(service.port));
	process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
	const error = await failureOf({ method: 'POST', url: 'https://service.test/', body: 'x' });
	expect(error).toMatchObject({ code: 'HTTP_TLS_ERROR', requestSent: false });
	expect(service.requests).toHaveLength(0);
});

it('sends plain http through HTTP_PROXY', async () => {
	const proxy = keep(await proxyServer(1));
	process.env.HTTP_PROXY = `http://127.0.0.1:${proxy.port}`;
	const answer = await send({ method: 'GET', url: 'http://service.test/x', allowHttp: true });
	expect(answer.body).toBe('via proxy http://service.test/x');
});

it('goes direct where NO_PROXY says so, and always to this machine', async () => {
	const service = keep(await httpsServer((_request, response) => response.end('direct')));
	const proxy = keep(await proxyServer(service.port));
	process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
	const url = `https://localhost:${service.port}/`;
	expect((await send({ method: 'GET', url, ignoreSslIssues: true })).body).toBe('direct');
	process.env.no_proxy = '.invalid';
	const error = await failureOf({ method: 'GET', url: 'https://some.invalid/' });
	expect(error.code).toBe('HTTP_CONNECT_FAILED');
	expect(proxy.connects).toHaveLength(0);
});

it.each([407, 403, 502])(
	'a proxy that answers CONNECT with %i is not the service',
	async (status) => {
		const proxy = keep(await proxyServer(1, status));
		process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
		const error = await failureOf({
			method: 'POST',
			url: 'https://service.test/token',
			body: 'refresh',
			connection: 'fresh',
		});
		expect(error).toMatchObject({
			code: 'HTTP_PROXY_REFUSED',
			kind: 'connect',
			requestSent: false,
		});
	},
);

it.each(['hanging', 'unreachable'])('a %s proxy proves that nothing was sent', async (state) => {
	const proxy = keep(await proxyServer(1, 'hang'));
	process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
	if (state === 'unreachable') await proxy.close();
	const error = await failureOf({
		method: 'POST',
		url: 'https://service.test/token',
		connection: 'fresh',
		connectTimeoutMs: 200,
	});
	expect(error.requestSent).toBe(false);
	expect(error.code).toBe(state === 'hanging' ? 'HTTP_TIMEOUT' : 'HTTP_CONNECT_FAILED');
});

it.each(['fresh', 'pooled'] as const)(
	'lets go of a hanging proxy connection when the request ends (%s)',
	async (connection) => {
		let seen: () => void = () => undefined;
		const arrived = new Promise<void>((resolve) => (seen = resolve));
		const proxy = keep(await tcpServer(() => seen()));
		process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
		const controller = new AbortController();
		const failure = failureOf({
			method: 'POST',
			url: 'https://service.test/',
			connection,
			signal: controller.signal,
		});
		await arrived;
		const socket = proxy.connections[0];
		if (!socket) throw new Error('no connection');
		socket.resume();
		const closed = once(socket, 'close');
		controller.abort();
		expect(await failure).toMatchObject({ kind: 'aborted', requestSent: false });
		await closed;
	},
);

it('a proxy variable that is no address is named, not shown', async () => {
	process.env.HTTPS_PROXY = 'socks5://user:canary@127.0.0.1:1';
	const error = await failureOf({ method: 'GET', url: 'https://service.test/' });
	expect(error).toMatchObject({ code: 'HTTP_INVALID_PROXY', requestSent: false });
	expect(`${error.message} ${error.repair}`).not.toContain('canary');
	expect(error.repair).toContain('HTTPS_PROXY');
});
