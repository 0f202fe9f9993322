import { passwordRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { isHeldBack } from './support/nextLooks';
import { until } from '../../support/until';
import { useDocuWare } from './support/useDocuWare';

const LOG_OFF_WHEN_IDLE = { sessionPolicy: 'logOffWhenIdle', idleSeconds: 0 } as const;

describe('a process that is killed in the run of a credential that keeps the session', () => {
	const bench = useDocuWare();

	// Red before: only the end of the run left the mark, so the session was logged off.
	it('has left the mark that holds it against the idle log-off of another credential', async () => {
		const simulator = await bench.simulator();
		const worker = await bench.worker();
		const work = { run: passwordRun(simulator), requests: 11, parallel: 1, pauseAfter: 10 };
		const killed = worker.call(work).catch(() => 'killed');
		await worker.progressed(10);
		await worker.end('SIGKILL');
		expect(await killed).toBe('killed');
		const session = await sessionFor({
			...passwordRun(simulator, LOG_OFF_WHEN_IDLE),
			credentialId: 'idler',
		});
		expect((await session.request({ method: 'GET', url: 'Organizations' })).status).toBe(200);
		await session.release();
		await until(() => isHeldBack() || simulator.counters.logOffs > 0);
		expect(simulator.counters).toMatchObject({ logOns: { password: 1, token: 0 }, logOffs: 0 });
	});
});

describe('one execution with a credential that keeps the session and one that does not', () => {
	const bench = useDocuWare();

	// Red before: whichever ended last left its policy alone, and its idle log-off ended the session.
	it('keeps it, whichever comes first and whichever ends last', async () => {
		const simulator = await bench.simulator();
		const keeps = passwordRun(simulator);
		const idles = { ...passwordRun(simulator, LOG_OFF_WHEN_IDLE), credentialId: 'idler' };
		const { executionId } = keeps;
		const idler = await sessionFor({ ...idles, executionId });
		await idler.request({ method: 'GET', url: 'Organizations' });
		const keeper = await sessionFor(keeps);
		await keeper.request({ method: 'GET', url: 'Organizations' });
		await keeper.release();
		await idler.release();
		await until(() => isHeldBack() || simulator.counters.logOffs > 0);
		expect(simulator.counters).toMatchObject({ logOns: { password: 1, token: 0 }, logOffs: 0 });
	});
});
