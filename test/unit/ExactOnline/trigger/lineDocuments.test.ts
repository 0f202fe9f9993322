import type {
	SyncSource,
	SyncStream,
} from '../../../../nodes/ExactOnline/resources/changes/syncReading';
import {
	withDocuments,
	type LineDocuments,
} from '../../../../nodes/ExactOnline/trigger/lineDocuments';
import type { ExactRow } from '../../../../nodes/ExactOnline/wire/exactTypes';

const stream = (path: string): SyncStream => ({ path, key: 'OrderID', isLine: () => false });

const row = (OrderID: number, isOld = false): ExactRow => ({ OrderID: `${OrderID}`, isOld });

/** Reads the orders and then their lines, with time for so many parts. */
async function read(orders: ExactRow[], lines: ExactRow[], time = Infinity) {
	const source: SyncSource = {
		async *changes({ path }) {
			yield await Promise.resolve(path === 'lines' ? lines : orders);
		},
		async *deletions() {
			yield await Promise.resolve([]);
		},
	};
	const fetched: string[][] = [];
	const documents: LineDocuments = new Map();
	const rules = {
		path: 'lines',
		isTold: ({ isOld }: ExactRow) => isOld === true,
		fetch: async (ids: readonly string[]) => {
			fetched.push([...ids]);
			// One is gone by now.
			const there = ids.filter((id) => id !== '7');
			return await Promise.resolve(new Map(there.map((id) => [id, row(Number(id))])));
		},
	};
	const own = withDocuments(source, rules, documents);
	for await (const rows of own.changes(stream('orders'), '0')) expect(rows).toBe(orders);
	const given: ExactRow[] = [];
	let left = time;
	const mayFollow = () => (left -= 1) > 0;
	for await (const rows of own.changes(stream('lines'), '0', mayFollow)) {
		given.push(...rows);
		for (const { OrderID, isOld } of rows) {
			const isHere = orders.some((one) => one.OrderID === OrderID && one.isOld !== true);
			expect(isOld === true || isHere || documents.has(String(OrderID))).toBe(true);
		}
	}
	return { given, fetched, documents };
}

it('fetches each document once, and none that has changed itself or of which the lines were told', async () => {
	const lines = [row(1), row(2), row(2), row(3, true), row(7), row(4)];
	const { given, fetched, documents } = await read([row(1), row(4, true)], lines);
	expect(given).toEqual(lines);
	expect(fetched).toEqual([['2', '7', '4']]);
	expect([...documents.keys()]).toEqual(['2', '7', '4']);
	expect(documents.get('7')).toBeUndefined();
});

it('gives no line of which there is no time to fetch the document', async () => {
	const lines = Array.from({ length: 100 }, (_, number) => row(Math.floor(number / 2) + 100));
	const all = await read([], lines);
	expect(all.given).toEqual(lines);
	expect(all.fetched.map(({ length }) => length)).toEqual([30, 20]);
	const cut = await read([], lines, 1);
	expect(cut.given).toEqual(lines.slice(0, 60));
	expect(cut.fetched).toHaveLength(1);
});

it('gives an empty page as it is', async () => {
	expect((await read([], [])).given).toEqual([]);
});
