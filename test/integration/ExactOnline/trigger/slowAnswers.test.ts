import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { useTrigger } from './support/triggerBench';

const bench = useTrigger();

let time: jest.SpyInstance | undefined;

afterEach(() => time?.mockRestore());

/** From now on each answer takes so long. */
function slow(seconds: number): void {
	const real = performance.now.bind(performance);
	const before = bench.simulator.counters.apiCalls;
	time = jest
		.spyOn(performance, 'now')
		.mockImplementation(
			() => real() + (bench.simulator.counters.apiCalls - before) * seconds * 1_000,
		);
}

/** What polls give until three of them in a row give nothing, each with its calls. */
async function drained(parameters = {}) {
	const given: Array<Record<string, unknown>> = [];
	const calls: number[] = [];
	for (let empty = 0; empty < 4;) {
		const before = bench.simulator.counters.apiCalls;
		const { rows } = await bench.poll(bench.context(parameters));
		calls.push(bench.simulator.counters.apiCalls - before);
		given.push(...rows);
		empty = rows.length > 0 ? 0 : empty + 1;
	}
	return { given, calls };
}

it.each([16, 20, 26])(
	'where each answer takes %s s changes and deletions come all the same, by one call a poll',
	async (seconds) => {
		await bench.poll();
		const gone = await bench.account('Gone');
		await bench.poll();
		slow(seconds);
		await bench.write('DELETE', `crm/Accounts(guid'${gone}')`);
		const id = await bench.account('New');
		const { given, calls } = await drained();
		expect(given).toHaveLength(2);
		expect(given).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ recordId: gone, change: 'deleted' }),
				expect.objectContaining({ recordId: id, change: 'created' }),
			]),
		);
		expect(Math.max(...calls)).toBe(1);
	},
);

it('a first poll, and the hourly question for moves, take a poll of their own then', async () => {
	// Whose connection it is has been asked before.
	await bench.poll(bench.context({}, { nodeId: 'another one' }));
	slow(20);
	const dated = { start: 'date', startDate: '2001-01-01' };
	expect((await drained(dated)).given).toHaveLength(3);
	bench.simulator.addRows(FIRST_DIVISION, 'crm/Accounts', [{ Name: 'New' }]);
	const now = Date.now() + 3 * 3_600_000;
	const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
	const { given, calls } = await drained(dated);
	clock.mockRestore();
	expect(given).toMatchObject([{ Name: 'New' }]);
	expect(Math.max(...calls)).toBe(1);
});
