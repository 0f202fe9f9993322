import { randomUUID } from 'node:crypto';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { ExactOnline } from '../../../../nodes/ExactOnline/ExactOnline.node';
import { executeContext, locator, type NodeSettings } from '../../../support/n8nContext';
import { ExactServer, list, odataError, type Script } from '../api/support/exactServer';
import { FakeTokenSource } from '../api/support/fakes';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const server = new ExactServer();
const node = new ExactOnline();

const ID = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const OTHER = '11111111-2222-3333-4444-555555555555';

/** Names of the leases under which something was done. */
const leases: string[] = [];

beforeAll(async () => await server.start());
afterAll(async () => await server.stop());

beforeEach(() => {
	leases.length = 0;
	const vault = {
		withLease: async (name: string, _options: object, work: () => Promise<unknown>) => {
			leases.push(name);
			return await work();
		},
	};
	const source = new FakeTokenSource(server.baseUrl, randomUUID());
	jest
		.mocked(createAccessTokenSource)
		.mockResolvedValue(Object.assign(source, { chain: { vault } }) as never);
});

function contextFor(parameters: IDataObject, settings: NodeSettings = {}) {
	const { description } = node;
	const credentials = { exactOnlineOAuth2Api: { id: 'cred-1' } };
	const all = { resource: 'account', division: locator('1'), ...parameters };
	return executeContext({ description, credentials, parameters: all, ...settings });
}

async function run(
	parameters: IDataObject,
	settings: NodeSettings = {},
): Promise<INodeExecutionData[]> {
	const { context } = contextFor(parameters, settings);
	const [output] = await node.execute.call(context);
	return output ?? [];
}

/** Values mapped one by one, as the editor stores them. */
function mapped(value: IDataObject): IDataObject {
	return { mappingMode: 'defineBelow', value, schema: [], matchingColumns: [] };
}

const COLUMNS = { mappingMode: 'autoMapInputData', value: {}, schema: [], matchingColumns: [] };

/** Requests as `GET crm/Accounts`, with what they sent. */
function sent(): Array<[request: string, body: unknown]> {
	return server.requests.map(({ method, target, body }) => [
		`${method} ${target.replace('/api/v1/1/', '').replace(/\$select=[^&]*&?/, '')}`,
		body === '' ? undefined : (JSON.parse(body) as unknown),
	]);
}

const made = (row: object) => ({ status: 201, body: { d: row } });
const changed = { status: 204, body: '' };

/** Answers by method. */
function byMethod(answers: Record<string, ReturnType<Script>>): Script {
	return ({ method }) => answers[method] ?? { status: 500 };
}

