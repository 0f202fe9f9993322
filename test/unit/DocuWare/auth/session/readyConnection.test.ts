import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { sendWithSession } from '../../../../../nodes/DocuWare/auth/session/sessionRequests';
import type {
	RequestCredential,
	SessionSource,
} from '../../../../../nodes/DocuWare/auth/session/sessionSource';
import { SessionCookies } from '../../../../../nodes/DocuWare/auth/wire/sessionCookies';
import { readServerAddress } from '../../../../../nodes/DocuWare/platform/serverAddress';

let server: Server;
let seen: Array<string | undefined>;

beforeEach(async () => {
	seen = [];
	server = createServer((request, response) => {
		seen.push(request.headers.authorization ?? request.headers.cookie);
		request.resume().on('end', () => response.end('{}'));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

/** Gives out a token with each of these ends in turn, and from then on ended ones. */
function sourceOf(...ends: number[]): SessionSource {
	let generation = 0;
	const { port } = server.address() as AddressInfo;
	return {
		rules: { address: readServerAddress(`http://127.0.0.1:${port}`), allowHttp: true },
		obtain: async () => {
			generation += 1;
			const credential = { kind: 'bearer', accessToken: `token-${generation}`, lifeMs: 1 };
			return await Promise.resolve({ generation, credential, validUntil: ends.shift() ?? 0 });
		},
		absorb: async () => await Promise.resolve(),
	} as unknown as SessionSource;
}

// Red before: the ended token went out, and the server refused it.
describe('a process that stood still until its bearer token had ended', () => {
	it.each(['GET', 'POST'] as const)(
		'sends nothing with it at the ready connection, and %s goes out with the next one',
		async (method) => {
			const source = sourceOf(performance.now() - 1, Infinity);
			const body = method === 'POST' ? { body: 'x' } : {};
			expect(
				(await sendWithSession(source, { method, url: 'Organizations', ...body })).status,
			).toBe(200);
			expect(seen).toEqual(['Bearer token-2']);
		},
	);

	it('does not ask for tokens without end', async () => {
		const sent = sendWithSession(sourceOf(), { method: 'GET', url: 'Organizations' });
		await expect(sent).rejects.toMatchObject({ code: 'HTTP_HELD_BACK' });
		expect(seen).toEqual([]);
	});
});

it('a session of cookies has no end of its own', async () => {
	const source = sourceOf();
	const cookie: RequestCredential = {
		generation: 1,
		validUntil: Infinity,
		credential: { kind: 'cookie', cookies: SessionCookies.empty().serialize() },
	};
	source.obtain = async () => await Promise.resolve(cookie);
	expect((await sendWithSession(source, { method: 'GET', url: 'Organizations' })).status).toBe(200);
	expect(seen).toHaveLength(1);
});
