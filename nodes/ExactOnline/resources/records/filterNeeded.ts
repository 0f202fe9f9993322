/** Of endpoints that answer only with a filter, fields of which it has to name one: those that docs/facts/exact-online.md 4.3 knows. */
const FIELDS: Readonly<Record<string, string>> = {
	'crm/Accounts':
		'ID Code Name Email Modified Created Status VATNumber ChamberOfCommerce SearchCode Phone Postcode City Country Parent IsSales IsSupplier Blocked',
	'logistics/Items':
		'ID Code Description Barcode SearchCode ItemGroup Modified Created IsSalesItem IsStockItem IsWebshopItem Unit',
	'financialtransaction/TransactionLines':
		'ID EntryID EntryNumber Date Modified FinancialYear FinancialPeriod JournalCode GLAccount GLAccountCode Account AccountCode InvoiceNumber YourRef Project ProjectCode CostCenter CostUnit Status Type',
	'salesinvoice/SalesInvoices':
		'InvoiceID InvoiceNumber OrderNumber OrderedBy InvoiceTo InvoiceDate Status Type Journal YourRef Created Modified',
	'salesinvoice/SalesInvoiceLines': 'ID InvoiceID Item Project SalesOrder GLAccount LineNumber',
	'salesorder/SalesOrders':
		'OrderID OrderNumber OrderDate OrderedBy DeliverTo Status ApprovalStatus DeliveryStatus InvoiceStatus YourRef Created Modified',
	'salesorder/SalesOrderLines': 'ID OrderID OrderNumber Item DeliveryDate LineNumber Project',
};

/** Endpoints with 1,000 rows a page have the rule of the usual one. */
const USUAL: Readonly<Record<string, string>> = {
	'bulk/CRM/Accounts': 'crm/Accounts',
	'bulk/Logistics/Items': 'logistics/Items',
	'bulk/Financial/TransactionLines': 'financialtransaction/TransactionLines',
	'bulk/SalesInvoice/SalesInvoices': 'salesinvoice/SalesInvoices',
	'bulk/SalesInvoice/SalesInvoiceLines': 'salesinvoice/SalesInvoiceLines',
	'bulk/SalesOrder/SalesOrders': 'salesorder/SalesOrders',
	'bulk/SalesOrder/SalesOrderLines': 'salesorder/SalesOrderLines',
};

/** Whether an endpoint is known to give a list only with a filter, and the filter names none of the fields that it wants. */
export function lacksNeededField(path: string, filter: string): boolean {
	const fields = FIELDS[USUAL[path] ?? path];
	return fields !== undefined && !namesOneOf(fields.split(' '), filter);
}

/** Whether a filter names one of these fields, outside its texts. */
export function namesOneOf(fields: readonly string[], filter: string): boolean {
	const words = filter.replace(/'[^']*'/g, "''");
	return new RegExp(`\\b(?:${fields.join('|')})\\b`).test(words);
}
