import { systemClock } from '../../../../nodes/ExactOnline/api/limits/clock';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { until } from '../../../support/until';
import { noteDeletions } from './support/noteDeletions';
import { changes, names } from './support/polledRows';
import { useTrigger } from './support/triggerBench';

const bench = useTrigger();

it('never waits for a limit: the poll ends, and the next one goes on', async () => {
	const from = () => bench.context({ start: 'date', startDate: '2001-01-01' });
	bench.simulator.configure({ minutelyLimit: 2 });
	const waits = jest.spyOn(systemClock, 'sleep');
	expect((await bench.poll(from())).isNull).toBe(true);
	expect(bench.simulator.counters.apiCalls).toBeGreaterThan(1);
	expect(waits).not.toHaveBeenCalled();
	waits.mockRestore();
	// As after that minute, also by the clock of the vault.
	bench.simulator.configure({ minutelyLimit: 100_000 });
	bench.simulator.reset();
	bench.forgetCalls();
	const now = Date.now();
	const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + 61_000);
	try {
		expect(names(await bench.poll(from()))).toHaveLength(3);
	} finally {
		clock.mockRestore();
	}
});

it('never waits for a limit where it is asked whose the log-in is either, and what that brings is kept', async () => {
	const from = () => bench.context({ start: 'date', startDate: '2001-01-01' });
	const { api } = bench.simulator.faults;
	const headers = { 'retry-after': '2' };
	api.push({ kind: 'status', status: 429, headers, where: { path: 'current/Me' } });
	expect((await bench.poll(from())).isNull).toBe(true);
	expect(api.size).toBe(0);
	// A further one joins the same question, and does not wait for it either.
	const [chain] = Object.values(bench.simulator.chains());
	expect((await bench.poll(from())).isNull).toBe(true);
	expect(Object.values(bench.simulator.chains())).toEqual([chain]);
	const rows: unknown[] = [];
	const isThere = async () => rows.push(...names(await bench.poll(from()))) > 0;
	await until(isThere, { pollMs: 200 });
	expect(rows).toHaveLength(3);
});

it('an outage that asks for a long pause is told as one, and not taken for a limit', async () => {
	await bench.poll();
	const down = {
		...{ kind: 'status' as const, status: 503, headers: { 'retry-after': '30' } },
		...{ times: Infinity, where: { path: '/sync/' } },
	};
	bench.simulator.faults.api.push(down);
	await expect(bench.poll()).rejects.toMatchObject({
		message: expect.stringContaining('[EXACT_SERVER_ERROR]'),
	});
	bench.simulator.faults.api.clear();
	await bench.account('After');
	expect(names(await bench.poll())).toEqual(['After']);
});

// Red before: the changes met the same pause, and the poll lost all the deletions that it had read, as did each one after it.
it('a pause within a long list of deletions leaves what was read of it read', async () => {
	const context = () => bench.context({ options: { mostItems: 10_000 } });
	await bench.poll(context());
	const { simulator } = bench;
	noteDeletions(simulator, FIRST_DIVISION, 2_010);
	await bench.account('After');
	const pause = { kind: 'status' as const, status: 503, headers: { 'retry-after': '30' } };
	simulator.faults.api.push({ ...pause, times: Infinity, skip: 2, where: { path: '/sync/' } });
	const first = await bench.poll(context());
	expect(first.rows).toHaveLength(2_000);
	expect(new Set(changes(first))).toEqual(new Set(['deleted']));
	simulator.faults.api.clear();
	const rest = await bench.poll(context());
	expect(rest.rows).toHaveLength(11);
	expect(names(rest)).toContain('After');
	expect((await bench.poll(context())).isNull).toBe(true);
});

it('asks what is refused for ever less often than Exact Online blocks an app for', async () => {
	const log: unknown[][] = [];
	const context = () => bench.context({}, { log });
	await bench.poll(context());
	const where = { path: '/sync/' };
	bench.simulator.faults.api.push({ kind: 'status', status: 403, times: Infinity, where });
	const { apiCalls } = bench.simulator.counters;
	let failures = 0;
	for (let polls = 0; polls < 20; polls += 1) {
		await bench.poll(context()).catch(() => (failures += 1));
	}
	expect(failures).toBeGreaterThan(0);
	// Ten errors of one endpoint within an hour block the app there.
	expect(bench.simulator.counters.apiCalls - apiCalls).toBeLessThanOrEqual(9);
	expect(bench.simulator.counters.apiCalls - apiCalls).toBeGreaterThan(0);
});
