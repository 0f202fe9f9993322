import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { sendWithSession } from '../../../../../nodes/DocuWare/auth/session/sessionRequests';
import type {
	RequestCredential,
	SessionSource,
} from '../../../../../nodes/DocuWare/auth/session/sessionSource';
import { SessionCookies } from '../../../../../nodes/DocuWare/auth/wire/sessionCookies';
import { readServerAddress } from '../../../../../nodes/DocuWare/platform/serverAddress';

jest.mock('../../../../../nodes/DocuWare/auth/wire/sessionProbe', () => ({
	probeSession: async () => await Promise.resolve('dead'),
}));

let server: Server;
let sent: number;

beforeEach(async () => {
	sent = 0;
	server = createServer((request, response) => {
		sent += 1;
		const isGood = request.headers.authorization === 'Bearer other';
		request.resume().on('end', () => response.writeHead(isGood ? 200 : 401).end());
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

/** After each refusal there is another session, and whether it was opened since then is told in turn. */
function sourceOf(...isNew: boolean[]): SessionSource {
	let generation = 1;
	const session = (): RequestCredential => ({
		generation,
		validUntil: Infinity,
		credential: { kind: 'cookie', cookies: SessionCookies.empty().serialize() },
	});
	const { port } = server.address() as AddressInfo;
	return {
		rules: { address: readServerAddress(`http://127.0.0.1:${port}`), allowHttp: true },
		obtain: async () => await Promise.resolve(session()),
		replace: async () => {
			generation += 1;
			return await Promise.resolve({ ...session(), isNew: isNew.shift() ?? false });
		},
		absorb: async () => await Promise.resolve(),
	} as unknown as SessionSource;
}

it.each([
	['a new session', [true], 2],
	['sessions that stood already, and then a new one', [false, false, true], 4],
	['sessions that others begin again and again', [], 4],
])('stops where the server refuses %s', async (_what, isNew, requests) => {
	const asked = sendWithSession(sourceOf(...isNew), { method: 'GET', url: 'Organizations' });
	await expect(asked).rejects.toMatchObject({ code: 'DOCUWARE_SESSION_REFUSED' });
	expect(sent).toBe(requests);
});

// Red before: the generation alone was compared, so that the refusal was reported.
it.each<[string, Partial<RequestCredential>, number]>([
	['a token of another pair', { credential: bearer('other') }, 200],
	['a session of another record', { credential: bearer('other'), recordId: 'another' }, 200],
	['the same token', {}, 401],
])('%s comes in place of a refused one, under the same generation', async (_what, next, status) => {
	const used = { generation: 1, validUntil: Infinity, credential: bearer('dead') };
	const source = {
		...sourceOf(),
		obtain: async () => await Promise.resolve(used),
		replace: async () => await Promise.resolve({ ...used, ...next, isNew: false }),
	};
	const answer = await sendWithSession(source, { method: 'GET', url: 'Organizations' });
	expect(answer.status).toBe(status);
	expect(sent).toBe(status === 200 ? 2 : 1);
});

function bearer(accessToken: string): RequestCredential['credential'] {
	return { kind: 'bearer', accessToken, lifeMs: 3_600_000 };
}
