import { locator } from '../../../../support/n8nContext';
import { list } from '../../api/support/exactServer';
import { ID, byMethod, made, mapped, useRecordNode } from '../support/recordNode';

jest.mock('../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const { leases, run, sent, server } = useRecordNode();

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
		server.answer(
			byMethod({ GET: list([{ InvoiceID: ID, Status: 50 }]), POST: made({ InvoiceID: ID }) }),
		);
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
			/took Accept and said nothing.*crm\/AcceptQuotation.*\[EXACT_WRITE_UNCONFIRMED\]/s,
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
