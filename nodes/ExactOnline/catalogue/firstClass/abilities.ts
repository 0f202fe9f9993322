/** What a resource can do, by the catalogue; words with blanks between them. */
export interface Abilities {
	operations: string;
	/** Main fields that name another record and may stand in a POST. */
	create: string;
	/** The same for a PUT. */
	update: string;
}

/** By value of the resource. Made by `npm run catalogue`; a test compares it. */
export const ABILITIES: Readonly<Record<string, Abilities>> = {
	account: {
		operations: 'create get getMany update upsert delete',
		create: '',
		update: '',
	},
	address: {
		operations: 'create get getMany update upsert delete',
		create: 'Account',
		update: 'Account',
	},
	bankAccount: {
		operations: 'create get getMany update upsert delete',
		create: 'Account',
		update: 'Account',
	},
	bankEntry: {
		operations: 'create get getMany delete addLine',
		create: 'JournalCode Currency',
		update: '',
	},
	cashEntry: {
		operations: 'create get getMany delete addLine',
		create: 'JournalCode Currency',
		update: '',
	},
	contact: {
		operations: 'create get getMany update upsert delete',
		create: 'Account',
		update: 'Account',
	},
	costCenter: {
		operations: 'create get getMany update upsert delete',
		create: '',
		update: '',
	},
	costUnit: {
		operations: 'create get getMany update upsert delete',
		create: '',
		update: '',
	},
	division: {
		operations: 'get getMany',
		create: '',
		update: '',
	},
	document: {
		operations: 'create get getMany update upsert delete',
		create: 'Account DocumentFolder Project Item',
		update: 'Account DocumentFolder Project Item',
	},
	documentAttachment: {
		operations: 'create get getMany delete',
		create: 'Document',
		update: '',
	},
	employee: {
		operations: 'get getMany',
		create: '',
		update: '',
	},
	glAccount: {
		operations: 'create get getMany update upsert delete',
		create: 'VATCode Costcenter',
		update: 'VATCode Costcenter',
	},
	generalJournalEntry: {
		operations: 'create get getMany delete addLine',
		create: 'JournalCode Currency',
		update: '',
	},
	goodsDelivery: {
		operations: 'create get getMany update upsert addLine changeLine',
		create: 'ShippingMethod Document',
		update: 'Document',
	},
	item: {
		operations: 'create get getMany update upsert delete',
		create: 'ItemGroup Unit SalesVatCode',
		update: 'ItemGroup Unit SalesVatCode',
	},
	itemGroup: {
		operations: 'get getMany',
		create: '',
		update: '',
	},
	journal: {
		operations: 'create get getMany update upsert delete',
		create: 'Currency GLAccount',
		update: 'Currency GLAccount',
	},
	mailboxMessage: {
		operations: 'create get getMany',
		create: '',
		update: '',
	},
	openPayable: {
		operations: 'getMany',
		create: '',
		update: '',
	},
	openReceivable: {
		operations: 'getMany',
		create: '',
		update: '',
	},
	opportunity: {
		operations: 'create get getMany update upsert delete',
		create: 'Account Currency',
		update: 'Account Currency',
	},
	payable: {
		operations: 'get getMany update',
		create: '',
		update: 'Account Currency',
	},
	paymentCondition: {
		operations: 'create get getMany',
		create: '',
		update: '',
	},
	project: {
		operations: 'create get getMany update upsert delete',
		create: 'Account PaymentCondition',
		update: 'Account PaymentCondition',
	},
	purchaseEntry: {
		operations: 'create get getMany update upsert delete addLine changeLine deleteLine',
		create: 'Supplier Journal PaymentCondition Currency Document',
		update: 'Supplier Journal PaymentCondition Currency Document',
	},
	purchaseInvoice: {
		operations: 'create get getMany update upsert delete',
		create: 'Supplier Journal PaymentCondition Currency Document Warehouse',
		update: 'Journal PaymentCondition Currency Document',
	},
	purchaseOrder: {
		operations: 'create get getMany update upsert delete addLine changeLine deleteLine',
		create: 'Supplier Warehouse PaymentCondition Currency',
		update: 'Supplier Warehouse PaymentCondition Currency',
	},
	quotation: {
		operations: 'create get getMany update upsert delete addLine changeLine deleteLine',
		create: 'OrderAccount PaymentCondition Opportunity Project Currency',
		update: 'PaymentCondition Opportunity Project Currency',
	},
	receivable: {
		operations: 'get getMany update',
		create: '',
		update: '',
	},
	reportingBalance: {
		operations: 'get getMany',
		create: '',
		update: '',
	},
	salesEntry: {
		operations: 'create get getMany update upsert delete addLine changeLine deleteLine',
		create: 'Customer Journal PaymentCondition Currency Document',
		update: 'Customer Journal PaymentCondition Currency Document',
	},
	salesInvoice: {
		operations: 'create get getMany update upsert delete addLine changeLine deleteLine',
		create: 'OrderedBy Journal InvoiceTo PaymentCondition Currency',
		update: 'OrderedBy InvoiceTo PaymentCondition Currency',
	},
	salesItemPrice: {
		operations: 'create get getMany update upsert delete',
		create: 'Item Currency Unit Account',
		update: 'Item Currency Unit Account',
	},
	salesOrder: {
		operations: 'create get getMany update upsert delete addLine changeLine deleteLine',
		create: 'OrderedBy DeliverTo InvoiceTo PaymentCondition WarehouseID Currency',
		update: 'PaymentCondition WarehouseID Currency',
	},
	stockPosition: {
		operations: 'getMany',
		create: '',
		update: '',
	},
	subscription: {
		operations: 'create get getMany update upsert delete addLine changeLine deleteLine',
		create: 'OrderedBy SubscriptionType InvoiceTo PaymentCondition',
		update: 'OrderedBy SubscriptionType InvoiceTo PaymentCondition',
	},
	supplierItem: {
		operations: 'create get getMany update upsert delete',
		create: 'Item Supplier Currency ItemUnit PurchaseUnit PurchaseVATCode',
		update: 'Item Supplier Currency ItemUnit PurchaseUnit PurchaseVATCode',
	},
	timeTransaction: {
		operations: 'create get getMany update upsert delete',
		create: 'Item Employee Project Account Currency',
		update: 'Item Employee Project Account Currency',
	},
	transactionLine: {
		operations: 'get getMany',
		create: '',
		update: '',
	},
	unit: {
		operations: 'get getMany',
		create: '',
		update: '',
	},
	vatCode: {
		operations: 'create get getMany update upsert delete',
		create: 'GLToPay GLToClaim',
		update: 'GLToPay GLToClaim',
	},
	warehouse: {
		operations: 'create get getMany update upsert delete',
		create: '',
		update: '',
	},
};