describe('Create', () => {
	const create = { operation: 'create' };

	it('sends mapped fields by their types, and gives back key and main fields', async () => {
		server.answer([made({ ID, Name: 'Acme', Status: 'C', Created: '/Date(0)/' })]);
		const [item] = await run(
			{
				...create,
				values: mapped({
					Name: 'Acme',
					Status: 'customer',
					IsSupplier: 'true',
					Email: '',
					DiscountPurchase: '1.234,5',
					StartDate: '={{ $json.at }}',
				}),
			},
			{
				items: [{ json: { at: new Date('2026-03-31T22:30:00Z') as never } }],
				timeZone: 'Europe/Amsterdam',
			},
		);
		expect(sent()).toEqual([
			[
				'POST crm/Accounts',
				{
					Name: 'Acme',
					Status: 'C',
					IsSupplier: true,
					DiscountPurchase: 1234.5,
					StartDate: '2026-04-01T00:30:00',
				},
			],
		]);
		expect(item?.json).toEqual({
			recordId: ID,
			created: true,
			Name: 'Acme',
			Status: 'Customer',
			ID,
		});
	});

	it('reads the record again where that is wanted', async () => {
		server.answer(byMethod({ POST: made({ ID }), GET: made({ ID, Name: 'Acme', Code: ' 1' }) }));
		const options = { returnRecord: true };
		const [item] = await run({ ...create, values: mapped({ Name: 'Acme' }), options });
		expect(item?.json).toMatchObject({ recordId: ID, Code: '1', Name: 'Acme' });
		expect(sent().map(([request]) => request)).toEqual([
			'POST crm/Accounts',
			`GET crm/Accounts(guid'${ID}')?`,
		]);
	});

	it.each([
		['not an object', '[1]', 'it is no object'],
		['a syntax error', '{"Name": }', 'JSON'],
	])('refuses JSON that is %s, with field and item', async (_what, json, problem) => {
		server.answer([]);
		const run1 = run({ ...create, dataMode: 'json', json });
		await expect(run1).rejects.toThrow(new RegExp(`field JSON of item 0 .*${problem}`));
		expect(server.requests).toEqual([]);
	});

	it('refuses unknown, read-only and missing fields before anything is sent', async () => {
		server.answer([]);
		const json = (content: object) =>
			run({ ...create, dataMode: 'json', json: JSON.stringify(content) });
		await expect(json({ Name: 'A', Nam: 'B' })).rejects.toThrow('has no field Nam.');
		await expect(json({ Name: 'A', Created: '2026-01-01' })).rejects.toThrow('READ_ONLY');
		await expect(json({ Email: 'a@b.c' })).rejects.toThrow('Account needs a value for Name.');
		expect(server.requests).toEqual([]);
	});

	describe('empty values', () => {
		const empty = { ...create, values: mapped({ Name: 'A', Email: '={{ $json.email }}' }) };

		it('are errors for fields mapped one by one, unless another rule is chosen', async () => {
			server.answer([made({ ID })]);
			await expect(run(empty)).rejects.toThrow(
				'The field Email gets undefined from item 0 (the first item is 0). Nothing was sent. [EXACT_EMPTY_VALUE]',
			);
			await run({ ...empty, options: { emptyValues: 'leaveOut' } });
			await run({ ...empty, options: { emptyValues: 'clear' } });
			expect(sent().map(([, body]) => body)).toEqual([{ Name: 'A' }, { Name: 'A', Email: null }]);
		});

		it('are errors always where the field is needed', async () => {
			const values = mapped({ Name: '={{ $json.name }}' });
			const options = { emptyValues: 'leaveOut' };
			await expect(run({ ...create, values, options })).rejects.toThrow('The field Name gets');
		});
	});

	describe('from columns', () => {
		const columns = { ...create, values: COLUMNS };

		it('takes what the endpoint knows and may write, without what is empty', async () => {
			server.answer([made({ ID })]);
			const json = { recordId: 'x', ID, Created: '2026-01-01', Name: 'A', Email: '' };
			await run(columns, { items: [{ json }] });
			expect(sent()[0]?.[1]).toEqual({ Name: 'A' });
		});

		it('lists unknown columns as an error, or ignores them', async () => {
			server.answer([made({ ID })]);
			const items = [{ json: { Name: 'A', Customer: 'x', Town: 'y' } }];
			await expect(run(columns, { items })).rejects.toThrow('has no field Customer, Town.');
			await run({ ...columns, options: { unknownColumns: 'leaveOut' } }, { items });
			expect(sent()[0]?.[1]).toEqual({ Name: 'A' });
		});
	});

	describe('references', () => {
		const contact = {
			...create,
			resource: 'contact',
			values: mapped({ FirstName: 'Jo', LastName: 'Do' }),
		};

		it('by code are looked up once per run', async () => {
			server.answer(byMethod({ GET: list([{ ID: OTHER }]), POST: made({ ID }) }));
			await run(
				{ ...contact, account: locator('1001', 'code') },
				{ items: [{}, { json: { again: true } }] },
			);
			expect(sent().map(([request]) => request)).toEqual([
				"GET crm/Accounts?$filter=Code eq '              1001'&$top=2",
				'POST crm/Contacts',
				'POST crm/Contacts',
			]);
			expect(sent()[1]?.[1]).toMatchObject({ Account: OTHER, FirstName: 'Jo' });
		});

		it('to records that the run makes itself are found once they are made', async () => {
			const codes = new Map([['100', OTHER]]);
			server.answer(({ method, target, body }) => {
				if (method === 'GET') {
					const asked = [...codes].filter(([code]) => target.includes(` ${code}'`));
					return list(asked.map(([Code, id]) => ({ Code: Code.padStart(18), ID: id })));
				}
				const { Code } = JSON.parse(body) as { Code: string };
				codes.set(Code.trim(), randomUUID());
				return made({ ID: codes.get(Code.trim()) });
			});
			const parents = [undefined, '100', '101', '102', '103'];
			const output = await run(
				{
					...create,
					dataMode: 'json',
					json: '={{ { Code: $json.code, Name: "Account", Parent: $json.parent } }}',
				},
				{
					items: ['100', '101', '102', '103', '104'].map((code, n) => ({
						json: { code, parent: parents[n] ?? null },
					})),
				},
			);
			expect(output).toHaveLength(5);
			const posted = sent().filter(([request]) => request.startsWith('POST'));
			expect(posted.map(([, body]) => (body as { Parent?: string }).Parent ?? null)).toEqual([
				...[null, '100', '101', '102', '103'].map((code) => code && codes.get(code)),
			]);
		});

		it('that were missing are looked up again where the run may have made them meanwhile', async () => {
			let asked = 0;
			server.answer(({ method }) => {
				if (method === 'POST') return made({ ID });
				asked += 1;
				return asked === 1 ? list([]) : list([{ ID: OTHER }]);
			});
			const child = { ...create, dataMode: 'json', json: '{"Name": "Child", "Parent": "7"}' };
			const output = await run(child, { items: [{}, {}], continueOnFail: true });
			expect(output.map(({ json }) => 'error' in json)).toEqual([true, false]);
		});

		it('from the list go as they are; codes are passed on where Exact takes codes', async () => {
			server.answer([made({ InvoiceID: ID })]);
			await run({
				...create,
				resource: 'generalJournalEntry',
				journalCode: locator('90'),
				references: { currency: locator('EUR', 'code') },
				values: mapped({}),
				lineRows: { line: [{ GLAccount: locator(OTHER), AmountFC: '5' }] },
			});
			expect(sent()).toEqual([
				[
					'POST generaljournalentry/GeneralJournalEntries',
					{
						JournalCode: '90',
						Currency: 'EUR',
						GeneralJournalEntryLines: [{ GLAccount: OTHER, AmountFC: 5 }],
					},
				],
			]);
		});

		it('that lead to nothing, or to several, are errors', async () => {
			server.answer([list([]), list([{ ID }, { ID: OTHER }])]);
			const item = { ...contact, account: locator('7', 'code') };
			await expect(run(item)).rejects.toThrow(
				'Account: there is no Account with the code "7" in division 1. [EXACT_NOT_FOUND]',
			);
			await expect(run(item)).rejects.toThrow('[EXACT_AMBIGUOUS_RECORD]');
		});

		it('are looked for behind an empty page as well', async () => {
			const link = `${server.baseUrl}/api/v1/1/crm/Accounts?$skiptoken=1`;
			server.answer(({ method, target }) => {
				if (method === 'POST') return { status: 201, body: { d: { ID } } };
				return target.includes('skiptoken')
					? list([{ ID: OTHER }])
					: { status: 200, body: { d: { results: [], __next: link } } };
			});
			await run({ ...contact, account: locator('7', 'code') });
			expect(sent().at(-1)?.[1]).toMatchObject({ Account: OTHER });
		});

		it('that an expression leaves empty are errors always', async () => {
			const account = { __rl: true, mode: 'id', value: '={{ $json.none }}' };
			const options = { emptyValues: 'leaveOut' };
			await expect(run({ ...contact, account, options })).rejects.toThrow('[EXACT_EMPTY_VALUE]');
		});
	});
});

