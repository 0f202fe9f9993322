import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { useTrigger, type Polled } from './support/triggerBench';

// Where a record is read before, that tells where to begin.
const bench = useTrigger(0);

const MINUTE_MS = 60_000;

let clock: jest.SpyInstance | undefined;

/** From now on n8n's clock is ahead of Exact's. */
function setAhead(ms: number): void {
	const real = Date.now;
	clock = jest.spyOn(Date, 'now').mockImplementation(() => real() + ms);
}

afterEach(() => clock?.mockRestore());

const publishing = (parameters = {}) => bench.context(parameters, { activation: 'activate' });

const names = ({ rows }: Polled) => rows.map(({ Name, Description }) => Name ?? Description);

const add = (text: string, endpoint = 'crm/Accounts') =>
	bench.simulator.addRows(FIRST_DIVISION, endpoint, [
		endpoint === 'crm/Accounts' ? { Name: text } : { Code: text.slice(0, 2), Description: text },
	]);

it.each([
	['seconds', 1_500],
	['minutes', 5 * MINUTE_MS],
	['hours', 180 * MINUTE_MS],
])('with Now nothing is lost where the clock of n8n is %s ahead', async (_what, ms) => {
	setAhead(ms);
	expect((await bench.poll(publishing())).isNull).toBe(true);
	add('Right after');
	expect(names(await bench.poll())).toEqual(['Right after']);
	expect((await bench.poll()).isNull).toBe(true);
});

it.each(['dutch', 'greenwich'] as const)(
	'nor of an entity without a twin, with %s times, after publishing or after a poll without news',
	async (stampClock) => {
		bench.simulator.configure({ stampClock });
		setAhead(180 * MINUTE_MS);
		const centers = { entity: 'costCenter' };
		expect((await bench.poll(publishing(centers))).isNull).toBe(true);
		add('Right after', 'hrm/Costcenters');
		expect(names(await bench.poll(bench.context(centers)))).toEqual(['Right after']);
		expect((await bench.poll(bench.context(centers))).isNull).toBe(true);
		add('Later', 'hrm/Costcenters');
		expect(names(await bench.poll(bench.context(centers)))).toEqual(['Later']);
	},
);

it('nor where Exact Online answers only after publishing, or where its lists of divisions are refused', async () => {
	setAhead(180 * MINUTE_MS);
	const { api } = bench.simulator.faults;
	const refused = { kind: 'status' as const, status: 403, times: Infinity };
	api.push({ ...refused, where: { path: '/system/' } });
	api.push({ ...refused, where: { path: '/hrm/Divisions' } });
	api.push({ kind: 'status', status: 503, where: { path: '/sync/' } });
	const log: unknown[][] = [];
	const first = bench.context({}, { activation: 'activate', log });
	expect((await bench.poll(first)).isNull).toBe(true);
	add('Right after');
	expect(names(await bench.poll())).toEqual(['Right after']);
});

it('nor where the clock of n8n is behind, and Exact writes the times of Greenwich', async () => {
	bench.simulator.configure({ stampClock: 'greenwich' });
	setAhead(-5 * MINUTE_MS);
	expect((await bench.poll(publishing())).isNull).toBe(true);
	add('Right after');
	expect(names(await bench.poll())).toEqual(['Right after']);
});

it('what changed well before publishing stays out all the same', async () => {
	bench.simulator.addRows(FIRST_DIVISION, 'crm/Accounts', [{ Name: 'Before' }], {
		at: Date.now() - 10 * MINUTE_MS,
	} as never);
	setAhead(5 * MINUTE_MS);
	expect((await bench.poll(publishing())).isNull).toBe(true);
});
