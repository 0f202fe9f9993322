import { text } from 'node:stream/consumers';
import type { TestServer } from './servers';
import { httpServer } from './servers';

/** A forward proxy that plays the hosts behind it, so that tests reach `http://` names of no machine. */
export interface AnsweringProxy {
	/** JSON answers by full address; anything else is answered with 404. */
	answers: Record<string, unknown>;
	/** `Set-Cookie` lines that go with an answer, by full address. */
	cookies: Record<string, string[]>;
	/** Addresses that were asked for, in order. */
	asked: string[];
	/** Fields of the forms that arrived. */
	forms: Array<Record<string, string>>;
}

const VARIABLES = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy'];

/** Starts such a proxy for each test of a `describe` and leads plain http through it. */
export function useAnsweringProxy(answers: () => AnsweringProxy['answers']): {
	readonly proxy: AnsweringProxy;
} {
	const before = new Map(VARIABLES.map((name) => [name, process.env[name]]));
	let server: TestServer | undefined;
	let proxy: AnsweringProxy | undefined;

	beforeEach(async () => {
		const playing: AnsweringProxy = { answers: answers(), cookies: {}, asked: [], forms: [] };
		server = await httpServer((request, response) => {
			void (async () => {
				const url = request.url ?? '';
				playing.asked.push(url);
				const body = await text(request);
				if (body !== '') playing.forms.push(Object.fromEntries(new URLSearchParams(body)));
				const answer = playing.answers[url];
				response.writeHead(answer === undefined ? 404 : 200, {
					'Content-Type': 'application/json',
					'Set-Cookie': playing.cookies[url] ?? [],
				});
				response.end(JSON.stringify(answer ?? {}));
			})();
		});
		proxy = playing;
		for (const name of VARIABLES) delete process.env[name];
		process.env.HTTP_PROXY = `http://127.0.0.1:${server.port}`;
	});

	afterEach(async () => {
		for (const [name, value] of before) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
		await server?.close();
	});

	return {
		get proxy() {
			if (proxy === undefined) throw new Error('The proxy runs during a test only.');
			return proxy;
		},
	};
}
