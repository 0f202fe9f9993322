import { randomUUID } from 'node:crypto';
import { locator } from '../../../../support/n8nContext';
import { list } from '../../api/support/exactServer';
import { ID, OTHER, COLUMNS, byMethod, made, mapped, useRecordNode } from '../support/recordNode';

jest.mock('../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const { run, sent, server } = useRecordNode();

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
		await expect(json({ Name: 'A', Nam: 'B' })).rejects.toThrow('has no field Nam: crm/Accounts.');
		await expect(json({ Name: 'A', Created: '2026-01-01' })).rejects.toThrow('READ_ONLY');
		await expect(json({ Email: 'a@b.c' })).rejects.toThrow('Account needs a value for Name.');
		expect(server.requests).toEqual([]);
	});

	// Red before: the first was dropped, the next were words that nobody knows, and then came lost values and digits.
	it.each([
		['account', '{"Name": "A", "__proto__": {"Email": "x"}}', 'has no field __proto__'],
		['account', '{"Name": "A", "constructor": "x"}', 'has no field constructor'],
		['document', '{"Subject": "A", "Type": 10, "toString": "x"}', 'has no field toString'],
		['account', '{"Name": "A", "Name": "B"}', '"Name" stands twice'],
		['account', '{"Name": "A", "SearchCode": 90071992547409931}', 'SearchCode: .* has lost digits'],
	])('loses nothing of a JSON of an %s in silence: %s', async (resource, json, words) => {
		server.answer([]);
		const refused = run({ ...create, resource, dataMode: 'json', json });
		await expect(refused).rejects.toThrow(new RegExp(words));
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
			await expect(run(columns, { items })).rejects.toThrow(
				'has no field Customer, Town: crm/Accounts.',
			);
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

		// Red before: a list was looked for as a code.
		it.each([[[OTHER]], [{ ID: OTHER }]])(
			'that are no text are refused unsent: %j',
			async (given) => {
				server.answer([]);
				const json = JSON.stringify({ FirstName: 'Jo', LastName: 'Do', Account: given });
				const refused = run({ ...contact, dataMode: 'json', json });
				await expect(refused).rejects.toThrow('is not an identifier of Exact Online');
				expect(server.requests).toEqual([]);
			},
		);

		it('that an expression leaves empty are errors always', async () => {
			const account = { __rl: true, mode: 'id', value: '={{ $json.none }}' };
			const options = { emptyValues: 'leaveOut' };
			await expect(run({ ...contact, account, options })).rejects.toThrow('[EXACT_EMPTY_VALUE]');
		});
	});
});
