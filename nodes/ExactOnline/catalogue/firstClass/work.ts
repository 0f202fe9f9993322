import type { ResourceData } from './resourceData';

/** Documents, projects and the people who work on them. */
export const WORK: readonly ResourceData[] = [
	{
		name: 'Document',
		value: 'document',
		endpoint: 'documents/Documents',
		main: [
			...[
				'Subject',
				'Type',
				'Account',
				'DocumentDate',
				'DocumentFolder',
				'Category',
				'Body',
				'HID',
			],
			...['Project', 'Item', 'SalesInvoiceNumber'],
		],
		required: ['Subject', 'Type'],
		keys: ['HID', 'Subject'],
		files: 'document',
		bulk: 'bulk/Documents/Documents',
		sync: { path: 'sync/Documents/Documents', deletedType: 6 },
	},
	{
		name: 'Document Attachment',
		value: 'documentAttachment',
		endpoint: 'documents/DocumentAttachments',
		main: ['Document', 'FileName', 'FileSize', 'Url'],
		// The content comes from a file.
		required: ['Document', 'FileName'],
		files: 'attachment',
		bulk: 'bulk/Documents/DocumentAttachments',
		sync: { path: 'sync/Documents/DocumentAttachments', deletedType: 4 },
	},
	{
		name: 'Mailbox Message',
		value: 'mailboxMessage',
		endpoint: 'mailbox/MailMessagesSent',
		main: [
			'Subject',
			'SenderMailboxID',
			'RecipientMailboxID',
			'Type',
			'SenderDateSent',
			'Operation',
		],
		required: ['Subject', 'SenderMailboxID', 'RecipientMailboxID'],
	},
	{
		name: 'Project',
		value: 'project',
		endpoint: 'project/Projects',
		main: [
			...[
				'Code',
				'Description',
				'Type',
				'Account',
				'StartDate',
				'EndDate',
				'Manager',
				'Classification',
			],
			...['PaymentCondition', 'BudgetType', 'BlockEntry', 'Notes'],
		],
		required: ['Code', 'Description', 'Type'],
		keys: ['Code'],
		sync: { path: 'sync/Project/Projects', deletedType: 21 },
	},
	{
		name: 'Time Transaction',
		value: 'timeTransaction',
		endpoint: 'project/TimeTransactions',
		main: [
			...['Item', 'Quantity', 'Employee', 'Project', 'Account', 'Date', 'HourStatus', 'PriceFC'],
			...['Currency', 'StartTime', 'EndTime', 'Notes'],
		],
		required: ['Item', 'Quantity'],
		keys: ['EntryNumber'],
		codes: {
			HourStatus: {
				1: 'Draft',
				2: 'Rejected',
				10: 'Submitted',
				11: 'Failed on Approval',
				14: 'Processing',
				16: 'Processing (16)',
				19: 'Failed While Undoing',
				20: 'Final',
			},
		},
		// Hours and costs in one.
		sync: {
			path: 'sync/Project/TimeCostTransactions',
			deletedType: 14,
			kinds: 'Time or Cost Transaction',
		},
	},
	{
		name: 'Employee',
		value: 'employee',
		endpoint: 'payroll/Employees',
		main: [
			...[
				'FullName',
				'FirstName',
				'LastName',
				'Code',
				'EmployeeHID',
				'BusinessEmail',
				'BusinessPhone',
			],
			...['StartDate', 'EndDate', 'IsActive'],
		],
		keys: ['Code', 'EmployeeHID', 'BusinessEmail'],
		sync: { path: 'sync/Payroll/Employees', deletedType: 42 },
	},
];
