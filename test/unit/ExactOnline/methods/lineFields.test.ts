import { getFurtherLineFields } from '../../../../nodes/ExactOnline/methods/loadOptions';
import { getWritableFields } from '../../../../nodes/ExactOnline/methods/resourceMapping';
import { ExactOnline } from '../../../../nodes/ExactOnline/ExactOnline.node';
import { loadContext, locator } from '../../../support/n8nContext';

const { description } = new ExactOnline();

async function further(resource: string, operation: string): Promise<unknown[]> {
	const context = loadContext({ description, parameters: { resource, operation } });
	return (await getFurtherLineFields.call(context)).map(({ value }) => value);
}

async function mapped(resource: string, operation: string, endpoint?: string) {
	const context = loadContext({
		description,
		parameters: { resource, operation, ...(endpoint && { endpoint: locator(endpoint, 'path') }) },
	});
	const { fields } = await getWritableFields.call(context);
	return new Map(fields.map(({ id, type }) => [id, type]));
}

it('the list of further fields of a line holds what may be written and has no place in the form', async () => {
	const fields = await further('salesInvoice', 'create');
	expect(fields).toEqual(expect.arrayContaining(['Employee', 'Notes', 'StartTime']));
	expect(fields).not.toEqual(expect.arrayContaining(['Item']));
	expect(fields).not.toEqual(expect.arrayContaining(['InvoiceID']));
	expect(fields).not.toEqual(expect.arrayContaining(['LineNumber']));
	expect(await further('salesInvoice', 'changeLine')).not.toEqual(
		expect.arrayContaining(['GLAccount']),
	);
	expect(await further('account', 'create')).toEqual([]);
});

it('lines of an endpoint without a form of its own are an array among its fields, never in a change', async () => {
	const path = 'inventory/WarehouseTransfers';
	expect((await mapped('otherEndpoint', 'create', path)).get('WarehouseTransferLines')).toBe(
		'array',
	);
	expect((await mapped('otherEndpoint', 'update', path)).has('WarehouseTransferLines')).toBe(false);
	const invoice = await mapped('salesInvoice', 'create');
	expect(invoice.has('SalesInvoiceLines')).toBe(false);
	expect(invoice.get('SalesInvoiceOrderChargeLines')).toBe('array');
});
