import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { changes, names } from './support/polledRows';
import { useTrigger } from './support/triggerBench';

const bench = useTrigger();

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
