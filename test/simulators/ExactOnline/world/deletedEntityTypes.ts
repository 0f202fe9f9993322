/** `EntityType` of sync/Deleted by the endpoint whose row was deleted, docs/facts/exact-online.md 5. */
const ENTITY_TYPES: Readonly<Record<string, number>> = {
	'financialtransaction/TransactionLines': 1,
	'crm/Accounts': 2,
	'crm/Addresses': 3,
	'documents/DocumentAttachments': 4,
	'crm/Contacts': 5,
	'documents/Documents': 6,
	'financial/GLAccounts': 7,
	'logistics/SalesItemPrices': 8,
	'logistics/Items': 9,
	'salesinvoice/SalesInvoices': 13,
	'project/TimeTransactions': 14,
	'project/CostTransactions': 14,
	'salesorder/GoodsDeliveries': 16,
	'salesorder/GoodsDeliveryLines': 17,
	'financial/GLClassifications': 18,
	'inventory/ItemWarehouses': 19,
	'project/Projects': 21,
	'purchaseorder/PurchaseOrders': 22,
	'subscription/Subscriptions': 23,
	'subscription/SubscriptionLines': 24,
	'project/ProjectPlanning': 26,
	'logistics/SupplierItem': 30,
	'salesorder/SalesOrders': 32,
	'salesorder/SalesOrderLines': 33,
	'crm/Quotations': 34,
	'crm/QuotationLines': 35,
	'manufacturing/ShopOrders': 36,
	'manufacturing/ShopOrderMaterialPlans': 37,
	'manufacturing/ShopOrderRoutingStepPlans': 38,
	'hrm/Schedules': 39,
	'payroll/Employees': 42,
	'manufacturing/MaterialIssues': 53,
	'manufacturing/BillOfMaterialMaterials': 54,
	'manufacturing/BillOfMaterialVersions': 55,
};

/** Lines that stand in the sync endpoint of their documents, under whose number they may be told. */
const AMONG_DOCUMENTS: Readonly<Record<string, number>> = {
	'salesinvoice/SalesInvoiceLines': 13,
	'purchaseorder/PurchaseOrderLines': 22,
};

/** Hidden field of a deletion of such a line, which one reading does not tell of. */
export const OF_LINE = '$ofLine';

/** The number under which the deletion of such a line may be told; undefined for other rows. */
export function lineAmongDocuments(path: string): number | undefined {
	return AMONG_DOCUMENTS[path];
}

/** The number of that kind of row, undefined if sync/Deleted does not tell of it. */
export function deletedEntityType(path: string): number | undefined {
	return ENTITY_TYPES[path];
}
