import {
	startOf,
	type SyncCursor,
} from '../../../../../nodes/ExactOnline/resources/changes/cursor';
import {
	readSync,
	type SyncSource,
} from '../../../../../nodes/ExactOnline/resources/changes/syncReading';

it.each([
	['Timestamp', { ID: 'a' }],
	['ID', { Timestamp: '5' }],
])('a row without its %s is an error and not passed over', async (missing, row) => {
	const source: SyncSource = {
		async *changes() {
			yield await Promise.resolve([row]);
		},
		async *deletions() {
			yield await Promise.resolve([]);
		},
	};
	const plan = { records: { path: 'sync/CRM/Accounts', key: 'ID', isLine: () => false } };
	const options = { limit: Infinity, withDeletions: false, now: 0 };
	const reading = readSync(source, plan, startOf('sync', 0) as SyncCursor, options);
	await expect(reading).rejects.toThrow(`has no ${missing}`);
});

/** Pages of accounts, one reading after another. */
function readings(...all: Array<Array<Array<[id: string, version: number, name: string]>>>) {
	const left = [...all];
	const source: SyncSource = {
		async *changes() {
			for (const page of left.shift() ?? []) {
				const rows = page.map(([ID, version, Name]) => ({ ID, Timestamp: `${version}`, Name }));
				yield await Promise.resolve(rows);
			}
		},
		async *deletions() {
			yield await Promise.resolve([]);
		},
	};
	return { source, left };
}

const accounts = { records: { path: 'sync/CRM/Accounts', key: 'ID', isLine: () => false } };
const everything = { limit: Infinity, withDeletions: false, now: 0 };

it('where rows come in another order, one that moved behind the reading while it went on is found all the same', async () => {
	// b is changed to version 9 when its place has been read already, d to 10 before it is read.
	const { source, left } = readings(
		[
			[['a', 3, 'a']],
			[
				['d', 10, 'd new'],
				['c', 5, 'c'],
			],
		],
		[
			[
				['b', 9, 'b new'],
				['a', 3, 'a'],
			],
			[
				['d', 11, 'later'],
				['c', 5, 'c'],
			],
		],
	);
	const start = startOf('sync', 0) as SyncCursor;
	const { records, cursor } = await readSync(source, accounts, start, everything);
	expect(records.map(({ row }) => row?.Name)).toEqual(['a', 'c', 'b new', 'd new']);
	expect(cursor.told?.changes?.at(-1)?.[0]).toBe('10');
	expect(left).toEqual([]);
});

describe('a long list of deletions', () => {
	const plan = { ...accounts, deletedType: 2 };
	const COUNT = 50;

	/** Of each ten deletions one of another kind; counts the pages of five that are asked for. */
	function deletions() {
		const all = Array.from({ length: COUNT }, (_none, at) => ({
			...{ Timestamp: `${at + 1}`, EntityType: at % 10 === 4 ? 7 : 2, EntityKey: `k${at + 1}` },
			DeletedDate: `/Date(${at * 3_600_000})/`,
		}));
		const asked = { pages: 0 };
		const source: SyncSource = {
			async *changes() {
				yield await Promise.resolve([]);
			},
			async *deletions(after) {
				const left = all.filter(({ Timestamp }) => Number(Timestamp) > Number(after));
				for (let at = 0; at < left.length; at += 5) {
					asked.pages += 1;
					yield await Promise.resolve(left.slice(at, at + 5));
				}
			},
		};
		return { source, asked };
	}

	// Red before: each run read the whole list, to tell a few of them.
	it('is read on from run to run, as far as a run tells of it, and each once', async () => {
		const { source, asked } = deletions();
		let cursor = startOf('sync', 0) as SyncCursor;
		const told: string[] = [];
		for (;;) {
			asked.pages = 0;
			const options = { limit: 4, withDeletions: true, now: 1 };
			const reading = await readSync(source, plan, cursor, options);
			expect(asked.pages).toBeLessThanOrEqual(3);
			told.push(...reading.deletions.map(({ id }) => id));
			({ cursor } = reading);
			if (reading.deletions.length === 0) break;
			expect(cursor.deletionsAt === 1).toBe(told.length === COUNT - 5);
		}
		expect(told).toHaveLength(COUNT - 5);
		expect(new Set(told).size).toBe(told.length);
	});

	it('of another kind is not read again where no room was left to tell of it', async () => {
		const { source } = deletions();
		const start = { ...(startOf('sync', 0) as SyncCursor) };
		const options = { limit: 1, withDeletions: true, now: 1 };
		const first = await readSync(source, { ...plan, deletedType: 7 }, start, options);
		expect(first.deletions.map(({ id }) => id)).toEqual(['k5']);
		const full: SyncSource = {
			...source,
			async *changes() {
				yield await Promise.resolve([{ ID: 'a', Timestamp: '3' }]);
			},
		};
		const { cursor } = await readSync(full, { ...plan, deletedType: 7 }, first.cursor, options);
		expect(Number(cursor.deletions)).toBeGreaterThan(10);
	});
});

