import type { DocuWareSimulator } from '../../simulators/DocuWare';
import { issueLoginToken, passwordRun, tokenRun } from './support/credentials';
import type { FakeRun } from './support/fakeNode';
import { sessionFor } from './support/fakeNode';
import { codeOf, failureOf } from './support/outcomes';
import { useDocuWare } from './support/useDocuWare';

const TOKEN_LOG_ON = { tags: { route: 'Account/TokenLogOn' } };
const LOG_ON = { tags: { route: 'Account/Logon' } };

/** A session that was logged off, with the login token in the vault that opens the next one. */
async function leaveToken(run: FakeRun): Promise<void> {
	const session = await sessionFor(run);
	await session.logOn();
	await session.logOff();
	await session.release();
}

/** The policy that makes no token beside those of the log-off. */
const IDLE = { sessionPolicy: 'logOffWhenIdle' };

// Red before: the token went first for as long as it lived, and the good password not at all.
describe('a login token of the vault that opens nothing', () => {
	const bench = useDocuWare();
	const tokensSent = ({ counters }: DocuWareSimulator) =>
		counters.requests['POST Account/TokenLogOn'] ?? 0;

	it.each([
		['a log-in page', { status: 200, body: '<html>Sign in</html>' }],
		['success without cookies', { status: 200, body: '{}' }],
		['HTTP 500', { status: 500, body: '{"Message":"Object reference not set."}' }],
	])('but %s lets the password go out, and is given up', async (_what, answer) => {
		// A password gets no licence back that is held after the log-off.
		const simulator = await bench.simulator({ concurrentLicences: 9 });
		const run = passwordRun(simulator, IDLE);
		await leaveToken(run);
		simulator.faults.push({ kind: 'status', where: TOKEN_LOG_ON, times: Infinity, ...answer });
		expect(await codeOf(run)).toBe('200');
		expect(simulator.counters.logOns).toEqual({ password: 2, token: 0 });
		await (await sessionFor(run)).logOff({ createTokenFirst: false });
		expect(await codeOf(run)).toBe('200');
		expect(tokensSent(simulator)).toBe(1);
	});

	it('because the Identity Service takes none, after an update, lets the password go out', async () => {
		const simulator = await bench.simulator({ version: '7.10' });
		const run = passwordRun(simulator, IDLE);
		await leaveToken(run);
		simulator.configure({ version: '7.12' });
		const body = '{"error":"unsupported_grant_type"}';
		const where = { path: 'connect/token$' };
		simulator.faults.push({ kind: 'status', status: 400, body, where });
		expect(await codeOf(run)).toBe('200');
		expect(simulator.counters.grants).toMatchObject({ password: 1, dwtoken: 0 });
		expect(simulator.faults.size).toBe(0);
	});

	it('is kept where the password opens nothing either: the fault is the server’s', async () => {
		const simulator = await bench.simulator();
		const run = passwordRun(simulator, IDLE);
		await leaveToken(run);
		simulator.faults.push({ kind: 'status', status: 500, where: TOKEN_LOG_ON });
		simulator.faults.push({ kind: 'status', status: 500, where: LOG_ON });
		expect(await codeOf(run)).toBe('DOCUWARE_LOGON_FAILED');
		expect(await codeOf(run)).toBe('200');
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
	});

	it.each([502, 503, 504])(
		'with HTTP %i says nothing of itself: nothing else goes out',
		async (status) => {
			const simulator = await bench.simulator();
			const run = passwordRun(simulator, IDLE);
			await leaveToken(run);
			simulator.faults.push({ kind: 'status', status, where: TOKEN_LOG_ON });
			expect(await codeOf(run)).toBe('DOCUWARE_LOGON_FAILED');
			expect(await codeOf(run)).toBe('200');
			expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
		},
	);

	it('is told of by Token Log On, which sends no password', async () => {
		const simulator = await bench.simulator();
		const run = passwordRun(simulator, IDLE);
		await leaveToken(run);
		simulator.faults.push({ kind: 'status', status: 500, where: TOKEN_LOG_ON });
		const failed = (await sessionFor(run)).tokenLogOn();
		await expect(failed).rejects.toMatchObject({ code: 'DOCUWARE_LOGON_FAILED' });
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
	});

	it('is kept where the credential has nothing else: its own was for one use', async () => {
		const simulator = await bench.simulator();
		const run = tokenRun(simulator, issueLoginToken(simulator, 'Single'), { usage: 'Single' });
		await leaveToken(run);
		simulator.faults.push({ kind: 'status', status: 500, where: TOKEN_LOG_ON });
		expect((await failureOf(run)).code).toBe('DOCUWARE_LOGON_FAILED');
		expect(await codeOf(run)).toBe('200');
		expect(simulator.counters.logOns).toEqual({ password: 0, token: 2 });
	});

	it('leaves the turn to the one of the credential, where that may be used again', async () => {
		const simulator = await bench.simulator();
		const run = tokenRun(simulator, issueLoginToken(simulator));
		await leaveToken(run);
		simulator.faults.push({ kind: 'status', status: 500, where: TOKEN_LOG_ON });
		expect(await codeOf(run)).toBe('200');
		expect(simulator.counters.logOns).toEqual({ password: 0, token: 2 });
	});
});
