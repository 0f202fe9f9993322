import { DocuWare } from '../../../../nodes/DocuWare/DocuWare.node';
import { searchOptions } from '../../../../nodes/DocuWare/methods/searchOptions';
import { valueSearches } from '../../../../nodes/DocuWare/methods/valueSearch';
import { loadContext } from '../../../support/n8nContext';
import { useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const { description } = new DocuWare();

const INVOICES = { __rl: true, mode: 'name', value: 'Invoices' };

function contextOf({ credential }: NodeFixture, parameters: Record<string, unknown>) {
	return loadContext({
		description,
		credentials: credential(),
		parameters: { resource: 'document', operation: 'search', ...parameters } as never,
	});
}

describe('drop-downs of a search', () => {
	it('offer the fields of the cabinet: full text, columns of tables, those of the system last', async () => {
		const fixture = await start();
		const context = contextOf(fixture, { fileCabinetId: INVOICES });
		const offered = await searchOptions.getSearchFields.call(context);
		expect(offered[0]).toEqual({ name: 'Full Text', value: 'DocuWareFulltext' });
		const values = offered.map(({ value }) => value);
		expect(values).toEqual(expect.arrayContaining(['COMPANY', 'POSITIONS.POSIT_ARTICLE']));
		expect(values).not.toContain('POSITIONS');
		expect(values.indexOf('DWDOCID')).toBeGreaterThan(values.indexOf('COMPANY'));
	});

	it('offer the fields of the chosen dialog, by its labels', async () => {
		const fixture = await start();
		const dialogId = { __rl: true, mode: 'name', value: 'Search by company' };
		const context = contextOf(fixture, { fileCabinetId: INVOICES, dialogId });
		const offered = await searchOptions.getSearchFields.call(context);
		expect(offered).toContainEqual({ name: 'Supplier (COMPANY)', value: 'COMPANY' });
		expect(offered.map(({ value }) => value)).not.toContain('AMOUNT');
	});

	it('offer nothing before a cabinet is chosen, and cabinets without trays', async () => {
		const fixture = await start();
		expect(await searchOptions.getSearchFields.call(contextOf(fixture, {}))).toEqual([]);
		const cabinets = await searchOptions.getFileCabinets.call(contextOf(fixture, {}));
		expect(cabinets.map(({ name }) => name)).toEqual(['Invoices', 'Personnel']);
	});

	const STORE = { dialogId: { __rl: true, mode: 'name', value: 'Store invoice' } };

	it.each<[string, string, object, string[]]>([
		['DOCTYPE', '', STORE, ['Credit note', 'Invoice', 'Reminder']],
		['DOCTYPE', 're', STORE, ['Reminder']],
		['DOCTYPE', '', {}, ['Offer', 'Order']],
		['DOCTYPE', 'OF', {}, ['Offer']],
		['AMOUNT', '', {}, ['12.5']],
		['INVOICEDATE', '', {}, ['2026-04-07']],
		['REMARKS', '', {}, []],
		['', '', {}, []],
		['={{ $json.field }}', '', {}, []],
		['NO_SUCH_FIELD', '', {}, []],
	])('offer values of the field %j that begin with %j', async (field, typed, more, values) => {
		const fixture = await start();
		for (const DOCTYPE of ['Order', 'Offer', 'Order']) {
			fixture.simulator.state.documents.add({
				fileCabinetId: 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10',
				values: { DOCTYPE, AMOUNT: 12.5, INVOICEDATE: Date.UTC(2026, 3, 7) },
				storedBy: 'api',
				storedAt: 0,
			});
		}
		const context = contextOf(fixture, { fileCabinetId: INVOICES, ...more });
		const read = context.getCurrentNodeParameter.bind(context);
		context.getCurrentNodeParameter = ((name: string) =>
			name === '&field' ? field : read(name)) as never;
		const offered = await valueSearches.searchFieldValues?.call(context, typed);
		expect(offered?.results).toEqual(values.map((value) => ({ name: value, value })));
	});

	it('offer no values before a cabinet is chosen', async () => {
		const context = contextOf(await start(), {});
		context.getCurrentNodeParameter = ((name: string) =>
			name === '&field' ? 'DOCTYPE' : undefined) as never;
		expect(await valueSearches.searchFieldValues?.call(context)).toEqual({ results: [] });
	});

	it.each([
		['AMOUNT', ['is', 'anyOf', 'between', 'from', 'to', 'isEmpty', 'isNotEmpty']],
		['DocuWareFulltext', ['contains', 'anyOf', 'like']],
		[
			'POSITIONS.POSIT_DELIVERED',
			['is', 'anyOf', 'between', 'from', 'to', 'isEmpty', 'isNotEmpty'],
		],
	])('offer the operators of %s', async (field, operators) => {
		const fixture = await start();
		const context = contextOf(fixture, { fileCabinetId: INVOICES });
		const read = context.getCurrentNodeParameter.bind(context);
		context.getCurrentNodeParameter = ((name: string) =>
			name === '&field' ? field : read(name)) as never;
		const offered = await searchOptions.getSearchOperators.call(context);
		expect(offered.map(({ value }) => value)).toEqual(operators);
	});
});
