import type { EdmValue, Row } from '../odata/edm';
import { ValidationError } from '../odata/validation';
import { isRecord } from '../../shared/requestBody';
import { endpointFacts, lineCollections } from './endpointFacts';
import type { TableContext } from './entityTable';
import { addOwnRow, finalizeInvoice, mail, printDocument } from './printing';
import type { Records } from './records';

/** What a POST-only endpoint works on. */
export interface ActionCall {
	/** The body; what the action tells is laid over it. */
	body: Row;
	/** Fields whose type is not documented, such as `SalesOrderIDs`. */
	unknown: Readonly<Record<string, unknown>>;
	context: TableContext;
	records: Records;
}

/** Carries out the action and gives the fields of its answer, which is a 201 even where it fails. */
export type Action = (call: ActionCall) => Row;

/** The action at a path; those that the simulator does not know give back what they got. */
export function actionAt(path: string): Action {
	return ACTIONS[path] ?? (({ body }) => body);
}

/** @throws ValidationError if the body names no record that exists */
function subject({ body, context, records }: ActionCall, field: string, path: string): Row {
	const found = records.set(context.division ?? 0, path).find([body[field] ?? null]);
	if (!found) throw new ValidationError([{ kind: 'invalid', field }]);
	return found;
}

function touch({ records, context }: ActionCall, row: Row, changes: Row): void {
	Object.assign(row, changes, { Modified: context.now });
	records.stamp(context.division ?? 0, row);
	records.rowChanged(context.division ?? 0, row);
}

function accountOf({ records, context }: ActionCall, id: EdmValue | undefined): Row | undefined {
	return records.set(context.division ?? 0, 'crm/Accounts').find([id ?? null]);
}

const INVOICES = 'salesinvoice/SalesInvoices';
const ORDERS = 'salesorder/SalesOrders';
const QUOTATIONS = 'crm/Quotations';

const ACTIONS: Readonly<Record<string, Action>> = {
	'salesinvoice/PrintedSalesInvoices': printInvoice,
	'salesinvoice/InvoiceSalesOrders': invoiceOrders,
	'salesorder/PrintedSalesOrders': (call) =>
		print(call, subject(call, 'OrderId', ORDERS), 'OrderedBy', 'OrderNumber'),
	'salesorder/CompleteSalesOrder': (call) => {
		const order = subject(call, 'OrderID', ORDERS);
		touch(call, order, {
			Status: 21,
			StatusDescription: 'Complete',
			DeliveryStatus: 21,
			InvoiceStatus: 21,
		});
		return { ...call.body, SuccessMessage: 'The sales order has been completed.' };
	},
	'salesorder/CompleteSalesOrderLine': (call) => {
		touch(call, subject(call, 'ID', 'salesorder/SalesOrderLines'), {
			DeliveryStatus: 21,
			InvoiceStatus: 21,
		});
		return { ...call.body, SuccessMessage: 'The sales order line has been completed.' };
	},
	'crm/PrintQuotation': (call) =>
		print(call, subject(call, 'QuotationID', QUOTATIONS), 'OrderAccount', 'QuotationNumber'),
	'crm/EmailWithSignOffQuotation': (call) => changeQuotation(call, [20, 25, 40], 35, 'Sent'),
	'crm/AcceptQuotation': (call) => changeQuotation(call, [20, 25, 35, 40], 50, 'Accepted'),
	'crm/RejectQuotation': (call) => changeQuotation(call, [20, 25, 35, 40], 5, 'Rejected'),
	'crm/ReopenQuotation': (call) => changeQuotation(call, [5, 6, 50], 25, 'Open'),
	'crm/ReviewQuotation': reviewQuotation,
	'cashflow/ProcessPayments': (call) => {
		for (const id of idsIn(call.unknown['PaymentIDs'])) {
			const payment = call.records.set(call.context.division ?? 0, 'cashflow/Payments').find([id]);
			if (!payment) throw new ValidationError([{ kind: 'invalid', field: 'PaymentIDs' }]);
			touch(call, payment, { Status: 40 });
		}
		return { ...call.body, SuccessMessage: 'The payments have been processed.' };
	},
};

function printInvoice(call: ActionCall): Row {
	const invoice = subject(call, 'InvoiceID', INVOICES);
	const { body } = call;
	const date = body['InvoiceDate'];
	if (date !== undefined && date !== null) invoice['InvoiceDate'] = date;
	finalizeInvoice(invoice, call.context, call.records);
	const printed = print(call, invoice, 'InvoiceTo', 'InvoiceNumber');
	const account = accountOf(call, invoice['InvoiceTo']);
	if (body['SendInvoiceViaPeppol'] === true) {
		Object.assign(
			printed,
			account?.['PeppolIdentifier']
				? { PeppolCreationSuccess: 'The invoice has been sent by Peppol.' }
				: { PeppolCreationError: 'The customer has no Peppol identifier.' },
		);
	}
	if (body['SendInvoiceToCustomerPostbox'] === true) {
		printed['PostboxMessageCreationError'] = 'The customer has no postbox.';
	}
	return printed;
}

