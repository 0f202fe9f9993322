import { preAuthenticateOAuth2 } from '../../../nodes/DocuWare/auth/preAuthenticationHook';
import { query } from '../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import { DocuWareSimulator, selfSignedCertificate } from '../../simulators/DocuWare';
import { connect, oauth2Run } from './support/connect';
import { sessionFor } from './support/fakeNode';
import { ENGINES } from './support/sessionStore';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

const CONNECTABLE = { version: '7.12', autoConsent: 'api' } as const;

/** Lets hours pass for every chain, in the vault and in this process. */
async function passHours(hours: number, restart: () => Promise<void>): Promise<void> {
	const vault = await openVault();
	await vault.write(function* () {
		yield* query(
			`UPDATE ${TABLES.record} SET requested_at = requested_at - $1,
				received_at = received_at - $1`,
			[hours * 3_600_000],
		);
	});
	await restart();
}

const passAnHour = async (restart: () => Promise<void>) => await passHours(1, restart);

describe.each(ENGINES)('an app registration (%s)', (engine) => {
	const bench = useDocuWare(engine);

	it('refreshes once for parallel runs of several processes, and rotates', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await connect(simulator);
		const first = await sessionFor(run);
		expect((await first.request(GET)).status).toBe(200);
		await passAnHour(bench.restart);
		const workers = await Promise.all([bench.worker(), bench.worker(), bench.worker()]);
		const results = await Promise.all(
			workers.map(async (worker) => await worker.call({ run, requests: 20, parallel: 20 })),
		);
		expect(results.flatMap((result) => result.failures)).toEqual([]);
		expect(simulator.counters.refreshTokens).toMatchObject({ rotated: 1, replayed: 0 });
		await passAnHour(bench.restart);
		expect((await (await sessionFor(run)).request(GET)).status).toBe(200);
		expect(simulator.counters.refreshTokens).toMatchObject({
			rotated: 2,
			replayed: 0,
			familiesRevoked: 0,
		});
	});
});

