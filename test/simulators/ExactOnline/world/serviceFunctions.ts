import type { EdmType, EdmValue, Row } from '../odata/edm';
import { ODataError } from '../odata/errors';
import { findEndpointFacts } from './endpointFacts';
import { ageGroupOf, agingRows, openItems, overview } from './openItems';
import type { TableContext } from './entityTable';
import type { Records } from './records';

/** Arguments of a call by name; parameters that are not documented have the type of their literal. */
export type Arguments = Readonly<Record<string, EdmValue>>;

/** A function below `read/` (docs/facts/exact-online.md 4.5). */
export interface ServiceFunction {
	/** Parameters that the URL must bring. */
	parameters: Readonly<Record<string, EdmType>>;
	rows: (given: Arguments, context: TableContext) => Row[];
}

interface Call {
	given: Arguments;
	division: number;
	now: number;
	records: Records;
}

interface Definition {
	parameters?: Readonly<Record<string, EdmType>>;
	rows: (call: Call) => Row[];
}

/**
 * The function at a path. Those that the simulator does not work out show rows of their own, of which the
 * arguments choose.
 */
export function serviceFunction(path: string, records: Records): ServiceFunction {
	const { parameters = {}, rows } = DEFINITIONS[path] ?? { rows: storedRows(path) };
	return {
		parameters,
		rows: (given, { division = 0, now }) => rows({ given, division, now, records }),
	};
}

function storedRows(path: string): Definition['rows'] {
	return ({ given, division, records }) =>
		records.set(division, path).rows.filter((row) => {
			const fields = new Map(Object.keys(row).map((field) => [field.toLowerCase(), field]));
			return Object.entries(given).every(([name, value]) => {
				const field = fields.get(name.toLowerCase());
				return field === undefined || row[field] === value;
			});
		});
}

function find(
	{ records, division }: Call,
	path: string,
	id: EdmValue | undefined,
): Row | undefined {
	return records.set(division, path).find([id ?? null]);
}

function all({ records, division }: Call, path: string): readonly Row[] {
	return records.set(division, path).rows;
}

const DEFINITIONS: Readonly<Record<string, Definition>> = {
	'read/logistics/StockPosition': {
		parameters: { itemId: 'Guid' },
		rows: (call) => {
			const item = find(call, 'logistics/Items', call.given['itemId']);
			return item ? [stockPosition(call, item)] : [];
		},
	},
	'read/logistics/SalesItemPrice': {
		parameters: { itemId: 'Guid' },
		rows: (call) => {
			const item = find(call, 'logistics/Items', call.given['itemId']);
			return item ? [salesPrice(item)] : [];
		},
	},
	'read/logistics/ItemDetailsByID': {
		parameters: { itemId: 'Guid' },
		rows: (call) => {
			const item = find(call, 'logistics/Items', call.given['itemId']);
			if (!item) return [];
			return [{ ...item, SalesPrice: item['StandardSalesPrice'] ?? null, SalesCurrency: 'EUR' }];
		},
	},
	'read/crm/DefaultAddressForAccount': {
		parameters: { accountId: 'Guid', addressType: 'Int32' },
		rows: (call) =>
			all(call, 'crm/Addresses').filter(
				(row) =>
					row['Account'] === call.given['accountId'] &&
					row['Type'] === call.given['addressType'] &&
					row['Main'] === true,
			),
	},
	'read/crm/AccountDocuments': {
		parameters: { accountId: 'Guid' },
		rows: (call) =>
			all(call, 'documents/Documents').filter((row) => row['Account'] === call.given['accountId']),
	},
	'read/financial/RevenueList': { rows: revenue },
	'read/financial/RevenueListByYear': { parameters: { year: 'Int32' }, rows: revenue },
	'read/financial/RevenueListByYearAndStatus': {
		parameters: { year: 'Int32', afterEntry: 'Boolean' },
		rows: revenue,
	},
	'read/financial/AgingOverview': {
		rows: ({ records, division, now }) => overview(records, division, now),
	},
	...openItemFunctions('Receivables', 'cashflow/Receivables'),
	...openItemFunctions('Payables', 'cashflow/Payments'),
	'read/project/HoursByDate': {
		parameters: { checkDate: 'DateTime' },
		rows: (call) =>
			all(call, 'project/TimeTransactions')
				.filter((row) => row['Date'] === call.given['checkDate'])
				.map(hoursOf),
	},
	'read/sync/Sync/SyncTimestamp': {
		parameters: { modified: 'DateTime', endPoint: 'String' },
		rows: syncTimestamp,
	},
};

