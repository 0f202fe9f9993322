import type { EdmValue, Row } from '../odata/edm';
import type { Records } from './records';

const DAY_MS = 86_400_000;

/** What customers or suppliers still owe: rows of `cashflow/Receivables` or `cashflow/Payments`. */
export function openItems(records: Records, division: number, source: string): Row[] {
	return records
		.set(division, source)
		.rows.filter((row) => row['IsFullyPaid'] !== true && Number(row['Status'] ?? 20) < 50)
		.map((row, index) => ({
			HID: index + 1,
			Id: row['ID'] ?? null,
			AccountId: row['Account'] ?? null,
			AccountCode: row['AccountCode'] ?? null,
			AccountName: row['AccountName'] ?? null,
			Amount: row['AmountDC'] ?? null,
			AmountInTransit: 0,
			CurrencyCode: row['Currency'] ?? 'EUR',
			Description: row['Description'] ?? null,
			DueDate: row['DueDate'] ?? null,
			EntryNumber: row['EntryNumber'] ?? null,
			InvoiceDate: row['InvoiceDate'] ?? null,
			InvoiceNumber: row['InvoiceNumber'] ?? null,
			JournalCode: row['Journal'] ?? null,
			JournalDescription: row['JournalDescription'] ?? null,
			YourRef: row['YourRef'] ?? null,
		}));
}

/** Age by days since the due date: 1 up to 30, 2 up to 60, 3 up to 90, 4 older. */
export function ageGroupOf(row: Row, now: number): number {
	const days = (now - Number(row['DueDate'] ?? now)) / DAY_MS;
	return Math.min(4, Math.max(1, Math.ceil(days / 30)));
}

const AGE_GROUPS = [1, 2, 3, 4] as const;

/** Open items summed by account and age. */
export function agingRows(
	records: Records,
	division: number,
	source: string,
	now: number,
	ageGroup: EdmValue | undefined,
): Row[] {
	const byAccount = new Map<EdmValue, Row>();
	for (const item of openItems(records, division, source)) {
		const group = ageGroupOf(item, now);
		if (ageGroup !== undefined && ageGroup !== group) continue;
		const row = byAccount.get(item['AccountId'] ?? null) ?? emptyAging(item);
		const amount = Number(item['Amount'] ?? 0);
		row[`AgeGroup${group}Amount`] = Number(row[`AgeGroup${group}Amount`]) + amount;
		row['TotalAmount'] = Number(row['TotalAmount']) + amount;
		byAccount.set(item['AccountId'] ?? null, row);
	}
	return [...byAccount.values()];
}

function emptyAging({ AccountId = null, AccountCode = null, AccountName = null }: Row): Row {
	const row: Row = { AccountId, AccountCode, AccountName, CurrencyCode: 'EUR', TotalAmount: 0 };
	for (const group of AGE_GROUPS) {
		row[`AgeGroup${group}`] = group;
		row[`AgeGroup${group}Amount`] = 0;
	}
	return row;
}

/** Open receivables and payables by age. */
export function overview(records: Records, division: number, now: number): Row[] {
	const sum = (source: string, group: number): number =>
		openItems(records, division, source)
			.filter((row) => ageGroupOf(row, now) === group)
			.reduce((total, row) => total + Number(row['Amount'] ?? 0), 0);
	return AGE_GROUPS.map((group) => ({
		AgeGroup: group,
		AmountReceivable: sum('cashflow/Receivables', group),
		AmountPayable: sum('cashflow/Payments', group),
		CurrencyCode: 'EUR',
	}));
}