function print(call: ActionCall, row: Row, accountField: string, numberField: string): Row {
	const account = accountOf(call, row[accountField]);
	const document = printDocument(
		{ subject: String(row[numberField]), account: row[accountField] ?? null, type: 10 },
		call.context,
		call.records,
	);
	touch(call, row, { Document: document });
	return {
		...call.body,
		Document: document,
		DocumentCreationSuccess: 'The document has been created.',
		...mail(account, call.body),
	};
}

function changeQuotation(call: ActionCall, from: readonly number[], to: number, word: string): Row {
	const quotation = subject(call, 'QuotationID', QUOTATIONS);
	if (!from.includes(Number(quotation['Status']))) {
		return {
			...call.body,
			ErrorMessage: `The status of the quotation does not allow this: ${String(quotation['StatusDescription'])}.`,
		};
	}
	touch(call, quotation, { Status: to, StatusDescription: word });
	return { ...call.body, SuccessMessage: `The quotation is now: ${word}.` };
}

/** A new version: the old one is closed, its lines are copied. */
function reviewQuotation(call: ActionCall): Row {
	const { records, context, body } = call;
	const old = subject(call, 'QuotationID', QUOTATIONS);
	const { QuotationID: oldId = null, ...fields } = old;
	const version = Number(old['VersionNumber'] ?? 1) + 1;
	const copy = addOwnRow(QUOTATIONS, { ...fields }, context, records);
	Object.assign(copy, {
		QuotationNumber: old['QuotationNumber'],
		VersionNumber: version,
		Status: 20,
		StatusDescription: 'Draft',
	});
	copyLines(call, QUOTATIONS, oldId, copy['QuotationID'] ?? null);
	touch(call, old, { Status: 6, StatusDescription: 'Reviewed and closed' });
	return {
		...body,
		NewQuotationID: copy['QuotationID'] ?? null,
		SuccessMessage: 'The quotation has been reviewed.',
	};
}

function copyLines(
	{ records, context }: ActionCall,
	path: string,
	from: EdmValue,
	to: EdmValue,
): void {
	for (const { endpoint, parentField } of lineCollections(path)) {
		const lines = records.set(context.division ?? 0, endpoint).rows;
		for (const line of lines.filter((row) => row[parentField] === from)) {
			addOwnRow(endpoint, { ...line, [parentField]: to }, context, records);
		}
	}
}

/** One invoice for each order. */
function invoiceOrders(call: ActionCall): Row {
	const { records, context, body, unknown } = call;
	const division = context.division ?? 0;
	const orders = idsIn(unknown['SalesOrderIDs']).map((id) =>
		records.set(division, ORDERS).find([id]),
	);
	const found = orders.filter((order) => order !== undefined);
	for (const order of found) invoiceOrder(call, order);
	const failed = orders.length - found.length;
	return {
		...body,
		NumberOfCreatedInvoices: found.length,
		NumberOfFailedInvoices: failed,
		Errors: failed === 0 ? null : 'Sales order not found.',
	};
}

function invoiceOrder(call: ActionCall, order: Row): void {
	const { records, context, body } = call;
	const taken = Object.keys(endpointFacts(INVOICES).fields).filter((field) => field in order);
	const invoice = addOwnRow(
		INVOICES,
		{
			...Object.fromEntries(taken.map((field) => [field, order[field] ?? null])),
			Journal: body['JournalCode'] ?? null,
			InvoiceDate: body['UserInvoiceDate'] ?? context.now,
			Status: 20,
			Type: 8020,
		},
		context,
		records,
	);
	const lines = records.set(context.division ?? 0, 'salesorder/SalesOrderLines').rows;
	for (const line of lines.filter((row) => row['OrderID'] === order['OrderID'])) {
		addOwnRow(
			'salesinvoice/SalesInvoiceLines',
			{ ...line, InvoiceID: invoice['InvoiceID'] ?? null, SalesOrderLine: line['ID'] ?? null },
			context,
			records,
		);
	}
	touch(call, order, { InvoiceStatus: 21 });
}

/** `[{ "ID": "…" }]` or a list of ids. */
function idsIn(value: unknown): EdmValue[] {
	const list: unknown[] = Array.isArray(value) ? value : [];
	return list.map((one) => {
		const id = isRecord(one) ? one['ID'] : one;
		return typeof id === 'string' ? id.toLowerCase() : null;
	});
}
