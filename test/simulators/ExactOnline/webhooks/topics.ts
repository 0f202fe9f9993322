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

/** Topics with their endpoints that no source names; there are about thirty in all. */
export type MoreTopics = Readonly<Record<string, string>>;

/** The endpoint whose records a topic tells of; undefined if there is no such topic. */
export function topicEndpoint(topic: string, more: MoreTopics): string | undefined {
	const all = { ...more, ...ENDPOINTS };
	return Object.hasOwn(all, topic) ? all[topic] : undefined;
}

const LEDGER: ReadonlySet<string> = new Set(LEDGER_LINES);

/** The topics that tell of a change at a CRUD endpoint. */
export function topicsOf(path: string, more: MoreTopics): string[] {
	const shownAt = LEDGER.has(path) ? [path, TRANSACTIONS] : [path];
	return Object.entries({ ...more, ...ENDPOINTS }).flatMap(([topic, endpoint]) =>
		shownAt.includes(endpoint) ? [topic] : [],
	);
}
