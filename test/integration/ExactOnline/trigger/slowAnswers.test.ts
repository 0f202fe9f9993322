import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { noteDeletions } from './support/noteDeletions';
import { useTrigger } from './support/triggerBench';

const bench = useTrigger();

/** What a poll may take, in ms: no other timer runs as long. */
const BUDGET_MS = 30_001;

const spies: jest.SpyInstance[] = [];
let stop: (() => void) | undefined;

/** Answers take no time any more. */
function quick(): void {
	for (const spy of spies.splice(0)) spy.mockRestore();
	stop?.();
}

afterEach(quick);

/**
 * From now on each answer takes so long by the clock of the polls, of which no time is left after 22.5 s; one that comes after 30 s
 * finds the poll given up, as its timer would have done.
 */
function slow(seconds: number): void {
	quick();
	const real = performance.now.bind(performance);
	const { counters, log } = bench.simulator;
	const before = counters.apiCalls;
	const now = () => real() + (counters.apiCalls - before) * seconds * 1_000;
	spies.push(jest.spyOn(performance, 'now').mockImplementation(now));
	let overtime: { at: number; abort: () => void } | undefined;
	const realTimeout = setTimeout;
	const timers = jest.spyOn(globalThis, 'setTimeout');
	timers.mockImplementation(((run: () => void, ms?: number) => {
		if (ms === BUDGET_MS) overtime = { at: now() + ms, abort: run };
		return realTimeout(run, ms);
	}) as typeof setTimeout);
	spies.push(timers);
	stop = log.on('processed', () => {
		if (overtime !== undefined && now() > overtime.at) overtime.abort();
	});
}

const divisions = [FIRST_DIVISION, FIRST_DIVISION + 7];

const timed = (parameters = {}, settings = {}, budgetMs = BUDGET_MS) =>
	bench.context(parameters, settings, budgetMs);

const orders = (options = {}, budgetMs?: number) =>
	timed(
		{
			entity: 'salesOrder',
			options: { severalDivisions: 'chosen', divisions: divisions.map(String), ...options },
		},
		{},
		budgetMs,
	);

/** An order with lines; its id. */
function order(division: number, lines = 1): unknown {
	const [account] = bench.simulator.rows(division, 'crm/Accounts');
	const header = { OrderedBy: account?.ID, Description: `An order of ${division}` };
	const [{ OrderID } = {}] = bench.simulator.addRows(division, 'salesorder/SalesOrders', [header]);
	const [item] = bench.simulator.rows(division, 'logistics/Items');
	if (lines === 0) return OrderID;
	const all = Array.from({ length: lines }, () => ({ OrderID, Item: item?.ID }));
	bench.simulator.addRows(division, 'salesorder/SalesOrderLines', all);
	return OrderID;
}

/** What polls give until as many in a row give nothing as there are divisions. */
async function drained(parameters = orders) {
	const given: Array<Record<string, unknown>> = [];
	for (let empty = 0; empty < divisions.length;) {
		const { rows } = await bench.poll(parameters());
		given.push(...rows);
		empty = rows.length > 0 ? 0 : empty + 1;
	}
	return given;
}

it.each([4, 8, 9])(
	'where each answer takes %s s, orders made since come as created, each once, with their lines',
	async (seconds) => {
		await drained();
		const made = divisions.flatMap((division) => [order(division), order(division)]);
		slow(seconds);
		const given = await drained();
		expect(given.map(({ recordId }) => recordId).sort()).toEqual([...made].sort());
		expect(new Set(given.map(({ change }) => change))).toEqual(new Set(['created']));
		expect(given.every(({ changedLineIds }) => (changedLineIds as unknown[]).length === 1)).toBe(
			true,
		);
	},
);

it.each([12, 20, 26])(
	'where each answer takes %s s, a poll cannot read three lists: it says so, and nothing is lost',
	async (seconds) => {
		await drained();
		const made = divisions.map((division) => order(division));
		slow(seconds);
		await expect(bench.poll(orders())).rejects.toThrow('EXACT_POLL_OUT_OF_TIME');
		// Said once an hour.
		expect((await bench.poll(orders())).isNull).toBe(true);
		quick();
		const given = await drained();
		expect(given.map(({ recordId }) => recordId).sort()).toEqual([...made].sort());
		expect(new Set(given.map(({ change }) => change))).toEqual(new Set(['created']));
	},
);

