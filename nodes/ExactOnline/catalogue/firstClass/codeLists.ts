import { codeList as list, type CodedFields } from './codes';

const ADDRESS_TYPE = list('1 Visit | 2 Postal | 3 Invoice | 4 Delivery');
const OPEN_OR_PROCESSED = list('20 Open | 50 Processed');
const ENTRY_STATUS = list('5 Rejected | 20 Open | 50 Processed');
const BALANCE_TYPE = list('B Balance Sheet | W Profit and Loss');
const USE_OF_COSTS = list('0 Optional | 1 Mandatory | 2 No');
const INVOICE_STATUS = list('10 Draft | 20 Open | 50 Processed');
const UNIT_TYPE = list('A Area | L Length | O Other | T Time | V Volume | W Weight');
const ORDER_PROGRESS = list('10 Open | 20 Partial | 30 Complete | 40 Canceled');
export const SALES_PROGRESS = list('12 Open | 20 Partial | 21 Complete | 45 Cancelled');
const APPROVAL = list('0 Awaiting Approval | 1 Approved Automatically | 2 Approved');
const PREPAID = list('1 Retainer | 2 Hour Type Bundle');
const OF_CONDITION = list('B On Credit | I Collection | K Cash | Q PSP Collection');

const TRANSACTION_TYPE = list(
	[
		'10 Opening Balance | 20 Sales Entry | 21 Sales Credit Note | 30 Purchase Entry | 31 Purchase Credit Note',
		'40 Cash Flow | 50 VAT Return | 70 Asset: Depreciation | 71 Asset: Investment | 72 Asset: Revaluation',
		'73 Asset: Transfer | 74 Asset: Split | 75 Asset: Discontinue | 76 Asset: Sales | 80 Revaluation',
		'82 Exchange Rate Difference | 83 Payment Difference | 84 Deferred Revenue | 85 Tracking Number: Revaluation',
		'86 Deferred Cost | 87 VAT on Prepayment | 90 Other | 95 Accrued Revenue | 96 Accrued Costs | 120 Delivery',
		'121 Sales Return | 130 Receipt | 131 Purchase Return | 140 Shop Order Stock Receipt',
		'141 Shop Order Stock Reversal | 142 Issue to Parent | 145 Shop Order Time Entry',
		'146 Shop Order Time Entry Reversal | 147 Shop Order By-Product Receipt',
		'148 Shop Order By-Product Reversal | 150 Requirement Issue | 151 Requirement Reversal',
		'152 Returned From Parent | 155 Subcontract Issue | 156 Subcontract Reversal | 158 Shop Order Completed',
		'162 Finish Assembly | 170 Payroll | 180 Stock Revaluation | 181 Financial Revaluation | 195 Stock Count',
		'200 Trade-In | 201 Trade-In (Purchase) | 290 Correction Entry | 310 Period Closing',
		'320 Year End Reflection | 321 Year End Costing | 322 Year End Profits to Gross Profit',
		'323 Year End Costs to Gross Profit | 324 Year End Tax | 325 Year End Gross Profit to Net Result',
		'326 Year End Net Result to Balance Sheet | 327 Year End Closing Balance',
		'328 Year Start Opening Balance | 3000 Budget',
	].join(' | '),
);

/** Whoever owes, and is owed to. */
const PAYMENT: CodedFields = {
	Status: list('20 Open | 30 Selected | 40 Processed | 50 Matched'),
	PaymentMethod: list('B On Credit | I Collection | K Cash | V Credit Card'),
	Source: list('1 Manual | 2 Reconcile | 3 Match | 4 Import | 5 Process'),
};

/** What becomes of an accepted quotation. */
export const QUOTATION_OUTCOME: CodedFields = {
	Action: list(
		'0 No Action | 1 Create Sales Order | 2 Create Sales Invoice | 3 Create Project | 4 Add to Existing Project | ' +
			'5 Create Subscription | 99 Follow Email With Sign-Off',
	),
	ProjectBudgetType: list('0 None | 1 Hours per Hour Type | 2 Work Breakdown Structure'),
	ProjectInvoicingAction: list('0 None | 1 Create Invoice Terms | 2 As Quoted'),
	ProjectPrepaidTypes: PREPAID,
	// So Exact writes it at one of the endpoints.
	ProjectPrepaindTypes: PREPAID,
	ProjectType: list('2 Fixed Price | 3 Time and Material | 4 Non Billable | 5 Prepaid'),
};

/** Parameters of functions. */
export const PARAMETER_CODES: CodedFields = { addressType: ADDRESS_TYPE };

/** How sales orders become invoices. */
export const INVOICING: CodedFields = {
	CreateMode: list('0 Per Customer | 1 Per Sales Order'),
	InvoiceMode: list('0 By Quantity Delivered | 1 By Quantity Ordered'),
};

/**
 * Fields whose codes a public source tells, by value of the resource (docs/facts/exact-online.md 7.2). A code that is
 * missing here stays a code, in both directions.
 */
