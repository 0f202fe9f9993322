import { query } from '../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import { DocuWareSimulator, selfSignedCertificate } from '../../simulators/DocuWare';
import { sessionFor } from './support/fakeNode';
import { passwordRun } from './support/credentials';
import { codeOf, failureOf, testCredential } from './support/outcomes';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

/** A credential that names its organization: the log-on does not ask for the name. */
const NAMED = { organization: 'Peters Engineering' };

describe('a wrong password beside a right one', () => {
	const bench = useDocuWare();

	it('never gets the session of the right one, is sent once, and harms nobody', async () => {
		const simulator = await bench.simulator();
		const right = await sessionFor(passwordRun(simulator));
		await right.request(GET);
		const wrong = passwordRun(simulator, { password: 'not the password' });
		expect(await codeOf(wrong)).toBe('DOCUWARE_WRONG_PASSWORD');
		await bench.restart();
		expect(await codeOf(passwordRun(simulator, { password: 'not the password' }))).toBe(
			'DOCUWARE_WRONG_PASSWORD',
		);
		expect(simulator.counters.unauthorized.badCredentials).toBe(1);
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		expect(simulator.counters.logOns.password).toBe(1);
	});

	it('is tried again by a credential test, which clears the refusal', async () => {
		const simulator = await bench.simulator();
		const user = simulator.world.users[0]!;
		const { password } = user;
		user.password = 'something else';
		const run = passwordRun(simulator, { password });
		expect(await codeOf(run)).toBe('DOCUWARE_WRONG_PASSWORD');
		user.password = password;
		expect(await codeOf(run)).toBe('DOCUWARE_WRONG_PASSWORD');
		const result = await testCredential(run);
		expect(result.status).toBe('OK');
		expect(result.message).toContain('Peters Engineering');
		expect(await codeOf(run)).toBe('200');
	});

	it('lets a changed password in with a session of its own', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 9 });
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		simulator.world.users[0]!.password = 'a new password';
		expect(await codeOf(passwordRun(simulator, { password: 'a new password' }))).toBe('200');
		expect(await codeOf(passwordRun(simulator, { password: 'P&ters+Müller 100%' }))).toBe(
			'DOCUWARE_WRONG_PASSWORD',
		);
		expect(await codeOf(passwordRun(simulator, { password: 'a new password' }))).toBe('200');
		expect(simulator.counters.logOns.password).toBe(2);
	});
});

/** Moves what is remembered of refusals into the past, in milliseconds. */
async function letRefusalsAge(ms: number): Promise<void> {
	const vault = await openVault();
	await vault.write(function* () {
		const rows = yield* query(
			`SELECT name, value FROM ${TABLES.item} WHERE scope = 'docuware refused log-on'`,
		);
		for (const { name, value } of rows) {
			const { at, personAt, ...refusal } = JSON.parse(String(value)) as Record<string, number>;
			const aged = { ...refusal, at: at! - ms, personAt: personAt && personAt - ms };
			yield* query(`UPDATE ${TABLES.item} SET value = $1 WHERE name = $2`, [
				JSON.stringify(aged),
				String(name),
			]);
		}
	});
}

const MINUTE = 60_000;

