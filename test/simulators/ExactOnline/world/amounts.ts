import type { EdmValue, Row } from '../odata/edm';
import { endpointFacts, headersOf, lineCollections } from './endpointFacts';
import type { Records } from './records';
import { describeReferences } from './references';

/** Currency of all divisions of the simulator. */
const OWN_CURRENCY = 'EUR';

/**
 * What one unit of a document's currency is in that of the division: by the document itself, by the division's table
 * of rates, or 1.
 */
function rateOf(header: Row | undefined, division: number, records: Records): number {
	const currency = String(header?.['Currency'] ?? OWN_CURRENCY).trim();
	if (currency === OWN_CURRENCY) return 1;
	const own = header?.['Rate'] ?? header?.['ExchangeRate'];
	if (typeof own === 'number' && own > 0) return own;
	const rates = records
		.set(division, 'financial/ExchangeRates')
		.rows.filter((row) => String(row['SourceCurrency']).trim() === currency)
		.sort((one, other) => Number(one['StartDate'] ?? 0) - Number(other['StartDate'] ?? 0));
	return Number(rates.at(-1)?.['Rate'] ?? 1);
}

function headerOf(path: string, line: Row, division: number, records: Records): Row | undefined {
	for (const { header, parentField } of headersOf(path)) {
		const found = records.set(division, header).find([line[parentField] ?? null]);
		if (found) return found;
	}
	return undefined;
}

/**
 * Works out what a line costs, `FC` in the currency of the document and `DC` in that of the division.
 * @param changes what is written
 * @param line the line as it will be
 */
export function fillLine(
	path: string,
	changes: Row,
	line: Row,
	division: number,
	records: Records,
): void {
	const { fields } = endpointFacts(path);
	if ('NetPrice' in fields) fillPrice(fields, changes, line, division, records);
	const code = line['VATCode'];
	const vat = records.set(division, 'vat/VATCodes').rows.find((row) => row['Code'] === code);
	if ('VATPercentage' in fields) changes['VATPercentage'] = vat?.['Percentage'] ?? null;
	const amount = { ...line, ...changes }['AmountFC'];
	if ('AmountDC' in fields && changes['AmountDC'] === undefined) {
		const header = headerOf(path, line, division, records);
		const rate = rateOf({ ...header, ...ownRate(line) }, division, records);
		changes['AmountDC'] =
			typeof amount === 'number' ? cents(amount * rate) : (amount ?? line['AmountDC'] ?? null);
	}
	if ('VATAmountFC' in fields && amount !== undefined && amount !== null) {
		changes['VATAmountFC'] ??= cents(Number(amount) * Number(vat?.['Percentage'] ?? 0));
		if ('VATAmountDC' in fields) {
			const header = headerOf(path, line, division, records);
			const rate = rateOf({ ...header, ...ownRate(line) }, division, records);
			changes['VATAmountDC'] = cents(Number(changes['VATAmountFC'] ?? 0) * rate);
		}
	}
	describeReferences({ path, typeName: '', keys: [], fields }, changes, division, records);
}

/** Lines of money may have a rate of their own. */
function ownRate({ ExchangeRate: rate }: Row): Row {
	return typeof rate === 'number' && rate > 0 ? { ExchangeRate: rate } : {};
}

function fillPrice(
	fields: Readonly<Record<string, unknown>>,
	changes: Row,
	line: Row,
	division: number,
	records: Records,
): void {
	const item = records.set(division, 'logistics/Items').find([line['Item'] ?? null]);
	const inPurchaseUnits = line['QuantityInPurchaseUnits'];
	if (inPurchaseUnits !== undefined) changes['Quantity'] = inPurchaseUnits;
	const quantity = { ...line, ...changes }['Quantity'] ?? 1;
	changes['Quantity'] ??= quantity;
	const unitPrice = line['UnitPrice'] ?? item?.['StandardSalesPrice'] ?? line['NetPrice'] ?? 0;
	const repriced = 'UnitPrice' in changes || 'Discount' in changes;
	const present = repriced ? undefined : line['NetPrice'];
	const netPrice = changes['NetPrice'] ?? present ?? discounted(unitPrice, line);
	if ('UnitPrice' in fields) changes['UnitPrice'] ??= unitPrice;
	changes['NetPrice'] = netPrice;
	if ('Description' in fields && line['Description'] === undefined) {
		changes['Description'] = item?.['Description'] ?? null;
	}
	if ('VATCode' in fields && line['VATCode'] === undefined) {
		const code = item?.['SalesVatCode'] ?? null;
		changes['VATCode'] = code;
		line['VATCode'] = code;
	}
	if ('UnitCode' in fields && line['UnitCode'] === undefined) {
		changes['UnitCode'] = item?.['Unit'] ?? null;
	}
	if ('GLAccount' in fields && (line['GLAccount'] ?? null) === null) {
		changes['GLAccount'] = item?.['GLRevenue'] ?? null;
	}
	const amount = cents(Number(quantity) * Number(netPrice));
	for (const name of ['AmountFC', 'Amount']) if (name in fields) changes[name] = amount;
	if ('AmountDC' in fields) delete changes['AmountDC'];
}

/** `Discount` is a fraction: 0.1 is ten percent. */
function discounted(unitPrice: EdmValue, line: Row): number {
	return cents(Number(unitPrice) * (1 - Number(line['Discount'] ?? 0)));
}

function cents(amount: number): number {
	return Math.round(amount * 100) / 100;
}

/** Sums the lines of the headers that a change at an endpoint concerns. */
export function sumHeaders(path: string, row: Row, division: number, records: Records): void {
	if (lineCollections(path).length > 0) sumHeader(path, row, division, records);
	for (const { header, parentField } of headersOf(path)) {
		const found = records.set(division, header).find([row[parentField] ?? null]);
		if (!found) continue;
		sumHeader(header, found, division, records);
		records.stamp(division, found);
		records.changed(division, header, found);
	}
}

function sumHeader(path: string, header: Row, division: number, records: Records): void {
	const { fields, keys } = endpointFacts(path);
	const lines = lineCollections(path).flatMap(({ endpoint, parentField }) =>
		records
			.set(division, endpoint)
			.rows.filter((line) => line[parentField] === header[keys[0] ?? 'ID']),
	);
	const sum = (name: string): number =>
		cents(lines.reduce((total, line) => total + Number(line[name] ?? 0), 0));
	const rate = rateOf(header, division, records);
	const net = sum('AmountFC') || sum('AmountDC');
	const vat = sum('VATAmountFC');
	const gross = cents(net + vat);
	const totals: Row = {
		AmountFC: gross,
		AmountDC: cents(gross * rate),
		Amount: gross,
		AmountFCExclVat: net,
		VATAmountFC: vat,
		VATAmountDC: cents(vat * rate),
	};
	if (path.includes('Entries'))
		Object.assign(totals, { AmountFC: net, AmountDC: cents(net * rate) });
	for (const [name, value] of Object.entries(totals)) if (name in fields) header[name] = value;
}