describe('If It Exists Already', () => {
	const values = mapped({ Name: 'Acme', Code: '1001', Email: 'a@b.c' });
	const create = { operation: 'create', values, matchBy: 'Code' };

	it('looks under a lease, and creates where nothing is there', async () => {
		server.answer(byMethod({ GET: list([]), POST: made({ ID }) }));
		const [item] = await run({ ...create, ifExists: 'skip' });
		expect(item?.json).toMatchObject({ created: true, recordId: ID });
		expect(sent().map(([request]) => request)).toEqual([
			"GET crm/Accounts?$filter=Code eq '              1001'&$top=5",
			'POST crm/Accounts',
		]);
		expect(leases).toHaveLength(1);
		expect(leases[0]).not.toContain('1001');
	});

	it.each([
		['fail', '[EXACT_RECORD_EXISTS]'],
		['skip', { created: false, skipped: true, recordId: ID }],
		['update', { created: false, updated: true, recordId: ID }],
	])('%s', async (ifExists, result) => {
		server.answer(byMethod({ GET: list([{ ID }]), PUT: changed }));
		const output = run({ ...create, ifExists });
		if (typeof result === 'string') await expect(output).rejects.toThrow(result);
		else expect((await output)[0]?.json).toMatchObject(result);
		const writes = sent().filter(([request]) => !request.startsWith('GET'));
		expect(writes).toEqual(
			ifExists === 'update'
				? [[`PUT crm/Accounts(guid'${ID}')`, { Name: 'Acme', Code: '1001', Email: 'a@b.c' }]]
				: [],
		);
	});

	// Red before: an empty page with a link was "nothing is there", and the record made twice.
	it('looks on behind an empty page, whose list may go on', async () => {
		const link = `${server.baseUrl}/api/v1/1/crm/Accounts?$skiptoken=1`;
		server.answer(({ target }) =>
			/skiptoken|guid/.test(target)
				? list([{ ID }])
				: { status: 200, body: { d: { results: [], __next: link } } },
		);
		const [item] = await run({ ...create, ifExists: 'skip' });
		expect(item?.json).toMatchObject({ skipped: true, recordId: ID });
	});

	// Red before: a row without any value, and no word of it.
	it('says so where the record that was found is gone when it is read', async () => {
		server.answer(({ target }) => list(target.includes('guid') ? [] : [{ ID }]));
		await expect(run({ ...create, ifExists: 'skip' })).rejects.toThrow('[EXACT_NOT_FOUND]');
	});

	it('finds a document by its reference together with the account, and the type where a POST has one', async () => {
		server.answer(byMethod({ GET: list([{ ID }, { ID: OTHER }]) }));
		const entry = {
			...create,
			resource: 'purchaseEntry',
			matchBy: 'document',
			ifExists: 'skip',
			supplier: locator(OTHER),
			journal: locator('70'),
			values: mapped({ YourRef: '2024-001' }),
			lineRows: { line: [{ GLAccount: locator(OTHER), AmountFC: '5' }] },
		};
		await expect(run(entry)).rejects.toThrow('[EXACT_AMBIGUOUS_RECORD]');
		const filters = () =>
			server.requests.map(({ target }) => new URLSearchParams(target.split('?')[1]).get('$filter'));
		expect(filters()).toEqual([`(YourRef eq '2024-001') and (Supplier eq guid'${OTHER}')`]);
		const invoice = {
			...entry,
			resource: 'purchaseInvoice',
			values: mapped({ YourRef: '2024-001', Type: '8031' }),
			lineRows: { line: [{ Item: locator(OTHER) }] },
		};
		await expect(run(invoice)).rejects.toThrow('[EXACT_AMBIGUOUS_RECORD]');
		expect(filters()[1]).toBe(
			`(YourRef eq '2024-001') and (Supplier eq guid'${OTHER}') and (Type eq 8031)`,
		);
	});

	// Red before: it promised the type of entries, which Exact sets itself, so that nothing can be compared.
	it('says by what documents are known again', () => {
		const namesOf = (resource: string) =>
			node.description.properties
				.filter(
					({ name, displayOptions: { show = {} } = {} }) =>
						name === 'matchBy' &&
						[show.resource].flat().includes(resource) &&
						show.ifExists !== undefined,
				)
				.flatMap(({ options = [] }) => options)
				.filter((option) => 'value' in option && option.value === 'document');
		expect(namesOf('salesInvoice')).toEqual([
			{ name: 'Your Ref, Ordered By, Type', value: 'document' },
		]);
		expect(namesOf('salesEntry')).toEqual([
			{
				name: 'Your Ref, Customer',
				value: 'document',
				description:
					'Without the type, which Exact Online sets itself: an entry and its credit note with the same reference count as one',
			},
		]);
		expect(namesOf('purchaseEntry')).toMatchObject([{ name: 'Your Ref, Supplier' }]);
	});

	it('looks for the records of all items together, in few requests', async () => {
		const there = ['a0', 'a1', 'a2'].map((name) => ({
			ID: OTHER,
			Email: `${name.toUpperCase()}@b.c`,
		}));
		server.answer(({ method, target }) =>
			method === 'PUT'
				? changed
				: method === 'POST'
					? made({ ID })
					: list(there.filter(({ Email }) => target.toLowerCase().includes(Email.toLowerCase()))),
		);
		const items = [...Array.from({ length: 4 }).keys()].map((index) => ({
			json: { Name: 'A', Email: `a${index}@b.c` },
		}));
		const output = await run({ operation: 'upsert', values: COLUMNS, matchBy: 'Email' }, { items });
		expect(output.map(({ json }) => json.created)).toEqual([false, false, false, true]);
		expect(server.requests.map(({ method }) => method)).toEqual([
			...['GET', 'PUT', 'PUT', 'PUT'],
			// What was not there is looked for once more, under its lease.
			...['GET', 'POST'],
		]);
		expect(leases).toHaveLength(1);
	});

	it.each(['fail', 'skip', 'update', 'upsert'])(
		'%s: several that match are an error that lists them, and nothing is written',
		async (what) => {
			const several = [
				{ ID, Code: '1', Name: 'One' },
				{ ID: OTHER, Code: '2', Name: 'Two' },
			];
			server.answer(() => list(several));
			const item = { ...create, matchBy: 'Email' };
			const wanted =
				what === 'upsert' ? { ...item, operation: 'upsert' } : { ...item, ifExists: what };
			await expect(run(wanted)).rejects.toThrow(
				`match Email "a@b.c": ${ID} (1, One); ${OTHER} (2, Two). [EXACT_AMBIGUOUS_RECORD]`,
			);
			expect(server.requests.map(({ method }) => method)).toEqual(['GET']);
		},
	);

	it('needs a value to match by', async () => {
		server.answer([]);
		const item = { ...create, ifExists: 'skip', matchBy: 'VATNumber' };
		await expect(run(item)).rejects.toThrow('VATNumber has no value');
		expect(server.requests).toEqual([]);
	});

	it('takes a filter of the user, which cannot leave its brackets', async () => {
		server.answer(byMethod({ GET: list([]), POST: made({ ID }) }));
		const item = { ...create, ifExists: 'skip', matchBy: 'filter' };
		await run({ ...item, matchFilter: "SearchCode eq 'X'" });
		expect(sent()[0]?.[0]).toContain("$filter=SearchCode eq 'X'&");
		await expect(run({ ...item, matchFilter: 'a eq 1) or (b eq 2' })).rejects.toThrow(
			'[EXACT_INVALID_VALUE]',
		);
	});

	it.each([
		['without an answer', { cut: true as const }],
		['that the server failed at', { status: 500, body: '' }],
	])('finds what a POST %s has made, and says so', async (_what, answer) => {
		let posted = false;
		server.answer(({ method }) => {
			if (method !== 'POST') return list(posted ? [{ ID }] : []);
			posted = true;
			return answer;
		});
		const [item] = await run({ ...create, ifExists: 'fail' });
		expect(item?.json).toMatchObject({ created: true, foundAfterUnknownFate: true, recordId: ID });
	});

	// Red before: an item without the record's id.
	it('an answer without the record is looked for, too, or says that the record was made', async () => {
		server.answer([list([]), { status: 201, body: '' }, list([{ ID }])]);
		const [item] = await run({ ...create, ifExists: 'skip' });
		expect(item?.json).toMatchObject({ recordId: ID, foundAfterUnknownFate: true });
		server.answer(({ method }) => (method === 'POST' ? { status: 201, body: '' } : list([])));
		await expect(run({ ...create, ifExists: 'create' })).rejects.toThrow(
			/made the change of POST.*EXACT_UNEXPECTED_ANSWER/,
		);
	});

	it('without a look before, an unknown fate stays an error that tells what is there', async () => {
		server.answer(({ method }) => (method === 'POST' ? { cut: true } : list([{ ID }])));
		await expect(run({ ...create, ifExists: 'create' })).rejects.toThrow(
			new RegExp(`With Code "1001" there is now \\(guid'${ID}'\\).*EXACT_WRITE_UNCONFIRMED`),
		);
	});
});

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
		expect(item?.json).toMatchObject({ deleted: true });
		await run({ operation: 'delete', record: locator('a@b.c', 'byEmail') });
		expect(sent().map(([request]) => request.split('?')[0])).toEqual([
			`DELETE crm/Accounts(guid'${ID}')`,
			'GET crm/Accounts',
			`DELETE crm/Accounts(guid'${ID}')`,
		]);
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
		await expect(run({ ...remove, endpoint: units })).rejects.toThrow('takes no DELETE, only GET.');
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

