import { simplify } from '../../../../nodes/DocuWare/resources/common/simplify';
import { FakeSession } from './support/fakeSession';
import { runOperation } from './support/runOperation';

const cabinets = {
	FileCabinet: [
		{ Id: 'a1', Name: 'Invoices', IsBasket: false, Links: [{ rel: 'self', href: '/x' }] },
		{ Id: 'b_a2', Name: 'Inbox', IsBasket: true, Links: [] },
		{ Id: 'b_a3', Name: 'Old server', Links: [] },
	],
};

async function names(parameters: Record<string, never | string | number | boolean | object>) {
	const session = new FakeSession([{ body: {} }, { body: cabinets }]);
	const { rows } = await runOperation(session, {
		parameters: { resource: 'fileCabinet', operation: 'getAll', ...parameters } as never,
	});
	return { names: rows.map(({ json }) => json.Name), rows, session };
}

describe('File Cabinet: Get Many', () => {
	it('tells file cabinets from document trays', async () => {
		expect((await names({})).names).toEqual(['Invoices']);
		expect((await names({ kind: 'trays' })).names).toEqual(['Inbox', 'Old server']);
		expect((await names({ kind: 'both' })).names).toHaveLength(3);
	});

	it('counts the limit after choosing', async () => {
		expect((await names({ kind: 'trays', limit: 1 })).names).toEqual(['Inbox']);
		expect((await names({ kind: 'both', returnAll: true })).names).toHaveLength(3);
	});

	it('returns data without links, or as it came', async () => {
		expect((await names({})).rows[0]?.json).toEqual({
			Id: 'a1',
			Name: 'Invoices',
			IsBasket: false,
		});
		expect((await names({ output: 'raw' })).rows[0]?.json).toHaveProperty('Links');
	});

	it('asks for one organization where one is chosen', async () => {
		const { session } = await names({ options: { organizationId: '2' } });
		expect(session.requests[1]?.url).toMatch(/\/FileCabinets\?OrgId=2$/);
	});
});

describe('Organization: Get Many', () => {
	it('returns the organizations, also where members are missing', async () => {
		const body = {
			Organization: [
				{ Id: '1', Name: 'Peters Engineering', AdditionalInfo: { CompanyNames: [] }, Links: [] },
			],
		};
		const { rows } = await runOperation(new FakeSession([{ body }]), {
			parameters: { resource: 'organization', operation: 'getAll' },
		});
		expect(rows).toEqual([{ json: { Id: '1', Name: 'Peters Engineering' } }]);
	});
});

describe('simplify', () => {
	it('removes links, type names and empty members at every level, and no false or zero', () => {
		expect(
			simplify({
				$type: 'A',
				Links: [],
				Count: 0,
				Flag: false,
				Text: '',
				None: null,
				List: [{ Links: [], Id: 1 }],
				Empty: { Links: null },
			}),
		).toEqual({ Count: 0, Flag: false, Text: '', List: [{ Id: 1 }] });
	});
});
