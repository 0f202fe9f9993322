/** A topic that Exact Online tells of (docs/facts/exact-online.md 6, "Topics"). */
export interface WebhookTopic {
	/** As Exact Online writes it. */
	value: string;
	/** For people. */
	name: string;
	/** Where its records are read. */
	endpoint: string;
}

/** Topics named in more than one source, or by the documentation of their endpoint. */
export const WEBHOOK_TOPICS: readonly WebhookTopic[] = [
	topic('Accounts', 'crm/Accounts'),
	topic('BankAccounts', 'crm/BankAccounts'),
	topic('BankEntries', 'financialtransaction/BankEntries'),
	topic('CashEntries', 'financialtransaction/CashEntries'),
	topic('Contacts', 'crm/Contacts'),
	topic('CostTransactions', 'project/CostTransactions'),
	topic('DocumentAttachments', 'documents/DocumentAttachments'),
	topic('Documents', 'documents/Documents'),
	topic('FinancialTransactions', 'financialtransaction/TransactionLines'),
	topic('GeneralJournalEntries', 'generaljournalentry/GeneralJournalEntries'),
	topic('GLAccounts', 'financial/GLAccounts', 'GL Accounts'),
	topic('GoodsDeliveries', 'salesorder/GoodsDeliveries'),
	topic('Items', 'logistics/Items'),
	topic('MailMessagesSent', 'mailbox/MailMessagesSent'),
	topic('Opportunities', 'crm/Opportunities'),
	topic('ProjectPlanning', 'project/ProjectPlanning'),
	topic('PurchaseEntries', 'purchaseentry/PurchaseEntries'),
	topic('PurchaseOrders', 'purchaseorder/PurchaseOrders'),
	topic('QuotationLines', 'crm/QuotationLines'),
	topic('Quotations', 'crm/Quotations'),
	topic('SalesEntries', 'salesentry/SalesEntries'),
	topic('SalesInvoices', 'salesinvoice/SalesInvoices'),
	topic('SalesOrders', 'salesorder/SalesOrders'),
	topic('StockPositions', 'read/logistics/StockPosition'),
	topic('TimeTransactions', 'project/TimeTransactions'),
];

/** Where the records of a topic are read, as far as that is known. */
export function topicEndpoint(value: string): string | undefined {
	return WEBHOOK_TOPICS.find((one) => one.value === value)?.endpoint;
}

function topic(
	value: string,
	endpoint: string,
	name = value.replace(/(?<=[a-z])(?=[A-Z])/g, ' '),
): WebhookTopic {
	return { value, name, endpoint };
}
