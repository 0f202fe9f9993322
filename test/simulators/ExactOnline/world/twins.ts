import { documentedEndpoints } from './endpointFacts';
import { LEDGER_LINES } from './ledger';

/** Shows the lines of entries beside rows of its own. */
export const TRANSACTIONS = 'financialtransaction/TransactionLines';

/** Twins whose name or service differs from that of the CRUD endpoint (docs/facts/exact-online.md 5). */
const RENAMED: Readonly<Record<string, readonly string[]>> = {
	'bulk/Financial/TransactionLines': [TRANSACTIONS, ...LEDGER_LINES],
	[TRANSACTIONS]: [TRANSACTIONS, ...LEDGER_LINES],
	'sync/Financial/TransactionLines': [TRANSACTIONS, ...LEDGER_LINES],
	'sync/CRM/QuotationHeaders': ['crm/Quotations'],
	'sync/SalesOrder/SalesOrderHeaders': ['salesorder/SalesOrders'],
	'sync/SalesInvoice/SalesInvoices': [
		'salesinvoice/SalesInvoices',
		'salesinvoice/SalesInvoiceLines',
	],
	'sync/PurchaseOrder/PurchaseOrders': ['purchaseorder/PurchaseOrderLines'],
	'sync/Project/TimeCostTransactions': ['project/TimeTransactions', 'project/CostTransactions'],
	'sync/Cashflow/PaymentTerms': ['cashflow/Receivables', 'cashflow/Payments'],
};

/**
 * The CRUD endpoints whose rows a bulk or sync endpoint shows: the same path without its first part, or
 * the renamed ones. None for twins whose rows no other endpoint has.
 */
export function twinSources(path: string): readonly string[] {
	const renamed = RENAMED[path];
	if (renamed) return renamed;
	const wanted = path.replace(/^(?:bulk|sync)\//, '').toLowerCase();
	const found = documentedEndpoints().find((other) => other.toLowerCase() === wanted);
	return found === undefined ? [] : [found];
}