// Red before: of the deletions so much was read that no time was left for the lists behind them, in this poll and in each further one.
it('a long list of deletions leaves time for the lists behind it', async () => {
	const here = () => timed({ entity: 'salesOrder' });
	await bench.poll(here());
	const made = order(FIRST_DIVISION);
	noteDeletions(bench.simulator, FIRST_DIVISION, 3_500);
	slow(7);
	const first = await bench.poll(here());
	expect(first.rows).toMatchObject([{ recordId: made, change: 'created' }]);
	for (let polls = 0; polls < 4; polls += 1) expect((await bench.poll(here())).isNull).toBe(true);
});

// Red before: the answer was thrown away with the rest, and asked for again by each poll.
it('the hourly question for moves is answered once, also where the lists have no time beside it', async () => {
	const here = () => timed({ entity: 'salesOrder' });
	await bench.poll(here());
	const made = order(FIRST_DIVISION);
	const now = Date.now() + 2 * 3_600_000;
	const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
	try {
		// The token is renewed.
		await bench.poll(timed());
		slow(9);
		expect((await bench.poll(here())).isNull).toBe(true);
		expect((await bench.poll(here())).rows).toMatchObject([{ recordId: made }]);
	} finally {
		clock.mockRestore();
	}
});

// Red before: each of these polls asked for moves, read nothing and said nothing.
it('a trigger that polls less often than once an hour says that it has no time for the lists, and gives them once it has', async () => {
	const here = () => timed({ entity: 'salesOrder' });
	await bench.poll(here());
	const made = order(FIRST_DIVISION);
	let now = Date.now();
	const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
	const hoursLater = async () => {
		now += 2 * 3_600_000;
		slow(0);
		// The token is renewed.
		await bench.poll(timed());
		slow(9);
	};
	try {
		await hoursLater();
		expect((await bench.poll(here())).isNull).toBe(true);
		await hoursLater();
		await expect(bench.poll(here())).rejects.toThrow('EXACT_POLL_OUT_OF_TIME');
		slow(0);
		expect((await bench.poll(here())).rows).toMatchObject([{ recordId: made }]);
	} finally {
		clock.mockRestore();
	}
});

it('no line is read before the changes that a poll had no time for', async () => {
	await drained();
	// Three pages, of which a poll reads one beside that which is read again; the last ones have lines.
	const made = Array.from({ length: 2_050 }, (_, n) => order(FIRST_DIVISION, n < 2_040 ? 0 : 1));
	slow(7);
	const given = await drained(() => orders({ mostItems: 10_000 }));
	expect(given.map(({ recordId }) => recordId).sort()).toEqual([...made].sort());
	expect(new Set(given.map(({ change }) => change))).toEqual(new Set(['created']));
});

it('where the lists take more than a poll may, the poll says so, and the next one loses nothing', async () => {
	await drained();
	const made = divisions.map((division) => order(division));
	const { faults } = bench.simulator;
	faults.api.push({ kind: 'hang', where: { path: 'SalesOrderLines' } });
	await expect(bench.poll(orders({}, 1_000))).rejects.toThrow('EXACT_POLL_OUT_OF_TIME');
	expect(faults.api.size).toBe(0);
	const given = await drained();
	expect(given.map(({ recordId }) => recordId).sort()).toEqual([...made].sort());
	expect(new Set(given.map(({ change }) => change))).toEqual(new Set(['created']));
});

it('a first poll and one with the hourly question for moves read as well', async () => {
	// Whose connection it is has been asked before.
	await bench.poll(timed({}, { nodeId: 'another one' }));
	slow(7);
	const dated = () => timed({ start: 'date', startDate: '2001-01-01' });
	expect((await bench.poll(dated())).rows).toHaveLength(3);
	bench.simulator.addRows(FIRST_DIVISION, 'crm/Accounts', [{ Name: 'New' }]);
	const now = Date.now() + 3 * 3_600_000;
	const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
	const { rows } = await bench.poll(dated());
	clock.mockRestore();
	expect(rows).toMatchObject([{ Name: 'New' }]);
});

