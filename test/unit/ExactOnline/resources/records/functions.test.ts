import { locator } from '../../../../support/n8nContext';
import { list } from '../../api/support/exactServer';
import { ID, mapped, useRecordNode } from '../support/recordNode';

jest.mock('../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const { run, sent, server } = useRecordNode();

describe('functions', () => {
	it('take known parameters by type, an item also by its code', async () => {
		server.answer(({ target }) =>
			target.includes('logistics/Items') ? list([{ ID }]) : list([{ ItemId: ID, InStock: 5 }]),
		);
		const item = { resource: 'stockPosition', operation: 'getAll' };
		const [row] = await run({ ...item, values: mapped({ itemId: 'ART-001' }) });
		expect(row?.json).toEqual({ ItemId: ID, InStock: 5 });
		expect(sent().map(([request]) => request)).toEqual([
			"GET logistics/Items?$filter=Code eq 'ART-001'&$top=2",
			`GET read/logistics/StockPosition?itemId=guid'${ID}'`,
		]);
	});

	it('that answer for one record at a time give those of all without a parameter', async () => {
		const row = {
			ItemId: ID,
			ItemCode: 'ART-001',
			CurrentStock: 5,
			Timestamp: '7',
			UnitCode: 'pc',
		};
		server.answer(() => list([row]));
		const item = { resource: 'stockPosition', operation: 'getAll' };
		const [simple] = await run(item);
		expect(simple?.json).toEqual({ ItemId: ID, ItemCode: 'ART-001', InStock: 5 });
		expect(sent()[0]?.[0]).toBe('GET sync/Inventory/StockPositions?$filter=Timestamp gt 0L');
		const selected = { output: 'selected', fieldsToReturn: ['InStock'] };
		expect((await run({ ...item, ...selected }))[0]?.json).toEqual({ InStock: 5 });
		const all = await run({ ...item, output: 'selected', fieldsToReturn: [] });
		expect(all[0]?.json).toEqual({ ItemId: ID, ItemCode: 'ART-001', InStock: 5, UnitCode: 'pc' });
		expect((await run({ ...item, output: 'raw' }))[0]?.json).toEqual(row);
		const empty = { values: mapped({ itemId: '={{ $json.none }}' }) };
		await expect(run({ ...item, ...empty })).rejects.toThrow('EXACT_EMPTY');
	});

	it('of any kind take further parameters as rows', async () => {
		server.answer([list([{ Amount: 1 }])]);
		await run({
			resource: 'otherEndpoint',
			operation: 'callFunction',
			endpoint: locator('read/financial/RevenueListByYear', 'path'),
			values: mapped({ year: 2026 }),
			options: { parameters: { rows: [{ name: 'note', type: 'String', value: "it's" }] } },
		});
		expect(sent()[0]?.[0]).toBe("GET read/financial/RevenueListByYear?year=2026&note='it''s'");
	});
});
