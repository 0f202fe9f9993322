import { ConnectorError } from '../../../../nodes/shared/errors';
import { CursorStore } from '../../../../nodes/shared/node/keptCursors';
import { openVault } from '../../../../nodes/shared/vault/place/openVault';
import { itemsBelow, putItem } from '../../../../nodes/shared/vault/rows/items';
import { systemClock } from '../../../../nodes/ExactOnline/api/limits/clock';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { locator } from '../../../support/n8nContext';
import { until } from '../../../support/until';
import { useTrigger, type Polled } from './support/triggerBench';

const bench = useTrigger();

const names = ({ rows }: Polled) => rows.map(({ Name }) => Name);
const changes = ({ rows }: Polled) => rows.map(({ change }) => change);

it('starts now: nothing of before, and then each change once', async () => {
	expect((await bench.poll(bench.context({}, { activation: 'activate' }))).isNull).toBe(true);
	const id = await bench.account('New');
	const first = await bench.poll();
	expect(first.rows).toEqual([
		expect.objectContaining({ recordId: id, change: 'created', Name: 'New' }),
	]);
	expect(Object.keys(first.rows[0] ?? {}).slice(0, 2)).toEqual(['recordId', 'change']);
	expect((await bench.poll()).isNull).toBe(true);
	await bench.write('PUT', `crm/Accounts(guid'${id}')`, { Name: 'Changed' });
	expect((await bench.poll()).rows).toEqual([
		expect.objectContaining({ recordId: id, Name: 'Changed' }),
	]);
	await bench.write('DELETE', `crm/Accounts(guid'${id}')`);
	expect((await bench.poll()).rows).toEqual([
		expect.objectContaining({ recordId: id, change: 'deleted' }),
	]);
	expect((await bench.poll()).isNull).toBe(true);
});

it('starts now: what was deleted a few minutes before is no news', async () => {
	const before = await bench.account('Gone before');
	const after = await bench.account('Gone after');
	await bench.write('DELETE', `crm/Accounts(guid'${before}')`);
	const real = Date.now;
	const clock = jest.spyOn(Date, 'now').mockImplementation(() => real() + 300_000);
	try {
		expect((await bench.poll(bench.context({}, { activation: 'activate' }))).isNull).toBe(true);
		await bench.write('DELETE', `crm/Accounts(guid'${after}')`);
		expect((await bench.poll()).rows).toMatchObject([{ recordId: after, change: 'deleted' }]);
	} finally {
		clock.mockRestore();
	}
});

it('a record that was made since the beginning is new where nothing was read before, although it was changed', async () => {
	const from = bench.context({ events: ['created'], start: 'date', startDate: '2001-01-01' });
	expect(changes(await bench.poll(from))).toEqual(['created', 'created', 'created']);
});

it('starts from a date, and begins anew with another one', async () => {
	const from = (startDate: string) => bench.context({ start: 'date', startDate });
	expect(names(await bench.poll(from('2001-01-01')))).toHaveLength(3);
	expect((await bench.poll(from('2001-01-01'))).isNull).toBe(true);
	expect(names(await bench.poll(from('2002-01-01')))).toHaveLength(3);
});

it('gives only the events that are chosen, and refuses a choice that would be silent for ever', async () => {
	const only = (...events: string[]) => bench.context({ events });
	await bench.poll(only('created'));
	const id = await bench.account('One');
	expect(changes(await bench.poll(only('created')))).toEqual(['created']);
	await bench.account('Two');
	await bench.write('DELETE', `crm/Accounts(guid'${id}')`);
	expect(changes(await bench.poll(only('deleted')))).toEqual(['deleted']);
	await expect(bench.poll(only())).rejects.toThrow('EXACT_INVALID_VALUE');
});

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

it('a run by hand shows samples and moves nothing on', async () => {
	const hand = () => bench.context({}, { mode: 'manual' });
	const samples = await bench.poll(hand());
	expect(samples.rows.length).toBeGreaterThan(0);
	expect(samples.rows[0]).toEqual(expect.objectContaining({ change: 'changed' }));
	await bench.poll();
	await bench.account('New');
	await bench.poll(hand());
	expect(names(await bench.poll())).toEqual(['New']);
});

