import { ResourceClient } from './resourceClient';
import { list, messageOf, rowsOf } from './simulatorClient';

/** Reading changes (docs/facts/exact-online.md 5). */

let service: ResourceClient;

beforeEach(async () => {
	service = await ResourceClient.start();
});

afterEach(async () => {
	await service.close();
});

const ACCOUNTS = 'sync/CRM/Accounts';

/** The highest version of all accounts. */
async function cursorAfterAll(): Promise<string> {
	const all = await service.allRows(
		await service.get(ACCOUNTS, { $filter: 'Timestamp gt 1', $select: 'Timestamp' }),
	);
	return String(Math.max(...all.map((row) => Number(row['Timestamp']))));
}

test('versions are unique, in order, 1,000 a page, as text with a sign for a long number', async () => {
	const seed = { Name: 'Account {n}' };
	await service.client.control('POST', 'rows', {
		division: service.client.division,
		endpoint: 'crm/Accounts',
		count: 1000,
		row: seed,
	});
	const first = await service.get(ACCOUNTS, { $filter: 'Timestamp gt 1', $select: 'ID,Timestamp' });
	expect(rowsOf(first)).toHaveLength(1000);
	expect(list(first).__next).toContain('L');
	const versions = (await service.allRows(first)).map((row) => row['Timestamp']);
	expect(versions).toHaveLength(1340);
	expect(new Set(versions).size).toBe(1340);
	expect(versions.every((version) => typeof version === 'string')).toBe(true);
	expect([...versions].sort((left, right) => Number(left) - Number(right))).toEqual(versions);
});

test('a row that changed twice comes once; new, changed and deleted rows come after the cursor', async () => {
	const cursor = await cursorAfterAll();
	const made = await service.create('crm/Accounts', { Name: 'New' });
	const changed = await service.idOfFirst('crm/Accounts', "Name ne 'New'");
	await service.put(`crm/Accounts(guid'${changed}')`, { City: 'Delft' });
	await service.put(`crm/Accounts(guid'${changed}')`, { City: 'Breda' });
	const filter = { $filter: `Timestamp gt ${cursor}L` };
	const changes = await service.rows(ACCOUNTS, filter);
	expect(changes.map(({ ID, City }) => [ID, City])).toEqual([
		[made['ID'], null],
		[changed, 'Breda'],
	]);
	expect(await service.rows('sync/Deleted', filter)).toEqual([]);
	await service.delete(`crm/Accounts(guid'${String(made['ID'])}')`);
	expect(await service.rows(ACCOUNTS, filter)).toHaveLength(1);
	expect(await service.rows('sync/Deleted', filter)).toEqual([
		expect.objectContaining({ EntityKey: made['ID'], EntityType: 2 }),
	]);
	service.client.simulator.configure({ deletedDays: 1 });
	service.client.clock.advanceSeconds(2 * 86_400);
	expect(await service.rows('sync/Deleted', filter)).toEqual([]);
});

test('only Timestamp filters, nothing is ordered or skipped', async () => {
	const ask = async (query: Record<string, string>): Promise<string> =>
		messageOf(await service.get(ACCOUNTS, query));
	expect(await ask({ $filter: "Name eq 'x'" })).toContain('not supported: Name');
	expect(await ask({ $orderby: 'Name' })).toContain('$orderby');
	expect(await ask({ $skip: '10' })).toContain('$skip');
});

test('SyncTimestamp gives the version to go on from for a date', async () => {
	const { clock } = service.client;
	clock.advanceSeconds(60);
	const text = new Date(clock.now).toISOString().slice(0, 19);
	clock.advanceSeconds(60);
	await service.create('crm/Accounts', { Name: 'Later' });
	const parameters = { modified: `datetime'${text}'`, endPoint: "'CRM/Accounts'" };
	const [row] = await service.rows('read/sync/Sync/SyncTimestamp', parameters);
	const cursor = String(row?.['TimeStampAsBigInt']);
	const later = await service.rows(ACCOUNTS, { $filter: `Timestamp gt ${cursor}L` });
	expect(later.map(({ Name }) => Name)).toEqual(['Later']);
	const unknown = { ...parameters, endPoint: "'CRM/Nothing'" };
	expect((await service.get('read/sync/Sync/SyncTimestamp', unknown)).status).toBe(400);
});

test('a move of the division gives all rows new versions and a date', async () => {
	const cursor = await cursorAfterAll();
	await service.create('crm/Accounts', { Name: 'Before the move' });
	await service.client.control('POST', 'moveDivision', { division: service.client.division });
	const [division] = await service.rows('system/Divisions', {
		$filter: `Code eq ${service.client.division}`,
	});
	expect(division?.['DivisionMoveDate']).toBe(`/Date(${service.client.clock.now})/`);
	const all = await service.allRows(await service.get(ACCOUNTS, { $filter: 'Timestamp gt 1' }));
	expect(all).toHaveLength(341);
	expect(Number(cursor)).toBeGreaterThan(0);
});

test('invoices come as a header with line 0 and its lines, orders as headers and lines apart', async () => {
	const Item = await service.idOfFirst('logistics/Items');
	const OrderedBy = await service.idOfFirst('crm/Accounts');
	await service.create('salesinvoice/SalesInvoices', {
		Journal: '70',
		OrderedBy,
		SalesInvoiceLines: [{ Item }, { Item }],
	});
	await service.create('salesorder/SalesOrders', { OrderedBy, SalesOrderLines: [{ Item }] });
	const invoiceRows = await service.rows('sync/SalesInvoice/SalesInvoices');
	expect(invoiceRows.map((row) => row['LineNumber']).sort()).toEqual([0, 1, 2]);
	expect(await service.rows('sync/SalesOrder/SalesOrderHeaders')).toHaveLength(1);
	expect(await service.rows('sync/SalesOrder/SalesOrderLines')).toHaveLength(1);
	expect((await service.get('sync/SalesOrder/SalesOrders')).status).toBe(404);
});
