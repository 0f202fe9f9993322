import type { ResourceData } from './resourceData';

/** What is ordered from suppliers and invoiced by them. */
export const PURCHASE: readonly ResourceData[] = [
	{
		name: 'Purchase Order',
		value: 'purchaseOrder',
		endpoint: 'purchaseorder/PurchaseOrders',
		simple: [
			'OrderNumber',
			'Supplier',
			'SupplierName',
			'OrderDate',
			'ReceiptDate',
			'YourRef',
			'AmountFC',
			'OrderStatus',
		],
		main: [
			...[
				'Supplier',
				'OrderNumber',
				'OrderDate',
				'ReceiptDate',
				'YourRef',
				'Description',
				'Warehouse',
			],
			...['PaymentCondition', 'Currency', 'AmountFC', 'OrderStatus', 'ReceiptStatus', 'Remarks'],
		],
		listed: ['SupplierContact', 'DeliveryAddress'],
		required: ['Supplier'],
		keys: ['OrderNumber', 'YourRef'],
		sameDocument: ['YourRef', 'Supplier'],
		lines: {
			field: 'PurchaseOrderLines',
			header: 'PurchaseOrderID',
			main: [
				...['Item', 'Description', 'QuantityInPurchaseUnits', 'NetPrice', 'UnitPrice', 'Discount'],
				...['VATCode', 'ReceiptDate', 'Project', 'CostCenter', 'CostUnit', 'Notes'],
			],
			required: ['Item', 'QuantityInPurchaseUnits'],
		},
		sync: {
			...{ path: 'sync/PurchaseOrder/PurchaseOrders', deletedType: 22 },
			...{ mixed: true, linesOnly: true },
		},
	},
	{
		name: 'Purchase Invoice',
		value: 'purchaseInvoice',
		endpoint: 'purchase/PurchaseInvoices',
		main: [
			...['Supplier', 'Journal', 'Type', 'InvoiceDate', 'DueDate', 'YourRef', 'Description'],
			...['PaymentCondition', 'Currency', 'Amount', 'Document', 'Warehouse', 'Status'],
		],
		required: ['Supplier', 'Journal', 'Type'],
		keys: ['YourRef', 'EntryNumber'],
		sameDocument: ['YourRef', 'Supplier', 'Type'],
		lines: {
			field: 'PurchaseInvoiceLines',
			header: 'InvoiceID',
			main: [
				...['Item', 'Description', 'Quantity', 'NetPrice', 'UnitPrice', 'Discount', 'VATCode'],
				...['PurchaseOrderLine', 'Project', 'CostCenter', 'CostUnit', 'Notes'],
			],
			required: [],
			// Of an ordered line Exact takes the item and the rest from the order.
			oneOf: ['Item', 'PurchaseOrderLine'],
		},
	},
];
