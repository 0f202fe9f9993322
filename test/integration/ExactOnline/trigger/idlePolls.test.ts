import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { useTrigger } from './support/triggerBench';

// The service's clock goes with that of n8n, which the tests move.
const bench = useTrigger(0, () => Date.now());

const MINUTE_MS = 60_000;

let passed = 0;
let clock: jest.SpyInstance | undefined;

beforeEach(() => {
	const real = Date.now;
	passed = 0;
	clock = jest.spyOn(Date, 'now').mockImplementation(() => real() + passed);
});

afterEach(() => clock?.mockRestore());

const centers = (options = {}) => bench.context({ entity: 'costCenter', options });

/** @param at when the service writes the time of the change */
const add = (prefix: string, count: number, at = Date.now()) =>
	bench.simulator.addRows(
		FIRST_DIVISION,
		'hrm/Costcenters',
		Array.from({ length: count }, (_, n) => ({ Code: `${prefix}${n}`, Description: 'Imported' })),
		{ at },
	);

/** One poll some minutes after the one before: what it gives, and the pages of rows that it reads. */
async function pollAfter(minutes: number, context = centers()) {
	passed += minutes * MINUTE_MS;
	bench.simulator.log.clear();
	const { rows } = await bench.poll(context);
	const pages = bench.simulator.log.entries.filter(
		({ path, status }) => path.endsWith('/hrm/Costcenters') && status !== 401,
	);
	return { codes: rows.map(({ Code }) => String(Code)), pages: pages.length };
}

describe.each(['dutch', 'greenwich'] as const)('where times are %s ones', (stampClock) => {
	beforeEach(() => void bench.simulator.configure({ stampClock }));

	// Red before: each poll read all 300 again, for ever.
	it('idle polls end reading again what an import has left', async () => {
		await bench.poll(centers());
		add('I', 300);
		expect((await pollAfter(1)).codes).toHaveLength(300);
		const pages: number[] = [];
		for (let polls = 0; polls < 8; polls += 1) {
			const polled = await pollAfter(30);
			expect(polled.codes).toEqual([]);
			pages.push(polled.pages);
		}
		// A poll begins ten minutes before the one before; Dutch clocks are up to two hours ahead of Greenwich.
		expect(pages.slice(stampClock === 'dutch' ? 5 : 1)).toEqual(
			stampClock === 'dutch' ? [1, 1, 1] : [1, 1, 1, 1, 1, 1, 1],
		);
	});

	it('what shows late is found all the same, after hours without news and after a backlog', async () => {
		await bench.poll(centers());
		add('I', 130);
		expect((await pollAfter(1)).codes).toHaveLength(130);
		for (let hours = 0; hours < 4; hours += 1) expect((await pollAfter(60)).codes).toEqual([]);
		add('L', 1, Date.now() - 9 * MINUTE_MS);
		expect((await pollAfter(0)).codes).toEqual(['L0']);
		add('B', 100);
		const few = () => centers({ mostItems: 40 });
		expect((await pollAfter(1, few())).codes).toHaveLength(40);
		// Written before the first rows of the backlog, and shown after these have been read.
		add('M', 1, Date.now() - 9 * MINUTE_MS);
		const rest: string[] = [];
		for (let polls = 0; polls < 8; polls += 1) rest.push(...(await pollAfter(1, few())).codes);
		expect(rest).toHaveLength(61);
		expect(rest).toContain('M0');
	});
});

// Red before: rows of supplier items said so for ever, although nobody is told of their deletions at any time.
it.each([
	['account', 'crm/Accounts', { Name: 'Late' }, true],
	['supplierItem', 'logistics/SupplierItem', { SupplierItemCode: 'Late' }, undefined],
])(
	'where the last look was two months ago rows of a %s say what is known of deletions',
	async (entity, endpoint, row, deletionsMayBeMissing) => {
		const context = () => bench.context({ entity });
		await bench.poll(context());
		passed += 56 * 24 * 60 * MINUTE_MS;
		bench.connect();
		bench.simulator.addRows(FIRST_DIVISION, endpoint, [row]);
		const { rows } = await bench.poll(context());
		expect(rows).toMatchObject([row]);
		expect(rows[0]?.deletionsMayBeMissing).toBe(deletionsMayBeMissing);
	},
);
