import type { IDataObject } from 'n8n-workflow';

/** Values of a new record, references by code, and one of a change. */
export interface RecordCase {
	create?: IDataObject;
	/** One field that an Update changes. */
	update?: IDataObject;
	/** Rows that are there before, for what nobody can create. */
	seed?: IDataObject;
	/** What an action needs beside the record, by its value and the record's id. */
	actions?: Readonly<Record<string, (id: string) => IDataObject>>;
}

const line = { Item: 'ART-001', Quantity: 2, NetPrice: 10 };
const booked = { GLAccount: '8000', AmountFC: 10 };

const CODED = (code: string): RecordCase => ({
	create: { Code: code, Description: 'Made' },
	update: { Description: 'Changed' },
});

/** The least that makes a record of each resource, by its value; account 1000 is there from the beginning. */
export const RECORD_CASES: Readonly<Record<string, RecordCase>> = {
	account: { create: { Name: 'Made', Code: '77001' }, update: { Name: 'Changed' } },
	address: { create: { Account: '1000', City: 'Delft' }, update: { City: 'Gent' } },
	bankAccount: {
		create: { Account: '1000', BankAccount: 'NL91ABNA0417164300' },
		update: { Description: 'Changed' },
	},
	bankEntry: { create: { JournalCode: '20', BankEntryLines: [booked] } },
	cashEntry: { create: { JournalCode: '10', CashEntryLines: [booked] } },
	contact: {
		create: { Account: '1000', FirstName: 'Jo', LastName: 'Made' },
		update: { LastName: 'Changed' },
	},
	costCenter: CODED('C77'),
	costUnit: CODED('U77'),
	document: { create: { Subject: 'Made', Type: 55 }, update: { Subject: 'Changed' } },
	documentAttachment: { create: { FileName: 'a.txt', Attachment: 'YQ==' } },
	employee: {},
	division: {},
	generalJournalEntry: {
		create: { JournalCode: '90', GeneralJournalEntryLines: [booked, { ...booked, AmountFC: -10 }] },
	},
	glAccount: CODED('9977'),
	goodsDelivery: { create: { DeliveryDate: '2026-04-07' }, update: { Remarks: 'Changed' } },
	item: CODED('ART-777'),
	itemGroup: {},
	journal: {
		create: { Code: '77', Description: 'Made', Type: 20 },
		update: { Description: 'Changed' },
	},
	mailboxMessage: { create: { Subject: 'Made' } },
	openPayable: {},
	openReceivable: {},
	opportunity: { create: { Name: 'Made', Account: '1000' }, update: { Name: 'Changed' } },
	payable: { seed: { Description: 'Seeded' }, update: { YourRef: 'Changed' } },
	paymentCondition: { create: { Code: '77', Description: 'Made' } },
	project: {
		create: { Code: 'P777', Description: 'Made', Type: 2 },
		update: { Description: 'Changed' },
	},
	purchaseEntry: {
		create: { Supplier: '1000', Journal: '60', PurchaseEntryLines: [booked] },
		update: { Description: 'Changed' },
	},
	purchaseInvoice: {
		create: { Supplier: '1000', Journal: '60', Type: 8030, PurchaseInvoiceLines: [line] },
		update: { Description: 'Changed' },
	},
	purchaseOrder: {
		create: {
			Supplier: '1000',
			PurchaseOrderLines: [{ Item: 'ART-001', QuantityInPurchaseUnits: 2 }],
		},
		update: { Description: 'Changed' },
	},
	quotation: {
		create: { OrderAccount: '1000', QuotationLines: [line] },
		update: { Description: 'Changed' },
		actions: { email: () => ({ EmailLayout: '3fa85f64-5717-4562-b3fc-2c963f66afa6' }) },
	},
	receivable: { seed: { Description: 'Seeded' }, update: { Description: 'Changed' } },
	reportingBalance: { seed: { ID: 7, Amount: 12.5, GLAccountCode: '8000' } },
	salesEntry: {
		create: { Customer: '1000', Journal: '70', SalesEntryLines: [booked] },
		update: { Description: 'Changed' },
	},
	salesInvoice: {
		create: { OrderedBy: '1000', Journal: '70', SalesInvoiceLines: [line] },
		update: { Description: 'Changed' },
	},
	salesItemPrice: { create: { Item: 'ART-001', Price: 9.95 }, update: { Price: 8.5 } },
	salesOrder: {
		create: { OrderedBy: '1000', SalesOrderLines: [line] },
		update: { Description: 'Changed' },
		actions: {
			invoice: (ID) => ({
				...{ CreateMode: 0, InvoiceMode: 0, JournalCode: '70' },
				SalesOrderIDs: [{ ID }],
			}),
		},
	},
	stockPosition: {},
	subscription: {
		create: {
			OrderedBy: '1000',
			SubscriptionType: 'JAAR',
			Description: 'Made',
			SubscriptionLines: [{ Item: 'ART-001', Quantity: 1 }],
		},
		update: { Description: 'Changed' },
	},
	supplierItem: {
		create: {
			Item: 'ART-001',
			Supplier: '1000',
			PurchasePrice: 5,
			ItemUnit: 'pc',
			PurchaseUnit: 'pc',
		},
		update: { PurchasePrice: 6 },
	},
	timeTransaction: { create: { Item: 'ART-005', Quantity: 1.5 }, update: { Quantity: 2.5 } },
	transactionLine: { seed: { Description: 'Seeded', AmountDC: 12.5 } },
	unit: {},
	vatCode: CODED('77'),
	warehouse: CODED('77'),
};