it('a backlog of lines alone is worked off in the time of polls, each with its document', async () => {
	const here = () => timed({ entity: 'salesOrder', options: { mostItems: 10_000 } });
	await bench.poll(here());
	const made = Array.from({ length: 600 }, () => order(FIRST_DIVISION));
	expect((await bench.poll(here())).rows).toHaveLength(600);
	bench.simulator.changeRows(FIRST_DIVISION, 'salesorder/SalesOrderLines', { Notes: 'Changed' });
	const given: Array<Record<string, unknown>> = [];
	let polls = 0;
	for (let isNull = false; !isNull; polls += 1) {
		const before = bench.simulator.counters.apiCalls;
		slow(2);
		const polled = await bench.poll(here());
		given.push(...polled.rows);
		({ isNull } = polled);
		expect((bench.simulator.counters.apiCalls - before) * 2).toBeLessThanOrEqual(30);
	}
	expect(polls).toBeGreaterThan(2);
	expect(given.map(({ recordId }) => recordId).sort()).toEqual([...made].sort());
	expect(new Set(given.map(({ Description }) => Description))).toEqual(
		new Set([`An order of ${FIRST_DIVISION}`]),
	);
	expect(given.flatMap(({ changedLineIds }) => changedLineIds)).toHaveLength(600);
});

it.each([
	['salesInvoice', 'salesinvoice/SalesInvoice', 'InvoiceID', 'InvoiceTo'],
	['purchaseOrder', 'purchaseorder/PurchaseOrder', 'PurchaseOrderID', 'Supplier'],
])(
	'also where lines of a %s stand in one list with their documents',
	async (entity, path, key, party) => {
		const here = () => timed({ entity, options: { mostItems: 10_000 } });
		await bench.poll(here());
		const { simulator } = bench;
		const [account] = simulator.rows(FIRST_DIVISION, 'crm/Accounts');
		const [item] = simulator.rows(FIRST_DIVISION, 'logistics/Items');
		const header = { [party]: account?.ID, YourRef: 'Of the document' };
		const headers = Array.from({ length: 600 }, () => header);
		const made = simulator.addRows(FIRST_DIVISION, `${path}s`, headers).map((row) => row[key]);
		const lines = made.map((id) => ({ [key]: id, Item: item?.ID }));
		simulator.addRows(FIRST_DIVISION, `${path}Lines`, lines);
		expect((await bench.poll(here())).rows).toHaveLength(600);
		simulator.changeRows(FIRST_DIVISION, `${path}Lines`, { Notes: 'Changed' });
		const given: Array<Record<string, unknown>> = [];
		for (let isNull = false; !isNull;) {
			const before = simulator.counters.apiCalls;
			slow(2);
			const polled = await bench.poll(here());
			given.push(...polled.rows);
			({ isNull } = polled);
			expect((simulator.counters.apiCalls - before) * 2).toBeLessThanOrEqual(30);
		}
		expect(given.map(({ recordId }) => recordId).sort()).toEqual([...made].sort());
		expect(new Set(given.map(({ YourRef }) => YourRef))).toEqual(new Set([header.YourRef]));
		expect(given.flatMap(({ changedLineIds }) => changedLineIds)).toHaveLength(600);
	},
);

it.each([
	[0, 5],
	[7, 4],
])(
	'where each answer takes %s s, lines of a new document alone come with %s calls',
	async (seconds, calls) => {
		const here = () => timed({ entity: 'salesOrder' });
		await bench.poll(here());
		const made = order(FIRST_DIVISION);
		await bench.poll(here());
		bench.simulator.changeRows(FIRST_DIVISION, 'salesorder/SalesOrderLines', { Notes: 'Changed' });
		const before = bench.simulator.counters.apiCalls;
		slow(seconds);
		const { rows } = await bench.poll(here());
		expect(rows).toMatchObject([{ recordId: made, change: 'changed' }]);
		expect(bench.simulator.counters.apiCalls - before).toBe(calls);
	},
);
