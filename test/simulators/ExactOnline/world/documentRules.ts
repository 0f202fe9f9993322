import type { EdmValue, Row } from '../odata/edm';
import { ValidationError } from '../odata/validation';
import type { Behaviour } from './behaviours';
import { fillLine } from './amounts';
import { endpointFacts } from './endpointFacts';
import type { TableContext } from './entityTable';
import type { Records } from './records';
import { describeReferences } from './references';

/** What a header holds where the body says nothing (docs/facts/exact-online.md 7.2). */
interface HeaderDefaults {
	values: Row;
	/** Fields that take the value of another one. */
	copies?: Readonly<Record<string, string>>;
	/** Fields that get the present time. */
	dates?: readonly string[];
	/** Field that must name a supplier. */
	supplier?: string;
	/** Type that the journal must have: 10 cash, 12 bank, 20 sales, 22 purchase, 90 general. */
	journalType?: { field: string; type: number };
}

const CURRENCY = { Currency: 'EUR' };

const HEADERS: Readonly<Record<string, HeaderDefaults>> = {
	'salesinvoice/SalesInvoices': {
		values: {
			...CURRENCY,
			Type: 8020,
			TypeDescription: 'Normal',
			Status: 20,
			StatusDescription: 'Open',
		},
		copies: { InvoiceTo: 'OrderedBy', DeliverTo: 'OrderedBy' },
		dates: ['InvoiceDate', 'OrderDate'],
		journalType: { field: 'Journal', type: 20 },
	},
	'salesorder/SalesOrders': {
		values: {
			...CURRENCY,
			Status: 12,
			StatusDescription: 'Open',
			DeliveryStatus: 12,
			ApprovalStatus: 2,
			ApprovalStatusDescription: 'Approved',
			InvoiceStatus: 12,
		},
		copies: { InvoiceTo: 'OrderedBy', DeliverTo: 'OrderedBy' },
		dates: ['OrderDate'],
	},
	'crm/Quotations': {
		values: { ...CURRENCY, Status: 20, StatusDescription: 'Draft', VersionNumber: 1 },
		copies: { InvoiceAccount: 'OrderAccount', DeliveryAccount: 'OrderAccount' },
		dates: ['QuotationDate'],
	},
	'purchaseorder/PurchaseOrders': {
		values: { ...CURRENCY, OrderStatus: 10, ReceiptStatus: 10, InvoiceStatus: 10 },
		dates: ['OrderDate'],
		supplier: 'Supplier',
	},
	'purchase/PurchaseInvoices': {
		values: { ...CURRENCY, Status: 10 },
		dates: ['InvoiceDate'],
		supplier: 'Supplier',
		journalType: { field: 'Journal', type: 22 },
	},
	'salesentry/SalesEntries': {
		values: { ...CURRENCY, Type: 20, Status: 20, StatusDescription: 'Open' },
		dates: ['EntryDate'],
		journalType: { field: 'Journal', type: 20 },
	},
	'purchaseentry/PurchaseEntries': {
		values: { ...CURRENCY, Type: 30, Status: 20, StatusDescription: 'Open' },
		dates: ['EntryDate'],
		supplier: 'Supplier',
		journalType: { field: 'Journal', type: 22 },
	},
	'generaljournalentry/GeneralJournalEntries': {
		values: { ...CURRENCY, Type: 90, Status: 20, StatusDescription: 'Open' },
		journalType: { field: 'JournalCode', type: 90 },
	},
	'financialtransaction/BankEntries': {
		values: { ...CURRENCY, Status: 20, StatusDescription: 'Open' },
		journalType: { field: 'JournalCode', type: 12 },
	},
	'financialtransaction/CashEntries': {
		values: { ...CURRENCY, Status: 20, StatusDescription: 'Open' },
		journalType: { field: 'JournalCode', type: 10 },
	},
	'subscription/Subscriptions': {
		values: { ...CURRENCY },
		copies: { InvoiceTo: 'OrderedBy' },
		dates: ['StartDate'],
	},
	'logistics/SupplierItem': { values: {}, supplier: 'Supplier' },
	'project/TimeTransactions': { values: { HourStatus: 1, Type: 1 }, dates: ['Date'] },
};

/** The rules of documents and of their lines; undefined for other resources. */
export function documentBehaviour(path: string, records: Records): Behaviour | undefined {
	const header = HEADERS[path];
	if (header) return headerBehaviour(path, header, records);
	const { fields } = endpointFacts(path);
	if (!('AmountFC' in fields || 'AmountDC' in fields) || !('LineNumber' in fields))
		return undefined;
	return {
		beforeInsert: (row, { division = 0 }) => fillLine(path, row, row, division, records),
		beforeUpdate: (changes, row, { division = 0 }) =>
			fillLine(path, changes, { ...row, ...changes }, division, records),
	};
}

function headerBehaviour(path: string, header: HeaderDefaults, records: Records): Behaviour {
	const { fields } = endpointFacts(path);
	return {
		beforeInsert: (row, context) => {
			checkHeader(header, row, context, records);
			for (const [name, value] of Object.entries(header.values)) row[name] ??= value;
			const copied: Row = {};
			for (const [name, source] of Object.entries(header.copies ?? {})) {
				copied[name] = row[name] ?? row[source] ?? null;
			}
			describeReferences(
				{ path, typeName: '', keys: [], fields },
				copied,
				context.division ?? 0,
				records,
			);
			Object.assign(row, copied);
			for (const name of header.dates ?? []) row[name] ??= startOfDay(context.now);
		},
		beforeUpdate: (changes, _row, context) => checkHeader(header, changes, context, records),
	};
}

/** Wrong role of an account, wrong type of a journal: docs/facts/exact-online.md 4.6, 7.2. */
function checkHeader(
	{ supplier, journalType }: HeaderDefaults,
	row: Row,
	{ division = 0 }: TableContext,
	records: Records,
): void {
	const account = supplier === undefined ? undefined : row[supplier];
	if (account !== undefined && account !== null) {
		const found = records.set(division, 'crm/Accounts').find([account]);
		if (found?.['IsSupplier'] !== true) {
			throw new ValidationError([{ kind: 'invalid', field: 'Supplier', detail: 'Type' }]);
		}
	}
	const journal = journalType ? row[journalType.field] : undefined;
	if (!journalType || journal === undefined || journal === null) return;
	const found = records
		.set(division, 'financial/Journals')
		.rows.find((one) => String(one['Code']).trim() === String(journal).trim());
	if (found?.['Type'] !== journalType.type) {
		throw new ValidationError([{ kind: 'invalid', field: journalType.field, detail: 'Type' }]);
	}
}

function startOfDay(now: number): EdmValue {
	return Math.floor(now / 86_400_000) * 86_400_000;
}
