import type { CatalogueField } from '../types';

/** Records that fields of others name. */
export interface ReferenceTarget {
	endpoint: string;
	/** What a field holds: the record's key, or its code (docs/facts/exact-online.md 7.2). */
	by: 'key' | 'code';
	/** Field that a person knows the record by. */
	code?: string;
	/**
	 * No endpoint lists what the field holds, so that those are offered that rows of this endpoint hold in the field of this name
	 * already. Their names stand in the first field of `label`.
	 */
	inUse?: string;
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
		fields: ['Project', 'ProjectID'],
	},
	{
		endpoint: 'project/ProjectClassifications',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['ProjectClassification'],
	},
	{
		endpoint: 'project/Projects',
		by: 'key',
		label: ['ManagerFullname'],
		inUse: 'Manager',
		fields: ['Manager'],
	},
	{
		endpoint: 'inventory/Warehouses',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['Warehouse', 'WarehouseID', 'WarehouseFrom', 'WarehouseTo'],
	},
	{
		endpoint: 'inventory/StorageLocations',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code', 'WarehouseCode'],
		fields: ['StorageLocation', 'StorageLocationFrom', 'StorageLocationTo'],
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
		endpoint: 'documents/DocumentCategories',
		by: 'key',
		label: ['Description'],
		fields: [],
	},
	{
		endpoint: 'mailbox/Mailboxes',
		by: 'key',
		code: 'Mailbox',
		label: ['Description', 'Mailbox', 'AccountName'],
		fields: ['SenderMailboxID', 'RecipientMailboxID'],
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
		endpoint: 'crm/Opportunities',
		by: 'key',
		label: ['OpportunityStageDescription'],
		inUse: 'OpportunityStage',
		fields: ['OpportunityStage', 'AcceptOpportunityStage', 'RejectOpportunityStage'],
	},
	{
		endpoint: 'crm/Opportunities',
		by: 'key',
		label: ['OwnerFullName'],
		inUse: 'Owner',
		fields: ['Owner'],
	},
	{
		endpoint: 'crm/LeadSources',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['LeadSource'],
	},
	{
		endpoint: 'crm/LeadPurposes',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['LeadPurpose'],
	},
	{
		endpoint: 'crm/ReasonCodes',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['ReasonCode'],
	},
	{
		endpoint: 'crm/AccountClassifications',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code', 'AccountClassificationNameDescription'],
		fields: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `Classification${number}`),
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
		endpoint: 'subscription/SubscriptionReasonCodes',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['ReasonCancelled'],
	},
	{
		endpoint: 'sales/ShippingMethods',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['ShippingMethod'],
	},
	{
		endpoint: 'sales/SalesChannels',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['SalesChannel'],
	},
	{
		endpoint: 'sales/SalesPriceLists',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['PriceList', 'Pricelist'],
	},
	{
		endpoint: 'sales/OrderCharges',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['OrderCharge'],
	},
	{
		endpoint: 'logistics/SelectionCodes',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['SelectionCode'],
	},
	{
		endpoint: 'assets/Assets',
		by: 'key',
		code: 'Code',
		label: ['Description', 'Code'],
		fields: ['Asset'],
	},
	{
		endpoint: 'manufacturing/ShopOrders',
		by: 'key',
		code: 'ShopOrderNumberString',
		label: ['ItemDescription', 'ShopOrderNumberString'],
		fields: ['ShopOrder'],
	},
	{
		endpoint: 'salesorder/SalesOrderLines',
		by: 'key',
		label: ['ItemDescription', 'OrderNumber', 'LineNumber', 'ItemCode'],
		fields: ['SalesOrderLineID'],
	},
	{
		endpoint: 'purchaseorder/PurchaseOrderLines',
		by: 'key',
		label: ['ItemDescription', 'ItemCode', 'LineNumber'],
		fields: ['PurchaseOrderLine'],
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

/** Fields whose name means something else in other endpoints: the endpoint of what they name, by their own. */
const OWN_FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'crm/Accounts': { Parent: 'crm/Accounts' },
	'documents/Documents': { Category: 'documents/DocumentCategories' },
	'project/Projects': { Classification: 'project/ProjectClassifications' },
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
	return targetsOf(name, path).find(({ by }) => type === (by === 'key' ? 'Guid' : 'String'));
}

/** The same by its name alone, for who does not read the catalogue. */
export function referenceByName(name: string, path = ''): ReferenceTarget | undefined {
	return targetsOf(name, path)[0];
}

function targetsOf(name: string, path: string): ReferenceTarget[] {
	const own = OWN_FIELDS[path]?.[name];
	return REFERENCES.filter(
		({ endpoint, fields, inUse }) =>
			fields.includes(name) || (endpoint === own && inUse === undefined),
	);
}

/** Whether fields of this name refer to other records, wherever they stand. */
export function isReferenceName(name: string): boolean {
	const isOwn = Object.values(OWN_FIELDS).some((fields) => Object.hasOwn(fields, name));
	return isOwn || REFERENCES.some(({ fields }) => fields.includes(name));
}
