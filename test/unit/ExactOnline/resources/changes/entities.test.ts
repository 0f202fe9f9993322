import { readEndpoint } from '../../../../../nodes/ExactOnline/catalogue/catalogue';
import { FIRST_CLASS } from '../../../../../nodes/ExactOnline/catalogue/firstClass';
import { changesOf } from '../../../../../nodes/ExactOnline/catalogue/firstClass/operations';
import { ExactOnline } from '../../../../../nodes/ExactOnline/ExactOnline.node';
import {
	CHANGED_ENTITIES,
	changedEntity,
	hasLines,
	rowEndpoint,
	syncPlan,
} from '../../../../../nodes/ExactOnline/resources/changes/entities';
import { loadContext } from '../../../../support/n8nContext';

/** How each entity is read: endpoint, and numbers of sync/Deleted (docs/facts/exact-online.md 5). */
function tableRow(value: string): string {
	const { name, sync, data } = changedEntity(value);
	if (sync === undefined) return `${name}: ${data.endpoint} by Modified`;
	const { records, lines, deletedType, deletedLineType } = syncPlan(changedEntity(value), sync);
	const numbers = [deletedType ?? 'none', deletedLineType].filter((one) => one !== undefined);
	const paths = [records.path, lines?.path].filter((one) => one !== undefined);
	const manner = sync.mixed ? ', lines among them' : '';
	return `${name}: ${paths.join(' and ')} by ${records.key}, deleted ${numbers.join(' and ')}${manner}`;
}

it('each entity is read where the facts say', () => {
	expect(CHANGED_ENTITIES.map(({ value }) => tableRow(value))).toEqual([
		'Account: sync/CRM/Accounts by ID, deleted 2',
		'Address: sync/CRM/Addresses by ID, deleted 3',
		'Bank Account: crm/BankAccounts by Modified',
		'Bank Entry: financialtransaction/BankEntries by Modified',
		'Cash Entry: financialtransaction/CashEntries by Modified',
		'Contact: sync/CRM/Contacts by ID, deleted 5',
		'Cost Center: hrm/Costcenters by Modified',
		'Cost Unit: hrm/Costunits by Modified',
		'Division: system/Divisions by Modified',
		'Document: sync/Documents/Documents by ID, deleted 6',
		'Document Attachment: sync/Documents/DocumentAttachments by ID, deleted 4',
		'Employee: sync/Payroll/Employees by ID, deleted 42',
		'GL Account: sync/Financial/GLAccounts by ID, deleted 7',
		'General Journal Entry: generaljournalentry/GeneralJournalEntries by Modified',
		'Goods Delivery: sync/SalesOrder/GoodsDeliveries and sync/SalesOrder/GoodsDeliveryLines by EntryID, deleted 16 and 17',
		'Item: sync/Logistics/Items by ID, deleted 9',
		'Item Group: logistics/ItemGroups by Modified',
		'Journal: financial/Journals by Modified',
		'Mailbox Message: mailbox/MailMessagesSent by Modified',
		'Opportunity: crm/Opportunities by Modified',
		'Payment Condition: cashflow/PaymentConditions by Modified',
		'Project: sync/Project/Projects by ID, deleted 21',
		'Purchase Entry: purchaseentry/PurchaseEntries by Modified',
		'Purchase Invoice: purchase/PurchaseInvoices by Modified',
		'Purchase Order: sync/PurchaseOrder/PurchaseOrders by PurchaseOrderID, deleted 22, lines among them',
		'Quotation: sync/CRM/QuotationHeaders and sync/CRM/QuotationLines by QuotationID, deleted 34 and 35',
		'Receivable or Payable: sync/Cashflow/PaymentTerms by ID, deleted 10',
		'Sales Entry: salesentry/SalesEntries by Modified',
		'Sales Invoice: sync/SalesInvoice/SalesInvoices by InvoiceID, deleted 13, lines among them',
		'Sales Item Price: sync/Logistics/SalesItemPrices by ID, deleted 8',
		'Sales Order: sync/SalesOrder/SalesOrderHeaders and sync/SalesOrder/SalesOrderLines by OrderID, deleted 32 and 33',
		'Subscription: sync/Subscription/Subscriptions and sync/Subscription/SubscriptionLines by EntryID, deleted 23 and 24',
		'Supplier Item: sync/Logistics/SupplierItem by ID, deleted none',
		'Time or Cost Transaction: sync/Project/TimeCostTransactions by ID, deleted 14',
		'Transaction Line: sync/Financial/TransactionLines by ID, deleted 1',
		'VAT Code: vat/VATCodes by Modified',
		'Warehouse: inventory/Warehouses by Modified',
	]);
});

it('what offers no changes is not in the list, and everything else is', () => {
	const offered = new Set(CHANGED_ENTITIES.map(({ data }) => data.sync?.path ?? data.endpoint));
	for (const data of FIRST_CLASS) {
		const isOffered = offered.has(data.sync?.path ?? data.endpoint);
		expect([data.name, isOffered]).toEqual([data.name, changesOf(data, readEndpoint) !== 'none']);
	}
});

it('every endpoint has the fields that reading it takes', () => {
	for (const entity of CHANGED_ENTITIES) {
		const { sync } = entity;
		const endpoint = rowEndpoint(entity);
		expect(endpoint.keyNames.filter((name) => !endpoint.fields.has(name))).toEqual([]);
		if (sync === undefined) {
			expect(endpoint.fields.has('Modified')).toBe(true);
			continue;
		}
		const plan = syncPlan(entity, sync);
		for (const { path, key } of [plan.records, ...(plan.lines ? [plan.lines] : [])]) {
			const { fields } = readEndpoint(path);
			const needed = ['Timestamp', key, ...(hasLines(entity) && path !== sync.path ? ['ID'] : [])];
			expect([path, needed.filter((name) => !fields.has(name))]).toEqual([path, []]);
		}
	}
});

it('the editor offers the fields of the rows, without the Timestamp as a key', async () => {
	const { description, methods } = new ExactOnline();
	const parameters = { resource: 'change', operation: 'getChanges', entity: 'salesOrder' };
	const context = loadContext({ description, parameters });
	const fields = await methods.loadOptions.getFieldsToReturn.call(context);
	const names = fields.map(({ name }) => name);
	expect(names).toEqual(expect.arrayContaining(['OrderID', 'DeliveryStatus', 'WarehouseCode']));
});

it('an entity that does not exist is refused', () => {
	expect(() => changedEntity('stockPosition')).toThrow('has no changes to be read');
});
