import { compareValues, type Row } from '../odata/edm';
import { endpointFacts } from './endpointFacts';
import { LEDGER_LINES, ledgerRow } from './ledger';
import type { Records } from './records';
import { twinSources } from './twins';

/**
 * The rows of a bulk or sync endpoint: those of the CRUD endpoint behind it, in the order of the twin's
 * key. Invoices come as a header with LineNumber 0 and its lines, purchase orders as lines that hold
 * what their header holds (docs/facts/exact-online.md 5).
 */
export function twinRows(path: string, division: number, records: Records): readonly Row[] {
	const [key = 'ID'] = endpointFacts(path).keys;
	if (path === 'sync/Deleted') return records.deleted(division).rows;
	const sources = twinSources(path);
	if (sources.length === 0) return records.set(division, path).rows;
	const view = path.endsWith('/TransactionLines') ? LEDGER : (VIEWS[path] ?? ((row: Row) => row));
	const rows = sources.flatMap((source) =>
		records.set(division, source).rows.map((row) => view(row, source, division, records)),
	);
	return rows.sort((left, right) => compareValues(left[key] ?? null, right[key] ?? null));
}

type View = (row: Row, source: string, division: number, records: Records) => Row;

const LEDGER: View = (row, source, division, records) =>
	LEDGER_LINES.includes(source) ? ledgerRow(row, source, division, records) : row;

const VIEWS: Readonly<Record<string, View>> = {
	'sync/SalesInvoice/SalesInvoices': (row, source) =>
		source === 'salesinvoice/SalesInvoices'
			? { ...row, ID: row['InvoiceID'] ?? null, LineNumber: 0 }
			: row,
	'sync/PurchaseOrder/PurchaseOrders': (row, _source, division, records) => {
		const header = records
			.set(division, 'purchaseorder/PurchaseOrders')
			.find([row['PurchaseOrderID'] ?? null]);
		return { ...header, ...row };
	},
};
