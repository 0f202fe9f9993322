import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';

import type { TokenRequest } from '../../../../nodes/shared/tokenChain/tokenRequest';
import { requestTokenPair, unprovenAnswer } from '../../../../nodes/shared/tokenChain/tokenRequest';
import type { TestServer } from '../http/support/servers';
import { httpServer, proxyServer } from '../http/support/servers';

const PAIR = { accessToken: 'a', refreshToken: 'r', lifeMs: 60_000 };

let server: TestServer | undefined;

afterEach(async () => {
	await server?.close();
	server = undefined;
});

async function ask(
	listener: RequestListener,
	read: TokenRequest['read'] = () => ({ kind: 'granted', pair: PAIR }),
) {
	server = await httpServer(listener);
	return await requestTokenPair({
		url: `http://127.0.0.1:${server.port}/token`,
		fields: { grant_type: 'refresh_token', refresh_token: 'spent & sent' },
		client: { ignoreSslIssues: false },
		unavailableCode: 'SERVICE_UNAVAILABLE',
		read,
	});
}

describe('requestTokenPair', () => {
	it('posts the form once and tells when it was asked and answered', async () => {
		const before = performance.now();
		const bodies: string[] = [];
		const answer = await ask((request, response) => {
			void text(request).then((body) => {
				bodies.push(`${request.method} ${request.headers['content-type']} ${body}`);
				response.end('granted');
			});
		});
		expect(bodies).toEqual([
			'POST application/x-www-form-urlencoded grant_type=refresh_token&refresh_token=spent+%26+sent',
		]);
		if (answer.kind !== 'granted') throw new Error(answer.kind);
		expect(answer.pair).toBe(PAIR);
		expect(answer.requestedAt).toBeGreaterThanOrEqual(before);
		expect(answer.receivedAt).toBeGreaterThanOrEqual(answer.requestedAt);
	});

	it('opens a connection of its own for each request', async () => {
		server = await httpServer((_request, response) => response.end('{}'));
		const request: TokenRequest = {
			url: `http://127.0.0.1:${server.port}/token`,
			fields: {},
			client: { ignoreSslIssues: false },
			unavailableCode: 'SERVICE_UNAVAILABLE',
			read: () => ({ kind: 'granted', pair: PAIR }),
		};
		await requestTokenPair(request);
		await requestTokenPair(request);
		expect(server.connections).toHaveLength(2);
	});

	it('follows no redirect and repeats nothing: the answer goes to the reading', async () => {
		const seen: number[] = [];
		const answer = await ask(
			(_request, response) => response.writeHead(307, { Location: '/elsewhere' }).end(),
			({ status }) => {
				seen.push(status);
				return { kind: 'unknown', code: 'READ', detail: '' };
			},
		);
		expect(answer).toEqual({ kind: 'unknown', code: 'READ', detail: '' });
		expect(seen).toEqual([307]);
		expect(server?.requests).toHaveLength(1);
	});

	it('does not know the fate of a request whose connection broke', async () => {
		const answer = await ask((request) => request.socket.destroy());
		expect(answer).toMatchObject({ kind: 'unknown', code: 'SERVICE_UNAVAILABLE' });
	});

	it('proves that nothing was sent where no connection stood', async () => {
		server = await httpServer(() => undefined);
		const { port } = server;
		await server.close();
		const answer = await requestTokenPair({
			url: `http://127.0.0.1:${port}/token`,
			fields: {},
			client: { ignoreSslIssues: false },
			unavailableCode: 'SERVICE_UNAVAILABLE',
			read: () => ({ kind: 'granted', pair: PAIR }),
		});
		expect(answer).toMatchObject({ kind: 'notSent', code: 'SERVICE_UNAVAILABLE' });
	});

	it.each([403, 407, 502])(
		'proves that nothing was sent where a proxy answers CONNECT with %i',
		async (status) => {
			const proxy = await proxyServer(1, status);
			process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
			try {
				const answer = await requestTokenPair({
					url: 'https://service.test/token',
					fields: {},
					client: { ignoreSslIssues: false },
					unavailableCode: 'SERVICE_UNAVAILABLE',
					read: () => ({ kind: 'granted', pair: PAIR }),
				});
				expect(answer).toMatchObject({ kind: 'notSent', code: 'SERVICE_UNAVAILABLE' });
			} finally {
				delete process.env.HTTPS_PROXY;
				await proxy.close();
			}
		},
	);

	it('never throws, not even where the reading does', async () => {
		const answer = await ask(
			(_request, response) => response.end(),
			() => {
				throw new Error('unreadable');
			},
		);
		expect(answer).toEqual({
			kind: 'unknown',
			code: 'SERVICE_UNAVAILABLE',
			detail: 'unreadable',
		});
	});
});

it.each([
	[400, 'words', true],
	[401, 'words', true],
	[400, ' ', false],
	[400, '<html><body>Bad Request</body></html>', false],
	[401, '<!DOCTYPE html><title>Log in to the proxy</title>', false],
	[400, 'Blocked: <body>rule 42</body>', false],
	[401, '<error><message>words</message></error>', true],
	[403, 'words', false],
	[408, 'words', false],
	[500, 'words', false],
])(
	'an answer %i with %j proves nothing, and may mean the token: %s',
	(status, body, mayMeanToken) => {
		const answer = unprovenAnswer({ status, headers: {}, body });
		expect(answer).toEqual({ kind: 'unknown', status, mayMeanToken });
	},
);
