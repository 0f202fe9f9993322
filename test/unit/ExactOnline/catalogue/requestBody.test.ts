import { readEndpoint } from '../../../../nodes/ExactOnline/catalogue/catalogue';
import { requestBody } from '../../../../nodes/ExactOnline/catalogue/requestBody';

const ID = '3fa85f64-5717-4562-b3fc-2c963f66afa6';

const invoices = readEndpoint('salesinvoice/SalesInvoices');
const accounts = readEndpoint('crm/Accounts');

function failure(code: string, text: string) {
	return expect.objectContaining({
		code,
		message: expect.stringContaining(text) as string,
	}) as Error;
}

it('a new document has its values and those of its lines by type', () => {
	const body = requestBody(
		invoices,
		{
			OrderedBy: ID.toUpperCase(),
			Journal: 70,
			OrderDate: '2026-04-06T22:00:00Z',
			Description: "O'Brien",
			YourRef: undefined,
			DueDate: null,
			SalesInvoiceLines: [
				{ Item: `{${ID}}`, Quantity: '1.234,5', NetPrice: '9,90' },
				{ GLAccount: ID, Description: 'Freight' },
			],
		},
		'POST',
		{ timeZone: 'Europe/Amsterdam' },
	);
	expect(body).toEqual({
		OrderedBy: ID,
		Journal: '70',
		OrderDate: '2026-04-07T00:00:00',
		Description: "O'Brien",
		DueDate: null,
		SalesInvoiceLines: [
			{ Item: ID, Quantity: 1234.5, NetPrice: 9.9 },
			{ GLAccount: ID, Description: 'Freight' },
		],
	});
});

it('a row that was read can be sent again without what is not its own', () => {
	const read = {
		__metadata: { uri: 'x' },
		ID,
		Name: 'Name',
		Created: '/Date(0)/',
		StartDate: '/Date(1775520000000)/',
		BankAccounts: { __deferred: { uri: 'x' } },
		Unheard: 1,
	};
	const options = { unknown: 'leaveOut', readOnly: 'leaveOut' } as const;
	expect(requestBody(accounts, read, 'PUT', options)).toEqual({
		Name: 'Name',
		StartDate: '2026-04-07T00:00:00',
	});
});

it('expanded lines of a row that was read are lines', () => {
	const lines = { results: [{ Item: ID, Quantity: 1 }] };
	expect(requestBody(invoices, { SalesInvoiceLines: lines }, 'POST')).toEqual({
		SalesInvoiceLines: lines.results,
	});
});

it('what the documentation gives no type goes as it is', () => {
	const vat = { Code: '1', VATPercentages: [{ Percentage: 0.21 }] };
	expect(requestBody(readEndpoint('vat/VATCodes'), vat, 'POST')).toEqual(vat);
});

it('unknown names are refused together, a single one with those that are near', () => {
	expect(() => requestBody(accounts, { Nam: 1, Cty: 1, __metadata: {} }, 'POST')).toThrow(
		failure('EXACT_UNKNOWN_FIELD', 'Account has no field Nam, Cty: crm/Accounts.'),
	);
	expect(() => requestBody(accounts, { VatNumber: 1 }, 'POST')).toThrow(
		failure('EXACT_UNKNOWN_FIELD', 'Did you mean VATNumber'),
	);
	expect(() => requestBody(accounts, { constructor: 1 }, 'POST')).toThrow(
		failure('EXACT_UNKNOWN_FIELD', 'constructor'),
	);
});

it('fields that are not for the method are refused together, or sent by wish', () => {
	const values = { Name: 'x', Created: '2026-01-01', ID };
	expect(() => requestBody(accounts, values, 'PUT')).toThrow(
		failure('EXACT_READ_ONLY_FIELD', 'Account takes no Created, ID: PUT crm/Accounts.'),
	);
	expect(requestBody(accounts, values, 'PUT', { readOnly: 'send' })).toEqual({
		...values,
		Created: '2026-01-01T00:00:00',
	});
});

it.each([{}, { readOnly: 'send' }] as const)('lines are no part of a change: %j', (options) => {
	const values = { Description: 'x', SalesInvoiceLines: [{ Item: ID }] };
	expect(() => requestBody(invoices, values, 'PUT', options)).toThrow(
		expect.objectContaining({
			code: 'EXACT_READ_ONLY_FIELD',
			repair: expect.stringContaining('salesinvoice/SalesInvoiceLines') as string,
		}),
	);
});

it.each([
	['a value', { OrderDate: 'soon' }, 'OrderDate: "soon" is not a date.'],
	['no list', { SalesInvoiceLines: 'x' }, 'SalesInvoiceLines: "x" is no list of lines.'],
	['no line', { SalesInvoiceLines: ['x'] }, 'SalesInvoiceLines: line 1: "x" is no line.'],
	[
		'a value of a line',
		{ SalesInvoiceLines: [{ Item: ID }, { Item: 'x' }] },
		'SalesInvoiceLines: line 2: Item: "x" is not an identifier',
	],
])('%s that does not fit is named with its place', (_what, values, text) => {
	expect(() => requestBody(invoices, values, 'POST')).toThrow(failure('EXACT_INVALID_VALUE', text));
});

it('an unknown name in a line is found in its line', () => {
	const values = { SalesInvoiceLines: [{ Item: ID }, { Itm: ID }] };
	expect(() => requestBody(invoices, values, 'POST')).toThrow(
		failure(
			'EXACT_UNKNOWN_FIELD',
			'line 2: Sales Invoice Line has no field Itm: salesinvoice/SalesInvoiceLines.',
		),
	);
});
