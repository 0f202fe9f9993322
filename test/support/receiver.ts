import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../simulators/shared/requestBody';
import { startHttpServer, type RunningHttpServer } from '../simulators/shared/httpServer';

/** A request that reached the receiver. */
export interface ReceivedRequest {
	method: string;
	path: string;
	headers: IncomingMessage['headers'];
	/** Byte for byte. */
	body: string;
}

/** What it is answered with; default 200 without a body. */
export interface ReceiverAnswer {
	status: number;
	body?: string;
}

/** Somebody who receives webhooks at an address of its own, and remembers them. */
export class Receiver {
	readonly received: ReceivedRequest[] = [];
	/** How the next requests are answered. */
	answer: (request: ReceivedRequest) => ReceiverAnswer | Promise<ReceiverAnswer> = () => ({
		status: 200,
	});

	private server: RunningHttpServer | undefined;

	/** @param host `127.0.0.1`, or another address of this machine */
	static async start(host = '127.0.0.1'): Promise<Receiver> {
		const receiver = new Receiver();
		receiver.server = await startHttpServer({
			host,
			handler: async (request, response) => await receiver.handle(request, response),
		});
		return receiver;
	}

	/** Origin without a trailing slash. */
	get url(): string {
		if (!this.server) throw new Error('The receiver is not running.');
		return this.server.url;
	}

	/** The bodies that came, empty ones left out. */
	get bodies(): string[] {
		return this.received.map(({ body }) => body).filter((body) => body !== '');
	}

	async close(): Promise<void> {
		await this.server?.close();
	}

	private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { method = '', url = '', headers } = request;
		// Where the sender cuts the connection nothing was received.
		const body = await readBody(request).catch(() => undefined);
		if (body === undefined) return;
		const received = { method, path: url, headers, body: body.toString('utf8') };
		this.received.push(received);
		const { status, body: text = '' } = await this.answer(received);
		response.writeHead(status, { 'content-type': 'application/json' });
		response.end(text);
	}
}
