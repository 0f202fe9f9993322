import * as changeSource from '../../../../nodes/ExactOnline/resources/changes/changeSource';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { useTrigger, type Polled } from './support/triggerBench';

const bench = useTrigger();

const PATH = 'purchaseorder/PurchaseOrder';

const here = (events = ['created', 'changed']) =>
	bench.context({ entity: 'purchaseOrder', events });

/** A purchase order with a line; its id. */
function order(at?: number): string {
	const { simulator } = bench;
	const [account] = simulator.rows(FIRST_DIVISION, 'crm/Accounts');
	const [item] = simulator.rows(FIRST_DIVISION, 'logistics/Items');
	const headers = [{ Supplier: account?.ID }];
	const [row] = simulator.addRows(FIRST_DIVISION, `${PATH}s`, headers, { at });
	const id = String(row?.PurchaseOrderID);
	const lines = [{ PurchaseOrderID: id, Item: item?.ID }];
	simulator.addRows(FIRST_DIVISION, `${PATH}Lines`, lines, { at });
	return id;
}

const changeLines = () =>
	bench.simulator.changeRows(FIRST_DIVISION, `${PATH}Lines`, { Notes: 'Changed' });

/** Changes the line of one order. */
function changeLine(order: string): void {
	const path = `${PATH}Lines`;
	const lines = bench.simulator.rows(FIRST_DIVISION, path);
	const line = lines.find(({ PurchaseOrderID }) => PurchaseOrderID === order);
	bench.simulator.changeRows(FIRST_DIVISION, path, { Notes: 'One' }, { keys: [String(line?.ID)] });
}

const told = ({ rows }: Polled) => rows.map(({ recordId, change }) => [recordId, change]);

it('purchase orders, of which lines alone are listed, count as created once, and then as changed', async () => {
	const old = order(Date.now() - 86_400_000);
	await bench.poll(here());
	changeLines();
	const first = order();
	const polled = told(await bench.poll(here()));
	expect(new Set(polled)).toEqual(
		new Set([
			[old, 'changed'],
			[first, 'created'],
		]),
	);
	changeLines();
	expect(new Set(told(await bench.poll(here())))).toEqual(
		new Set([
			[old, 'changed'],
			[first, 'changed'],
		]),
	);
	const second = order();
	expect(told(await bench.poll(here()))).toEqual([[second, 'created']]);
	expect((await bench.poll(here())).isNull).toBe(true);
});

it('a workflow that starts for created purchase orders alone starts for each', async () => {
	await bench.poll(here(['created']));
	for (let count = 0; count < 3; count += 1) {
		const made = order();
		expect(told(await bench.poll(here(['created'])))).toEqual([[made, 'created']]);
		changeLines();
		expect((await bench.poll(here(['created']))).isNull).toBe(true);
	}
});

it('a purchase order of before the beginning counts as changed, however old those are that were read', async () => {
	const days = (count: number) => Date.now() - count * 86_400_000;
	const all = [order(days(3)), order(days(2)), order(days(1))];
	await bench.poll(here());
	for (const one of all) {
		changeLine(one);
		expect(told(await bench.poll(here()))).toEqual([[one, 'changed']]);
	}
	const made = order();
	expect(told(await bench.poll(here()))).toEqual([[made, 'created']]);
});

// Red before: the second and the third counted as created, younger than the one before them.
it('purchase orders of before the beginning that come one by one count as changed', async () => {
	const minutes = (count: number) => Date.now() - count * 60_000;
	const all = [order(minutes(50)), order(minutes(40)), order(minutes(30))];
	const oneByOne = () => bench.context({ entity: 'purchaseOrder', options: { mostItems: 1 } });
	expect((await bench.poll(oneByOne())).isNull).toBe(true);
	for (const one of all) changeLine(one);
	for (const one of all) expect(told(await bench.poll(oneByOne()))).toEqual([[one, 'changed']]);
	const made = order();
	expect(told(await bench.poll(oneByOne()))).toEqual([[made, 'created']]);
});

it('counts as created too where the rows of the list come out of order', async () => {
	await bench.poll(here(['created']));
	const made = [order(), order()];
	const inOrder = changeSource.syncSource;
	let reversed = 0;
	const spy = jest.spyOn(changeSource, 'syncSource').mockImplementation((place) => {
		const source = inOrder(place);
		return {
			...source,
			async *changes(...asked) {
				for await (const page of source.changes(...asked)) {
					if (page.length > 1) reversed += 1;
					yield [...page].reverse();
				}
			},
		};
	});
	const polled = await bench.poll(here(['created']));
	spy.mockRestore();
	expect(reversed).toBeGreaterThan(0);
	expect(new Set(told(polled))).toEqual(new Set(made.map((id) => [id, 'created'])));
});