function openItemFunctions(kind: string, source: string): Record<string, Definition> {
	const account = { accountId: 'Guid' } as const;
	const age = { ageGroup: 'Int32' } as const;
	const items: Definition['rows'] = ({ given, records, division, now }) =>
		openItems(records, division, source).filter(
			(row) =>
				(given['accountId'] === undefined || row['AccountId'] === given['accountId']) &&
				(given['ageGroup'] === undefined || ageGroupOf(row, now) === given['ageGroup']),
		);
	const aging: Definition['rows'] = ({ given, records, division, now }) =>
		agingRows(records, division, source, now, given['ageGroup']);
	const path = `read/financial/${kind}List`;
	return {
		[path]: { rows: items },
		[`${path}ByAccount`]: { parameters: account, rows: items },
		[`${path}ByAgeGroup`]: { parameters: age, rows: items },
		[`${path}ByAccountAndAgeGroup`]: { parameters: { ...account, ...age }, rows: items },
		[`read/financial/Aging${kind}List`]: { rows: aging },
		[`read/financial/Aging${kind}ListByAgeGroup`]: { parameters: age, rows: aging },
	};
}

function stockPosition(call: Call, item: Row): Row {
	const { ID: id = null } = item;
	const open = (path: string, quantity: string, done: string): number =>
		all(call, path)
			.filter((line) => line['Item'] === id)
			.reduce((sum, line) => sum + Number(line[quantity] ?? 0) - Number(line[done] ?? 0), 0);
	const inStock = Number(item['Stock'] ?? 0);
	const planningIn = open('purchaseorder/PurchaseOrderLines', 'Quantity', 'ReceivedQuantity');
	const planningOut = open('salesorder/SalesOrderLines', 'Quantity', 'QuantityDelivered');
	return {
		ItemId: id,
		InStock: inStock,
		PlanningIn: planningIn,
		PlanningOut: planningOut,
		ProjectedStock: inStock + planningIn - planningOut,
		ReservedStock: 0,
		FreeStock: inStock,
	};
}

function salesPrice(item: Row): Row {
	const price = Number(item['StandardSalesPrice'] ?? 0);
	return {
		ItemId: item['ID'] ?? null,
		ItemCode: item['Code'] ?? null,
		ItemDescription: item['Description'] ?? null,
		CurrencyCode: 'EUR',
		PriceExcludingVAT: price,
		PriceIncludingVAT: Math.round(price * 121) / 100,
		UnitCode: item['Unit'] ?? null,
		VATCode: item['SalesVatCode'] ?? null,
	};
}

/** Turnover of processed and open invoices by month. */
function revenue({ given, records, division }: Call): Row[] {
	const sums = new Map<string, Row>();
	for (const invoice of records.set(division, 'salesinvoice/SalesInvoices').rows) {
		const date = new Date(Number(invoice['InvoiceDate'] ?? 0));
		const year = date.getUTCFullYear();
		if (given['year'] !== undefined && given['year'] !== year) continue;
		const period = date.getUTCMonth() + 1;
		const row = sums.get(`${year}/${period}`) ?? { Year: year, Period: period, Amount: 0 };
		row['Amount'] =
			Number(row['Amount']) + Number(invoice['AmountFCExclVat'] ?? invoice['AmountFC'] ?? 0);
		sums.set(`${year}/${period}`, row);
	}
	return [...sums.values()];
}

function hoursOf(row: Row, index: number): Row {
	const quantity = row['Quantity'] ?? 0;
	return {
		...row,
		Id: index + 1,
		EntryId: row['ID'] ?? null,
		AccountId: row['Account'] ?? null,
		ItemId: row['Item'] ?? null,
		ProjectId: row['Project'] ?? null,
		HoursDraft: row['HourStatus'] === 1 ? quantity : 0,
		HoursSubmitted: row['HourStatus'] === 10 ? quantity : 0,
		HoursApproved: row['HourStatus'] === 20 ? quantity : 0,
	};
}

/** Hidden field of the answer of SyncTimestamp: the version that the other reading gives. */
export const FIRST_AFTER = '$firstAfter';

/** The highest version of the rows that were changed last before a date, and the lowest of the others; 0 if there are none. */
function syncTimestamp({ given, records, division }: Call): Row[] {
	const [endPoint, modified] = [String(given['endPoint']), Number(given['modified'])];
	if (!findEndpointFacts(`sync/${endPoint}`)) {
		throw new ODataError(400, 'Bad Request - Error in query syntax.');
	}
	const rows = records.twinRows(division, `sync/${endPoint}`);
	const isBefore = (row: Row) => Number(row['Modified'] ?? 0) < modified;
	const version = (row: Row) => Number(row['Timestamp'] ?? 0);
	const before = rows.filter(isBefore).map(version);
	const after = rows.filter((row) => !isBefore(row)).map(version);
	const [last, first] = [Math.max(0, ...before), Math.min(...after)];
	return [
		{
			...{ Modified: modified, API: endPoint, TimeStampAsBigInt: last },
			[FIRST_AFTER]: first === Infinity ? last : first,
		},
	];
}