describe('a refused log-on', () => {
	const bench = useDocuWare();
	const where = { tags: { route: 'Account/Logon' } };
	const logOnsOf = (simulator: DocuWareSimulator) =>
		simulator.counters.requests['POST Account/Logon'] ?? 0;

	it.each([
		['without a reason', { status: 401, body: '' }, [5, 15, 60, 60]],
		['for a lock', { status: 401, body: '{"Message":"The user is locked."}' }, [1, 5, 15, 15]],
		['by a redirect', { status: 302, headers: { location: 'https://sso.example/' } }, [1, 5, 15]],
		['by a filter', { status: 403, body: '<html>Access denied</html>' }, [1, 5, 15, 15]],
		['with a status that nobody knows', { status: 451, body: '' }, [1, 5, 15]],
	])('%s is tried again after its pauses, once each', async (_name, refusal, minutes) => {
		const simulator = await bench.simulator();
		simulator.faults.push({ kind: 'status', where, times: minutes.length + 1, ...refusal });
		for (const [index, pause] of minutes.entries()) {
			await Promise.all([1, 2, 3].map(async () => await codeOf(passwordRun(simulator))));
			expect(logOnsOf(simulator)).toBe(index + 1);
			await letRefusalsAge(pause * MINUTE - 30_000);
			await bench.restart();
			const told = await failureOf(passwordRun(simulator));
			expect(told.message).toContain('nothing was sent since');
			expect(told.repair).toMatch(/again at \d{4}-\d\d-\d\dT/);
			expect(logOnsOf(simulator)).toBe(index + 1);
			await letRefusalsAge(30_000);
		}
		await codeOf(passwordRun(simulator));
		await letRefusalsAge(60 * MINUTE);
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		// The refusal is forgotten: a later one begins with the first pause.
		simulator.revokeSessions();
		simulator.state.loginTokens.clear();
		expect(await codeOf(passwordRun(simulator))).toBe('200');
	});

	const PROXY = { status: 401, body: '', headers: { 'www-authenticate': 'Basic realm="x"' } };

	it.each([
		['a proxy', PROXY],
		['a redirect', { status: 302, headers: { location: 'https://sso.example/' } }],
		['a log-in page', { status: 200, body: '<html>Sign in</html>' }],
		['a filter', { status: 403, body: '<html>Access denied</html>' }],
		['an error that nobody knows', { status: 400, body: '{"error":"mfa_required"}' }],
		['an app that it does not let in', { status: 400, body: '{"error":"invalid_client"}' }],
	])('at the Identity Service, by %s, is remembered as well', async (_name, refusal) => {
		const simulator = await bench.simulator({ version: '7.12' });
		const token = { path: 'connect/token$' };
		simulator.faults.push({ kind: 'status', where: token, times: Infinity, ...refusal });
		const sent = () => simulator.counters.requests['POST identity:connect/token'] ?? 0;
		await Promise.all([1, 2, 3].map(async () => await codeOf(passwordRun(simulator))));
		for (const pause of [1, 5]) {
			await letRefusalsAge(pause * MINUTE - 30_000);
			await bench.restart();
			const told = await failureOf(passwordRun(simulator));
			expect(told.message).toContain('nothing was sent since');
			await letRefusalsAge(30_000);
			await codeOf(passwordRun(simulator));
		}
		expect(sent()).toBe(3);
		simulator.faults.clear();
		await letRefusalsAge(15 * MINUTE);
		expect(await codeOf(passwordRun(simulator))).toBe('200');
	});

	it('by a proxy before the Identity Service does not stop a test of the cookie log-on', async () => {
		const simulator = await bench.simulator({ version: '7.10' });
		simulator.faults.push({ kind: 'status', status: 401, body: '', where });
		const run = passwordRun(simulator, NAMED);
		expect(await codeOf(run)).toBe('DOCUWARE_WRONG_PASSWORD');
		const token = { path: 'connect/token$' };
		simulator.faults.push({ kind: 'status', ...PROXY, where: token, times: Infinity });
		expect((await testCredential(run)).status).toBe('OK');
		expect(simulator.counters.requests['POST identity:connect/token']).toBe(1);
	});

	it.each([[500], [503], [404], [408], [400, '{"error":"temporarily_unavailable"}']])(
		'with HTTP %i at the Identity Service is no refusal: the next run sends it',
		async (status, body = '') => {
			const simulator = await bench.simulator({ version: '7.12' });
			// A 404 is asked about twice more: the service may have moved.
			const faults = { where: { path: 'connect/token$' }, times: status === 404 ? 3 : 1 };
			simulator.faults.push({ kind: 'status', status, body, ...faults });
			expect(await codeOf(passwordRun(simulator))).toBe('DOCUWARE_LOGON_FAILED');
			expect(await codeOf(passwordRun(simulator))).toBe('200');
		},
	);

	it('by a filter tells how it was answered, also where it is remembered', async () => {
		const simulator = await bench.simulator();
		simulator.faults.push({ kind: 'status', status: 403, body: '<html>Blocked</html>', where });
		const said = [
			await failureOf(passwordRun(simulator)),
			await failureOf(passwordRun(simulator)),
			await failureOf(passwordRun(simulator)),
		];
		for (const told of said) {
			expect(told).toMatchObject({ code: 'DOCUWARE_LOGON_FAILED', httpStatus: 403 });
			expect(told.message).toContain('HTTP 403');
			expect(told.repair).toMatch(/IP filter.* again at \d{4}-/);
		}
		expect(said.map(({ message }) => message.includes('nothing was sent since'))).toEqual([
			false,
			true,
			true,
		]);
		expect(logOnsOf(simulator)).toBe(1);
		expect((await testCredential(passwordRun(simulator))).status).toBe('OK');
	});

	it('without cookies is one, whose password is not sent at each run', async () => {
		const simulator = await bench.simulator({ logonWithoutCookies: true });
		expect(await codeOf(passwordRun(simulator))).toBe('DOCUWARE_NO_COOKIES');
		const told = await failureOf(passwordRun(simulator));
		expect(told).toMatchObject({ code: 'DOCUWARE_NO_COOKIES', httpStatus: 200 });
		expect(told.message).toContain('nothing was sent since');
		expect(logOnsOf(simulator)).toBe(1);
		simulator.configure({ logonWithoutCookies: false });
		await letRefusalsAge(MINUTE);
		expect(await codeOf(passwordRun(simulator))).toBe('200');
	});

	it('in so many words is tried again when the password changes', async () => {
		const simulator = await bench.simulator();
		const body = '{"Message":"User name or password is incorrect."}';
		simulator.faults.push({ kind: 'status', status: 401, body, where });
		expect(await failureOf(passwordRun(simulator))).toMatchObject({
			code: 'DOCUWARE_WRONG_PASSWORD',
			message: expect.stringContaining('is incorrect'),
		});
		await letRefusalsAge(24 * 60 * MINUTE);
		expect(await codeOf(passwordRun(simulator))).toBe('DOCUWARE_WRONG_PASSWORD');
		expect(logOnsOf(simulator)).toBe(1);
		simulator.world.users[0]!.password = 'another';
		expect(await codeOf(passwordRun(simulator, { password: 'another' }))).toBe('200');
	});

	// Whoever stands in between could say so, and stop those for good who check to whom they speak.
	it('over an unchecked certificate holds a credential that checks it for a pause only', async () => {
		const simulator = await DocuWareSimulator.start({ tls: selfSignedCertificate() });
		try {
			const body = '{"Message":"User name or password is incorrect."}';
			simulator.faults.push({ kind: 'status', status: 401, body, where });
			const unchecked = passwordRun(simulator, { ignoreSslIssues: true });
			const checking = passwordRun(simulator);
			expect(await codeOf(unchecked)).toBe('DOCUWARE_WRONG_PASSWORD');
			await letRefusalsAge(4 * MINUTE);
			expect((await failureOf(checking)).repair).toMatch(/again at \d{4}-\d\d-\d\dT/);
			await letRefusalsAge(MINUTE);
			// It goes as far as the certificate.
			expect(await codeOf(checking)).toBe('HTTP_TLS_ERROR');
			expect(await codeOf(unchecked)).toBe('DOCUWARE_WRONG_PASSWORD');
			expect(logOnsOf(simulator)).toBe(1);
		} finally {
			await simulator.close();
		}
	});

	it('is no wrong password where the words give another reason', async () => {
		const simulator = await bench.simulator();
		const body = '{"Message":"A verification code is required."}';
		simulator.faults.push({ kind: 'status', status: 401, body, where });
		expect(await failureOf(passwordRun(simulator))).toMatchObject({
			code: 'DOCUWARE_LOGON_REFUSED',
			message: expect.stringContaining('A verification code is required.'),
			repair: expect.stringContaining('app registration'),
			retryAt: expect.any(Number),
		});
	});

	it.each([
		['in the text', { body: '{"Message":"The license of this DocuWare system has expired."}' }],
		['in a header', { body: '', headers: { reason: 'LicenseExpired' } }],
	])('for a licence that has expired, %s, is about renewing it', async (_where, answer) => {
		const simulator = await bench.simulator();
		simulator.faults.push({ kind: 'status', status: 401, where, ...answer });
		const failure = await failureOf(passwordRun(simulator));
		expect(failure.code).toBe('DOCUWARE_LOGON_REFUSED');
		expect(failure.message).toMatch(/licen[cs]e/i);
		expect(failure.repair).toMatch(/renew/);
		expect(failure.repair).not.toMatch(/two minutes|new password|Wait for a Licence/);
		expect(logOnsOf(simulator)).toBe(1);
	});

	it('of a request for a licence that has expired costs no log-on', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 9 });
		const run = passwordRun(simulator, NAMED);
		const session = await sessionFor(run);
		await session.logOn();
		const body = '{"Message":"License expired"}';
		const route = 'Organizations';
		simulator.faults.push({ kind: 'status', status: 401, body, where: { tags: { route } } });
		expect((await session.request(GET)).status).toBe(401);
		expect(simulator.faults.size).toBe(0);
		expect(simulator.counters.logOns.password).toBe(1);
	});

	it('is tried before by the credential test and Force, once a minute at most', async () => {
		const simulator = await bench.simulator();
		simulator.faults.push({ kind: 'status', status: 401, body: '', where, times: 3 });
		const run = passwordRun(simulator);
		expect(await codeOf(run)).toBe('DOCUWARE_WRONG_PASSWORD');
		const forced = async () => await (await sessionFor(run)).logOn({ force: true });
		await expect(forced()).rejects.toMatchObject({ code: 'DOCUWARE_WRONG_PASSWORD' });
		expect(logOnsOf(simulator)).toBe(2);
		expect((await testCredential(run)).message).toContain('nothing was sent since');
		await expect(forced()).rejects.toMatchObject({ code: 'DOCUWARE_WRONG_PASSWORD' });
		expect(logOnsOf(simulator)).toBe(2);
		await letRefusalsAge(MINUTE);
		expect((await testCredential(run)).status).toBe('Error');
		expect(logOnsOf(simulator)).toBe(3);
		await letRefusalsAge(MINUTE);
		expect((await testCredential(run)).status).toBe('OK');
	});

	it('is one per pause with Organization too: whom a person asks goes instead of the other', async () => {
		const simulator = await bench.simulator({ version: '7.10' });
		const wrong = passwordRun(simulator, { ...NAMED, password: 'wrong' });
		const sent = () => [logOnsOf(simulator), simulator.counters.grantErrors.invalid_grant ?? 0];
		await Promise.all([1, 2, 3].map(async () => await codeOf(wrong)));
		expect(sent()).toEqual([1, 0]);
		await letRefusalsAge(5 * MINUTE);
		await Promise.all([1, 2, 3].map(async () => await codeOf(wrong)));
		expect(sent()).toEqual([2, 0]);
		expect((await testCredential(wrong)).message).toContain('DOCUWARE_WRONG_PASSWORD');
		expect(sent()).toEqual([2, 1]);
		await Promise.all([1, 2].map(async () => await testCredential(wrong)));
		expect(sent()).toEqual([2, 1]);
	});

	it('by the Identity Service, while the licence is booked, costs one question', async () => {
		const simulator = await bench.simulator({
			concurrentLicences: 1,
			licenceCheck: 'beforePassword',
		});
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		const wrong = passwordRun(simulator, { password: 'wrong', licenceWaitSeconds: 30 });
		expect(await codeOf(wrong)).toBe('DOCUWARE_WRONG_PASSWORD');
		expect(simulator.counters.grantErrors.invalid_grant).toBe(1);
	});

	it('for a lock leaves the login token of the vault for the next time', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 1 });
		const session = await sessionFor(passwordRun(simulator));
		await session.createLoginToken();
		await session.logOff({ createTokenFirst: false });
		const body = '{"Message":"The user is locked."}';
		const route = 'Account/TokenLogOn';
		simulator.faults.push({ kind: 'status', status: 401, body, where: { tags: { route } } });
		expect(await codeOf(passwordRun(simulator))).toBe('DOCUWARE_LOGON_REFUSED');
		await letRefusalsAge(MINUTE);
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
	});
});