it('rows that n8n has not taken, or of a process that has died, come again, marked', async () => {
	await bench.poll();
	await bench.account('First');
	expect(names(await bench.poll())).toEqual(['First']);
	await bench.account('Second');
	expect(names(await bench.pollDropped())).toEqual(['Second']);
	expect((await bench.poll()).rows).toEqual([
		expect.objectContaining({ Name: 'Second', repeated: true }),
	]);
	bench.restart();
	await bench.account('Third');
	const again = await bench.poll();
	expect(again.rows.map(({ Name, repeated }) => [Name, repeated])).toEqual([
		['Second', true],
		['Third', undefined],
	]);
});

it('never waits for a limit: the poll ends, and the next one goes on', async () => {
	const from = () => bench.context({ start: 'date', startDate: '2001-01-01' });
	bench.simulator.configure({ minutelyLimit: 2 });
	const waits = jest.spyOn(systemClock, 'sleep');
	expect((await bench.poll(from())).isNull).toBe(true);
	expect(bench.simulator.counters.apiCalls).toBeGreaterThan(1);
	expect(waits).not.toHaveBeenCalled();
	waits.mockRestore();
	// As after that minute.
	bench.simulator.configure({ minutelyLimit: 100_000 });
	bench.simulator.reset();
	const now = Date.now();
	const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + 61_000);
	expect(names(await bench.poll(from()))).toHaveLength(3);
	clock.mockRestore();
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

it('takes the events as text of an expression too, and refuses what is none', async () => {
	await bench.poll(bench.context({ events: 'changed, created' }));
	await bench.account('Told');
	expect(names(await bench.poll(bench.context({ events: 'changed, created' })))).toEqual(['Told']);
	await expect(bench.poll(bench.context({ events: ['changed', 'renamed'] }))).rejects.toMatchObject(
		{
			message: expect.stringContaining('Trigger On'),
		},
	);
});

it('a division that has moved is read by date from then on, and what changed since the last look is not lost', async () => {
	await bench.poll();
	await bench.account('Before');
	expect(names(await bench.poll())).toEqual(['Before']);
	const now = Date.now();
	const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + 2 * 3_600_000);
	bench.simulator.moveDivision(FIRST_DIVISION);
	await bench.account('After');
	const polled = await bench.poll();
	clock.mockRestore();
	expect(names(polled)).toContain('After');
	expect(polled.rows.filter(({ Name }) => !['Before', 'After'].includes(String(Name)))).toEqual([]);
});

it('a document of which a line alone has changed comes whole, with the line', async () => {
	const context = () => bench.context({ entity: 'salesOrder' });
	expect((await bench.poll(context())).isNull).toBe(true);
	const idOf = (endpoint: string) => String(bench.simulator.rows(FIRST_DIVISION, endpoint)[0]?.ID);
	const order = await bench.write('POST', 'salesorder/SalesOrders', {
		...{ OrderedBy: idOf('crm/Accounts'), Description: 'An order' },
		SalesOrderLines: [{ Item: idOf('logistics/Items'), Quantity: 1 }],
	});
	const made = await bench.poll(context());
	expect(made.rows).toEqual([
		expect.objectContaining({ recordId: order.OrderID, change: 'created' }),
	]);
	const [line] = bench.simulator.rows(FIRST_DIVISION, 'salesorder/SalesOrderLines');
	const lineId = String(line?.ID);
	await bench.write('PUT', `salesorder/SalesOrderLines(guid'${lineId}')`, { Notes: 'Changed' });
	const changed = await bench.poll(context());
	expect(changed.rows).toEqual([
		expect.objectContaining({ recordId: order.OrderID, Description: 'An order' }),
	]);
	expect(changed.rows[0]?.changedLineIds).toContain(lineId);
	await bench.write('DELETE', `salesorder/SalesOrderLines(guid'${lineId}')`);
	expect((await bench.poll(context())).rows).toContainEqual(
		expect.objectContaining({ change: 'line deleted', recordId: null, lineId }),
	);
	expect((await bench.poll(context())).isNull).toBe(true);
});

