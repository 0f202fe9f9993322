import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { preAuthenticateOAuth2 } from '../../../nodes/DocuWare/auth/preAuthenticationHook';
import type { DocuWareSimulator } from '../../simulators/DocuWare';
import { connect, oauth2Run } from './support/connect';
import type { FakeRun } from './support/fakeNode';
import { sessionFor } from './support/fakeNode';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

const CONNECTABLE = { version: '7.12', autoConsent: 'api' } as const;

const bench = useDocuWare();

/** A server of the attacker's own, and what reached it. */
let stranger: Server;
let strangerUrl: string;
const reached: string[] = [];
const TAKES_ALL = { status: 200, headers: { 'content-type': 'application/json' } };
let strangerAnswers: { status: number; headers?: Record<string, string> };

beforeAll(async () => {
	stranger = createServer((request, response) => {
		reached.push(JSON.stringify(request.headers));
		response.writeHead(strangerAnswers.status, strangerAnswers.headers).end('{}');
	});
	await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
	strangerUrl = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
});

afterAll(() => {
	stranger.close();
});

beforeEach(() => {
	reached.length = 0;
	strangerAnswers = TAKES_ALL;
});

function encode(value: unknown): string {
	return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A token that says what the attacker likes, as n8n lets anybody write it into a credential. */
function forgedToken(simulator: DocuWareSimulator, claims: Record<string, unknown> = {}): string {
	const now = Math.floor(Date.now() / 1000);
	const victim = simulator.world.users.find(({ name }) => name === 'api')!;
	const payload = {
		iss: simulator.identityUrl,
		sub: victim.id,
		username: victim.name,
		client_id: simulator.world.apps[0]!.clientId,
		nbf: now - 10,
		exp: now + 3600,
		...claims,
	};
	return `${encode({ alg: 'RS256', kid: 'simulator' })}.${encode(payload)}.${'A'.repeat(342)}`;
}

function forgedRun(simulator: DocuWareSimulator, changes: Record<string, unknown> = {}): FakeRun {
	return oauth2Run(simulator, {
		platformUrl: strangerUrl,
		clientSecret: 'invented',
		oauthTokenData: {
			access_token: forgedToken(simulator),
			refresh_token: 'invented-refresh-token',
			expires_in: 3600,
			n8n_expires_at: String(Date.now() + 7_200_000),
		},
		...changes,
	});
}

async function tokenOf(run: FakeRun): Promise<unknown> {
	return (await preAuthenticateOAuth2({ ...run.credential } as never)).oauthTokenData.access_token;
}

describe.each(['present', 'absent'] as const)('userinfo %s', (userInfo) => {
	it('finds the user of a token', async () => {
		const simulator = await bench.simulator({ ...CONNECTABLE, userInfo });
		const session = await sessionFor(await connect(simulator));
		expect((await session.request(GET)).status).toBe(200);
		expect((await session.status()).identity).toMatch(/^api through the app/);
	});

	it('gives nothing for a forged token, and the owner’s chain goes on', async () => {
		const simulator = await bench.simulator({ ...CONNECTABLE, userInfo });
		const owner = await connect(simulator);
		expect((await (await sessionFor(owner)).request(GET)).status).toBe(200);
		const live = await tokenOf(owner);

		const forged = forgedRun(simulator);
		await expect((await sessionFor(forged)).request(GET)).rejects.toBeInstanceOf(Error);
		await expect((await sessionFor(forged)).secret()).rejects.toBeInstanceOf(Error);
		await expect(tokenOf(forged)).rejects.toBeInstanceOf(Error);
		// Nor with the right address, where a token would be of use to a reader of the output.
		const near = forgedRun(simulator, { platformUrl: simulator.url });
		await expect((await sessionFor(near)).secret()).rejects.toBeInstanceOf(Error);

		expect(reached).toEqual([]);
		expect(await tokenOf(owner)).toBe(live);
		expect((await (await sessionFor(owner)).request(GET)).status).toBe(200);
	});

	it('takes no token of another app for one of this', async () => {
		const simulator = await bench.simulator({ ...CONNECTABLE, userInfo });
		const run = await connect(simulator);
		const other = { ...run.credential, clientId: simulator.world.apps[1]!.clientId };
		await expect((await sessionFor({ ...run, credential: other })).request(GET)).rejects.toThrow(
			'another app',
		);
	});
});

describe('the address of the server', () => {
	it('is that of the first use: no token goes to another one', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await connect(simulator);
		expect((await (await sessionFor(run)).request(GET)).status).toBe(200);
		const moved = { ...run, credential: { ...run.credential, platformUrl: strangerUrl } };
		for (const restart of [false, true]) {
			if (restart) await bench.restart();
			await expect((await sessionFor(moved)).request(GET)).rejects.toMatchObject({
				code: 'DOCUWARE_ADDRESS_CHANGED',
				repair: expect.stringContaining('press Connect') as unknown,
			});
			await expect((await sessionFor(moved)).secret()).rejects.toMatchObject({
				code: 'DOCUWARE_ADDRESS_CHANGED',
			});
			await expect(tokenOf(moved)).rejects.toThrow('DOCUWARE_ADDRESS_CHANGED');
		}
		expect(reached).toEqual([]);
		expect((await (await sessionFor(run)).request(GET)).status).toBe(200);
	});

	it("is that of the first use by n8n's HTTP Request node too", async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await connect(simulator);
		const token = await tokenOf(run);
		await bench.restart();
		const moved = { ...run, credential: { ...run.credential, platformUrl: strangerUrl } };
		await expect(tokenOf(moved)).rejects.toThrow('DOCUWARE_ADDRESS_CHANGED');
		expect(reached).toEqual([]);
		expect(await tokenOf(run)).toBe(token);
	});

	// Red before: whatever was typed at the first use was bound, and cost a new log-in.
	it.each([
		['refuses the token', { status: 401 }],
		['knows no such path', { status: 404 }],
		['shows a page', { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } }],
		['leads elsewhere', { status: 302, headers: { location: '/login' } }],
		['fails', { status: 503 }],
	])('is not one that %s: it is typed wrong, and can be corrected', async (_what, answer) => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await connect(simulator);
		const typo = { ...run, credential: { ...run.credential, platformUrl: strangerUrl } };
		strangerAnswers = answer;
		await (await sessionFor(typo)).request(GET).catch(() => undefined);
		await tokenOf(typo).catch(() => undefined);
		expect(reached.length).toBeGreaterThan(0);
		await bench.restart();
		expect((await (await sessionFor(run)).request(GET)).status).toBe(200);
		await expect((await sessionFor(typo)).request(GET)).rejects.toMatchObject({
			code: 'DOCUWARE_ADDRESS_CHANGED',
		});
	});

	it('is asked for once a minute where the server takes no token, however often the hook is called', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await connect(simulator);
		const wrong = { ...run, credential: { ...run.credential, platformUrl: strangerUrl } };
		strangerAnswers = { status: 403 };
		await Promise.all(Array.from({ length: 10 }, async () => await tokenOf(wrong)));
		// The address, and whether the server still knows the token.
		const first = reached.length;
		expect(first).toBeLessThanOrEqual(2);
		for (let again = 0; again < 10; again += 1) await tokenOf(wrong);
		expect(reached).toHaveLength(first);
	});

	it('has many spellings', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await connect(simulator);
		await (await sessionFor(run)).request(GET);
		for (const path of ['/', '/DocuWare/Platform/', '/docuware/platform', '/DocuWare']) {
			const credential = { ...run.credential, platformUrl: `${simulator.url}${path}` };
			expect((await (await sessionFor({ ...run, credential })).request(GET)).status).toBe(200);
		}
	});
});
