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
	expect(cursor.changes).toBe('10');
	expect(left).toEqual([]);
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
