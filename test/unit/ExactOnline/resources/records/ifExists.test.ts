import { locator } from '../../../../support/n8nContext';
import { list } from '../../api/support/exactServer';
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

const { leases, node, run, sent, server } = useRecordNode();

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
					'An entry and its credit note with the same reference are told apart by the total of the lines; without lines, or at zero, they count as one',
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
			/made the change, but .* POST crm.Accounts \(status 201\): it is empty.*EXACT_UNEXPECTED_ANSWER/,
		);
	});

	it('without a look before, an unknown fate stays an error that tells what is there', async () => {
		server.answer(({ method }) => (method === 'POST' ? { cut: true } : list([{ ID }])));
		await expect(run({ ...create, ifExists: 'create' })).rejects.toThrow(
			new RegExp(`With Code "1001" there is now \\(guid'${ID}'\\).*EXACT_WRITE_UNCONFIRMED`),
		);
	});
});
