import type { EdmValue, Row } from '../odata/edm';
import { endpointFacts } from './endpointFacts';
import type { TableContext } from './entityTable';
import type { Records } from './records';
import { attachmentsBehaviour } from './attachments';
import { describeReferences } from './references';
import { nextAfter, setByService } from './serverFields';

/** Adds a row that the service itself makes. */
export function addOwnRow(path: string, row: Row, context: TableContext, records: Records): Row {
	const facts = endpointFacts(path);
	const division = context.division ?? 0;
	describeReferences({ ...facts, path, typeName: '' }, row, division, records);
	setByService(path, facts, row, context, records);
	records.set(division, path).add(row);
	return row;
}

/** A printed document: a record with one PDF. */
export function printDocument(
	{ subject, account, type }: { subject: string; account: EdmValue; type: number },
	context: TableContext,
	records: Records,
): EdmValue {
	const document = addOwnRow(
		'documents/Documents',
		{ Subject: subject, Account: account, Type: type, DocumentDate: context.now },
		context,
		records,
	);
	const attachment = addOwnRow(
		'documents/DocumentAttachments',
		{
			Document: document['ID'] ?? null,
			FileName: `${subject}.pdf`,
			Attachment: Buffer.from(`%PDF-1.4\n% ${subject}\n%%EOF\n`).toString('base64'),
		},
		context,
		records,
	);
	attachmentsBehaviour().beforeInsert?.(attachment, context);
	return document['ID'] ?? null;
}

/** Number and status of an invoice that is printed for the first time, and what is owed for it. */
export function finalizeInvoice(invoice: Row, context: TableContext, records: Records): void {
	if (invoice['Status'] === 50) return;
	const division = context.division ?? 0;
	const numbers = records
		.set(division, 'salesinvoice/SalesInvoices')
		.rows.map((row) => row['InvoiceNumber'] ?? null);
	invoice['InvoiceNumber'] ??= nextAfter(numbers, 24_700_001);
	invoice['Status'] = 50;
	invoice['StatusDescription'] = 'Processed';
	records.stamp(division, invoice);
	const owed: Row = {
		Account: invoice['InvoiceTo'] ?? null,
		AmountDC: invoice['AmountDC'] ?? 0,
		AmountFC: invoice['AmountFC'] ?? 0,
		Currency: invoice['Currency'] ?? null,
		Description: invoice['Description'] ?? null,
		DueDate: invoice['DueDate'] ?? Number(invoice['InvoiceDate'] ?? context.now) + 30 * 86_400_000,
		InvoiceDate: invoice['InvoiceDate'] ?? null,
		InvoiceNumber: invoice['InvoiceNumber'] ?? null,
		IsFullyPaid: false,
		Journal: invoice['Journal'] ?? null,
		Status: 20,
		YourRef: invoice['YourRef'] ?? null,
	};
	addOwnRow('cashflow/Receivables', owed, context, records);
}

/**
 * Whether a printed document also went out by mail: a text for success, or one for the error, in a 201
 * all the same (docs/facts/exact-online.md 7.2).
 */
export function mail(account: Row | undefined, body: Row): Row {
	if (body['SendEmailToCustomer'] !== true) return {};
	const address = account?.['Email'];
	return address === undefined || address === null || address === ''
		? { EmailCreationError: 'The e-mail address of the customer is missing.' }
		: { EmailCreationSuccess: 'The e-mail has been created.' };
}