describe('Get Many', () => {
	const getMany = { operation: 'getAll', returnAll: true };
	const paths = () => server.requests.map(({ target }) => target.split(/[?]/)[0]?.slice(10));

	it('reads long lists from the bulk endpoint, where it knows fields and filters', async () => {
		server.answer([list([{ ID }])]);
		await run(getMany);
		const conditions = [{ field: 'City', operator: 'eq', value: 'Delft' }];
		await run({ ...getMany, filters: { conditions } });
		await run({ ...getMany, returnAll: false, limit: 60 });
		await run({ ...getMany, options: { orderBy: { fields: [{ field: 'Name' }] } } });
		await run({ ...getMany, options: { filter: "City eq 'Delft'" } });
		expect(paths()).toEqual(
			[
				...['/bulk/CRM/Accounts', '/bulk/CRM/Accounts'],
				...['/crm/Accounts', '/crm/Accounts', '/crm/Accounts'],
			].map((path) => path.slice(1)),
		);
	});

	it('lets a field through that Exact has added since', async () => {
		server.answer([list([{ ID, Code: '   1001', CustomerCode: '  7', Added: ' as it is ' }])]);
		const [item] = await run({ operation: 'getAll', output: 'selected', limit: 1 });
		expect(item?.json).toMatchObject({ Code: '1001', Added: ' as it is ' });
	});

	it('asks for any of the conditions where that is wanted', async () => {
		server.answer([list([])]);
		const conditions = [
			{ field: 'City', operator: 'isOneOf', value: 'Delft, Gent' },
			{ field: 'Blocked', operator: 'eq', value: 'true' },
		];
		await run({ operation: 'getAll', filters: { conditions }, options: { combine: 'or' } });
		expect(sent()[0]?.[0]).toContain(
			"$filter=(City eq 'Delft' or City eq 'Gent') or (Blocked eq true)&",
		);
	});

	it('goes on with the usual endpoint where the bulk one refuses, and remembers it', async () => {
		server.answer(({ target }) =>
			target.includes('/bulk/') ? odataError(403, 'Forbidden') : list([{ ID }]),
		);
		await run(getMany);
		await run(getMany);
		expect(paths()).toEqual(['bulk/CRM/Accounts', 'crm/Accounts', 'crm/Accounts']);
	});

	it('meets a rule that an answer tells, and remembers it', async () => {
		const text =
			'This endpoint has mandatory filtering applied. A GET request for this endpoint must have a ' +
			'$filter parameter with one of the following fields in the url: ID, Modified';
		server.answer(({ target }) =>
			target.includes('$filter=') ? list([{ ID }]) : odataError(400, text),
		);
		const contacts = { resource: 'contact', operation: 'getAll' };
		await expect(run(contacts)).resolves.toHaveLength(1);
		await expect(run(contacts)).resolves.toHaveLength(1);
		expect(server.requests).toHaveLength(3);
	});

	it('splits a long list of values over requests that fit, up to the limit', async () => {
		const codes = Array.from({ length: 400 }, (_, index) => `code-${index}`);
		server.answer(({ target }) => list(target.match(/code-\d+/g)!.map((Code) => ({ Code }))));
		const conditions = [
			{ field: 'Code', operator: 'isOneOf', value: codes.join(',') },
			{ field: 'IsSalesItem', operator: 'eq', value: 'true' },
		];
		const items = { ...getMany, resource: 'item', filters: { conditions } };
		const output = await run(items);
		expect(output.map(({ json }) => json.Code)).toEqual(codes);
		for (const { rawTarget, target } of server.requests) {
			expect(rawTarget.length + server.baseUrl.length).toBeLessThanOrEqual(6000);
			expect(target).toContain('(IsSalesItem eq true) and (');
		}
	});

	// Red before: one division was read, and taken for all.
	it('says so where all divisions are wanted and only the current one is known', async () => {
		server.answer(({ target }) => {
			if (target.includes('current/Me')) return list([{ CurrentDivision: 1 }]);
			return target.includes('/Divisions') ? odataError(404, 'Not here') : list([{ ID }]);
		});
		const { context, hints } = contextFor({ ...getMany, options: { severalDivisions: 'all' } });
		const [output] = await node.execute.call(context);
		expect(output?.map(({ json }) => json.division)).toEqual([1]);
		expect(hints).toEqual([
			{ type: 'warning', message: expect.stringMatching(/only the current division.*consent/i) },
		]);
	});

	it('returns rows of several divisions in their order, with an error item for one that refuses', async () => {
		server.answer(({ target }) =>
			target.includes('/v1/8/') ? odataError(403, 'Forbidden') : list([{ ID }, { ID: OTHER }]),
		);
		const options = { severalDivisions: 'chosen', divisions: [9, 8, 7] };
		const output = await run({ ...getMany, returnAll: false, limit: 1, options });
		expect(output.map(({ json }) => json.division ?? json.error)).toEqual([
			9,
			expect.objectContaining({ division: 8, code: 'EXACT_FORBIDDEN' }),
			7,
		]);
		expect(output[1]?.json).toEqual({ error: expect.anything() as unknown });
	});
});

