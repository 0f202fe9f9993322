import {
	createServer as createHttpServer,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export interface HttpServerOptions {
	/** Answers one request. A rejection is answered with 500 and its stack, and rethrown nowhere. */
	handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
	/** 0 or absent: a free port. */
	port?: number;
	/** Address to listen on, default `127.0.0.1`. */
	host?: string;
	/** Host name in `url`, default `host`; another name of the same machine, such as `localhost`. */
	publicHost?: string;
	/** PEM texts; given, the server speaks https. */
	tls?: { key: string; cert: string };
}

export interface RunningHttpServer {
	/** Origin without a trailing slash, e.g. `http://127.0.0.1:4010`. */
	readonly url: string;
	readonly port: number;
	/** Stops listening and destroys every open socket; resolves when all are gone. */
	close(): Promise<void>;
}

/** Starts an HTTP or HTTPS server and resolves once it listens. Rejects if the port is taken. */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningHttpServer> {
	const host = options.host ?? '127.0.0.1';
	const listener = (request: IncomingMessage, response: ServerResponse): void => {
		options.handler(request, response).catch((error: unknown) => {
			if (response.headersSent || response.destroyed) {
				response.destroy();
				return;
			}
			response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
			const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
			response.end(`The simulator itself failed: ${text}`);
		});
	};
	const server = options.tls
		? createHttpsServer({ key: options.tls.key, cert: options.tls.cert }, listener)
		: createHttpServer(listener);
	// Long-lived idle connections are closed by `close`, not by the server's own time-outs, which
	// would otherwise race with a client that is about to reuse a connection.
	server.keepAliveTimeout = 0;
	server.requestTimeout = 0;

	const sockets = new Set<Socket>();
	const track = (socket: Socket): void => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
	};
	server.on('connection', track);
	server.on('secureConnection', track);

	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port ?? 0, host, () => {
			server.off('error', reject);
			resolve();
		});
	});
	const { port } = server.address() as AddressInfo;

	let closing: Promise<void> | undefined;
	return {
		url: `${options.tls ? 'https' : 'http'}://${options.publicHost ?? host}:${port}`,
		port,
		close: () => {
			closing ??= new Promise<void>((resolve) => {
				server.close(() => resolve());
				for (const socket of sockets) socket.destroy();
			});
			return closing;
		},
	};
}
