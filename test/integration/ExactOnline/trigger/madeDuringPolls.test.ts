import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { useTrigger, type Polled } from './support/triggerBench';

const bench = useTrigger();

const here = () => bench.context({ entity: 'salesOrder' });

/** An order without lines; its id. */
function header(at?: number): string {
	const [account] = bench.simulator.rows(FIRST_DIVISION, 'crm/Accounts');
	const path = 'salesorder/SalesOrders';
	const [row] = bench.simulator.addRows(FIRST_DIVISION, path, [{ OrderedBy: account?.ID }], { at });
	return String(row?.OrderID);
}

function line(OrderID: string, at?: number): unknown {
	const [item] = bench.simulator.rows(FIRST_DIVISION, 'logistics/Items');
	const path = 'salesorder/SalesOrderLines';
	const rows = [{ OrderID, Item: item?.ID }];
	const [row] = bench.simulator.addRows(FIRST_DIVISION, path, rows, { at });
	return row?.ID;
}

/** A poll between whose requests for orders and for their lines something happens. */
async function pollAround(happens: () => void): Promise<Polled> {
	const hold = bench.simulator.hold('apiReceived', { where: { path: 'SalesOrderLines' } });
	const polled = bench.poll(here());
	const held = await hold.waiting();
	happens();
	held.release();
	return await polled;
}

const told = ({ rows }: Polled) =>
	rows.map(({ recordId, change, changedLineIds }) => [recordId, change, changedLineIds]);

it.each(['the first order at all', 'another one'])(
	'an order that is made between two requests of a poll comes once, as created, with its lines: %s',
	async (which) => {
		const known = which === 'another one' ? header(Date.now() - 3_600_000) : undefined;
		await bench.poll(here());
		if (known) line(known);
		const before = known && [header()];
		const made: string[] = [];
		const lines: unknown[] = [];
		const first = await pollAround(() => {
			made.push(header());
			lines.push(line(String(made)), line(String(made)));
		});
		expect(told(first).map(([id, change]) => [id, change])).toEqual(
			known
				? [
						[before?.[0], 'created'],
						[known, 'changed'],
					]
				: [],
		);
		const second = await bench.poll(here());
		expect(told(second)).toEqual([[made[0], 'created', lines]]);
		expect((await bench.poll(here())).isNull).toBe(true);
	},
);

it('lines alone that are added to a new order count as its change at once', async () => {
	await bench.poll(here());
	const made = header();
	expect(told(await bench.poll(here()))).toEqual([[made, 'created', []]]);
	const lines: unknown[] = [];
	const polled = await pollAround(() => lines.push(line(made)));
	expect(told(polled)).toEqual([[made, 'changed', lines]]);
	expect((await bench.poll(here())).isNull).toBe(true);
});
