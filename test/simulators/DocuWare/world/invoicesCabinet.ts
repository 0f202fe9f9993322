import { cabinet, usualStamps } from './cabinets';
import type { DialogField, SimulatedDialog, SimulatedFileCabinet } from './cabinets';
import { field } from './fields';

const id = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d1';

const documentTypes = ['Credit note', 'Invoice', 'Reminder'];

/** What the narrower dialogs show. */
const companyAndDate: DialogField[] = [
	{ name: 'COMPANY', label: 'Supplier' },
	{ name: 'DOCTYPE', selectList: documentTypes },
	{ name: 'INVOICEDATE' },
];

const furtherDialogs: SimulatedDialog[] = [
	{
		id: `${id}4`,
		displayName: 'Search by company',
		type: 'Search',
		isDefault: false,
		assignedDialogId: `${id}3`,
		fields: companyAndDate,
	},
	{
		id: `${id}5`,
		displayName: 'Store invoice',
		type: 'Store',
		isDefault: false,
		fields: [
			{ name: 'COMPANY', label: 'Supplier', notEmpty: true },
			{ name: 'DOCTYPE', selectList: documentTypes, selectListOnly: true },
			{ name: 'AMOUNT' },
			{ name: 'INVOICEDATE' },
			{ name: 'STATUS', readOnly: true },
			{ name: 'KEYWORDS' },
			{ name: 'POSITIONS' },
		],
	},
	{ id: `${id}6`, displayName: 'Index data', type: 'InfoDialog', isDefault: true },
	{
		id: `${id}7`,
		displayName: 'To approve',
		type: 'TaskList',
		isDefault: false,
		fields: companyAndDate,
	},
	{
		id: `${id}8`,
		displayName: 'Search of the management',
		type: 'Search',
		isDefault: false,
		deniedUsers: ['peggy.jenkins'],
	},
];

/** The cabinet of the default world with a field of each type, and dialogs that show less than all of them. */
export function invoicesCabinet(): SimulatedFileCabinet {
	const invoices = cabinet(`${id}0`, 'Invoices', '1', [
		field('COMPANY', 'Company', 'Text', { UsedAsDocumentName: true }),
		field('DOCTYPE', 'Document type', 'Text'),
		field('AMOUNT', 'Amount', 'Decimal'),
		field('INVOICEDATE', 'Invoice date', 'Date'),
		field('KEYWORDS', 'Keywords', 'Keyword'),
		field('STATUS', 'Status', 'Text', { Length: 20 }),
		field('RECEIVED', 'Received', 'DateTime'),
		field('INVOICENO', 'Invoice number', 'Numeric'),
		field('RATE', 'Exchange rate', 'Decimal', { Precision: 4 }),
		field('REMARKS', 'Remarks', 'Memo'),
		field('POSITIONS', 'Positions', 'Table', {
			TableFieldColumns: [
				field('POSIT_ARTICLE', 'Article', 'Text', { Length: 80 }),
				field('POSIT_QUANTITY', 'Quantity', 'Numeric'),
				field('POSIT_PRICE', 'Price', 'Decimal'),
				field('POSIT_DELIVERED', 'Delivered', 'Date'),
			],
		}),
	]);
	return {
		...invoices,
		dialogs: [...invoices.dialogs, ...furtherDialogs],
		stamps: usualStamps(),
		documentLinks: [
			{
				id: '4f6d1b0a-2c39-4e07-9a55-7b8c0d1e2f31',
				name: 'Other documents of this company',
				field: 'COMPANY',
				targetCabinetId: invoices.id,
			},
			{
				id: '4f6d1b0a-2c39-4e07-9a55-7b8c0d1e2f32',
				name: 'Orders',
				field: 'COMPANY',
				targetCabinetId: '00000000-0000-0000-0000-0000000000ff',
				isInvalid: true,
			},
		],
	};
}
