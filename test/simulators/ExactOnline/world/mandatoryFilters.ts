/** Fields of which a filter must name one, as far as they are known (docs/facts/exact-online.md 4.3). */
const MANDATORY_FILTERS: Readonly<Record<string, string>> = {
	'crm/Accounts':
		'ID Code Name Email Modified Created Status VATNumber ChamberOfCommerce SearchCode Phone Postcode City Country Parent IsSales IsSupplier Blocked Classification1 Classification2 Classification3 Classification4 Classification5 Classification6 Classification7 Classification8',
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

/** The fields of an endpoint; those of its CRUD endpoint for a bulk endpoint. */
export function mandatoryFilter(sources: readonly string[]): readonly string[] | undefined {
	const known = sources.map((path) => MANDATORY_FILTERS[path]).find((one) => one !== undefined);
	return known?.split(' ');
}
