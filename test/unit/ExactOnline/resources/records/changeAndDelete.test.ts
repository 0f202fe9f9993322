import { keyRow } from '../../../../../nodes/ExactOnline/odata/keys';
import { locator } from '../../../../support/n8nContext';
import { list, odataError } from '../../api/support/exactServer';
import { COLUMNS, ID, byMethod, changed, made, mapped, useRecordNode } from '../support/recordNode';

jest.mock('../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const { run, sent, server } = useRecordNode();

describe('Update, Upsert and Delete', () => {
	it('changes only what is given, by a business key', async () => {
		server.answer(byMethod({ GET: list([{ ID }]), PUT: changed }));
		const record = locator('1001', 'byCode');
		const [item] = await run({ operation: 'update', record, values: mapped({ City: 'Delft' }) });
		expect(sent().at(-1)).toEqual([`PUT crm/Accounts(guid'${ID}')`, { City: 'Delft' }]);
		expect(item?.json).toEqual({ recordId: ID, updated: true });
	});

	it('sends nothing where nothing would change', async () => {
		server.answer([]);
		const item = { operation: 'update', record: locator(ID), values: mapped({ City: '' }) };
		await expect(run(item)).rejects.toThrow('No field is given that would change.');
		expect(server.requests).toEqual([]);
	});

	// Red before: the name went out as null.
	it('clears no field that its kind needs, by fields or by columns', async () => {
		server.answer(byMethod({ PUT: changed }));
		const update = { operation: 'update', record: locator(ID, 'id') };
		const values = mapped({ Name: '={{ $json.name }}', City: '={{ $json.city }}' });
		const clear = { ...update, values, options: { emptyValues: 'clear' } };
		await expect(run(clear)).rejects.toThrow(
			'The field Name gets undefined from item 0 (the first item is 0). Nothing was sent. [EXACT_EMPTY_VALUE]',
		);
		const items = [{ json: { Name: '', City: '' } }];
		await expect(run({ ...clear, values: COLUMNS }, { items })).rejects.toThrow('The field Name');
		expect(server.requests).toEqual([]);
		await run(clear, { items: [{ json: { name: 'A', city: '' } }] });
		const leaveOut = { ...clear, options: { emptyValues: 'leaveOut' } };
		await run(leaveOut, { items: [{ json: { city: 'Delft' } }] });
		expect(sent().map(([, body]) => body)).toEqual([{ Name: 'A', City: null }, { City: 'Delft' }]);
	});

	// Red before: what each order needs was an error where it was empty, also where a change leaves it out in any case.
	it('leaves out what only a new record takes, empty or not, where unknown columns are ignored', async () => {
		server.answer(byMethod({ GET: list([{ OrderID: ID }]), PUT: changed }));
		const order = {
			...{ resource: 'salesOrder', record: locator(ID, 'id'), values: COLUMNS },
			options: { emptyValues: 'clear', unknownColumns: 'leaveOut' },
		};
		const json = { OrderedBy: '', YourRef: 'A-1', Description: '' };
		await run({ ...order, operation: 'update' }, { items: [{ json }] });
		const upsert = { ...order, operation: 'upsert', matchBy: 'YourRef' };
		const [item] = await run(upsert, { items: [{ json }] });
		expect(item?.json).toMatchObject({ updated: true, fieldsUnchanged: ['OrderedBy'] });
		const body = { YourRef: 'A-1', Description: null };
		const puts = sent().filter(([request]) => request.startsWith('PUT'));
		expect(puts.map(([, given]) => given)).toEqual([body, body]);
	});

	it('a change of a document never carries lines, and says so', async () => {
		server.answer([]);
		const item = {
			resource: 'salesInvoice',
			operation: 'update',
			record: locator(ID),
			dataMode: 'json',
			json: JSON.stringify({ SalesInvoiceLines: [{ Quantity: 1 }] }),
		};
		await expect(run(item)).rejects.toThrow('[EXACT_READ_ONLY_FIELD]');
		expect(server.requests).toEqual([]);
	});

	it('upserts by the chosen key', async () => {
		server.answer(byMethod({ GET: list([{ ID }]), PUT: changed }));
		const values = mapped({ Name: 'Acme', Email: 'a@b.c' });
		const [item] = await run({ operation: 'upsert', values, matchBy: 'Email' });
		expect(item?.json).toEqual({ recordId: ID, created: false, updated: true });
		expect(sent()[0]?.[0]).toContain("$filter=Email eq 'a@b.c'");
	});

	it('deletes by key, or by another field after looking it up', async () => {
		server.answer(byMethod({ GET: list([{ ID }]), DELETE: changed }));
		const [item] = await run({
			operation: 'delete',
			record: locator(`{${ID.toUpperCase()}}`, 'id'),
		});
		// Red before: as it was typed, which no other output of the same record equals.
		expect(item?.json).toEqual({ recordId: ID, deleted: true });
		await run({ operation: 'delete', record: locator('a@b.c', 'byEmail') });
		expect(sent().map(([request]) => request.split('?')[0])).toEqual([
			`DELETE crm/Accounts(guid'${ID}')`,
			'GET crm/Accounts',
			`DELETE crm/Accounts(guid'${ID}')`,
		]);
	});
});

// Red before: as it was typed.
it.each([
	['update', 'account', 'PUT', { record: locator(ID.toUpperCase(), 'id') }],
	['changeLine', 'salesOrder', 'PUT', { lineId: `{${ID.toUpperCase()}}` }],
	['deleteLine', 'salesOrder', 'DELETE', { lineId: ID.toUpperCase() }],
])(
	'%s of %s gives the ID as Exact itself writes it',
	async (operation, resource, method, given) => {
		server.answer(byMethod({ [method]: changed }));
		const what =
			operation === 'update'
				? { values: mapped({ City: 'Delft' }) }
				: { lineFields: { line: { Description: 'New' } } };
		const [item] = await run({ operation, resource, ...given, ...what });
		expect(item?.json.recordId).toBe(ID);
	},
);

it('of a key of several fields each identifier is written so', () => {
	const key = [
		{ name: 'Division', type: 'Int32' },
		{ name: 'GLAccount', type: 'Guid' },
	] as const;
	expect(keyRow(key, { Division: 5, GLAccount: `{${ID.toUpperCase()}}`, Code: 'A' })).toEqual({
		...{ Division: 5, GLAccount: ID, Code: 'A' },
	});
	expect(keyRow([{ name: 'Code', type: 'String' }], ID.toUpperCase())).toEqual({
		Code: ID.toUpperCase(),
	});
});

describe('Other Endpoint', () => {
	const other = { resource: 'otherEndpoint', endpoint: locator('hrm/Costcenters', 'path') };

	it('works on any endpoint of the catalogue', async () => {
		server.answer([list([{ ID, Code: 'A', Description: 'X', Created: '/Date(0)/' }])]);
		const [item] = await run({ ...other, operation: 'getAll' });
		expect(item?.json).toEqual({ Code: 'A', Description: 'X', ID });
	});

	it('refuses what the endpoint does not allow, and unknown paths with near ones', async () => {
		server.answer([]);
		const units = locator('logistics/Units', 'path');
		const remove = { ...other, operation: 'delete', record: locator(ID) };
		await expect(run({ ...remove, endpoint: units })).rejects.toThrow(
			'takes no DELETE, only GET: logistics/Units.',
		);
		const wrong = { ...remove, endpoint: locator('crm/Acounts', 'path') };
		await expect(run(wrong)).rejects.toThrow('Did you mean crm/Accounts');
		expect(server.requests).toEqual([]);
	});

	it('gives keys that are no guid as recordKey beside recordId', async () => {
		server.answer([made({ Code: 42, Description: 'Shop' })]);
		const endpoint = locator('system/Divisions', 'path');
		const [item] = await run({ ...other, endpoint, operation: 'get', record: locator('42', 'id') });
		expect(item?.json).toMatchObject({ recordId: '42', recordKey: 42 });
		expect(sent()[0]?.[0]).toContain('GET system/Divisions(42)');
	});

	it('of a beta family stands before the division', async () => {
		server.answer([list([])]);
		const endpoint = locator('beta/payroll/PayrollComponents', 'path');
		await run({ ...other, endpoint, operation: 'getAll' });
		expect(server.requests[0]?.target).toMatch(/^\/api\/v1\/beta\/1\/payroll\/PayrollComponents\?/);
	});
});

describe('Get, where none may be there', () => {
	const get = { operation: 'get', record: locator(ID, 'id'), options: { ifNone: 'empty' } };

	it('gives nothing for a record that Exact does not know', async () => {
		server.answer([odataError(404, 'No such record')]);
		await expect(run(get)).resolves.toEqual([]);
	});

	// Red before: the page of a proxy was the word that there is no such record.
	it('does not take a page for that word', async () => {
		server.answer([{ status: 404, body: '<html><h1>Not Found</h1></html>' }]);
		await expect(run(get)).rejects.toThrow('A web page says');
	});
});
