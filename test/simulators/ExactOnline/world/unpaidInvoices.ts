const DAY_MS = 86_400_000;

/** Days since they were due, of each customer's invoices; below zero for those that are not yet. */
const OVERDUE = [[-12, 8], [45], [75, 31], [200, 90, -3], [0]] as const;

/**
 * Rows for `cashflow/Receivables`: what some customers owe, by due dates around today, some of it overdue for long.
 * A credit note is among them.
 * @param accounts rows of `crm/Accounts`; the first ones owe
 * @param now milliseconds since the epoch
 */
export function unpaidInvoices(
	accounts: ReadonlyArray<Readonly<Record<string, unknown>>>,
	now: number,
): Array<Record<string, unknown>> {
	const today = Math.floor(now / DAY_MS) * DAY_MS;
	return OVERDUE.flatMap((days, customer) =>
		days.map((overdue, index) => {
			const due = today - overdue * DAY_MS;
			const number = 24_600_001 + customer * 10 + index;
			// Of one customer the last one is a credit note.
			const sign = overdue === -3 ? -1 : 1;
			return {
				Account: accounts[customer]?.['ID'],
				AmountDC: sign * (customer * 1000 + index * 100 + 12.35),
				Currency: 'EUR',
				DueDate: isoDay(due),
				InvoiceDate: isoDay(due - 30 * DAY_MS),
				InvoiceNumber: number,
				Journal: '70',
				Status: 20,
				YourRef: `PO-${number}`,
			};
		}),
	);
}

function isoDay(time: number): string {
	return new Date(time).toISOString().slice(0, 19);
}
