import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { useTrigger, type Polled } from './support/triggerBench';

/** Documents of before the beginning, which come once they or their lines change after it, and not before. */

const bench = useTrigger();

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** An entity with lines, and where it and they are. */
interface Documents {
	entity: string;
	path: string;
	lines: string;
	key: string;
}

/** Lines that have a list of their own, that stand among their documents, and that are listed alone. */
const ALL: Documents[] = [
	{
		...{ entity: 'salesOrder', path: 'salesorder/SalesOrders' },
		...{ lines: 'salesorder/SalesOrderLines', key: 'OrderID' },
	},
	{
		...{ entity: 'salesInvoice', path: 'salesinvoice/SalesInvoices' },
		...{ lines: 'salesinvoice/SalesInvoiceLines', key: 'InvoiceID' },
	},
	{
		...{ entity: 'purchaseOrder', path: 'purchaseorder/PurchaseOrders' },
		...{ lines: 'purchaseorder/PurchaseOrderLines', key: 'PurchaseOrderID' },
	},
];

/** A document with a line, made so long ago (ms). */
interface Made {
	id: string;
	line: string;
}

function make({ path, lines, key }: Documents, ago: number): Made {
	const at = Date.now() - ago;
	const [document] = bench.simulator.addRows(FIRST_DIVISION, path, [{}], { at });
	const id = String(document?.[key]);
	const [line] = bench.simulator.addRows(FIRST_DIVISION, lines, [{ [key]: id }], { at });
	return { id, line: String(line?.ID) };
}

/** Changes the line alone, so long ago (ms). */
function changeLine({ lines }: Documents, { line }: Made, ago = 0): void {
	const which = { keys: [line], at: Date.now() - ago };
	bench.simulator.changeRows(FIRST_DIVISION, lines, { Notes: `Changed ${ago} ms ago` }, which);
}

const told = ({ rows }: Polled) => rows.map(({ recordId, change }) => [recordId, change]);

describe.each(ALL)('$entity', (documents) => {
	const { entity } = documents;
	const publishing = () => bench.context({ entity }, { activation: 'activate' });
	const poll = async () => told(await bench.poll(bench.context({ entity })));

	// Red before: they came at once.
	it.each([
		['lastBefore', 'a day', 24 * HOUR_MS],
		['lastBefore', 'half an hour', 30 * MINUTE_MS],
		['firstAfter', 'a day', 24 * HOUR_MS],
		['firstAfter', 'half an hour', 30 * MINUTE_MS],
	] as const)(
		'with Now one whose line has changed before publishing stays out (%s, %s)',
		async (syncTimestamp, _long, ago) => {
			bench.simulator.configure({ syncTimestamp });
			const [first, second] = [make(documents, 72 * HOUR_MS), make(documents, 48 * HOUR_MS)];
			changeLine(documents, first, ago);
			expect((await bench.poll(publishing())).isNull).toBe(true);
			expect(await poll()).toEqual([]);
			changeLine(documents, second);
			expect(await poll()).toEqual([[second.id, 'changed']]);
			changeLine(documents, first);
			expect(await poll()).toEqual([[first.id, 'changed']]);
		},
	);

	// Red before: of an order or an invoice the whole was left out, as it has itself not changed since.
	it.each(['lastBefore', 'firstAfter'] as const)(
		'from a date one comes whose line alone has changed since, and none whose line has changed before (%s)',
		async (syncTimestamp) => {
			bench.simulator.configure({ syncTimestamp });
			const [first, second] = [make(documents, 72 * HOUR_MS), make(documents, 48 * HOUR_MS)];
			changeLine(documents, first, 24 * HOUR_MS);
			changeLine(documents, second, 6 * HOUR_MS);
			const startDate = new Date(Date.now() - 12 * HOUR_MS).toISOString();
			const dated = bench.context({ entity, start: 'date', startDate });
			expect(told(await bench.poll(dated))).toEqual([[second.id, 'changed']]);
		},
	);

	// Red before, for the same reason.
	it('with Now one comes whose line has changed between publishing and the first answer', async () => {
		const made = make(documents, 30 * MINUTE_MS);
		const down = { kind: 'status' as const, status: 503, times: Infinity };
		bench.simulator.faults.api.push({ ...down, where: { path: '/sync/' } });
		expect((await bench.poll(publishing())).isNull).toBe(true);
		changeLine(documents, made);
		bench.simulator.faults.api.clear();
		expect(await poll()).toEqual([[made.id, 'changed']]);
	});
});
