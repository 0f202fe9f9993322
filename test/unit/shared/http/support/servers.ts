import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';

/** File of the self-signed certificate for localhost, 127.0.0.1 and service.test. */
export const CERTIFICATE_FILE = join(__dirname, 'certificate.pem');

export interface TestServer {
	port: number;
	/** Requests that arrived, in order. */
	requests: IncomingMessage[];
	/** Connections that were opened. */
	connections: Socket[];
	close(): Promise<void>;
}

export async function httpServer(listener: RequestListener): Promise<TestServer> {
	return await listen(createServer(), listener);
}

export async function httpsServer(listener: RequestListener): Promise<TestServer> {
	const cert = readFileSync(CERTIFICATE_FILE);
	const key = readFileSync(join(__dirname, 'certificateKey.pem'));
	return await listen(createHttpsServer({ cert, key }), listener);
}

/** A server that hands every connection to the test, for answers that no HTTP server would give. */
export async function tcpServer(
	onConnection: (socket: Socket) => void,
): Promise<Omit<TestServer, 'requests'>> {
	const connections: Socket[] = [];
	const server = createTcpServer((socket) => {
		connections.push(socket);
		socket.on('error', () => socket.destroy());
		onConnection(socket);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		connections,
		close: async () => {
			for (const socket of connections) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/**
 * A forward proxy. CONNECT goes to `tunnelPort` on this machine whatever host was named; plain
 * requests are answered with "via proxy" and the URL asked for.
 */
export async function proxyServer(
	tunnelPort: number,
	onConnect: 'tunnel' | 'hang' | number = 'tunnel',
): Promise<TestServer & { connects: string[]; authorizations: Array<string | undefined> }> {
	const connects: string[] = [];
	const authorizations: Array<string | undefined> = [];
	const server = createServer();
	server.on('connect', (request, client: Socket) => {
		connects.push(request.url ?? '');
		authorizations.push(request.headers['proxy-authorization']);
		client.on('error', () => client.destroy());
		if (onConnect === 'hang') return;
		if (typeof onConnect === 'number') {
			client.end(`HTTP/1.1 ${onConnect} Refused\r\nContent-Length: 0\r\n\r\n`);
			return;
		}
		const upstream = connect(tunnelPort, '127.0.0.1', () => {
			client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			upstream.pipe(client).pipe(upstream);
		});
		upstream.on('error', () => client.destroy());
		client.on('close', () => upstream.destroy());
	});
	const listening = await listen(server, (request, response) =>
		response.end(`via proxy ${request.url}`),
	);
	return { ...listening, connects, authorizations };
}

async function listen(server: Server, listener: RequestListener): Promise<TestServer> {
	const requests: IncomingMessage[] = [];
	const connections: Socket[] = [];
	server.on('connection', (socket: Socket) => connections.push(socket));
	server.on('request', (request: IncomingMessage, response) => {
		requests.push(request);
		listener(request, response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		requests,
		connections,
		close: async () => {
			for (const socket of connections) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
