import { randomUUID } from 'node:crypto';
import type { EdmValue, Row } from '../odata/edm';
import { headersOf, type EndpointFacts } from './endpointFacts';
import type { TableContext } from './entityTable';
import type { Records } from './records';

/** The number that the service counts up, and where it begins. */
const NUMBERS: Readonly<Record<string, readonly [field: string, first: number]>> = {
	'crm/Contacts': ['HID', 1],
	'crm/Quotations': ['QuotationNumber', 1001],
	'documents/Documents': ['HID', 1],
	'financialtransaction/BankEntries': ['EntryNumber', 20_400_001],
	'financialtransaction/CashEntries': ['EntryNumber', 20_500_001],
	'generaljournalentry/GeneralJournalEntries': ['EntryNumber', 20_900_001],
	'inventory/WarehouseTransfers': ['TransferNumber', 1],
	'manufacturing/ShopOrders': ['ShopOrderNumber', 1],
	'purchaseentry/PurchaseEntries': ['EntryNumber', 20_200_001],
	'purchaseorder/PurchaseOrders': ['OrderNumber', 5001],
	'purchaseorder/GoodsReceipts': ['ReceiptNumber', 1],
	'salesentry/SalesEntries': ['EntryNumber', 20_300_001],
	'salesorder/GoodsDeliveries': ['DeliveryNumber', 1],
	'salesorder/SalesOrders': ['OrderNumber', 3001],
	'subscription/Subscriptions': ['Number', 1],
};

/** Fills in what the service sets in a new row, whatever the body said (docs/facts/exact-online.md 7.5). */
export function setByService(
	path: string,
	{ keys, fields }: EndpointFacts,
	row: Row,
	{ user, now, stampedAt = now, division = 0 }: TableContext,
	records: Records,
): void {
	const [key] = keys;
	if (keys.length === 1 && key !== undefined && fields[key] === 'Guid') row[key] = randomUUID();
	row['Created'] = stampedAt;
	row['Creator'] = user.userId;
	row['CreatorFullName'] = user.fullName;
	setByServiceOnUpdate(row, { user, now, stampedAt, division }, records);
	row['Division'] = division;
	const number = NUMBERS[path];
	if ('LineNumber' in fields) row['LineNumber'] ??= nextLineNumber(path, row, division, records);
	if (number && number[0] in fields) row[number[0]] = nextNumber(path, number, division, records);
}

function nextLineNumber(path: string, row: Row, division: number, records: Records): number {
	const parent = headersOf(path).find(({ parentField }) => typeof row[parentField] === 'string');
	if (!parent) return 1;
	const lines = records
		.set(division, path)
		.rows.filter((line) => line[parent.parentField] === row[parent.parentField]);
	return nextAfter(
		lines.map((line) => line['LineNumber'] ?? null),
		1,
	);
}

/** The same for what a PUT changes. */
export function setByServiceOnUpdate(
	changes: Row,
	{ user, now, stampedAt = now, division = 0 }: TableContext,
	records: Records,
): void {
	changes['Modified'] = stampedAt;
	changes['Modifier'] = user.userId;
	changes['ModifierFullName'] = user.fullName;
	records.stamp(division, changes);
}

function nextNumber(
	path: string,
	[field, first]: readonly [string, number],
	division: number,
	records: Records,
): number {
	return nextAfter(
		records.set(division, path).rows.map((row) => row[field] ?? null),
		first,
	);
}

/** One more than the largest number there is, at least `first`. */
export function nextAfter(values: readonly EdmValue[], first: number): number {
	return values.reduce<number>((next, value) => Math.max(next, Number(value ?? 0) + 1), first);
}