describe('the connection', () => {
	it('is kept alive: a poll renews a token that has ended, also where nothing has changed', async () => {
		await bench.poll();
		const [chain] = Object.values(bench.simulator.chains());
		await bench.letPass(20 * 86_400);
		expect((await bench.poll()).isNull).toBe(true);
		const [later] = Object.values(bench.simulator.chains());
		expect(later?.generation).toBeGreaterThan(chain?.generation ?? 0);
	});

	it('that could not be renewed for weeks is told of before it ends', async () => {
		const told = () => bench.context({ connectionOutput: true });
		await bench.poll(told());
		const down = { kind: 'status' as const, status: 503, times: Infinity };
		bench.simulator.faults.token.push(down);
		await bench.letPass(20 * 86_400);
		await expect(bench.poll(told())).rejects.toThrow('EXACT_TOKEN_');
		await bench.letPass(4 * 86_400);
		expect(await bench.poll(told())).toMatchObject({
			rows: [],
			told: [{ connection: 'endsSoon', idleDeadline: expect.stringMatching(/Z$/) as string }],
		});
		expect((await bench.poll(told())).isNull).toBe(true);
		bench.simulator.faults.token.clear();
		await bench.letPass(3_600);
		expect(await bench.poll(told())).toMatchObject({ rows: [], told: [{ connection: 'well' }] });
	});

	it('that is broken is an error once an hour, or an item, and an item tells when it is well again', async () => {
		const told = () => bench.context({ connectionOutput: true });
		await bench.poll(told());
		await bench.breakChain();
		await expect(bench.poll()).rejects.toThrow(/EXACT_/);
		const item = await bench.poll(told());
		expect(item).toMatchObject({ rows: [], told: [{ connection: 'broken' }] });
		expect(item.told[0]).toEqual(
			expect.objectContaining({
				code: expect.stringMatching(/^EXACT_/) as string,
				description: expect.any(String) as string,
			}),
		);
		expect((await bench.poll(told())).isNull).toBe(true);
		bench.connect();
		await bench.account('After');
		expect(await bench.poll(told())).toMatchObject({
			rows: [{ Name: 'After' }],
			told: [{ connection: 'well' }],
		});
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

it('another output of an entity without a twin repeats nothing, and later changes come', async () => {
	const of = (parameters = {}) => bench.context({ entity: 'costCenter', ...parameters });
	const { simulator } = bench;
	simulator.addRows(FIRST_DIVISION, 'hrm/Costcenters', [{ Code: 'C0', Description: 'Before' }]);
	await bench.poll(of());
	simulator.addRows(FIRST_DIVISION, 'hrm/Costcenters', [{ Code: 'C1', Description: 'New' }]);
	expect((await bench.poll(of())).rows).toMatchObject([{ Code: 'C1' }]);
	const selected = { output: 'selected', fieldsToReturn: ['Code'] };
	expect((await bench.poll(of(selected))).rows).toEqual([]);
	simulator.changeRows(FIRST_DIVISION, 'hrm/Costcenters', { Code: 'C2' }, { last: 1 });
	expect((await bench.poll(of(selected))).rows).toMatchObject([{ Code: 'C2' }]);
	expect((await bench.poll(of())).rows).toEqual([]);
	expect((await bench.poll(of(selected))).rows).toEqual([]);
});

it('goes on with an entity and a division that were left meanwhile, with what was pending there', async () => {
	const [, other] = bench.simulator.world.divisions;
	const polled = async (parameters = {}) => await bench.poll(bench.context(parameters));
	await polled();
	await bench.account('A');
	expect(names(await polled())).toEqual(['A']);
	bench.restart();
	for (const left of [{ entity: 'contact' }, { division: locator(String(other)) }]) {
		expect((await polled(left)).rows).toEqual([]);
		await bench.account('B');
		expect((await polled(left)).rows).toEqual([]);
	}
	expect((await polled()).rows).toMatchObject([
		{ Name: 'A', repeated: true },
		{ Name: 'B' },
		{ Name: 'B' },
	]);
	expect((await polled()).isNull).toBe(true);
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

it('a place that another version of the package has written begins anew, and is not silent for ever', async () => {
	await bench.poll(bench.context({}, { activation: 'activate' }));
	const vault = await openVault();
	const kept = await vault.read(() => itemsBelow('cursors1', ''));
	const known = kept.filter(([, value]) => value.includes('"kind":"sync"'));
	expect(known).toHaveLength(1);
	for (const [name, value] of known) {
		const other = value
			.replaceAll('"kind":"sync"', '"kind":"later"')
			.replace(/"from":\{[^}]*\},?/, '');
		await vault.write(() => putItem('cursors1', name, other));
	}
	expect((await bench.poll()).isNull).toBe(true);
	await bench.account('New');
	expect(names(await bench.poll())).toEqual(['New']);
});
