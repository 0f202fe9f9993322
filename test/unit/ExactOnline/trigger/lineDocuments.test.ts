import type {
	SyncSource,
	SyncStream,
} from '../../../../nodes/ExactOnline/resources/changes/syncReading';
import {
	withDocuments,
	type LineDocuments,
} from '../../../../nodes/ExactOnline/trigger/lineDocuments';
import type { ExactRow } from '../../../../nodes/ExactOnline/wire/exactTypes';

const stream = (path: string): SyncStream => ({
	...{ path, key: 'OrderID' },
	isLine: (row) => path === 'lines' || row.isLine === true,
});

const row = (OrderID: number, isOld = false): ExactRow => ({
	...{ OrderID: `${OrderID}`, isOld },
	Timestamp: '1',
});

const NONE_YOUNG = { records: stream('orders'), isYoung: () => false };

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
		...NONE_YOUNG,
		isTold: ({ isOld }: ExactRow) => isOld === true,
		fetch: async (ids: readonly string[]) => {
			fetched.push([...ids]);
			// One is gone by now.
			const there = ids.filter((id) => id !== '7');
			return await Promise.resolve(new Map(there.map((id) => [id, row(Number(id))])));
		},
	};
	const own = withDocuments(source, rules, documents, { isCut: false });
	for await (const rows of own.changes(stream('orders'), '0')) expect(rows).toEqual(orders);
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

describe('where lines stand among their documents', () => {
	const line = (OrderID: number): ExactRow => ({ ...row(OrderID), isLine: true });
	const changedLines = (from: number, to: number) =>
		Array.from({ length: to - from }, (_, index) => line(from + index));

	/** Reads one page, with time for its first part; the numbers of what was given and of what was fetched. */
	async function readMixed(page: ExactRow[]) {
		const source: SyncSource = {
			async *changes() {
				yield await Promise.resolve(page);
			},
			async *deletions() {
				yield await Promise.resolve([]);
			},
		};
		const documents: LineDocuments = new Map();
		const isTold = ({ isOld }: ExactRow) => isOld === true;
		const fetch = async () => await Promise.resolve(new Map<string, ExactRow>());
		const own = withDocuments(source, { ...NONE_YOUNG, isTold, fetch }, documents, {
			isCut: false,
		});
		const given: ExactRow[] = [];
		for await (const rows of own.changes(stream('orders'), '0', () => false)) given.push(...rows);
		return { given, fetched: [...documents.keys()] };
	}

	it('gives as many lines as it has time to fetch the documents of', async () => {
		const page = [row(1), line(1), ...changedLines(100, 200)];
		const { given, fetched } = await readMixed(page);
		expect(given).toEqual(page.slice(0, 32));
		expect(fetched).toHaveLength(30);
		expect(fetched).not.toContain('1');
	});

	it.each([
		['its lines first', [line(1), ...changedLines(100, 150), row(1)], 52],
		['its lines behind', [row(1), ...changedLines(100, 150), line(1)], 52],
		['itself read again', [row(1, true), ...changedLines(100, 150), line(1)], 31],
	])('keeps what a page holds of a document together: %s', async (_, together, size) => {
		const page = [...together, ...changedLines(200, 300)];
		const { given, fetched } = await readMixed(page);
		expect(given).toEqual(page.slice(0, size));
		expect(fetched).toHaveLength(size === 52 ? 50 : 30);
	});

	it('takes no longer than hundreds of documents for it', async () => {
		const page = [line(1), ...changedLines(100, 900), row(1)];
		expect((await readMixed(page)).given).toEqual(page.slice(0, 301));
	});
});
