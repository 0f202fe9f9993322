import { ResourceClient } from './resourceClient';
import { messageOf } from './simulatorClient';

/** What the service refuses by its own rules, and in whose language (docs/facts/exact-online.md 4.3, 4.6, 4.7). */

let service: ResourceClient;
let account: string;

beforeEach(async () => {
	service = await ResourceClient.start();
	const made = await service.create('crm/Accounts', { Name: 'Used' });
	account = String(made['ID']);
});

afterEach(async () => {
	await service.close();
});

test('an account that a document refers to is not deleted', async () => {
	const body = { Subject: 'x', Type: 55, Account: account };
	const { ID } = await service.create('documents/Documents', body);
	const path = `crm/Accounts(guid'${account}')`;
	expect(messageOf(await service.delete(path))).toBe('Cannot delete: Account - Used in: Documents');
	service.client.simulator.configure({ messageLanguage: 'nl', validationStatus: 500 });
	const dutch = await service.delete(path);
	expect([dutch.status, messageOf(dutch)]).toEqual([
		500,
		'Kan niet verwijderen: Relatie - Gebruikt in: Documenten',
	]);
	await service.delete(`documents/Documents(guid'${String(ID)}')`);
	expect((await service.delete(path)).status).toBe(204);
});

test('contacts go with their account', async () => {
	const body = { Account: account, FirstName: 'A', LastName: 'B' };
	const { ID } = await service.create('crm/Contacts', body);
	expect((await service.delete(`crm/Accounts(guid'${account}')`)).status).toBe(204);
	expect((await service.get(`crm/Contacts(guid'${String(ID)}')`)).status).toBe(404);
});

test('messages of several lines are in the language of the user', async () => {
	service.client.simulator.configure({ messageLanguage: 'nl' });
	const refused = await service.post('logistics/Items', { Barcode: '1' });
	expect(messageOf(refused)).toBe('Verplicht: Code\r\nVerplicht: Omschrijving\r\n');
});

test('mandatory filters, where they are switched on', async () => {
	service.client.simulator.configure({ mandatoryFilters: 'known' });
	const ask = async (endpoint: string, query: Record<string, string>): Promise<number> =>
		(await service.get(endpoint, query)).status;
	expect(await ask('crm/Accounts', {})).toBe(400);
	expect(await ask('crm/Accounts', { $filter: "Remarks eq 'x'" })).toBe(400);
	expect(await ask('crm/Accounts', { $filter: "Name eq 'x'" })).toBe(200);
	expect(await ask(`crm/Accounts(guid'${account}')`, {})).toBe(200);
	expect(await ask('bulk/CRM/Accounts', { $select: 'ID' })).toBe(400);
	expect(await ask('sync/CRM/Accounts', {})).toBe(200);
	expect(await ask('crm/Contacts', {})).toBe(200);
});

test('a POST answers with the entity, or with its key only where a switch says so', async () => {
	const create = async (): Promise<string[]> =>
		Object.keys(await service.create('crm/Accounts', { Name: 'x' }));
	expect((await create()).length).toBeGreaterThan(100);
	service.client.simulator.configure({ insertAnswer: 'key' });
	expect(await create()).toEqual(['__metadata', 'ID']);
	const entry = await service.create('salesentry/SalesEntries', {
		Journal: '70',
		Customer: account,
		SalesEntryLines: [{ AmountFC: 1, GLAccount: await service.idOfFirst('financial/GLAccounts') }],
	});
	expect(Object.keys(entry)).toEqual(['__metadata', 'ID']);
});
