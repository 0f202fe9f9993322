/** What a resource can do, by the catalogue; words with blanks between them. */
export interface Abilities {
	operations: string;
	/** Fields that a form offers a list for: they name another record and may stand in a POST. */
	create: string;
	/** The same for a PUT. */
	update: string;
	/** Business keys that a POST may hold. */
	keys: string;
}

/** By value of the resource. Made by `npm run catalogue`; a test compares it. */
export const ABILITIES: Readonly<Record<string, Abilities>> = {
	account: {
		operations: 'create get getMany update upsert delete',
		create:
			'PaymentConditionSales PaymentConditionPurchase SalesVATCode PurchaseVATCode GLAccountSales GLAccountPurchase InvoiceAccount Classification1 PriceList LeadPurpose',
		update:
			'PaymentConditionSales PaymentConditionPurchase SalesVATCode PurchaseVATCode GLAccountSales GLAccountPurchase InvoiceAccount Classification1 PriceList LeadPurpose',
		keys: 'Code VATNumber Email ChamberOfCommerce SearchCode',
	},
	address: {
		operations: 'create get getMany update upsert delete',
		create: 'Account Contact',
		update: 'Account Contact',
		keys: '',
	},
	bankAccount: {
		operations: 'create get getMany update upsert delete',
		create: 'Account',
		update: 'Account',
		keys: 'BankAccount',
	},
	bankEntry: {
		operations: 'create get getMany delete addLine',
		create: 'JournalCode Currency',
		update: '',
		keys: 'EntryNumber',
	},
	cashEntry: {
		operations: 'create get getMany delete addLine',
		create: 'JournalCode Currency',
		update: '',
		keys: 'EntryNumber',
	},
	contact: {
		operations: 'create get getMany update upsert delete',
		create: 'Account LeadPurpose',
		update: 'Account LeadPurpose',
		keys: 'Email',
	},
	costCenter: {
		operations: 'create get getMany update upsert delete',
		create: '',
		update: '',
		keys: 'Code',
	},
	costUnit: {
		operations: 'create get getMany update upsert delete',
		create: '',
		update: '',
		keys: 'Code',
	},
	division: {
		operations: 'get getMany',
		create: '',
		update: '',
		keys: '',
	},
	document: {
		operations: 'create get getMany update upsert delete',
		create: 'Account DocumentFolder Category Project Item Contact Opportunity',
		update: 'Account DocumentFolder Category Project Item Contact Opportunity',
		keys: 'HID Subject',
	},
	documentAttachment: {
		operations: 'create get getMany delete',
		create: 'Document',
		update: '',
		keys: '',
	},
	employee: {
		operations: 'get getMany',
		create: '',
		update: '',
		keys: '',
	},
	glAccount: {
		operations: 'create get getMany update upsert delete',
		create: 'VATCode Costcenter',
		update: 'VATCode Costcenter',
		keys: 'Code SearchCode',
	},
	generalJournalEntry: {
		operations: 'create get getMany delete addLine',
		create: 'JournalCode Currency',
		update: '',
		keys: 'EntryNumber',
	},
	goodsDelivery: {
		operations: 'create get getMany update upsert addLine changeLine',
		create: 'ShippingMethod Document',
		update: 'Document',
		keys: '',
	},
	item: {
		operations: 'create get getMany update upsert delete',
		create: 'ItemGroup Unit SalesVatCode',
		update: 'ItemGroup Unit SalesVatCode',
		keys: 'Code Barcode SearchCode',
	},
	itemGroup: {
		operations: 'get getMany',
		create: '',
		update: '',
		keys: '',
	},
	journal: {
		operations: 'create get getMany update upsert delete',
		create: 'Currency GLAccount',
		update: 'Currency GLAccount',
		keys: 'Code',
	},
	mailboxMessage: {
		operations: 'create get getMany',
		create: 'SenderMailboxID RecipientMailboxID',
		update: '',
		keys: '',
	},
	openPayable: {
		operations: 'getMany',
		create: '',
		update: '',
		keys: '',
	},
	openReceivable: {
		operations: 'getMany',
		create: '',
		update: '',
		keys: '',
	},
	opportunity: {
		operations: 'create get getMany update upsert delete',
		create: 'Account OpportunityStage Currency Owner LeadSource Contact ReasonCode',
		update: 'Account OpportunityStage Currency Owner LeadSource Contact ReasonCode',
		keys: 'Number Name',
	},
	payable: {
		operations: 'get getMany update',
		create: '',
		update: 'Account Currency',
		keys: '',
	},
	paymentCondition: {
		operations: 'create get getMany',
		create: '',
		update: '',
		keys: 'Code',
	},
	project: {
		operations: 'create get getMany update upsert delete',
		create: 'Account Manager Classification PaymentCondition AccountContact InvoiceAddress',
		update: 'Account Manager Classification PaymentCondition AccountContact InvoiceAddress',
		keys: 'Code',
	},
	purchaseEntry: {
		operations: 'create get getMany update upsert delete addLine changeLine deleteLine',
		create: 'Supplier Journal PaymentCondition Currency Document',
		update: 'Supplier Journal PaymentCondition Currency Document',
		keys: 'EntryNumber InvoiceNumber YourRef',
	},
	purchaseInvoice: {
		operations: 'create get getMany update upsert delete',
		create: 'Supplier Journal PaymentCondition Currency Document Warehouse',
		update: 'Journal PaymentCondition Currency Document',
		keys: 'YourRef',
	},
	purchaseOrder: {
		operations: 'create get getMany update upsert delete addLine changeLine deleteLine',
		create: 'Supplier Warehouse PaymentCondition Currency SupplierContact DeliveryAddress',
		update: 'Supplier Warehouse PaymentCondition Currency SupplierContact DeliveryAddress',
		keys: 'OrderNumber YourRef',
	},
	quotation: {
		operations: 'create get getMany update upsert delete addLine changeLine deleteLine',
		create:
			'OrderAccount PaymentCondition Opportunity Project Currency OrderAccountContact DeliveryAddress SalesChannel',
		update:
			'PaymentCondition Opportunity Project Currency OrderAccountContact DeliveryAddress SalesChannel',
		keys: 'QuotationNumber YourRef',
	},
	receivable: {
		operations: 'get getMany update',
		create: '',
		update: '',
		keys: '',
	},
	reportingBalance: {
		operations: 'get getMany',
		create: '',
		update: '',
		keys: '',
	},
	salesEntry: {
		operations: 'create get getMany update upsert delete addLine changeLine deleteLine',
		create: 'Customer Journal PaymentCondition Currency Document',
		update: 'Customer Journal PaymentCondition Currency Document',
		keys: 'EntryNumber InvoiceNumber YourRef',
	},
	salesInvoice: {
		operations: 'create get getMany update upsert delete addLine changeLine deleteLine',
		create:
			'OrderedBy Journal InvoiceTo PaymentCondition Currency DeliverTo DeliverToAddress OrderedByContactPerson SalesChannel SelectionCode Warehouse',
		update:
			'OrderedBy InvoiceTo PaymentCondition Currency DeliverTo DeliverToAddress OrderedByContactPerson SalesChannel SelectionCode Warehouse',
		keys: 'YourRef OrderNumber',
	},
	salesItemPrice: {
		operations: 'create get getMany update upsert delete',
		create: 'Item Currency Unit Account',
		update: 'Item Currency Unit Account',
		keys: '',
	},
	salesOrder: {
		operations: 'create get getMany update upsert delete addLine changeLine deleteLine',
		create:
			'OrderedBy DeliverTo InvoiceTo PaymentCondition WarehouseID Currency DeliveryAddress OrderedByContactPerson ShippingMethod SalesChannel',
		update:
			'PaymentCondition WarehouseID Currency DeliveryAddress OrderedByContactPerson ShippingMethod SalesChannel',
		keys: 'OrderNumber YourRef',
	},
	stockPosition: {
		operations: 'getMany',
		create: '',
		update: '',
		keys: '',
	},
	subscription: {
		operations: 'create get getMany update upsert delete addLine changeLine deleteLine',
		create:
			'OrderedBy SubscriptionType InvoiceTo PaymentCondition OrderedByContactPerson Project ReasonCancelled',
		update:
			'OrderedBy SubscriptionType InvoiceTo PaymentCondition OrderedByContactPerson Project ReasonCancelled',
		keys: 'Number',
	},
	supplierItem: {
		operations: 'create get getMany update upsert delete',
		create: 'Item Supplier Currency ItemUnit PurchaseUnit PurchaseVATCode',
		update: 'Item Supplier Currency ItemUnit PurchaseUnit PurchaseVATCode',
		keys: 'SupplierItemCode Barcode',
	},
	timeTransaction: {
		operations: 'create get getMany update upsert delete',
		create: 'Item Employee Project Account Currency Subscription',
		update: 'Item Employee Project Account Currency Subscription',
		keys: 'EntryNumber',
	},
	transactionLine: {
		operations: 'get getMany',
		create: '',
		update: '',
		keys: '',
	},
	unit: {
		operations: 'get getMany',
		create: '',
		update: '',
		keys: '',
	},
	vatCode: {
		operations: 'create get getMany update upsert delete',
		create: 'GLToPay GLToClaim',
		update: 'GLToPay GLToClaim',
		keys: 'Code',
	},
	warehouse: {
		operations: 'create get getMany update upsert delete',
		create: '',
		update: '',
		keys: 'Code',
	},
};
