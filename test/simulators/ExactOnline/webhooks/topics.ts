import { LEDGER_LINES } from '../world/ledger';
import { TRANSACTIONS } from '../world/twins';

/** CRUD endpoint of a topic's records (docs/facts/exact-online.md 6). */
const ENDPOINTS: Readonly<Record<string, string>> = {
	Accounts: 'crm/Accounts',
	BankAccounts: 'crm/BankAccounts',
	BankEntries: 'financialtransaction/BankEntries',
	CashEntries: 'financialtransaction/CashEntries',
	Contacts: 'crm/Contacts',
	CostTransactions: 'project/CostTransactions',
	DocumentAttachments: 'documents/DocumentAttachments',
	Documents: 'documents/Documents',
	FinancialTransactions: TRANSACTIONS,
	GeneralJournalEntries: 'generaljournalentry/GeneralJournalEntries',
	GLAccounts: 'financial/GLAccounts',
	GoodsDeliveries: 'salesorder/GoodsDeliveries',
	Items: 'logistics/Items',
	MailMessagesSent: 'mailbox/MailMessagesSent',
	Opportunities: 'crm/Opportunities',
	ProjectPlanning: 'project/ProjectPlanning',
	PurchaseEntries: 'purchaseentry/PurchaseEntries',
	PurchaseOrders: 'purchaseorder/PurchaseOrders',
	QuotationLines: 'crm/QuotationLines',
	Quotations: 'crm/Quotations',
	SalesEntries: 'salesentry/SalesEntries',
	SalesInvoices: 'salesinvoice/SalesInvoices',
	SalesOrders: 'salesorder/SalesOrders',
	// Positions are worked out, not stored; nothing but the control interface tells of one.
	StockPositions: 'read/logistics/StockPosition',
	TimeTransactions: 'project/TimeTransactions',
};

/** The endpoint whose records a topic tells of; undefined if there is no such topic. */
export function topicEndpoint(topic: string): string | undefined {
	return Object.hasOwn(ENDPOINTS, topic) ? ENDPOINTS[topic] : undefined;
}

const LEDGER: ReadonlySet<string> = new Set(LEDGER_LINES);

/** The topics that tell of a change at a CRUD endpoint. */
export function topicsOf(path: string): string[] {
	const shownAt = LEDGER.has(path) ? [path, TRANSACTIONS] : [path];
	return Object.entries(ENDPOINTS).flatMap(([topic, endpoint]) =>
		shownAt.includes(endpoint) ? [topic] : [],
	);
}
