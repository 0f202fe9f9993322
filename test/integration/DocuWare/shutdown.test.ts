import { EXIT_CODE, TIMED_OUT } from './support/workerMessages';
import { passwordRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { useDocuWare } from './support/useDocuWare';

/** Far longer than any test: what logs off is the shutdown. */
const LOG_OFF_WHEN_IDLE = { sessionPolicy: 'logOffWhenIdle', idleSeconds: 600 } as const;

const ENDED_BY_ITSELF = { code: EXIT_CODE, signal: null };

/** The workers shut down as n8n does (`sessionWorker.ts`): listeners of `once`, then `process.exit`. */
describe('a process that used a session of Log Off When Idle and is told to end', () => {
	const bench = useDocuWare();

	it.each(['SIGTERM', 'SIGINT'] as const)(
		'%s: logs off, with a login token first, and keeps its exit code',
		async (signal) => {
			const simulator = await bench.simulator();
			const worker = await bench.worker();
			const run = passwordRun(simulator, LOG_OFF_WHEN_IDLE);
			await worker.call({ run, requests: 1, parallel: 1 });
			expect(simulator.counters.logOffs).toBe(0);
			expect(await worker.end(signal)).toEqual(ENDED_BY_ITSELF);
			expect(simulator.counters).toMatchObject({ logOffs: 1, loginTokens: { made: 1 } });
		},
	);

	it('lets an execution end first, on the session that is open', async () => {
		const simulator = await bench.simulator();
		const worker = await bench.worker();
		const run = passwordRun(simulator, LOG_OFF_WHEN_IDLE);
		const running = worker.call({ run, requests: 11, parallel: 1, pauseAfter: 10 });
		await worker.progressed(10);
		await worker.shutDown('SIGTERM');
		await worker.goOn();
		expect(await running).toEqual({ done: 11, failures: [] });
		expect(await worker.ended).toEqual(ENDED_BY_ITSELF);
		expect(simulator.counters).toMatchObject({
			logOns: { password: 1, token: 0 },
			logOffs: 1,
			unauthorized: { deadSession: 0 },
		});
	});

	it('leaves a session that another process uses to that one', async () => {
		const simulator = await bench.simulator();
		const worker = await bench.worker();
		const run = passwordRun(simulator, LOG_OFF_WHEN_IDLE);
		await worker.call({ run, requests: 1, parallel: 1 });
		const session = await sessionFor(passwordRun(simulator, LOG_OFF_WHEN_IDLE));
		await session.request({ method: 'GET', url: 'Organizations' });
		expect(await worker.end('SIGTERM')).toEqual(ENDED_BY_ITSELF);
		await session.request({ method: 'GET', url: 'Organizations' });
		expect(simulator.counters).toMatchObject({
			logOns: { password: 1, token: 0 },
			logOffs: 0,
			unauthorized: { deadSession: 0 },
		});
		await session.release();
	});

	it('is logged off by one of two processes that end at the same time', async () => {
		const simulator = await bench.simulator();
		const workers = [await bench.worker(), await bench.worker()];
		for (const worker of workers) {
			const run = passwordRun(simulator, LOG_OFF_WHEN_IDLE);
			await worker.call({ run, requests: 1, parallel: 1 });
		}
		const ends = await Promise.all(workers.map(async (worker) => await worker.end('SIGTERM')));
		expect(ends).toEqual([ENDED_BY_ITSELF, ENDED_BY_ITSELF]);
		expect(simulator.counters).toMatchObject({ logOns: { password: 1 }, logOffs: 1 });
	});

	it('leaves a session that an execution still uses when n8n gives up waiting for it', async () => {
		const simulator = await bench.simulator();
		const worker = await bench.worker();
		const run = passwordRun(simulator, LOG_OFF_WHEN_IDLE);
		const running = worker
			.call({ run, requests: 11, parallel: 1, pauseAfter: 10 })
			.catch(() => 'ended');
		await worker.progressed(10);
		expect(await worker.exit()).toEqual(ENDED_BY_ITSELF);
		expect(await running).toBe('ended');
		expect(simulator.counters.logOffs).toBe(0);
	});

	it.each(['Account/LogOff', 'Organization/LoginToken'])(
		'ends in its time where %s hangs',
		async (route) => {
			const simulator = await bench.simulator();
			const worker = await bench.worker({ N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '4' });
			const run = passwordRun(simulator, LOG_OFF_WHEN_IDLE);
			await worker.call({ run, requests: 1, parallel: 1 });
			const hold = simulator.holds.hold('platform.received', { where: { tags: { route } } });
			const end = worker.end('SIGTERM');
			const held = await hold.waiting();
			expect(await end).toEqual(ENDED_BY_ITSELF);
			held.drop();
			// The next process finds the session as the server has it: open.
			const session = await sessionFor(passwordRun(simulator));
			expect((await session.request({ method: 'GET', url: 'Organizations' })).status).toBe(200);
			expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
		},
	);

	it('logs off without a signal too, as at the end of `n8n execute`', async () => {
		const simulator = await bench.simulator();
		const worker = await bench.worker();
		const run = passwordRun(simulator, LOG_OFF_WHEN_IDLE);
		await worker.call({ run, requests: 1, parallel: 1 });
		expect(await worker.exit()).toEqual(ENDED_BY_ITSELF);
		expect(simulator.counters).toMatchObject({ logOffs: 1, loginTokens: { made: 1 } });
	});

	describe('as a worker of the queue', () => {
		// The older variable of n8n's workers goes before n8n's own.
		const TIMES = { QUEUE_WORKER_TIMEOUT: '4', N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '60' };

		it('logs off when its jobs have ended', async () => {
			const simulator = await bench.simulator();
			const env = { ...TIMES, QUEUE_WORKER_TIMEOUT: '60' };
			const worker = await bench.worker(env, ['worker']);
			const run = passwordRun(simulator, LOG_OFF_WHEN_IDLE);
			const running = worker.call({ run, requests: 11, parallel: 1, pauseAfter: 10 });
			await worker.progressed(10);
			await worker.shutDown('SIGTERM');
			expect(simulator.counters.logOffs).toBe(0);
			await worker.goOn();
			expect(await running).toEqual({ done: 11, failures: [] });
			expect(await worker.ended).toEqual(ENDED_BY_ITSELF);
			expect(simulator.counters).toMatchObject({
				logOns: { password: 1, token: 0 },
				logOffs: 1,
				loginTokens: { made: 1 },
				unauthorized: { deadSession: 0 },
			});
		});

		it('ends before the worker gives up where the log-off hangs', async () => {
			const simulator = await bench.simulator();
			const worker = await bench.worker(TIMES, ['worker']);
			const run = passwordRun(simulator, LOG_OFF_WHEN_IDLE);
			await worker.call({ run, requests: 1, parallel: 1 });
			const where = { tags: { route: 'Account/LogOff' } };
			const hold = simulator.holds.hold('platform.received', { where });
			const end = worker.end('SIGTERM');
			const held = await hold.waiting();
			expect(await end).toEqual(ENDED_BY_ITSELF);
			expect(worker.output).not.toContain(TIMED_OUT);
			held.drop();
		});
	});

	it('does nothing to a session that is kept', async () => {
		const simulator = await bench.simulator();
		const worker = await bench.worker();
		await worker.call({ run: passwordRun(simulator), requests: 1, parallel: 1 });
		expect(await worker.end('SIGTERM')).toEqual(ENDED_BY_ITSELF);
		expect(simulator.counters.logOffs).toBe(0);
	});
});
