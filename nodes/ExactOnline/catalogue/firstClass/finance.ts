import type { LinesData, ResourceData } from './resourceData';

/** A line of an invoice that is only booked. */
function bookedLines(field: string): LinesData {
	return {
		field,
		header: 'EntryID',
		main: [
			...[
				'GLAccount',
				'Description',
				'AmountFC',
				'VATCode',
				'VATAmountFC',
				'Quantity',
				'CostCenter',
			],
			...['CostUnit', 'Project', 'From', 'To', 'Notes'],
		],
		required: ['GLAccount', 'AmountFC'],
	};
}

/** A line of an entry in a bank, cash or general journal. */
function entryLines(field: string, required: readonly string[]): LinesData {
	return {
		field,
		header: 'EntryID',
		main: [
			...['GLAccount', 'Account', 'Description', 'AmountFC', 'Date', 'VATCode', 'CostCenter'],
			...['CostUnit', 'Project', 'OurRef', 'Quantity', 'Notes'],
		],
		required,
	};
}

function openItems(name: string, value: string, list: string): ResourceData {
	return {
		name,
		value,
		endpoint: `read/financial/${list}`,
		main: [
			...['AccountName', 'AccountCode', 'InvoiceNumber', 'InvoiceDate', 'DueDate', 'Amount'],
			...['CurrencyCode', 'YourRef', 'Description', 'AmountInTransit'],
		],
		noChanges: 'The list is worked out when it is asked for.',
	};
}

function payment(name: string, value: string, endpoint: string): ResourceData {
	return {
		name,
		value,
		endpoint,
		main: [
			...[
				'Account',
				'AccountName',
				'InvoiceNumber',
				'InvoiceDate',
				'DueDate',
				'AmountDC',
				'AmountFC',
			],
			...['Currency', 'Description', 'PaymentMethod', 'PaymentReference', 'Status', 'YourRef'],
		],
		keys: ['InvoiceNumber', 'YourRef', 'EntryNumber'],
		bulk: `bulk/Cashflow/${endpoint.slice('cashflow/'.length)}`,
		// Receivables and payments in one.
		sync: { path: 'sync/Cashflow/PaymentTerms', deletedType: 10, kinds: 'Receivable or Payable' },
	};
}

function moneyEntry(name: 'Bank' | 'Cash'): ResourceData {
	return {
		name: `${name} Entry`,
		value: `${name.toLowerCase()}Entry`,
		endpoint: `financialtransaction/${name}Entries`,
		main: [
			...['JournalCode', 'EntryNumber', 'FinancialYear', 'FinancialPeriod', 'OpeningBalanceFC'],
			...['ClosingBalanceFC', 'Currency', 'Status'],
		],
		required: ['JournalCode'],
		keys: ['EntryNumber'],
		lines: entryLines(`${name}EntryLines`, ['GLAccount', 'AmountFC']),
	};
}

/** Entries, ledgers and what is to be paid. */
export const FINANCE: readonly ResourceData[] = [
	{
		name: 'Sales Entry',
		value: 'salesEntry',
		endpoint: 'salesentry/SalesEntries',
		simple: [
			'EntryNumber',
			'Customer',
			'CustomerName',
			'EntryDate',
			'DueDate',
			'YourRef',
			'AmountFC',
			'Status',
		],
		main: [
			...['Customer', 'Journal', 'EntryDate', 'DueDate', 'YourRef', 'Description', 'EntryNumber'],
			...[
				'InvoiceNumber',
				'PaymentCondition',
				'Currency',
				'AmountFC',
				'Document',
				'Type',
				'Status',
			],
		],
		required: ['Customer', 'Journal'],
		keys: ['EntryNumber', 'InvoiceNumber', 'YourRef'],
		sameDocument: ['YourRef', 'Customer'],
		creditNote: { type: 21, journalType: 21 },
		lines: bookedLines('SalesEntryLines'),
	},
	{
		name: 'Purchase Entry',
		value: 'purchaseEntry',
		endpoint: 'purchaseentry/PurchaseEntries',
		simple: [
			'EntryNumber',
			'Supplier',
			'SupplierName',
			'EntryDate',
			'DueDate',
			'YourRef',
			'AmountFC',
			'Status',
		],
		main: [
			...['Supplier', 'Journal', 'EntryDate', 'DueDate', 'YourRef', 'Description', 'EntryNumber'],
			...[
				'InvoiceNumber',
				'PaymentCondition',
				'Currency',
				'AmountFC',
				'Document',
				'Type',
				'Status',
			],
		],
		required: ['Supplier', 'Journal'],
		keys: ['EntryNumber', 'InvoiceNumber', 'YourRef'],
		sameDocument: ['YourRef', 'Supplier'],
		creditNote: { type: 31, journalType: 23 },
		lines: bookedLines('PurchaseEntryLines'),
	},
	{
		name: 'General Journal Entry',
		value: 'generalJournalEntry',
		endpoint: 'generaljournalentry/GeneralJournalEntries',
		main: [
			...['JournalCode', 'EntryNumber', 'FinancialYear', 'FinancialPeriod', 'Currency', 'Reversal'],
			...['Type', 'Status'],
		],
		required: ['JournalCode'],
		keys: ['EntryNumber'],
		lines: entryLines('GeneralJournalEntryLines', ['GLAccount', 'AmountFC']),
	},
	moneyEntry('Bank'),
	moneyEntry('Cash'),
	{
		name: 'Transaction Line',
		value: 'transactionLine',
		endpoint: 'financialtransaction/TransactionLines',
		main: [
			...[
				'Date',
				'JournalCode',
				'EntryNumber',
				'GLAccountCode',
				'GLAccountDescription',
				'AccountName',
			],
			...[
				'Description',
				'AmountDC',
				'AmountFC',
				'InvoiceNumber',
				'FinancialYear',
				'FinancialPeriod',
			],
		],
		keys: ['EntryNumber', 'InvoiceNumber'],
		bulk: 'bulk/Financial/TransactionLines',
		sync: { path: 'sync/Financial/TransactionLines', deletedType: 1 },
	},
	payment('Receivable', 'receivable', 'cashflow/Receivables'),
	payment('Payable', 'payable', 'cashflow/Payments'),
	openItems('Open Receivable', 'openReceivable', 'ReceivablesList'),
	openItems('Open Payable', 'openPayable', 'PayablesList'),
	{
		name: 'Reporting Balance',
		value: 'reportingBalance',
		endpoint: 'financial/ReportingBalance',
		main: [
			...['ReportingYear', 'ReportingPeriod', 'GLAccountCode', 'GLAccountDescription', 'Amount'],
			...['AmountDebit', 'AmountCredit', 'BalanceType', 'CostCenterCode', 'CostUnitCode'],
		],
		noChanges: 'Balances do not say when they were changed.',
	},
];
