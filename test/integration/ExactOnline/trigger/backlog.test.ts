import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { useTrigger, type Polled } from './support/triggerBench';

const bench = useTrigger();

it('a backlog is worked off over several polls', async () => {
	const context = () =>
		bench.context({ start: 'date', startDate: '2001-01-01', options: { mostItems: 2 } });
	const polls = [];
	for (let polled = await bench.poll(context()); !polled.isNull;) {
		polls.push(polled.rows.length);
		polled = await bench.poll(context());
	}
	expect(polls).toEqual([2, 1]);
});

describe('several divisions', () => {
	const codes = () => bench.simulator.world.divisions.slice(0, 3);
	const context = (mostItems = 1000) =>
		bench.context({
			...{ start: 'date', startDate: '2001-01-01' },
			options: { severalDivisions: 'chosen', divisions: codes().map(String), mostItems },
		});
	const divisions = ({ rows }: Polled) => rows.map(({ division }) => division);

	beforeEach(() => {
		for (const code of codes()) {
			const rows = [1, 2, 3].map((n) => ({ Name: `${n} in ${code}` }));
			bench.simulator.addRows(code, 'crm/Accounts', rows);
		}
	});

	it('have their turns, and none is left out', async () => {
		const seen = new Map<unknown, number>();
		const order: unknown[] = [];
		for (let polled = await bench.poll(context(2)); !polled.isNull;) {
			for (const { recordId } of polled.rows) seen.set(recordId, (seen.get(recordId) ?? 0) + 1);
			order.push(...new Set(divisions(polled)));
			polled = await bench.poll(context(2));
		}
		expect(new Set(order.slice(0, 3))).toEqual(new Set(codes()));
		expect(seen.size).toBeGreaterThanOrEqual(9);
		expect([...seen.values()].filter((times) => times > 1)).toEqual([]);
	});

	it('keep their cursors where they fail, and fail only all together', async () => {
		const [first] = codes();
		const refused = { kind: 'status' as const, status: 403, times: Infinity };
		bench.simulator.faults.api.push({ ...refused, where: { path: `${first}/sync/CRM` } });
		const some = await bench.poll(context());
		expect(new Set(divisions(some))).toEqual(new Set(codes().slice(1)));
		bench.simulator.faults.api.clear();
		expect(new Set(divisions(await bench.poll(context())))).toEqual(new Set([first]));
		bench.simulator.faults.api.push({ ...refused, where: { path: '/sync/' } });
		await expect(bench.poll(context())).rejects.toThrow('EXACT_FORBIDDEN');
		expect((await bench.poll(context())).isNull).toBe(true);
	});
});

it('an entity without a twin is polled by the time of change, each row once', async () => {
	const context = (mostItems = 1000) =>
		bench.context({ entity: 'costCenter', options: { mostItems } });
	await bench.poll(context());
	const rows = Array.from({ length: 130 }, (_, n) => ({
		Code: `C${n}`,
		Description: `Center ${n}`,
	}));
	bench.simulator.addRows(FIRST_DIVISION, 'hrm/Costcenters', rows);
	const codes: unknown[] = [];
	for (let polled = await bench.poll(context(50)); !polled.isNull;) {
		expect(polled.rows.length).toBeLessThanOrEqual(50);
		codes.push(...polled.rows.map(({ Code }) => Code));
		polled = await bench.poll(context(50));
	}
	expect(codes).toHaveLength(130);
	expect(new Set(codes).size).toBe(130);
});