describe('an app registration', () => {
	const bench = useDocuWare();

	it('hands the hook the token of the vault without its refresh token', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await connect(simulator);
		const token = await preAuthenticateOAuth2({ ...run.credential } as never);
		expect(Object.keys(token.oauthTokenData)).toEqual(['access_token', 'token_type']);
		const session = await sessionFor(run);
		expect(await session.secret()).toEqual({ accessToken: token.oauthTokenData.access_token });
		expect(await session.status()).toMatchObject({
			wayIn: 'oauth2',
			state: 'open',
			identity: expect.stringContaining('api through the app') as unknown,
		});
	});

	it.each(['keeps', 'keepsEmpty'] as const)(
		'goes on with the token that was sent where the server does not rotate (%s)',
		async (refreshTokens) => {
			const simulator = await bench.simulator({ ...CONNECTABLE, refreshTokens });
			const run = await connect(simulator);
			for (const generation of [1, 2, 3]) {
				const session = await sessionFor(run);
				expect((await session.request(GET)).status).toBe(200);
				expect(await session.status()).toMatchObject({ generation });
				await passAnHour(bench.restart);
			}
			expect(simulator.counters.grants.refresh_token).toBe(2);
		},
	);

	it('serves two credentials of one user, each connected by itself', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const [one, other] = [await connect(simulator), await connect(simulator)];
		for (const run of [one, other, one]) {
			expect((await (await sessionFor(run)).request(GET)).status).toBe(200);
		}
	});

	it('says when the authorization is dead, and when the client secret is wrong', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await connect(simulator);
		await (await sessionFor(run)).request(GET);
		await passAnHour(bench.restart);
		const wrong = { ...run, credential: { ...run.credential, clientSecret: 'wrong secret' } };
		await expect((await sessionFor(wrong)).request(GET)).rejects.toMatchObject({
			code: 'DOCUWARE_CLIENT_REFUSED',
		});
		expect((await (await sessionFor(run)).request(GET)).status).toBe(200);
		simulator.state.refreshTokens.revoke({});
		await passAnHour(bench.restart);
		await expect((await sessionFor(run)).request(GET)).rejects.toMatchObject({
			code: 'DOCUWARE_REFRESH_TOKEN_REFUSED',
		});
	});

	it('is not connected before Connect', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		await expect(sessionFor(oauth2Run(simulator))).rejects.toMatchObject({
			code: 'DOCUWARE_NOT_CONNECTED',
		});
	});

	it('acts for itself with client credentials, with one token for all', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const app = simulator.world.apps[2]!;
		const run = oauth2Run(simulator, {
			grantType: 'clientCredentials',
			clientId: app.clientId,
			clientSecret: app.clientSecrets[0],
		});
		const answers = await Promise.all(
			Array.from({ length: 10 }, async () => await (await sessionFor(run)).request(GET)),
		);
		expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
		await preAuthenticateOAuth2({ ...run.credential } as never);
		expect(simulator.counters.grants.client_credentials).toBe(1);
		const wrong = { ...run, credential: { ...run.credential, clientSecret: 'wrong secret' } };
		await expect((await sessionFor(wrong)).request(GET)).rejects.toMatchObject({
			code: 'DOCUWARE_CLIENT_REFUSED',
		});
	});

	it('refreshes a token whose age nobody knows, since the clock of the vault was set back', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await connect(simulator);
		await (await sessionFor(run)).request(GET);
		await passHours(-24, bench.restart);
		const session = await sessionFor(run);
		expect((await session.request(GET)).status).toBe(200);
		expect(await session.status()).toMatchObject({ generation: 2 });
		expect(simulator.counters.refreshTokens).toMatchObject({ rotated: 1, replayed: 0 });
	});

	it('is one log-in however its client id and the address of its Identity Service are written', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await connect(simulator);
		await (await sessionFor(run)).request(GET);
		await passAnHour(bench.restart);
		const refreshed = await sessionFor(run);
		await refreshed.request(GET);
		expect(await refreshed.status()).toMatchObject({ generation: 2 });
		const { clientId, identityServiceUrl } = run.credential;
		const credential = {
			...run.credential,
			clientId: `{${String(clientId).toUpperCase()}}`,
			identityServiceUrl: String(identityServiceUrl).replace('http', 'HTTP'),
		};
		const session = await sessionFor({ ...run, credential });
		expect((await session.request(GET)).status).toBe(200);
		expect(await session.status()).toMatchObject({ generation: 2 });
		expect(simulator.counters.refreshTokens).toMatchObject({ rotated: 1, replayed: 0 });
	});

	it('meets a certificate it does not know, unless SSL issues are ignored', async () => {
		const simulator = await DocuWareSimulator.start({
			tls: selfSignedCertificate(),
			switches: CONNECTABLE,
		});
		try {
			const app = simulator.world.apps[2]!;
			const run = (ignoreSSLIssues: boolean) =>
				oauth2Run(simulator, {
					grantType: 'clientCredentials',
					clientId: app.clientId,
					clientSecret: app.clientSecrets[0],
					ignoreSSLIssues,
				});
			await expect((await sessionFor(run(false))).request(GET)).rejects.toMatchObject({
				code: 'HTTP_TLS_ERROR',
			});
			expect((await (await sessionFor(run(true))).request(GET)).status).toBe(200);
		} finally {
			await simulator.close();
		}
	});

	it('makes login tokens and takes them, but has no log-off', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const session = await sessionFor(await connect(simulator));
		const { token } = await session.createLoginToken();
		const handed = await session.tokenLogOn({ token });
		expect((await handed.request(GET)).status).toBe(200);
		await expect(session.logOff()).rejects.toMatchObject({ code: 'DOCUWARE_NO_LOG_OFF' });
	});
});
