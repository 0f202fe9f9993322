import { inspect } from 'node:util';

import { testDocuWareCredential } from '../../../nodes/DocuWare/auth/credentialTests';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { query } from '../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import { connect } from './support/connect';
import { issueLoginToken, passwordRun, tokenRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { ENGINES } from './support/sessionStore';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

describe.each(ENGINES)('secrets (%s)', (engine) => {
	const bench = useDocuWare(engine);

	it('stand neither in the vault nor in errors, status or logs', async () => {
		const shown: string[] = [];
		const secrets: string[] = ['canary-password-Ä%20', 'canary-client-secret'];
		const note = async (work: Promise<unknown>) => {
			await work.then(
				(value) => shown.push(JSON.stringify(value) ?? ''),
				(error: unknown) => shown.push(inspect(error, { depth: 10, showHidden: true })),
			);
		};
		const simulator = await bench.simulator({ version: '7.10' });
		simulator.world.users[0]!.password = secrets[0]!;
		const session = await sessionFor(passwordRun(simulator));
		await note(session.logOn());
		secrets.push(...simulator.state.sessions.all().flatMap(({ id, browserId }) => [id, browserId]));
		const { token } = await session.createLoginToken();
		secrets.push(token);
		await note(session.status());
		await note(session.logOff());
		secrets.push(...simulator.state.loginTokens.all().map(({ value }) => value));
		await note(
			sessionFor(passwordRun(simulator, { password: 'canary-password-wrong' })).then(
				async (wrong) => await wrong.request(GET),
			),
		);
		secrets.push('canary-password-wrong');
		const dead = issueLoginToken(simulator, 'Multi', -1);
		secrets.push(dead);
		await note(sessionFor(tokenRun(simulator, dead)).then(async (one) => await one.request(GET)));
		simulator.faults.push({
			kind: 'plainText',
			status: 500,
			text: `echo ${secrets[0]} ${token}`,
			where: { tags: { route: 'Account/Logon' } },
		});
		await note(
			sessionFor(passwordRun(simulator, { organization: 'x' })).then(
				async (one) => await one.request(GET),
			),
		);
		const data = passwordRun(simulator).credential as never;
		await note(testDocuWareCredential.call({} as never, { id: '1', name: 'n', type: 't', data }));

		simulator.configure({ version: '7.12', autoConsent: 'api' });
		const app = simulator.world.apps[0]!;
		app.clientSecrets = [secrets[1]!];
		const run = await connect(simulator);
		const tokens = run.credential.oauthTokenData as Record<string, string>;
		secrets.push(tokens.access_token!, tokens.refresh_token!);
		const authorized = await sessionFor(run);
		await authorized.request(GET);
		await note(authorized.status());
		const worker = await bench.worker();
		await note(worker.call({ run: passwordRun(simulator), requests: 2, parallel: 1 }));
		shown.push(worker.output);

		const vault = await openVault();
		const rows = await vault.read(function* () {
			const all = [];
			for (const table of Object.values(TABLES)) all.push(yield* query(`SELECT * FROM ${table}`));
			return all;
		});
		const places = [
			...shown,
			JSON.stringify(rows),
			(await bench.store.readAll()).toString('latin1'),
		];
		expect(JSON.stringify(rows)).toContain('logOff');
		expect(shown.join('\n')).toContain('DOCUWARE_WRONG_PASSWORD');
		for (const secret of secrets) {
			for (const form of [
				secret,
				encodeURIComponent(secret),
				Buffer.from(secret).toString('base64'),
			]) {
				expect(places.filter((place) => place.includes(form))).toEqual([]);
			}
		}
	});
});
