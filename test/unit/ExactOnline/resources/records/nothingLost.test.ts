import { locator } from '../../../../support/n8nContext';
import { list, odataError } from '../../api/support/exactServer';
import {
	ID,
	OTHER,
	COLUMNS,
	byMethod,
	changed,
	made,
	mapped,
	useRecordNode,
} from '../support/recordNode';

jest.mock('../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const { run, sent, server } = useRecordNode();

describe('nothing is lost or made twice in silence', () => {
	it('no operation deletes an administration, by whatever name', async () => {
		server.answer([]);
		const endpoint = locator('system/Divisions', 'path');
		const item = { resource: 'otherEndpoint', operation: 'delete', endpoint };
		await expect(run({ ...item, record: locator('42', 'id') })).rejects.toThrow('takes no DELETE');
		expect(server.requests).toEqual([]);
	});

	it('a document is never matched by its reference alone', async () => {
		server.answer([]);
		const item = { resource: 'purchaseEntry', operation: 'upsert', matchBy: 'document' };
		const json = JSON.stringify({ YourRef: '2024-001', Description: 'x' });
		await expect(run({ ...item, dataMode: 'json', json })).rejects.toThrow('Supplier has no value');
		expect(server.requests).toEqual([]);
	});

	it('an invoice without a type is matched with the one that Exact takes', async () => {
		server.answer(byMethod({ GET: list([{ InvoiceID: ID }]), PUT: changed }));
		const item = { resource: 'salesInvoice', operation: 'upsert', matchBy: 'document' };
		const json = JSON.stringify({ YourRef: 'A1', OrderedBy: OTHER, Journal: '70' });
		await run({ ...item, dataMode: 'json', json });
		expect(sent()[0]?.[0]).toContain('and (Type eq 8020)');
	});

	it.each(['upsert', 'create'])(
		'%s of what is there tells the values that a change does not take',
		async (operation) => {
			server.answer(byMethod({ GET: list([{ InvoiceID: ID }]), PUT: changed }));
			const match = { matchBy: 'document', ifExists: 'update' };
			const item = { resource: 'salesInvoice', operation, ...match };
			const values = { YourRef: 'A1', OrderedBy: OTHER, Journal: '70', Description: 'x' };
			const lines = { SalesInvoiceLines: [{ Item: ID, Quantity: 1 }] };
			const given = { dataMode: 'json', json: JSON.stringify({ ...values, ...lines }) };
			const [row] = await run({ ...item, ...given });
			expect(sent().at(-1)?.[1]).not.toHaveProperty('Journal');
			expect(row?.json).toMatchObject({
				...{ updated: true, linesUnchanged: true, fieldsUnchanged: ['Journal'] },
			});
			const less = { YourRef: 'A1', OrderedBy: OTHER, Type: 8020, Description: 'x' };
			const whole = { ...item, operation: 'upsert', dataMode: 'json' };
			const [matched] = await run({ ...whole, json: JSON.stringify(less) });
			expect(matched?.json).not.toHaveProperty('fieldsUnchanged');
		},
	);

	it('a column that Exact does not take is an error, unless it only repeats or stamps', async () => {
		server.answer([made({ EntryID: ID })]);
		const item = { resource: 'salesInvoice', operation: 'create', values: COLUMNS };
		const header = {
			OrderedBy: OTHER,
			OrderedByName: 'Acme',
			Journal: '70',
			Created: '2026-01-01',
		};
		const items = [{ json: { ...header, InvoiceDate: '2026-01-01', AmountFC: 5 } }];
		const lines = { linesFrom: 'array', linesArray: JSON.stringify([{ Item: ID, Quantity: 1 }]) };
		await expect(run({ ...item, ...lines }, { items })).rejects.toThrow(
			/takes no InvoiceDate, AmountFC: POST salesinvoice.SalesInvoices\. \[EXACT_READ_ONLY_FIELD\]/,
		);
		await run({ ...item, ...lines, options: { unknownColumns: 'leaveOut' } }, { items });
		expect(sent()[0]?.[1]).toMatchObject({ OrderedBy: OTHER, Journal: '70' });
	});

	it('what this node adds to its rows is no column for the next one', async () => {
		server.answer(byMethod({ GET: list([]), POST: made({ ID }) }));
		const row = { recordId: OTHER, recordKey: 7, Code: '7', Name: 'Acme' };
		const changes = {
			...{ division: 2, change: 'created or changed', changedLineIds: [OTHER], cursor: 'x1.e30' },
			...{ deletionsMayBeMissing: true, readAgainFailed: 'no', answerWasEmpty: true },
		};
		const items = [{ json: { ...row, ...changes } }];
		await run({ operation: 'upsert', values: COLUMNS, matchBy: 'Code' }, { items });
		expect(sent().at(-1)?.[1]).toEqual({
			Code: expect.stringMatching(/^ *7$/) as string,
			Name: 'Acme',
		});
	});

	it('a record that was made stays told where it cannot be read again', async () => {
		server.answer(byMethod({ POST: made({ ID }), GET: odataError(403, 'Forbidden') }));
		const options = { returnRecord: true };
		const item = { operation: 'create', values: mapped({ Name: 'Acme' }), options };
		const [output] = await run(item);
		expect(output?.json).toMatchObject({
			recordId: ID,
			created: true,
			readAgainFailed: expect.stringContaining('[EXACT_FORBIDDEN]') as string,
		});
	});

	it('JSON that comes from data clears nothing; a null that somebody typed does', async () => {
		server.answer([changed]);
		const item = { operation: 'update', record: locator(ID, 'id'), dataMode: 'json' };
		const items = [{ json: { City: 'Delft', Phone: null, Email: '' } }];
		await run({ ...item, json: '={{ $json }}' }, { items });
		await run({ ...item, json: '{"Phone": null}' });
		expect(sent().map(([, body]) => body)).toEqual([{ City: 'Delft' }, { Phone: null }]);
	});

	it('VAT numbers are stored as they are looked for', async () => {
		server.answer(byMethod({ GET: list([]), POST: made({ ID }) }));
		const values = mapped({ Name: 'A', VATNumber: 'NL 8123.45.678 B01' });
		await run({ operation: 'upsert', values, matchBy: 'VATNumber' });
		expect(sent()[0]?.[0]).toContain("VATNumber eq 'NL812345678B01'");
		expect(sent()[1]?.[1]).toMatchObject({ VATNumber: 'NL812345678B01' });
	});

	it('account codes come out without the blanks with which Exact keeps them', async () => {
		server.answer([list([{ ID, Code: '              1001' }])]);
		const [item] = await run({ operation: 'getAll' });
		expect(item?.json.Code).toBe('1001');
	});

	it('what is wrong in all divisions is no error item', async () => {
		server.answer([odataError(400, 'wrong')]);
		const options = { severalDivisions: 'chosen', divisions: [9, 8] };
		await expect(run({ operation: 'getAll', options })).rejects.toThrow('[EXACT_VALIDATION]');
		server.answer([odataError(403, 'Forbidden')]);
		await expect(run({ operation: 'getAll', options })).rejects.toThrow('[EXACT_FORBIDDEN]');
	});

	it('a query that is wrong itself does not switch the bulk endpoint off', async () => {
		server.answer([odataError(400, 'wrong value')]);
		const item = { operation: 'getAll', returnAll: true };
		await expect(run(item)).rejects.toThrow('[EXACT_VALIDATION]');
		server.answer([list([{ ID }])]);
		await run(item);
		expect(server.requests[0]?.target).toContain('/bulk/CRM/Accounts');
	});

	it('a code that could not be looked up once is looked up again', async () => {
		let asked = 0;
		server.answer(({ method }) => {
			if (method === 'POST') return made({ ID });
			asked += 1;
			return asked === 1 ? odataError(403, 'Forbidden') : list([{ ID: OTHER }]);
		});
		const values = mapped({ FirstName: 'Jo', LastName: 'Do' });
		const contact = { resource: 'contact', operation: 'create', account: locator('1001', 'code') };
		const settings = { items: [{}, {}], continueOnFail: true };
		const output = await run({ ...contact, values }, settings);
		expect(output.map(({ json }) => 'error' in json)).toEqual([true, false]);
	});
});
