import type { EdmValue, Row } from '../odata/edm';
import { ValidationError } from '../odata/validation';
import type { ExactOnlineSwitches } from '../switches';

/** What the rules of booking depend on. */
export type BookingSwitches = Pick<ExactOnlineSwitches, 'closedUntil' | 'unbalancedEntries'>;

/** Documents that are booked when they are made, and the field with the date; entries of money have theirs in the lines. */
const BOOKED: Readonly<Record<string, string>> = {
	'salesentry/SalesEntries': 'EntryDate',
	'purchaseentry/PurchaseEntries': 'EntryDate',
	'purchase/PurchaseInvoices': 'InvoiceDate',
	'generaljournalentry/GeneralJournalEntries': 'Date',
	'financialtransaction/BankEntries': 'Date',
	'financialtransaction/CashEntries': 'Date',
};

/** Lines that can be added to such entries later on. */
const BOOKED_LINES: ReadonlySet<string> = new Set([
	'generaljournalentry/GeneralJournalEntryLines',
	'financialtransaction/BankEntryLines',
	'financialtransaction/CashEntryLines',
]);

const BALANCED = 'generaljournalentry/GeneralJournalEntries';

/**
 * Refuses what is booked into a period that is closed, and a journal entry whose debit and credit differ
 * (docs/facts/exact-online.md 7.2).
 * @param now of the simulator, where the body names no date
 * @throws ValidationError
 */
export function checkBooking(
	path: string,
	row: Row,
	lines: readonly Row[],
	{ closedUntil, unbalancedEntries }: BookingSwitches,
	now: number,
): void {
	const field = BOOKED[path] ?? (BOOKED_LINES.has(path) ? 'Date' : undefined);
	if (field === undefined) return;
	const end = closedUntil === null ? undefined : Date.parse(`${closedUntil}T23:59:59Z`);
	if (end !== undefined) {
		const dates = [row, ...lines].flatMap((one) => dateOf(one[field]) ?? []);
		const [year, period] = [Number(row['FinancialYear']), Number(row['FinancialPeriod'])];
		const booked = year > 0 && period > 0 ? [Date.UTC(year, period, 0)] : dates;
		if ((booked.length === 0 ? [now] : booked).some((date) => date <= end)) {
			throw new ValidationError([{ kind: 'invalid', field, detail: 'Period closed' }]);
		}
	}
	if (path !== BALANCED || unbalancedEntries === 'taken') return;
	const sum = lines.reduce((total, line) => total + Number(line['AmountFC'] ?? 0), 0);
	if (Math.abs(sum) >= 0.005) {
		throw new ValidationError([{ kind: 'invalid', field: 'AmountFC', detail: 'Balance' }]);
	}
}

/** Types of entries whose total is below zero. */
const CREDIT_NOTES: Readonly<Record<string, number>> = {
	'salesentry/SalesEntries': 21,
	'purchaseentry/PurchaseEntries': 31,
};

/** An entry with a total below zero is a credit note (docs/facts/exact-online.md 7.2). */
export function setEntryType(
	path: string,
	row: Row,
	{ creditNotes }: Pick<ExactOnlineSwitches, 'creditNotes'>,
): void {
	const type = CREDIT_NOTES[path];
	if (type === undefined || creditNotes === 'never' || Number(row['AmountFC']) >= 0) return;
	row['Type'] = type;
}

function dateOf(value: EdmValue | undefined): number | undefined {
	return typeof value === 'number' ? value : undefined;
}