describe('as a tool of an AI agent', () => {
	const asTool = { nodeType: 'n8n-nodes-exactonline-docuware.exactOnlineTool' };
	const writes = ['create', 'update', 'upsert', 'delete'];

	it.each(writes)('%s is refused unless a person has switched it on', async (operation) => {
		server.answer([]);
		await expect(run({ operation }, asTool)).rejects.toThrow(
			/unless Allow Changes as a Tool is on\. \[EXACT_NOT_FOR_AI\]/,
		);
		expect(server.requests).toEqual([]);
	});

	it('reads are allowed', async () => {
		server.answer([list([{ ID }])]);
		await expect(run({ operation: 'getAll' }, asTool)).resolves.toHaveLength(1);
	});

	// Red before: fifty divisions.
	it.each(['account', 'openReceivable', 'stockPosition', 'division'])(
		'a list of %s has twenty rows',
		async (resource) => {
			const rows = Array.from({ length: 60 }, () => ({ ID, Code: 1, CurrentDivision: 1 }));
			server.answer(() => list(rows));
			const items = await run({ resource, operation: 'getAll' }, asTool);
			expect(items).toHaveLength(20);
		},
	);
});

describe('actions', () => {
	const print = { resource: 'salesInvoice', operation: 'printOrSend', record: locator(ID, 'id') };
	const send = { values: mapped({ SendEmailToCustomer: 'true' }) };

	it('look at the status first, and are sent once', async () => {
		server.answer(
			byMethod({
				GET: { body: { d: { InvoiceID: ID, Status: 20 } } },
				POST: made({ InvoiceID: ID, DocumentCreationSuccess: 'Made', EmailCreationError: '' }),
			}),
		);
		const [item] = await run({ ...print, ...send });
		expect(item?.json).toEqual({
			recordId: ID,
			InvoiceID: ID,
			DocumentCreationSuccess: 'Made',
		});
		expect(sent()).toEqual([
			[`GET salesinvoice/SalesInvoices(guid'${ID}')?`, undefined],
			['POST salesinvoice/PrintedSalesInvoices', { InvoiceID: ID, SendEmailToCustomer: true }],
		]);
	});

	it('are not done twice unasked', async () => {
		server.answer(byMethod({ GET: list([{ InvoiceID: ID, Status: 50 }]), POST: made({}) }));
		await expect(run(print)).rejects.toThrow(
			'Status of the sales invoice is Processed (50), so it has been done already. [EXACT_DONE_ALREADY]',
		);
		expect(server.requests).toHaveLength(1);
		await run({ ...print, options: { evenIfDone: true } });
		expect(server.requests.at(-1)?.method).toBe('POST');
	});

	it('take JSON, which a form gives as a text, where no type is documented', async () => {
		server.answer([made({ ID })]);
		const item = { resource: 'salesOrder', operation: 'invoice' };
		const header = { CreateMode: 0, InvoiceMode: 0, JournalCode: '70' };
		await run({ ...item, values: mapped({ ...header, SalesOrderIDs: `[{"ID":"${ID}"}]` }) });
		expect(sent()).toEqual([
			['POST salesinvoice/InvoiceSalesOrders', { ...header, SalesOrderIDs: [{ ID }] }],
		]);
		const broken = { ...item, values: mapped({ ...header, SalesOrderIDs: '[{ID}]' }) };
		await expect(run(broken)).rejects.toThrow('SalesOrderIDs: "[{ID}]" begins like JSON');
	});

	it('that fail in part are errors with what was done', async () => {
		const answer = {
			DocumentCreationSuccess: 'Document made.',
			EmailCreationError: 'No email address.',
		};
		server.answer(byMethod({ GET: list([{ InvoiceID: ID, Status: 10 }]), POST: made(answer) }));
		await expect(run(print)).rejects.toThrow(
			'EmailCreationError: No email address. Done all the same: DocumentCreationSuccess: Document made. [EXACT_ACTION_FAILED]',
		);
	});

	// Red before: they counted as made.
	it.each([
		['cashflow/ProcessPayments', { PaymentIDs: [ID] }, 'ErrorMessage'],
		['inventory/ProcessStockCount', { StockCountID: ID }, 'ErrorMessage'],
		['salesorder/CompleteSalesOrderLine', { ID }, 'ErrorMessage'],
		['salesinvoice/PrintedSalesInvoices', { InvoiceID: ID }, 'PeppolCreationError'],
	])('that fail are errors by Other Endpoint as well (%s)', async (path, values, field) => {
		server.answer([made({ ...values, [field]: 'Not allowed.' }), made({ ...values, [field]: '' })]);
		const other = {
			resource: 'otherEndpoint',
			operation: 'create',
			endpoint: locator(path, 'path'),
			dataMode: 'json',
			json: JSON.stringify(values),
		};
		await expect(run(other)).rejects.toThrow(`${field}: Not allowed. [EXACT_ACTION_FAILED]`);
		await expect(run(other)).resolves.toMatchObject([{ json: { created: true } }]);
		expect(server.requests).toHaveLength(2);
	});

	// Red before: the lease was of what was typed, so that by ID and by number both could print.
	it('hold one lease, however the record is named, and look at the status under it', async () => {
		server.answer(
			byMethod({ GET: list([{ InvoiceID: ID, Status: 20 }]), POST: made({ InvoiceID: ID }) }),
		);
		await run({ ...print, record: locator(`{${ID.toUpperCase()}}`, 'id') });
		expect(leases).toHaveLength(1);
		const statuses = [20, 50];
		server.answer(({ method }) =>
			method === 'POST' ? made({}) : list([{ InvoiceID: ID, Status: statuses.shift() }]),
		);
		const byNumber = run({ ...print, record: locator('26700001', 'byInvoiceNumber') });
		await expect(byNumber).rejects.toThrow('[EXACT_DONE_ALREADY]');
		expect(leases).toHaveLength(2);
		expect(new Set(leases).size).toBe(1);
		expect(statuses).toEqual([]);
	});

	it.each([
		['counts as done where the status of the record says so', 50, undefined],
		['proves nothing where it does not', 20, '[EXACT_WRITE_UNCONFIRMED]'],
	])('with an empty answer: it %s', async (_what, after, code) => {
		const statuses = [20, after];
		server.answer(({ method }) =>
			method === 'POST'
				? { status: 201, body: '' }
				: { body: { d: { InvoiceID: ID, Status: statuses.shift() } } },
		);
		const running = run(print);
		if (code === undefined) {
			const [item] = await running;
			expect(item?.json).toEqual({ recordId: ID, answerWasEmpty: true, Status: 'Processed' });
		} else await expect(running).rejects.toThrow(code);
		expect(statuses).toEqual([]);
		expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
	});

	it.each([
		...['SendEmailToCustomer', 'SendInvoiceViaPeppol', 'SendInvoiceToCustomerPostbox'],
		'SendOutputBasedOnAccount',
	])('with an empty answer: the status does not tell whether it was mailed (%s)', async (field) => {
		const statuses = [20, 50];
		server.answer(({ method }) =>
			method === 'POST'
				? { status: 201, body: '' }
				: { body: { d: { InvoiceID: ID, Status: statuses.shift() } } },
		);
		await expect(run({ ...print, values: mapped({ [field]: 'true' }) })).rejects.toThrow(
			new RegExp(`Status is Processed \\(50\\) now; .*${field}.*EXACT_WRITE_UNCONFIRMED`, 's'),
		);
		expect(statuses).toEqual([]);
	});

	it('with an empty answer are unproved where no field tells', async () => {
		server.answer([{ body: { d: { QuotationID: ID } } }, { status: 201, body: '' }]);
		const accept = { resource: 'quotation', operation: 'accept', record: locator(ID, 'id') };
		await expect(run(accept)).rejects.toThrow(
			/took Accept \(crm\/AcceptQuotation\) and said nothing.*\[EXACT_WRITE_UNCONFIRMED\]/s,
		);
	});

	it('without an answer stay errors, and are not repeated', async () => {
		server.answer(({ method }) =>
			method === 'POST' ? { cut: true } : list([{ InvoiceID: ID, Status: 10 }]),
		);
		await expect(run(print)).rejects.toThrow('[EXACT_WRITE_UNCONFIRMED]');
		expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
	});
});

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
			/takes no InvoiceDate, AmountFC\. \[EXACT_READ_ONLY_FIELD\]/,
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
