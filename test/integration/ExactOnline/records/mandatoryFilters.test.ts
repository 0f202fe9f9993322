import type { IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { ExactOnline } from '../../../../nodes/ExactOnline/ExactOnline.node';
import { searchRecords } from '../../../../nodes/ExactOnline/methods/listSearch';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { loadContext, locator } from '../../../support/n8nContext';
import { useDocuments } from '../documents/support/documentBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

const bench = useDocuments();

beforeEach(() => {
	jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
	bench.simulator.configure({ mandatoryFilters: 'known' });
});

const getMany = (resource: string, more: IDataObject): IDataObject => ({
	...{ resource, operation: 'getAll' },
	...more,
});

const where = (...conditions: IDataObject[]): IDataObject => ({ filters: { conditions } });

// Red before: what every row passes was asked for only where nothing was asked for.
it('lists whose conditions name none of the fields that Exact wants one of', async () => {
	const remarks = [{ Remarks: 'needle 1' }, { Remarks: 'needle 2' }, { Remarks: 'hay' }];
	bench.simulator.addRows(FIRST_DIVISION, 'crm/Accounts', remarks);
	const amounts = [{ AmountDC: 5 }, { AmountDC: 5_000 }];
	bench.simulator.addRows(FIRST_DIVISION, 'financialtransaction/TransactionLines', amounts);
	const contains = { field: 'Remarks', operator: 'contains', value: 'needle' };
	const isHay = { field: 'Remarks', operator: 'eq', value: 'hay' };
	const count = async (parameters: IDataObject) => (await bench.run(parameters)).length;
	expect(await count(getMany('account', where(contains)))).toBe(2);
	const either = { ...where(contains, isHay), options: { combine: 'or' } };
	expect(await count(getMany('account', either))).toBe(3);
	const typed = { options: { filter: "Remarks eq 'hay' or Remarks eq 'needle 1'" } };
	expect(await count(getMany('account', typed))).toBe(2);
	const all = { ...where(contains), returnAll: true };
	expect(await count(getMany('account', all))).toBe(2);
	const large = where({ field: 'AmountDC', operator: 'gt', value: 1_000 });
	expect(await count(getMany('transactionLine', large))).toBe(1);
	expect(bench.simulator.counters.apiErrors).toEqual({});
});

it('a search of a drop-down by such a field', async () => {
	const line = { Description: 'Searched for' };
	bench.simulator.addRows(FIRST_DIVISION, 'financialtransaction/TransactionLines', [line]);
	const { description } = new ExactOnline();
	const context = loadContext({
		description,
		credentials: { exactOnlineOAuth2Api: { id: 'credential-1' } },
		parameters: {
			...{ resource: 'transactionLine', operation: 'get' },
			division: locator(String(FIRST_DIVISION)),
		},
	});
	const { results } = await searchRecords.call(context, 'searched');
	expect(results).toEqual([expect.objectContaining({ name: expect.stringContaining('Searched') })]);
});

it('a record that is matched by such a field is found, not made twice', async () => {
	const create = {
		...{ resource: 'account', operation: 'create', ifExists: 'skip', matchBy: 'Website' },
		values: { mappingMode: 'autoMapInputData', value: {} },
	};
	const sites = ['https://a.b', 'https://c.d'].map((Website) => ({ Name: 'Sited', Website }));
	const run = async () => (await bench.run(create, sites)).map(({ json }) => json.created);
	expect(await run()).toEqual([true, true]);
	expect(await run()).toEqual([false, false]);
});
