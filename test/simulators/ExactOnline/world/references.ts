import type { EdmType, EdmValue, Row } from '../odata/edm';
import { headersOf } from './endpointFacts';
import { fieldType, padCode, type EntityType } from './entityTable';
import type { Records } from './records';

/** What a field of one row refers to (docs/facts/exact-online.md 7.2, References). */
export interface Reference {
	/** Endpoint of the rows that may be referred to. */
	target: string;
	/** Field of the target that holds the value. */
	by: string;
}

const ACCOUNT = 'crm/Accounts';
const CONTACT = 'crm/Contacts';
const WAREHOUSE = 'inventory/Warehouses';

/** By guid; other guids refer to what the simulator does not know, and are taken as they are. */
const BY_GUID: Readonly<Record<string, string>> = {
	Account: ACCOUNT,
	AssembledItem: 'logistics/Items',
	Contact: CONTACT,
	Customer: ACCOUNT,
	DeliverTo: ACCOUNT,
	DeliverToContactPerson: CONTACT,
	DeliveredTo: ACCOUNT,
	DeliveryAccount: ACCOUNT,
	Document: 'documents/Documents',
	Employee: 'payroll/Employees',
	GLAccount: 'financial/GLAccounts',
	InvoiceAccount: ACCOUNT,
	InvoiceTo: ACCOUNT,
	InvoiceToContactPerson: CONTACT,
	Item: 'logistics/Items',
	ItemGroup: 'logistics/ItemGroups',
	OrderAccount: ACCOUNT,
	OrderedBy: ACCOUNT,
	OrderedByContactPerson: CONTACT,
	PartItem: 'logistics/Items',
	Project: 'project/Projects',
	PurchaseOrderLineID: 'purchaseorder/PurchaseOrderLines',
	SalesOrderLineID: 'salesorder/SalesOrderLines',
	SubscriptionType: 'subscription/SubscriptionTypes',
	Supplier: ACCOUNT,
	Warehouse: WAREHOUSE,
	WarehouseFrom: WAREHOUSE,
	WarehouseTo: WAREHOUSE,
};

/** By code. */
const BY_CODE: Readonly<Record<string, string>> = {
	CostCenter: 'hrm/Costcenters',
	Costcenter: 'hrm/Costcenters',
	CostUnit: 'hrm/Costunits',
	Currency: 'general/Currencies',
	ItemUnit: 'logistics/Units',
	Journal: 'financial/Journals',
	JournalCode: 'financial/Journals',
	PaymentCondition: 'cashflow/PaymentConditions',
	PurchaseUnit: 'logistics/Units',
	Unit: 'logistics/Units',
	UnitCode: 'logistics/Units',
	VATCode: 'vat/VATCodes',
};

/** What a field refers to; undefined for fields that are no reference the simulator knows. */
export function referenceOf(path: string, field: string, type: EdmType): Reference | undefined {
	const parent = headersOf(path).find(({ parentField }) => parentField === field);
	if (parent) return { target: parent.header, by: '' };
	if (type === 'Guid') {
		const target = BY_GUID[field];
		return target === undefined || target === path ? undefined : { target, by: '' };
	}
	const target = BY_CODE[field];
	if (type !== 'String' || target === undefined || target === path) return undefined;
	return { target, by: 'Code' };
}

/** The row that a value refers to, undefined if there is none in this division. */
export function referredRow(
	{ target, by }: Reference,
	value: EdmValue,
	division: number,
	records: Records,
): Row | undefined {
	const set = records.set(division, target);
	if (by === '') return set.find([value]);
	return set.rows.find((row) => String(row[by] ?? '').trim() === String(value).trim());
}

/** Fields whose value refers to nothing in this division. */
export function danglingReferences(
	{ path, fields }: EntityType,
	row: Row,
	division: number,
	records: Records,
): string[] {
	return Object.entries(row).flatMap(([field, value]) => {
		const type = fieldType({ fields }, field);
		const reference = type === undefined ? undefined : referenceOf(path, field, type);
		const empty = value === null || value === '';
		if (!reference || empty || referredRow(reference, value, division, records)) return [];
		return [field];
	});
}

/**
 * Fills in what stands beside a reference: `AccountCode` and `AccountName` beside `Account`,
 * `JournalDescription` beside `JournalCode`.
 */
export function describeReferences(
	{ path, fields }: EntityType,
	changes: Row,
	division: number,
	records: Records,
): void {
	for (const [field, value] of Object.entries(changes)) {
		const type = fieldType({ fields }, field);
		const reference = type === undefined ? undefined : referenceOf(path, field, type);
		if (!reference) continue;
		const target = value === null ? undefined : referredRow(reference, value, division, records);
		const stem = field.replace(reference.by === 'Code' ? /Code$/ : /I[dD]$/, '');
		for (const [ending, source] of DERIVED) {
			const name = `${stem}${ending}`;
			if (name === field || !(name in fields)) continue;
			const found = source
				.map((one) => target?.[one])
				.find((one) => one !== undefined && one !== null);
			const shown = reference.target === ACCOUNT && ending === 'Code' ? padded(found) : found;
			changes[name] = shown ?? null;
		}
	}
}

const DERIVED: ReadonlyArray<readonly [ending: string, sources: readonly string[]]> = [
	['Code', ['Code']],
	['Name', ['Name', 'Description']],
	['Description', ['Description', 'Name']],
	['FullName', ['FullName']],
	['Number', ['HID', 'InvoiceNumber', 'OrderNumber', 'QuotationNumber', 'EntryNumber']],
	['Subject', ['Subject']],
	['HID', ['HID']],
];

function padded(code: EdmValue | undefined): EdmValue | undefined {
	return code === null || code === undefined ? code : padCode(code);
}

/** A Code, Name or Description that only tells what a guid beside it stands for. */
export function isDerived({ fields }: Pick<EntityType, 'fields'>, field: string): boolean {
	const stem = /^(.+?)(?:FullName|Code|Name|Description|Subject)$/.exec(field)?.[1];
	if (stem === undefined) return false;
	return [stem, `${stem}ID`, `${stem}Id`].some((name) => fields[name] === 'Guid');
}
