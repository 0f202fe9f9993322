import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface ScriptedAnswer {
	status?: number;
	headers?: Record<string, string>;
	/** A string or buffer as it is, anything else as JSON. */
	body?: unknown;
	/** True: the connection is cut instead of an answer. */
	cut?: boolean;
}

export interface SeenRequest {
	method: string;
	/** Decoded path and query. */
	target: string;
	rawTarget: string;
	headers: IncomingMessage['headers'];
	body: string;
	bytes: Buffer;
}

export type Script = (
	request: SeenRequest,
	index: number,
) => ScriptedAnswer | Promise<ScriptedAnswer>;

/** A server on this machine that answers as a test says; for rules that need exact answers. */
export class ExactServer {
	readonly requests: SeenRequest[] = [];

	private readonly sockets = new Set<Socket>();

	private script: Script = () => ({ status: 500 });

	private readonly server = createServer((request, response) => {
		void this.handle(request).then((answer) => {
			if (answer.cut) {
				request.socket.destroy();
				return;
			}
			response.writeHead(answer.status ?? 200, answer.headers);
			const { body } = answer;
			const isPlain = typeof body === 'string' || Buffer.isBuffer(body);
			response.end(isPlain ? body : JSON.stringify(body ?? ''));
		});
	});

	async start(): Promise<void> {
		this.server.on('connection', (socket: Socket) => this.sockets.add(socket));
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
	}

	async stop(): Promise<void> {
		for (const socket of this.sockets) socket.destroy();
		await new Promise((resolve) => this.server.close(resolve));
	}

	get baseUrl(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/** Answers all requests from now on; forgets those seen before. */
	answer(script: Script | ScriptedAnswer[]): void {
		this.requests.length = 0;
		this.script = Array.isArray(script)
			? (_request, index) => script[Math.min(index, script.length - 1)] ?? { status: 500 }
			: script;
	}

	private async handle(request: IncomingMessage): Promise<ScriptedAnswer> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const rawTarget = request.url ?? '';
		const bytes = Buffer.concat(chunks);
		const seen: SeenRequest = {
			method: request.method ?? '',
			target: decodeURIComponent(rawTarget),
			rawTarget,
			headers: request.headers,
			body: bytes.toString(),
			bytes,
		};
		this.requests.push(seen);
		return await this.script(seen, this.requests.length - 1);
	}
}

/** The envelope of a list. */
export function list(rows: unknown[], next?: string): { body: unknown } {
	return { body: { d: { results: rows, ...(next === undefined ? {} : { __next: next }) } } };
}

/** An OData error with the words of the service. */
export function odataError(status: number, text: string, headers = {}): ScriptedAnswer {
	const body = { error: { code: '', message: { lang: '', value: text } } };
	return { status, headers, body };
}
