import '../../../../nodes/DocuWare/auth/httpRequestHook';
import { SessionCookies } from '../../../../nodes/DocuWare/auth/wire/sessionCookies';
import { send } from '../../../../nodes/shared/http';
import type { TestServer } from './support/servers';
import { httpServer, proxyServer } from './support/servers';

const mockLoaded: string[] = [];

/** Notes that a library is loaded, and gives it out. */
function mockNoting(name: string): object {
	mockLoaded.push(name);
	return jest.requireActual<object>(name);
}

jest.mock('axios', () => mockNoting('axios'));
jest.mock('tough-cookie', () => mockNoting('tough-cookie'));
jest.mock('proxy-from-env', () => mockNoting('proxy-from-env'));
jest.mock('http-proxy-agent', () => mockNoting('http-proxy-agent'));
jest.mock('https-proxy-agent', () => mockNoting('https-proxy-agent'));

const open: TestServer[] = [];
const before = { ...process.env };

afterAll(async () => {
	process.env = before;
	await Promise.all(open.map(async (server) => await server.close()));
});

it('loads each library of the wire at its first use, and none with the nodes', async () => {
	expect(mockLoaded).toEqual([]);

	const server = await httpServer((_request, response) => response.end());
	open.push(server);
	await send({ method: 'GET', url: `http://127.0.0.1:${server.port}/` });
	expect(mockLoaded).toEqual(['axios']);

	SessionCookies.empty();
	expect(mockLoaded).toEqual(['axios', 'tough-cookie']);

	const proxy = await proxyServer(server.port);
	open.push(proxy);
	for (const name of ['http_proxy', 'NO_PROXY', 'no_proxy']) delete process.env[name];
	process.env.HTTP_PROXY = `http://127.0.0.1:${proxy.port}`;
	await send({ method: 'GET', url: 'http://service.test/', allowHttp: true });
	expect(mockLoaded.slice(2).sort()).toEqual([
		'http-proxy-agent',
		'https-proxy-agent',
		'proxy-from-env',
	]);
});