describe('a password that was changed while its session holds the only licence', () => {
	const bench = useDocuWare();

	it('goes on with that session once the Identity Service has confirmed it', async () => {
		const switches = { concurrentLicences: 1, licenceCheck: 'afterPassword' } as const;
		const simulator = await bench.simulator(switches);
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		simulator.world.users[0]!.password = 'a new password';
		const changed = { password: 'a new password', licenceWaitSeconds: 0 };
		expect(await codeOf(passwordRun(simulator, changed))).toBe('200');
		await bench.restart();
		expect(await codeOf(passwordRun(simulator, changed))).toBe('200');
		expect(simulator.counters.logOns.password).toBe(1);
		expect(simulator.counters.licences.refused).toBe(1);
		expect(await codeOf(passwordRun(simulator, { password: 'wrong', licenceWaitSeconds: 0 }))).toBe(
			'DOCUWARE_WRONG_PASSWORD',
		);
	});

	it('cannot be confirmed where there is no Identity Service, and the licence is missed', async () => {
		const simulator = await bench.simulator({ version: '7.7', concurrentLicences: 1 });
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		simulator.world.users[0]!.password = 'a new password';
		const changed = { password: 'a new password', licenceWaitSeconds: 0 };
		expect(await codeOf(passwordRun(simulator, changed))).toBe('DOCUWARE_NO_LICENCE');
	});
});
