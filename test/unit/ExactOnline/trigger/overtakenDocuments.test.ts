import type { SyncSource } from '../../../../nodes/ExactOnline/resources/changes/syncReading';
import {
	withDocuments,
	type LineDocuments,
} from '../../../../nodes/ExactOnline/trigger/lineDocuments';
import { overtakenDocuments } from '../../../../nodes/ExactOnline/trigger/overtakenDocuments';
import type { ExactRow } from '../../../../nodes/ExactOnline/wire/exactTypes';

const records = { path: 'orders', key: 'OrderID', isLine: () => false };
const lines = { path: 'lines', key: 'OrderID', isLine: () => true };

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}`;

/** An order of this number, made in the second of this number, in the state of a version. */
const order = (number: number, version = number): ExactRow => ({
	...{ OrderID: `${number}`, Created: at(number), Modified: at(number) },
	Timestamp: `${version}`,
});

/** A source of orders and of lines, and after which versions it was asked for orders. */
function sourceOf(orders: ExactRow[], ofLines: ExactRow[] = []) {
	const asked: Array<[after: string, mayFollow: boolean | undefined]> = [];
	const source: SyncSource = {
		async *changes({ path }, after, mayFollow) {
			if (path === 'orders') asked.push([after, mayFollow?.()]);
			const rows = path === 'orders' ? orders : ofLines;
			yield await Promise.resolve(
				rows.filter((row) => BigInt(String(row.Timestamp)) > BigInt(after)),
			);
		},
		async *deletions() {
			yield await Promise.resolve([]);
		},
	};
	return { source, asked };
}

const byId = (...orders: ExactRow[]) => new Map(orders.map((one) => [String(one.OrderID), one]));

const isYoung = ({ Created }: ExactRow, newest: string) => String(Created) > newest;

it('tells young documents that stand behind what was read, by one page of their list', async () => {
	const { source, asked } = sourceOf([order(3), order(4), order(6)]);
	const overtaken = overtakenDocuments(source, { records, isYoung });
	overtaken.note([order(2), order(3)], '1');
	expect(await overtaken.among(byId(order(1), order(4), order(5)))).toEqual(new Set(['4']));
	expect(asked).toEqual([['3', false]]);
});

it('asks after the version of before where nothing was read', async () => {
	const { source, asked } = sourceOf([order(4)]);
	const overtaken = overtakenDocuments(source, { records, isYoung });
	overtaken.note([], '2');
	expect(await overtaken.among(byId(order(4)))).toEqual(new Set(['4']));
	expect(asked.map(([after]) => after)).toEqual(['2']);
});

it('asks nothing where none is young, and once for those that are not younger', async () => {
	const { source, asked } = sourceOf([order(9)]);
	const overtaken = overtakenDocuments(source, { records, isYoung });
	overtaken.note([order(3)], '0');
	expect(await overtaken.among(byId(order(1), order(3)))).toEqual(new Set());
	expect(await overtaken.among(new Map())).toEqual(new Set());
	expect(asked).toEqual([]);
	expect(await overtaken.among(byId(order(5)))).toEqual(new Set());
	expect(await overtaken.among(byId(order(4)))).toEqual(new Set());
	expect(asked).toHaveLength(1);
	expect(await overtaken.among(byId(order(9)))).toEqual(new Set(['9']));
	expect(asked).toHaveLength(2);
});

it('ends the lines before the first of a document that they have overtaken', async () => {
	const all = [order(1, 11), order(5, 12), order(2, 13)];
	const orders = [order(3)];
	const { source } = sourceOf(orders, all);
	const documents: LineDocuments = new Map();
	const cut = { isCut: false };
	const fetch = async (ids: readonly string[]) =>
		await Promise.resolve(byId(...ids.map((id) => order(Number(id)))));
	const rules = { records, isYoung, isTold: () => false, fetch };
	const own = withDocuments(source, rules, documents, cut);
	for await (const rows of own.changes(records, '0')) expect(rows).toEqual([order(3)]);
	expect(cut.isCut).toBe(false);
	orders.push(order(5));
	const given: ExactRow[] = [];
	for await (const rows of own.changes(lines, '0')) given.push(...rows);
	expect(given).toEqual([order(1, 11)]);
	expect(cut.isCut).toBe(true);
});
