import { ResourceClient } from './resourceClient';

/** Functions below `read/` (docs/facts/exact-online.md 4.5). */

let service: ResourceClient;
let item: string;
let account: string;

beforeAll(async () => {
	service = await ResourceClient.start();
	item = await service.idOfFirst('logistics/Items');
	account = await service.idOfFirst('crm/Accounts');
});

afterAll(async () => {
	await service.close();
});

test('a parameter that is missing or of the wrong type is a 400', async () => {
	const ask = async (query: Record<string, string>): Promise<number> =>
		(await service.get('read/logistics/StockPosition', query)).status;
	expect(await ask({})).toBe(400);
	expect(await ask({ itemId: item })).toBe(400);
	expect(await ask({ itemId: `'${item}'` })).toBe(400);
	expect(await ask({ itemid: `guid'${item}'` })).toBe(400);
	expect(await ask({ itemId: `guid'${item}'` })).toBe(200);
});

test('a bare array, or by a switch an envelope', async () => {
	const ask = async (): Promise<unknown> =>
		(await service.get('read/logistics/StockPosition', { itemId: `guid'${item}'` })).json;
	expect(await ask()).toEqual({ d: [expect.objectContaining({ ItemId: item })] });
	service.client.simulator.configure({ functionEnvelope: 'results' });
	expect(await ask()).toEqual({ d: { results: [expect.objectContaining({ ItemId: item })] } });
	service.client.simulator.configure({ functionEnvelope: 'bareArray' });
});

test('the stock counts orders of customers', async () => {
	const position = async (): Promise<Record<string, unknown>> =>
		(await service.rows('read/logistics/StockPosition', { itemId: `guid'${item}'` }))[0] ?? {};
	const before = await position();
	await service.create('salesorder/SalesOrders', {
		OrderedBy: account,
		SalesOrderLines: [{ Item: item, Quantity: 4 }],
	});
	expect(await position()).toMatchObject({
		InStock: before['InStock'],
		PlanningOut: 4,
		ProjectedStock: Number(before['InStock']) - 4,
	});
});

test('price, details, address, hours', async () => {
	const guid = `guid'${item}'`;
	const [price] = await service.rows('read/logistics/SalesItemPrice', { itemId: guid });
	const [details] = await service.rows('read/logistics/ItemDetailsByID', { itemId: guid });
	expect(details).toMatchObject({ ID: item, SalesPrice: price?.['PriceExcludingVAT'] });
	const withAddress = await service.rows('crm/Addresses', { $top: '1' });
	const address = await service.rows('read/crm/DefaultAddressForAccount', {
		accountId: `guid'${String(withAddress[0]?.['Account'])}'`,
		addressType: '4',
	});
	expect(address[0]?.['ID']).toBe(withAddress[0]?.['ID']);
	await service.create('project/TimeTransactions', { Item: item, Quantity: 2, Date: '2026-04-07' });
	const hours = await service.rows('read/project/HoursByDate', {
		checkDate: "datetime'2026-04-07T00:00:00'",
	});
	expect(hours).toEqual([expect.objectContaining({ ItemId: item, HoursDraft: 2 })]);
});

test('open items by account and age, and turnover of a year', async () => {
	const DAY = 86_400_000;
	const { clock, simulator, division } = service.client;
	const at = (days: number): string => new Date(clock.now - days * DAY).toISOString().slice(0, 19);
	simulator.addRows(division, 'cashflow/Receivables', [
		{ Account: account, AmountDC: 100, DueDate: at(10), InvoiceNumber: 1 },
		{ Account: account, AmountDC: 50, DueDate: at(45), InvoiceNumber: 2 },
		{ Account: account, AmountDC: 7, IsFullyPaid: true, DueDate: at(45), InvoiceNumber: 3 },
	]);
	const numbers = async (
		endpoint: string,
		query: Record<string, string> = {},
	): Promise<unknown[]> =>
		(await service.rows(`read/financial/${endpoint}`, query))
			.map((row) => row['InvoiceNumber'])
			.sort();
	expect(await numbers('ReceivablesList')).toEqual([1, 2]);
	const accountId = `guid'${account}'`;
	expect(await numbers('ReceivablesListByAccount', { accountId })).toEqual([1, 2]);
	expect(await numbers('ReceivablesListByAgeGroup', { ageGroup: '2' })).toEqual([2]);
	expect(await numbers('PayablesList')).toEqual([]);
	const aging = await service.rows('read/financial/AgingReceivablesListByAgeGroup', {
		ageGroup: '1',
	});
	expect(aging).toEqual([
		expect.objectContaining({ AccountId: account, AgeGroup1Amount: 100, TotalAmount: 100 }),
	]);
	await service.create('salesinvoice/SalesInvoices', {
		Journal: '70',
		OrderedBy: account,
		InvoiceDate: '2025-03-05T00:00:00',
		SalesInvoiceLines: [{ Item: item, Quantity: 2, NetPrice: 5 }],
	});
	const revenue = await service.rows('read/financial/RevenueListByYear', { year: '2025' });
	expect(revenue).toEqual([expect.objectContaining({ Year: 2025, Period: 3, Amount: 10 })]);
});