export const CODE_LISTS: Readonly<Record<string, CodedFields>> = {
	account: {
		Status: list('A None | S Suspect | P Prospect | C Customer'),
		Type: list('A Relation | D Division'),
		DeliveryAdvice: list('0 Partial | 1 Complete | 2 Partial Without Backorder'),
		InvoicingMethod: list('1 Paper | 2 Email | 4 Mailbox | 8 Send and Track | 32 Peppol'),
		IsAccountant: list('0 No | 1 Yes, Not Published | 2 Yes, Published'),
		SeparateInvPerSubscription: list('0 Combined | 1 One per Subscription'),
		ConsolidationScenario: list(
			'0 None | 1 Item | 2 Item and Project | 3 Item and Employee | 4 Item, Employee and Project | ' +
				'5 Project, WBS and Item | 6 Project, WBS, Item and Employee',
		),
	},
	address: { Type: ADDRESS_TYPE },
	bankAccount: {
		Type: list(
			'A Account | E Employee | K Cash | P Payment Service | R Bank | S Student | U Unknown',
		),
	},
	bankEntry: { Status: OPEN_OR_PROCESSED },
	cashEntry: { Status: OPEN_OR_PROCESSED },
	division: {
		Status: list('0 Inactive | 1 Active | 2 Archived'),
		BlockingStatus: list(
			'0 Not Blocked | 1 Backup or Restore | 2 Conversion Busy | 3 Conversion Shadow | 4 Conversion Waiting | ' +
				'5 Copy Data Waiting | 6 Copy Data Busy | 100 Wait for Deletion | 101 Deleted | 102 Deletion Failed',
		),
	},
	document: { ProposedEntryStatus: list('0 Void | 5 Rejected | 20 Open | 50 Processed') },
	generalJournalEntry: { Type: list('10 Opening Balance | 90 Other'), Status: ENTRY_STATUS },
	glAccount: {
		Type: list(
			[
				'10 Cash | 12 Bank | 14 Credit Card | 16 Payment Services | 20 Accounts Receivable',
				'21 Prepayment Accounts Receivable | 22 Accounts Payable | 24 VAT | 25 Employees Payable',
				'26 Prepaid Expenses | 27 Accrued Expenses | 29 Income Taxes Payable | 30 Fixed Assets | 32 Other Assets',
				'35 Accumulated Depreciation | 40 Inventory | 50 Capital Stock | 52 Retained Earnings',
				'55 Long Term Debt | 60 Current Portion of Debt | 90 General | 100 Tax Payable | 110 Revenue',
				'111 Cost of Goods | 120 Other Costs | 121 Sales, General and Administrative Expenses',
				'122 Depreciation Costs | 123 Research and Development | 125 Employee Costs | 126 Employment Costs',
				'130 Exceptional Costs | 140 Exceptional Income | 150 Income Taxes | 160 Interest Income',
				'300 Year End Reflection | 301 Indirect Year End Costing | 302 Direct Year End Costing',
			].join(' | '),
		),
		BalanceSide: list('D Debit | C Credit'),
		BalanceType: BALANCE_TYPE,
		UseCostcenter: USE_OF_COSTS,
		UseCostunit: USE_OF_COSTS,
		VATSystem: list('I Invoice | C Cash'),
	},
	item: { UnitType: UNIT_TYPE },
	journal: {
		Type: list(
			'10 Cash | 12 Bank | 16 Payment Service | 20 Sales | 21 Return Invoice | 22 Purchase | ' +
				'23 Received Return Invoice | 90 General Journal',
		),
		PaymentServiceProvider: list('1 Adyen | 2 PayPal | 3 Stripe'),
	},
	mailboxMessage: {
		Operation: list(
			'1 Purchase Invoice Without Details | 2 Purchase Invoice With Details | 3 Sales Invoice | 4 Bank Statement',
		),
		RecipientStatus: list(
			'5 Rejected | 10 Draft | 20 Open | 25 Prepared | 30 Approved | 40 Realized | 42 In Process | ' +
				'43 At the Scanning Service | 45 Error During Processing | 46 Blocked | 50 Processed',
		),
		Type: list(
			[
				'0 Other | 1000 Purchase Invoice | 1010 Reminder | 1020 Quotation | 1030 Sales Order | 1040 Delivery Note',
				'1050 Return Note | 1060 Purchase Order | 1100 Sales Invoice | 1200 CRM Document | 1300 Soda | 2000 Bank',
				'3000 VAT Return | 3001 Postpone Submission | 4000 EC Sales List | 5000 Invitation',
				'5010 Invitation Accepted | 5020 Invitation Rejected | 6100 Annual Statement | 6200 Income Tax',
				'6210 Corporate Tax | 6220 VAT Return XBRL | 6221 Supplementary VAT Return XBRL',
				'6230 EU Sales List XBRL | 6300 Credit Report | 6400 TaxKitDiese | 7000 Scanned Document',
				'8000 Tax Declaration | 8010 Payroll Tax Declaration XBRL | 8020 Yearly Payroll Tax Declaration XBRL',
			].join(' | '),
		),
	},
	opportunity: { OpportunityStatus: list('1 Open | 2 Closed Won | 3 Closed Lost') },
	payable: PAYMENT,
	paymentCondition: {
		PaymentMethod: OF_CONDITION,
		DiscountCalculation: list('E Excluding VAT | I Including VAT'),
		PaymentDiscountType: list('B Settlement Discount | K Credit Surcharge'),
		VATCalculation: list('E Excluding Discount | I Including Discount'),
	},
	project: {
		Type: list('1 Campaign | 2 Fixed Price | 3 Time and Material | 4 Non Billable | 5 Prepaid'),
		BudgetOverrunHours: list('10 Allowed | 20 Not Allowed'),
		IncludeInvoiceSpecification: list('1 Based on Account | 2 Always | 3 Never'),
		IsWBSRequiredForEntry: list('0 Based on Company Setting | 1 Yes | 2 No'),
		PrepaidType: PREPAID,
	},
	purchaseEntry: {
		Type: list('30 Purchase Entry | 31 Purchase Credit Note'),
		Status: ENTRY_STATUS,
		PaymentConditionPaymentMethod: OF_CONDITION,
	},
	purchaseInvoice: {
		Type: list(
			'8030 Direct Purchase Invoice | 8031 Direct Purchase Credit Note | 8033 Purchase Invoice | ' +
				'8034 Purchase Credit Note',
		),
		Status: INVOICE_STATUS,
	},
	purchaseOrder: {
		OrderStatus: ORDER_PROGRESS,
		ReceiptStatus: ORDER_PROGRESS,
		InvoiceStatus: ORDER_PROGRESS,
		ApprovalStatus: APPROVAL,
		Source: list(
			"1 Manual Entry | 2 Import | 3 Other | 4 Purchase Order | 5 Sales Order | 6 Supplier's Items | " +
				'7 Subcontract | 8 Purchase Order Advice | 9 Shop Order | 10 MRP Calculation | 11 REST API | ' +
				'12 Merge Purchase Orders',
		),
	},
	quotation: {
		Status: list(
			'5 Rejected | 6 Reviewed and Closed | 10 Recovery | 20 Draft | 25 Open | 35 Processing | 40 Printed | ' +
				'50 Accepted | 60 Awaiting Online Acceptance | 70 Accepted With an Error',
		),
	},
	receivable: {
		...PAYMENT,
		DirectDebitMandatePaymentType: list('0 One-Off | 1 Recurrent'),
		DirectDebitMandateType: list('0 Core | 1 Business-to-Business'),
	},
	reportingBalance: { BalanceType: BALANCE_TYPE, Status: OPEN_OR_PROCESSED },
	salesEntry: {
		Type: list('20 Sales Entry | 21 Sales Credit Note'),
		Status: ENTRY_STATUS,
		PaymentConditionPaymentMethod: OF_CONDITION,
	},
	salesInvoice: {
		Type: list(
			'8020 Sales Invoice | 8021 Sales Credit Note | 8023 Direct Sales Invoice | 8024 Direct Sales Credit Note',
		),
		Status: INVOICE_STATUS,
		DiscountType: list(
			'1 Discount Percentage | 2 Discount Amount Excluding VAT | 3 Discount Amount Including VAT | ' +
				'4 Total Amount Excluding VAT | 5 Total Amount Including VAT',
		),
	},
	salesOrder: {
		Status: SALES_PROGRESS,
		DeliveryStatus: SALES_PROGRESS,
		InvoiceStatus: SALES_PROGRESS,
		ApprovalStatus: APPROVAL,
	},
	supplierItem: { DropShipment: list('0 No | 1 Yes | 2 Optional') },
	timeTransaction: {
		HourStatus: list(
			'1 Draft | 2 Rejected | 10 Submitted | 11 Failed on Approval | 14 Processing | 16 Processing (16) | ' +
				'19 Failed While Undoing | 20 Final',
		),
	},
	transactionLine: { Status: OPEN_OR_PROCESSED, Type: TRANSACTION_TYPE },
	unit: {
		Type: UNIT_TYPE,
		TimeUnit: list('yy Year | mm Month | wk Week | dd Day | hh Hour | mi Minute | ss Second'),
	},
	vatCode: {
		Type: list('B Base Amount Only | E Excluding | I Including | N No VAT'),
		CalculationBasis: list('0 Gross Amount | 1 Gross Amount and Another Tax'),
		EUSalesListing: list('L Listing Goods | N No Listing | S Listing Services | T Triangulation'),
		IntrastatType: list('L Goods | N Empty | S Services'),
		VATTransactionType: list('B Both | P Purchase | S Sales'),
		VatDocType: list('P Purchase Invoice | F Freelance Invoice | E Expense Voucher'),
	},
};
