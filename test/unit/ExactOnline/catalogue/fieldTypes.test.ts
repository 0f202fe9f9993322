import { endpointSummaries, readEndpoint } from '../../../../nodes/ExactOnline/catalogue/catalogue';
import { filterField, rowTypes } from '../../../../nodes/ExactOnline/catalogue/fieldTypes';
import { answerRow } from '../../../../nodes/ExactOnline/odata/answers';

it.each([
	['crm/Accounts', 'Code', { type: 'String', code: 'padded' }],
	['bulk/CRM/Accounts', 'Code', { type: 'String', code: 'padded' }],
	['sync/CRM/Accounts', 'Code', { type: 'String', code: 'padded' }],
	['logistics/Items', 'Code', { type: 'String' }],
	['financialtransaction/TransactionLines', 'AccountCode', { type: 'String', code: 'trimmed' }],
	['financialtransaction/TransactionLines', 'GLAccountCode', { type: 'String' }],
	['system/Divisions', 'CustomerCode', { type: 'String', code: 'trimmed' }],
	['system/Divisions', 'Code', { type: 'Int32' }],
	['salesinvoice/SalesInvoices', 'SalesInvoiceLines', { type: undefined }],
	['vat/VATCodes', 'VATPercentages', { type: undefined }],
])('%s: %s', (path, name, expected) => {
	expect(filterField(readEndpoint(path), name)).toEqual({ name, ...expected });
});

it('codes of G/L accounts are no account codes, wherever they stand', () => {
	const wrong = [...endpointSummaries().keys()].flatMap((path) => {
		const endpoint = readEndpoint(path);
		return [...endpoint.fields.keys()].filter(
			(name) => name.startsWith('GL') && filterField(endpoint, name).code !== undefined,
		);
	});
	expect(wrong).toEqual([]);
});

it('rows are read by the types of their endpoint, lines by those of theirs', () => {
	const row = {
		InvoiceDate: '/Date(1775520000000)/',
		Description: '/Date(0)/',
		SalesInvoiceLines: { results: [{ Description: '/Date(0)/', StartTime: '/Date(0)/' }] },
	};
	expect(answerRow(row, rowTypes(readEndpoint('salesinvoice/SalesInvoices')))).toEqual({
		InvoiceDate: '2026-04-07T00:00:00',
		Description: '/Date(0)/',
		SalesInvoiceLines: [{ Description: '/Date(0)/', StartTime: '1970-01-01T00:00:00' }],
	});
});
