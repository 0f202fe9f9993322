import type { IDataObject } from 'n8n-workflow';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { names } from './support/polledRows';
import { useTrigger } from './support/triggerBench';

// All clocks go together.
const bench = useTrigger(3, () => Date.now());
const MINUTES_MS = 5 * 60_000;
const HOURS_MS = 4 * 3_600_000;

let clock: jest.SpyInstance | undefined;

/** Some hours later, by all clocks. */
const later = (ms = HOURS_MS) => {
	const now = Date.now() + ms;
	clock?.mockRestore();
	clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
};

afterEach(() => {
	clock?.mockRestore();
	bench.simulator.faults.api.clear();
});

const publishing = (parameters: IDataObject = {}) =>
	bench.context(parameters, { activation: 'activate' });
const change = (Name: string, code = FIRST_DIVISION) =>
	bench.simulator.addRows(code, 'crm/Accounts', [{ Name }]);

it.each([
	['a wrong setting', { events: [] }, 'EXACT_INVALID_VALUE'],
	['a connection that somebody has to mend', {}, 'EXACT_UNAUTHORIZED'],
])('a publishing that %s forbids is no beginning', async (_what, wrong, code) => {
	// Whose connection it is has been asked before.
	await bench.poll(bench.context({}, { nodeId: 'another one' }));
	if (code === 'EXACT_UNAUTHORIZED') {
		const refused = { kind: 'status' as const, status: 401, times: Infinity };
		bench.simulator.faults.api.push({ ...refused, where: { path: '/sync/' } });
	}
	await expect(bench.poll(publishing(wrong))).rejects.toThrow(`[${code}]`);
	bench.simulator.faults.api.clear();
	change('Between');
	later();
	expect(names(await bench.poll(publishing()))).toEqual([]);
	change('After');
	later();
	expect(names(await bench.poll())).toEqual(['After']);
});

it('what was deleted a few minutes before a publishing is no news', async () => {
	const before = await bench.account('Gone before');
	const after = await bench.account('Gone after');
	await bench.write('DELETE', `crm/Accounts(guid'${before}')`);
	later(MINUTES_MS);
	expect((await bench.poll(publishing())).isNull).toBe(true);
	await bench.write('DELETE', `crm/Accounts(guid'${after}')`);
	expect((await bench.poll()).rows).toMatchObject([{ recordId: after, change: 'deleted' }]);
});

it('a publishing while a poll of the node runs is the beginning', async () => {
	const dated = { start: 'date', startDate: '2001-01-01' };
	expect(names(await bench.poll(bench.context(dated)))).toHaveLength(3);
	const hold = bench.simulator.holds.hold('apiReceived', { where: { path: '/sync/' } });
	const slow = bench.poll(bench.context(dated));
	const held = await hold.waiting();
	expect((await bench.poll(publishing())).isNull).toBe(true);
	held.release();
	await slow;
	change('Meanwhile');
	later();
	expect(names(await bench.poll())).toEqual(['Meanwhile']);
});

it('divisions that wait for their turn keep their beginning where others are chosen then', async () => {
	const [first = 0, second = 0, third = 0] = bench.simulator.world.divisions;
	const of = (...divisions: number[]) => ({
		options: { severalDivisions: 'chosen', divisions: divisions.map(String) },
	});
	const real = performance.now.bind(performance);
	const read = () =>
		Object.keys(bench.simulator.counters.apiCallsByEndpoint).some((path) =>
			/^sync\/crm/i.test(path),
		);
	const time = jest
		.spyOn(performance, 'now')
		.mockImplementation(() => real() + (read() ? 24_000 : 0));
	await bench.poll(publishing(of(first, second)));
	time.mockRestore();
	change('In the second', second);
	change('In the third', third);
	later();
	expect(names(await bench.poll(publishing(of(second, third))))).toEqual(['In the second']);
	change('Later in the third', third);
	later();
	const all = await bench.poll(bench.context(of(second, third)));
	expect(names(all)).toEqual(['Later in the third']);
});

it('a date that cannot be read any more counts only where something begins', async () => {
	const dated = { start: 'date', startDate: '={{ $json.date }}' };
	const [, second = 0] = bench.simulator.world.divisions;
	const contextOf = (date: string, divisions: number[]) => {
		const options = { severalDivisions: 'chosen', divisions: divisions.map(String) };
		const context = publishing({ ...dated, options });
		const { getNodeParameter } = context;
		context.getNodeParameter = ((name: string, ...more: []) =>
			name === 'startDate'
				? date
				: (getNodeParameter as (...all: unknown[]) => unknown)(name, ...more)) as never;
		return context;
	};
	const both = [FIRST_DIVISION, second];
	expect(names(await bench.poll(contextOf('2001-01-01', both)))).toHaveLength(6);
	change('New');
	expect(names(await bench.poll(contextOf('no date', [FIRST_DIVISION])))).toEqual(['New']);
	const [, , third = 0] = bench.simulator.world.divisions;
	await expect(bench.poll(contextOf('no date', [third]))).rejects.toThrow('EXACT_INVALID_VALUE');
});
