import type { Row } from '../odata/edm';
import { headersOf } from './endpointFacts';
import type { Records } from './records';

/** Lines of entries, which stand in the ledger as well. */
export const LEDGER_LINES: readonly string[] = [
	'financialtransaction/BankEntryLines',
	'financialtransaction/CashEntryLines',
	'generaljournalentry/GeneralJournalEntryLines',
	'purchaseentry/PurchaseEntryLines',
	'salesentry/SalesEntryLines',
];

/** A line of an entry as a transaction line. */
export function ledgerRow(line: Row, path: string, division: number, records: Records): Row {
	const header = headersOf(path)
		.map(({ header: endpoint, parentField }) =>
			records.set(division, endpoint).find([line[parentField] ?? null]),
		)
		.find((row) => row !== undefined);
	if (!header) return line;
	const party = header['Customer'] ?? header['Supplier'];
	const account = records.set(division, 'crm/Accounts').find([party ?? line['Account'] ?? null]);
	return {
		...line,
		Account: account?.['ID'] ?? null,
		AccountCode: account?.['Code'] ?? null,
		AccountName: account?.['Name'] ?? null,
		Currency: header['Currency'] ?? null,
		Date: line['Date'] ?? header['EntryDate'] ?? header['Created'] ?? null,
		Description: line['Description'] ?? header['Description'] ?? null,
		DueDate: header['DueDate'] ?? null,
		EntryNumber: header['EntryNumber'] ?? null,
		FinancialPeriod: header['FinancialPeriod'] ?? header['ReportingPeriod'] ?? null,
		FinancialYear: header['FinancialYear'] ?? header['ReportingYear'] ?? null,
		InvoiceNumber: header['InvoiceNumber'] ?? null,
		JournalCode: header['JournalCode'] ?? header['Journal'] ?? null,
		JournalDescription: header['JournalDescription'] ?? null,
		Status: header['Status'] ?? null,
		Type: header['Type'] ?? null,
		YourRef: header['YourRef'] ?? null,
	};
}
