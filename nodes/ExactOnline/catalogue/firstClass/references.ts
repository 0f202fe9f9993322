import type { CatalogueField } from '../types';

/** Records that fields of others name. */
export interface ReferenceTarget {
	endpoint: string;
	/** What a field holds: the record's key, or its code (docs/facts/exact-online.md 7.2). */
	by: 'key' | 'code';
	/** Field that a person knows the record by. */
	code?: string;
	/** Fields of its name in a list. */
	label: readonly string[];
	/** Names of fields that hold it, in every endpoint. */
	fields: readonly string[];
}

export const REFERENCES: readonly ReferenceTarget[] = [
	{
		endpoint: 'crm/Accounts',
		by: 'key',
		code: 'Code',
		label: ['Name', 'Code'],
		fields: [
			...['Account', 'Customer', 'Supplier', 'OrderedBy', 'InvoiceTo', 'DeliverTo', 'DeliveredTo'],
			...['OrderAccount', 'InvoiceAccount', 'DeliveryAccount', 'SubscriptionAccount', 'Reseller'],
			...['InvolvedAccount', 'OwnerAccount', 'Accountant'],
		],
	},
	{
		endpoint: 'crm/Contacts',
		by: 'key',
		label: ['FullName', 'Email'],
		fields: [
			...['Contact', 'MainContact', 'ContactPerson', 'AccountContact', 'SupplierContact'],
			...['OrderedByContactPerson', 'InvoiceToContactPerson', 'DeliverToContactPerson'],
			...['OrderAccountContact', 'InvoiceAccountContact', 'DeliveryAccountContact'],
			...['DeliveryContact', 'DeliveredToContactPerson'],
		],
	},
	{
		endpoint: 'crm/Addresses',
		by: 'key',
		label: ['AddressLine1', 'City'],
		fields: ['DeliveryAddress', 'DeliverToAddress', 'InvoiceAddress', 'SupplierAddress'],
	},
	{
		endpoint: 'logistics/Items',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['Item', 'PartItem', 'AssembledItem', 'DefaultItem', 'FixedPriceItem', 'PrepaidItem'],
	},
	{
		endpoint: 'logistics/ItemGroups',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['ItemGroup'],
	},
	{
		endpoint: 'financial/GLAccounts',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: [
			...[
				'GLAccount',
				'GLAccountPurchase',
				'GLAccountSales',
				'GLAP',
				'GLAR',
				'GLCosts',
				'GLRevenue',
			],
			...['GLStock', 'GLCostsWorkInProgress', 'GLRevenueWorkInProgress', 'GLToClaim', 'GLToPay'],
			...['GLDiscountPurchase', 'GLDiscountSales', 'OffsetGLInventory', 'PaymentInTransitAccount'],
			...['PrivateGLAccount', 'VATNonDeductibleGLAccount', 'YearEndCostGLAccount'],
			...['YearEndReflectionGLAccount'],
		],
	},
	{
		endpoint: 'project/Projects',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['Project'],
	},
	{
		endpoint: 'inventory/Warehouses',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['Warehouse', 'WarehouseID', 'WarehouseFrom', 'WarehouseTo'],
	},
	{
		endpoint: 'documents/Documents',
		by: 'key',
		label: ['Subject'],
		fields: ['Document', 'BankStatementDocument'],
	},
	{
		endpoint: 'documents/DocumentFolders',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['DocumentFolder', 'ParentFolder'],
	},
	{
		endpoint: 'payroll/Employees',
		by: 'key',
		code: 'Code',
		label: ['FullName', 'Code'],
		fields: ['Employee'],
	},
	{
		endpoint: 'crm/Opportunities',
		by: 'key',
		label: ['Name'],
		fields: ['Opportunity'],
	},
	{
		endpoint: 'subscription/Subscriptions',
		by: 'key',
		label: ['Description', 'Number'],
		fields: ['Subscription'],
	},
	{
		endpoint: 'subscription/SubscriptionTypes',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['SubscriptionType'],
	},
	{
		endpoint: 'sales/ShippingMethods',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['ShippingMethod'],
	},
	{
		endpoint: 'financial/Journals',
		by: 'code',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['Journal', 'JournalCode', 'InvoiceJournal'],
	},
	{
		endpoint: 'vat/VATCodes',
		by: 'code',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['VATCode', 'SalesVATCode', 'SalesVatCode', 'PurchaseVATCode'],
	},
	{
		endpoint: 'cashflow/PaymentConditions',
		by: 'code',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['PaymentCondition', 'PaymentConditionPurchase', 'PaymentConditionSales'],
	},
	{
		endpoint: 'hrm/Costcenters',
		by: 'code',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['CostCenter', 'Costcenter'],
	},
	{
		endpoint: 'hrm/Costunits',
		by: 'code',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['CostUnit', 'Costunit'],
	},
	{
		endpoint: 'logistics/Units',
		by: 'code',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['Unit', 'UnitCode', 'PurchaseUnit'],
	},
	{
		endpoint: 'logistics/Units',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['ItemUnit'],
	},
	{
		endpoint: 'general/Currencies',
		by: 'code',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: [
			...['Currency', 'SalesCurrency', 'PurchaseCurrency', 'SourceCurrency', 'CostPriceCurrency'],
		],
	},
];

/** Fields whose name means something else in other endpoints: what they name, by endpoint. */
const OWN_FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'crm/Accounts': { Parent: 'crm/Accounts' },
};

/**
 * What a field of an endpoint refers to; undefined where it is no reference. The name alone does not tell: `Unit` is a code where
 * it is a text, and an identifier of something else where it is a guid.
 * @param path of the endpoint; missing where the field is none of an endpoint
 */
export function referenceOf(
	{ name, type }: Pick<CatalogueField, 'name' | 'type'>,
	path = '',
): ReferenceTarget | undefined {
	const own = OWN_FIELDS[path]?.[name];
	return REFERENCES.find(
		({ endpoint, by, fields }) =>
			(fields.includes(name) || endpoint === own) && type === (by === 'key' ? 'Guid' : 'String'),
	);
}

/** Whether fields of this name refer to other records, wherever they stand. */
export function isReferenceName(name: string): boolean {
	const isOwn = Object.values(OWN_FIELDS).some((fields) => Object.hasOwn(fields, name));
	return isOwn || REFERENCES.some(({ fields }) => fields.includes(name));
}
