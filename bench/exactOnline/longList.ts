import {
	createServer,
	request,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Path of the list that is made long. */
const LIST = /\/bulk\/CRM\/Accounts\b/;

const NEXT_LINK = /"__next":"[^"]*"/;

/**
 * A server in front of the simulator that makes one of its pages into a long list: each page is the simulator's answer to the
 * first request, byte by byte but for the link to the next one. So a page costs the server next to nothing, and what is
 * measured is the client. Everything else goes to the simulator.
 */
export class LongList {
	/** Pages of the list. */
	pages = 1;

	/** Address of the first page as it was asked for last. */
	firstUrl: string | undefined;

	private readonly known = new Map<string, Promise<string>>();

	private constructor(
		private readonly server: Server,
		private readonly target: string,
	) {}

	static async start(target: string): Promise<LongList> {
		const server = createServer();
		const list = new LongList(server, target);
		server.on('request', (asked: IncomingMessage, answer: ServerResponse) => {
			list.handle(asked, answer).catch((error: unknown) => answer.destroy(error as Error));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return list;
	}

	get url(): string {
		return `http://localhost:${(this.server.address() as AddressInfo).port}`;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async handle(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
		const path = asked.url ?? '/';
		if (asked.method !== 'GET' || !LIST.test(path)) {
			const { status, headers, body } = await this.passOn(asked);
			answer.writeHead(status, headers).end(body);
			return;
		}
		const [first = path, page = '0'] = path.split('&$skiptoken=');
		if (page === '0') this.firstUrl = this.url + first;
		const text = await this.pageOf(first, asked);
		const next = Number(page) + 1;
		const link = `"__next":"${this.url}${first}&$skiptoken=${next}"`;
		const body = text.replace(NEXT_LINK, next < this.pages ? link : '"__count":"0"');
		answer.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(body);
	}

	private async pageOf(path: string, asked: IncomingMessage): Promise<string> {
		const page =
			this.known.get(path) ?? this.passOn(asked).then(({ body }) => body.toString('utf8'));
		this.known.set(path, page);
		const text = await page;
		if (!NEXT_LINK.test(text)) throw new Error('The simulator has fewer rows than a page.');
		return text;
	}

	private async passOn(asked: IncomingMessage) {
		const sent = request(`${this.target}${asked.url}`, {
			method: asked.method,
			headers: asked.headers,
		});
		asked.pipe(sent);
		const answer = await new Promise<IncomingMessage>((resolve, reject) => {
			sent.once('response', resolve);
			sent.once('error', reject);
		});
		const body = await buffer(answer);
		const { 'transfer-encoding': _coding, connection: _connection, ...headers } = answer.headers;
		return { status: answer.statusCode ?? 500, headers, body };
	}
}
