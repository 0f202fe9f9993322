import { ConnectorError } from '../../../../nodes/shared/errors';
import { CursorStore } from '../../../../nodes/shared/node/keptCursors';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { locator } from '../../../support/n8nContext';
import { names } from './support/polledRows';
import { useTrigger, type Polled } from './support/triggerBench';

const bench = useTrigger();

describe('what changes after publishing is found', () => {
	const HOURS_MS = 4 * 3_600_000;
	let clock: jest.SpyInstance | undefined;

	/** Some hours later, by all clocks. */
	const later = () => {
		const real = Date.now;
		clock = jest.spyOn(Date, 'now').mockImplementation(() => real() + HOURS_MS);
	};

	afterEach(() => {
		clock?.mockRestore();
		bench.simulator.faults.api.clear();
	});

	const ofMeanwhile = ({ rows }: Polled) => rows.filter(({ Name }) => Name === 'Meanwhile');

	/** Divisions whose change was found, until nothing comes any more. */
	const found = async (context: () => ReturnType<typeof bench.context>) => {
		const codes = new Set<unknown>();
		for (let polls = 0; polls < 6; polls += 1) {
			for (const { division } of ofMeanwhile(await bench.poll(context()))) codes.add(division);
		}
		return codes;
	};

	const all = () => bench.simulator.world.divisions;
	const change = (codes: readonly number[]) => {
		for (const code of codes)
			bench.simulator.addRows(code, 'crm/Accounts', [{ Name: 'Meanwhile' }]);
	};

	it.each([
		['the current division', { division: locator('current') }],
		['all divisions', { options: { severalDivisions: 'all' } }],
	])('although Exact Online did not say then which division that is: %s', async (_what, chosen) => {
		// Whose connection it is has been asked before.
		await bench.poll(bench.context({}, { nodeId: 'another one' }));
		const log: unknown[][] = [];
		const published = bench.context(chosen, { activation: 'activate', log });
		const down = { kind: 'status' as const, status: 503, headers: { 'retry-after': '30' } };
		bench.simulator.faults.api.push({ ...down, times: Infinity, where: { path: 'current/Me' } });
		expect((await bench.poll(published)).isNull).toBe(true);
		expect(log).toEqual([[expect.stringContaining('EXACT_SERVER_ERROR'), expect.anything()]]);
		bench.simulator.faults.api.clear();
		change([FIRST_DIVISION]);
		later();
		expect(ofMeanwhile(await bench.poll(published))).toHaveLength(1);
	});

	it.each(['init', 'activate'] as const)(
		'although the vault did not answer then (%s)',
		async (activation) => {
			const published = () => bench.context({}, { activation });
			const away = new ConnectorError('VAULT_UNAVAILABLE', 'It is away.', {
				repair: 'Wait.',
				retryable: true,
			});
			const down = jest.spyOn(CursorStore.prototype, 'change').mockRejectedValue(away);
			const first = await bench.poll(published()).catch(({ message }: Error) => message);
			down.mockRestore();
			expect(first).toEqual(
				activation === 'init'
					? expect.objectContaining({ isNull: true })
					: expect.stringContaining('[VAULT_UNAVAILABLE]'),
			);
			change([FIRST_DIVISION]);
			later();
			expect(ofMeanwhile(await bench.poll(published()))).toHaveLength(1);
		},
	);

	it('although a limit was to be waited for then', async () => {
		await bench.poll(bench.context({}, { nodeId: 'another one' }));
		const log: unknown[][] = [];
		const settings = { activation: 'activate' as const, log };
		const published = bench.context({ division: locator('current') }, settings);
		const where = { path: 'current/Me' };
		bench.simulator.faults.api.push({ kind: 'status', status: 429, where });
		expect((await bench.poll(published)).isNull).toBe(true);
		expect(bench.simulator.faults.api.size).toBe(0);
		expect(log).toEqual([]);
		change([FIRST_DIVISION]);
		later();
		expect(ofMeanwhile(await bench.poll(published))).toHaveLength(1);
	});

	it('in divisions whose turn did not come in the first poll, since its time was over', async () => {
		const context = () => bench.context({ options: { severalDivisions: 'all' } });
		const real = performance.now.bind(performance);
		const { simulator } = bench;
		const read = () =>
			Object.entries(simulator.counters.apiCallsByEndpoint).flatMap(([path, calls]) =>
				/^sync\/crm/i.test(path) ? [calls] : [],
			);
		const time = jest
			.spyOn(performance, 'now')
			.mockImplementation(() => real() + (read().length > 0 ? 24_000 : 0));
		await bench.poll(context());
		time.mockRestore();
		expect(read()).toEqual([1]);
		change(all());
		later();
		expect(await found(context)).toEqual(new Set(all()));
	});

	it('in divisions whose turn did not come in the first poll, since the first one took all its time', async () => {
		const context = (budgetMs?: number) =>
			bench.context({ options: { severalDivisions: 'all' } }, {}, budgetMs);
		bench.simulator.faults.api.push({ kind: 'hang', where: { path: '/sync/' } });
		await expect(bench.poll(context(1_000))).rejects.toThrow('EXACT_POLL_OUT_OF_TIME');
		change(all());
		later();
		expect(await found(context)).toEqual(new Set(all()));
	});
});

it('a passing fault does not keep a workflow from being published, and what changes meanwhile is not lost', async () => {
	const down = { kind: 'status' as const, status: 503, times: Infinity, where: { path: '/sync/' } };
	bench.simulator.faults.api.push(down);
	const log: unknown[][] = [];
	const published = bench.context({}, { activation: 'activate', log });
	expect((await bench.poll(published)).isNull).toBe(true);
	expect(log).toHaveLength(1);
	bench.simulator.faults.api.clear();
	await bench.account('Meanwhile');
	expect(names(await bench.poll(published))).toEqual(['Meanwhile']);
});

it.each([
	['a status 503', { kind: 'status', status: 503 }],
	['a connection that breaks', { kind: 'reset' }],
] as const)(
	'%s of the token endpoint does not keep a workflow from being published, and is one error of the polls',
	async (_what, fault) => {
		// Another workflow has used the connection.
		await bench.poll(bench.context({}, { nodeId: 'another one' }));
		await bench.letPass(700);
		bench.simulator.faults.token.push({ ...fault, times: Infinity });
		const log: unknown[][] = [];
		const published = bench.context({}, { activation: 'activate', log });
		expect((await bench.poll(published)).isNull).toBe(true);
		expect(log).toHaveLength(1);
		await expect(bench.poll(published)).rejects.toThrow('EXACT_TOKEN_');
		expect((await bench.poll(published)).isNull).toBe(true);
		bench.simulator.faults.token.clear();
		await bench.letPass(700);
		bench.simulator.addRows(FIRST_DIVISION, 'crm/Accounts', [{ Name: 'Meanwhile' }]);
		expect(names(await bench.poll(published))).toEqual(['Meanwhile']);
	},
);
