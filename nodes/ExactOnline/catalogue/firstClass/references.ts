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

/** Records that people know by a code, each with a description, as most are. */
function described(
	endpoint: string,
	by: ReferenceTarget['by'],
	fields: readonly string[],
): ReferenceTarget {
	return { endpoint, by, code: 'Code', label: ['Description', 'Code'], fields };
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
	described('logistics/Items', 'key', [
		'Item',
		'PartItem',
		'AssembledItem',
		'DefaultItem',
		'FixedPriceItem',
		'PrepaidItem',
	]),
	described('logistics/ItemGroups', 'key', ['ItemGroup']),
	described('financial/GLAccounts', 'key', [
		'GLAccount',
		'GLAccountPurchase',
		'GLAccountSales',
		'GLAP',
		'GLAR',
		'GLCosts',
		'GLRevenue',
		'GLStock',
		'GLCostsWorkInProgress',
		'GLRevenueWorkInProgress',
		'GLToClaim',
		'GLToPay',
		'GLDiscountPurchase',
		'GLDiscountSales',
		'OffsetGLInventory',
		'PaymentInTransitAccount',
		'PrivateGLAccount',
		'VATNonDeductibleGLAccount',
		'YearEndCostGLAccount',
		'YearEndReflectionGLAccount',
	]),
	described('project/Projects', 'key', ['Project', 'ProjectID']),
	described('project/ProjectClassifications', 'key', ['ProjectClassification']),
	{
		endpoint: 'project/Projects',
		by: 'key',
		label: ['ManagerFullname'],
		inUse: 'Manager',
		fields: ['Manager'],
	},
	described('inventory/Warehouses', 'key', [
		'Warehouse',
		'WarehouseID',
		'WarehouseFrom',
		'WarehouseTo',
	]),
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
	described('documents/DocumentFolders', 'key', ['DocumentFolder', 'ParentFolder']),
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
	described('crm/LeadSources', 'key', ['LeadSource']),
	described('crm/LeadPurposes', 'key', ['LeadPurpose']),
	described('crm/ReasonCodes', 'key', ['ReasonCode']),
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
	described('subscription/SubscriptionTypes', 'key', ['SubscriptionType']),
	described('subscription/SubscriptionReasonCodes', 'key', ['ReasonCancelled']),
	described('sales/ShippingMethods', 'key', ['ShippingMethod']),
	described('sales/SalesChannels', 'key', ['SalesChannel']),
	described('sales/SalesPriceLists', 'key', ['PriceList', 'Pricelist']),
	described('sales/OrderCharges', 'key', ['OrderCharge']),
	described('logistics/SelectionCodes', 'key', ['SelectionCode']),
	described('assets/Assets', 'key', ['Asset']),
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
	described('financial/Journals', 'code', ['Journal', 'JournalCode', 'InvoiceJournal']),
	described('vat/VATCodes', 'code', ['VATCode', 'SalesVATCode', 'SalesVatCode', 'PurchaseVATCode']),
	described('cashflow/PaymentConditions', 'code', [
		'PaymentCondition',
		'PaymentConditionPurchase',
		'PaymentConditionSales',
	]),
	described('hrm/Costcenters', 'code', ['CostCenter', 'Costcenter']),
	described('hrm/Costunits', 'code', ['CostUnit', 'Costunit']),
	described('logistics/Units', 'code', ['Unit', 'UnitCode', 'PurchaseUnit']),
	described('logistics/Units', 'key', ['ItemUnit']),
	described('general/Currencies', 'code', [
		'Currency',
		'SalesCurrency',
		'PurchaseCurrency',
		'SourceCurrency',
		'CostPriceCurrency',
	]),
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