// Red before: of all rows of one version one was left.
describe('rows that share a version, which no source tells of', () => {
	const pages: Array<Array<[string, number, string]>> = [
		[
			['a', 3, 'a'],
			['b', 3, 'b'],
		],
		[
			['c', 3, 'c'],
			['d', 4, 'd'],
		],
	];

	it('come all, and once', async () => {
		const { source } = readings(pages, pages, pages, pages);
		const start = startOf('sync', 0) as SyncCursor;
		const { records, cursor } = await readSync(source, accounts, start, everything);
		expect(records.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
		expect((await readSync(source, accounts, cursor, everything)).records).toEqual([]);
	});

	it('are not cut by a limit', async () => {
		const { source } = readings(pages);
		const start = startOf('sync', 0) as SyncCursor;
		const reading = readSync(source, accounts, start, { ...everything, limit: 2 });
		await expect(reading).rejects.toMatchObject({ code: 'EXACT_ROWS_OUT_OF_ORDER' });
	});

	it('come all, and once, of deletions too, whatever the limit', async () => {
		const versions = [3, 3, 3, 4, 4, 5];
		const all = versions.map((version, at) => ({
			...{ Timestamp: `${version}`, EntityType: 2, EntityKey: `k${at}` },
			DeletedDate: `/Date(${1_000 * version})/`,
		}));
		const source: SyncSource = {
			async *changes() {
				yield await Promise.resolve([]);
			},
			async *deletions(after) {
				yield await Promise.resolve(all.filter((row) => Number(row.Timestamp) > Number(after)));
			},
		};
		const plan = { ...accounts, deletedType: 2 };
		let cursor = startOf('sync', 0) as SyncCursor;
		const told: string[][] = [];
		for (let run = 0; run < 4; run += 1) {
			const options = { limit: 1, withDeletions: true, now: 1 };
			const reading = await readSync(source, plan, cursor, options);
			told.push(reading.deletions.map(({ id }) => id));
			({ cursor } = reading);
		}
		expect(told).toEqual([['k0', 'k1', 'k2'], ['k3', 'k4'], ['k5'], []]);
	});
});

it('where rows come in order, they are read once', async () => {
	const { source, left } = readings([[['a', 3, 'a']], [['c', 5, 'c']]], []);
	const start = startOf('sync', 0) as SyncCursor;
	await readSync(source, accounts, start, everything);
	expect(left).toHaveLength(1);
});

it('of a row that comes twice the later state counts, in whatever order', async () => {
	const pages: Array<Array<[string, number, string]>> = [[['a', 8, 'new']], [['a', 3, 'old']]];
	const { source } = readings(pages, pages);
	const start = startOf('sync', 0) as SyncCursor;
	const { records } = await readSync(source, accounts, start, everything);
	expect(records.map(({ row }) => row?.Name)).toEqual(['new']);
});

it('since a date, what was deleted before it is left out of the first reading alone', async () => {
	const day = 86_400_000;
	const source: SyncSource = {
		async *changes() {
			yield await Promise.resolve([]);
		},
		async *deletions() {
			const row = (n: number) => ({
				...{ Timestamp: `${n}`, EntityType: 2, EntityKey: `${n}` },
				DeletedDate: `/Date(${n * day})/`,
			});
			yield await Promise.resolve([row(1), row(2), row(3)]);
		},
	};
	const start = { ...(startOf('sync', 0) as SyncCursor), deletedSince: '1970-01-03T00:00:00' };
	const plan = { ...accounts, deletedType: 2 };
	const options = { ...everything, withDeletions: true };
	const cut = await readSync(source, plan, start, { ...options, limit: 1 });
	expect(cut.deletions.map(({ id }) => id)).toEqual(['2']);
	expect(cut.cursor).toHaveProperty('deletedSince');
	const rest = await readSync(source, plan, cut.cursor, options);
	expect(rest.deletions.map(({ id }) => id)).toEqual(['3']);
	expect(rest.cursor).not.toHaveProperty('deletedSince');
});

describe('a row that does not say when it was changed', () => {
	const time = Date.parse('2026-04-07T12:00:00Z');
	type Row = readonly [version: number, at?: number];

	/** What each of some runs tells, of changes and of deletions, while nothing happens. */
	async function runs(rows: readonly Row[], count: number) {
		const after = (version: string) => rows.filter(([one]) => one > Number(version));
		const source: SyncSource = {
			async *changes(_stream, version) {
				yield await Promise.resolve(
					after(version).map(([n, at]) => ({
						...{ ID: `${n}`, Timestamp: `${n}` },
						...(at !== undefined && { Modified: `/Date(${time + at})/` }),
					})),
				);
			},
			async *deletions(version) {
				yield await Promise.resolve(
					after(version).map(([n, at]) => ({
						...{ Timestamp: `${n}`, EntityType: 2, EntityKey: `gone ${n}` },
						DeletedDate: at === undefined ? null : `/Date(${time + at})/`,
					})),
				);
			},
		};
		const plan = { ...accounts, deletedType: 2 };
		let cursor = startOf('sync', 0) as SyncCursor;
		const told: string[][] = [];
		for (let run = 0; run < count; run += 1) {
			const reading = await readSync(source, plan, cursor, { ...everything, withDeletions: true });
			told.push([...reading.records, ...reading.deletions].map(({ id }) => id));
			({ cursor } = reading);
		}
		return { told, cursor };
	}

	it.each<[string, Row[]]>([
		['behind one that does', [[10, 0], [11]]],
		['before one that does', [[10], [11, 0]]],
		['between others', [[10, 0], [11], [12, 60_000]]],
		['alone', [[10]]],
		['long after others', [[10, 0], [11, 3_600_000], [12]]],
	])('comes once: %s', async (_where, rows) => {
		const { told } = await runs(rows, 3);
		const ids = rows.map(([n]) => `${n}`);
		expect(told).toEqual([[...ids, ...ids.map((id) => `gone ${id}`)], [], []]);
	});

	it('is among the last thousand that are read again, so that an earlier one may still come', async () => {
		const rows = Array.from({ length: 2_500 }, (_none, n): Row => [n + 1]);
		const { told, cursor } = await runs(rows, 2);
		expect(told.map((run) => run.length)).toEqual([5_000, 0]);
		expect(cursor.changes).toBe('1500');
		expect(cursor.told?.changes).toHaveLength(1_000);
	});
});

it('of deletions those of other kinds are read again and not remembered', async () => {
	const rows = Array.from({ length: 40 }, (_none, n) => ({
		...{ Timestamp: `${n + 1}`, EntityType: n % 10 === 0 ? 2 : 4, EntityKey: `${n + 1}` },
		DeletedDate: `/Date(${1_000 * n})/`,
	}));
	const source: SyncSource = {
		async *changes() {
			yield await Promise.resolve([]);
		},
		async *deletions(after) {
			yield await Promise.resolve(rows.filter((row) => Number(row.Timestamp) > Number(after)));
		},
	};
	const plan = { ...accounts, deletedType: 2 };
	const options = { ...everything, withDeletions: true };
	const first = await readSync(source, plan, startOf('sync', 0) as SyncCursor, options);
	expect(first.deletions.map(({ id }) => id)).toEqual(['1', '11', '21', '31']);
	expect(first.cursor.told?.deletions?.map(([version]) => version)).toEqual([
		...['1', '11', '21', '31'],
	]);
	expect(first.cursor.deletions).toBe('0');
	expect((await readSync(source, plan, first.cursor, options)).deletions).toEqual([]);
});
