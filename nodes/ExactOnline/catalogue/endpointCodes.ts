import { FIRST_CLASS } from './firstClass';
import { CODE_LISTS, SALES_PROGRESS } from './firstClass/codeLists';
import { codeList as list, type CodedFields } from './firstClass/codes';
import type { ResourceData } from './firstClass/resourceData';
import type { Endpoint } from './types';

const { division, glAccount, item, journal, project, purchaseEntry, reportingBalance } = CODE_LISTS;
const { salesEntry, timeTransaction, vatCode } = CODE_LISTS;

const ACTIVITY = {
	Status: list(
		'0 Void | 5 Rejected | 10 Draft | 20 Open | 30 Approved | 40 Realized | 50 Processed',
	),
};

const BUDGET_OVERRUN = list('10 Allowed | 20 Not Allowed');

const WBS: CodedFields = {
	Type: list('1 Deliverable | 2 Activity | 3 Expense'),
	BudgetOverrunHours: BUDGET_OVERRUN,
	InvoiceMethod: list(
		'2 Fixed Price | 3 Time and Material | 4 Non Billable | 5 Prepaid | 6 Fixed | 7 Rebill | 8 Non Re-Billable',
	),
};

const RECIPE: CodedFields = {
	Type: list('10 Sales Bill of Material | 20 Manufacturing Recipe'),
	Status: list(
		'10 Engineering Change Pending | 20 Engineering Change Approved | 30 Active | 40 Historic',
	),
};

const MATERIAL_PLAN: CodedFields = {
	Type: list('1 Material | 2 By-Product'),
	Status: list('5 Draft | 10 Open | 20 On Order | 25 Partial | 30 Finished'),
};

const SCHEDULE_TYPE = list(
	'1 Hours and Average Days | 2 Hours and Specific Days | 3 Hours per Day | 4 Time Frames per Day',
);

const LEAVE: CodedFields = { Status: list('1 Submitted | 2 Approved | 3 Rejected') };

const LEAVE_BY_DAY: CodedFields = {
	Type: list('0 Leave | 1 Absence'),
	Status: list('1 Submitted | 2 Approved'),
};

const ABSENCE: CodedFields = { Status: list('0 Open | 1 Recovered') };

const CONTRACT_TYPE = list('1 Definite | 2 Indefinite | 3 External');

const CONTRACT: CodedFields = {
	Type: CONTRACT_TYPE,
	EmployeeType: list('1 Employee | 2 Contractor | 3 Temporary | 4 Student | 5 Flexworker'),
	ReasonContract: list(
		'1 New Employment | 2 Employment Change | 3 New Legal Employer | 4 Acquisition | ' +
			'5 Previous Contract Expired | 6 Other',
	),
};

const SALARY: CodedFields = {
	AmountType: list('0 Gross | 1 Net'),
	EmploymentSalaryType: list('1 Periodical (Fixed) | 2 Per Hour (Variable)'),
	Frequency: list(
		'1 Yearly | 2 Quarterly | 3 Monthly | 4 4-Weekly | 5 Weekly | 11 Yearly (Pro Forma) | ' +
			'12 Quarterly (Pro Forma) | 13 Monthly (Pro Forma) | 14 4-Weekly (Pro Forma) | 15 Weekly (Pro Forma)',
	),
	SalaryBasedType: list('0 Manual Entry | 1 Wage Scale | 2 Minimum Wage | 3 Minimum Hourly Wage'),
};

const PLANNING: CodedFields = {
	BGTStatus: list('1 To Be Processed | 2 Processed | 3 Failed'),
	CommunicationErrorStatus: list(
		'0 No Error | 1 Credentials Error | 2 Technical Error | 3 Credentials and Technical Errors | 4 In Progress',
	),
	Status: list('1 Reserved | 2 Planned'),
};

const REPLENISHMENT: CodedFields = {
	OrderPolicy: list('1 Lot for Lot | 2 Fixed Order Quantity | 3 Min/Max | 4 Order'),
	ReplenishmentType: list('1 Purchase | 2 Assemble | 3 Make | 4 Transfer | 5 No Advice'),
};

const STOCK_TRANSACTION: CodedFields = {
	StockTransactionType: list(
		[
			'10 Opening Balance | 120 Goods Delivery | 121 Sales Return | 122 Stock Out (Drop Shipment)',
			'123 Stock In (Drop Shipment Return) | 124 Warehouse Transfer Delivery | 125 Location Transfer Delivery',
			'130 Goods Receipt | 131 Purchase Return | 132 Stock In (Drop Shipment)',
			'133 Stock Out (Drop Shipment Return) | 134 Warehouse Transfer Receipt | 135 Location Transfer Receipt',
			'140 Shop Order Stock Receipt | 141 Shop Order Stock Reversal | 147 Shop Order By-Product Receipt',
			'148 Shop Order By-Product Reversal | 150 Requirement Issue | 151 Requirement Reversal',
			'155 Subcontract Issue | 156 Subcontract Return | 160 Receipt (Assembly) | 161 Return Receipt (Disassembly)',
			'165 Issue (Assembly) | 166 Return Issue (Disassembly) | 180 Stock Revaluation | 181 Financial Revaluation',
			'195 Stock Count | 196 Adjust Stock: Out | 197 Adjust Stock: In | 200 Trade-In',
		].join(' | '),
	),
};

const ENTRY_METHOD: CodedFields = { EntryMethod: list('1 Discount | 2 New Price') };

const OPENING_BALANCE: CodedFields = { BalanceSide: glAccount?.BalanceSide ?? {} };

const JOURNAL_STATUS: CodedFields = {
	JournalType: journal?.Type ?? {},
	Status: list('0 Open | 1 Closed'),
};

const PAYABLE_APPROVAL: CodedFields = {
	ApprovalStatus: list('1 Not Applicable | 2 Awaiting Review | 3 Awaiting Approval | 4 Approved'),
};

const SALES_ORDER_LINE: CodedFields = {
	DeliveryStatus: SALES_PROGRESS,
	InvoiceStatus: SALES_PROGRESS,
};

const COPY_REMARKS: CodedFields = { SupplierItemCopyRemarks: list('0 Do Not Copy | 1 Copy') };

const ROLE: CodedFields = {
	RoleLevel: list('1 Database | 2 Customer | 3 Division | 100 Transferred to Accountant'),
};

const GENDER = list('M Male | V Female | O Unknown');

/**
 * Codes of endpoints that no resource is made of, lines among them, as a public source tells them
 * (docs/facts/exact-online.md 7.2).
 */
const OTHERS: Readonly<Record<string, CodedFields | undefined>> = {
	'accountancy/SolutionLinks': {
		SolutionType: list('0 Internal | 1 External | 2 Other External'),
		Status: list('0 Active | 1 Inactive | 2 Archived'),
	},
	'activities/CommunicationNotes': ACTIVITY,
	'activities/Complaints': ACTIVITY,
	'activities/Events': ACTIVITY,
	'activities/ServiceRequests': ACTIVITY,
	'activities/Tasks': {
		...ACTIVITY,
		TaskType: list(
			'0 Other | 1 Call | 2 Request for Information | 3 Investigate | 4 Correspondence | ' +
				'5 Create an Appointment | 6 Create a Quotation',
		),
	},
	'assets/Assets': {
		Status: list('1 Active | 2 Not Validated | 3 Inactive | 4 Depreciated | 5 Blocked | 6 Sold'),
		Type: list('0 Other Assets | 1 Commercial Building'),
	},
	'bulk/Project/ProjectWBS': WBS,
	'cashflow/Banks': { Status: list('A Active | P Passive') },
	'cashflow/DirectDebitMandates': {
		PaymentType: list('0 One-Off | 1 Recurrent | 2 Ad Hoc'),
		Type: list('0 Core | 1 Business-to-Business | 2 Bottomline'),
	},
	'current/Me': { Gender: GENDER },
	'expensemanagement/ExpenseReports': {
		Status: list(
			'1 Not Reviewed | 2 Submitted | 3 Approved | 4 Rejected | 5 Finance Approved | 6 Processed',
		),
	},
	'expensemanagement/Expenses': {
		ExpenseType: list('1 Receipts | 2 Mileage | 3 Per Diem'),
		PaymentMethod: list('0 Others | 1 Company Credit Card'),
		Status: list('1 Not Reviewed | 2 Reviewed | 3 Flagged'),
	},
	'financial/OfficialReturns': { Source: list('1 Exact Online | 2 REST API') },
	'financial/ProcessReturn': { Status: list('5 Rejected | 50 Processed') },
	'hrm/AbsenceRegistrationTransactions': ABSENCE,
	'hrm/Divisions': { BlockingStatus: division?.BlockingStatus ?? {} },
	'hrm/LeaveAbsenceHoursByDay': LEAVE_BY_DAY,
	'hrm/LeaveBuildUpRegistrations': LEAVE,
	'hrm/LeaveRegistrations': LEAVE,
	'hrm/Schedules': { ScheduleType: SCHEDULE_TYPE },
	'inventory/AssemblyOrders': {
		OrderStatus: list('20 Open | 30 Partial | 50 Complete'),
		Type: list('8060 Assembly | 8061 Disassembly'),
	},
	'inventory/ItemWarehousePlanningDetails': {
		PlanningType: list(
			[
				'120 Goods Delivery | 124 Warehouse Transfer Delivery | 130 Goods Receipt | 134 Warehouse Transfer Receipt',
				'140 Shop Order Stock Receipt | 147 Shop Order By-Product Receipt | 150 Shop Order Requirement',
				'160 Assembly Order Receipt | 161 Disassembly Return Receipt | 165 Assembly Order Issue',
				'166 Disassembly Return Issue | 200 Trade-In',
			].join(' | '),
		),
	},
	'inventory/ItemWarehouses': REPLENISHMENT,
	'inventory/StockBatchNumbers': STOCK_TRANSACTION,
	'inventory/StockCounts': {
		Source: list('1 Manual Entry | 2 Import | 3 Stock Count | 4 Web Service'),
		Status: list('12 Draft | 21 Processed'),
	},
	'inventory/StockSerialNumbers': STOCK_TRANSACTION,
	'inventory/WarehouseTransfers': {
		Source: list('1 Manual Entry | 2 Import | 3 Transfer Advice | 4 Web Service'),
		Status: list('10 Open | 50 Complete'),
	},
	'logistics/ItemChargeRelation': { ChargeVATType: vatCode?.Type ?? {} },
	'logistics/ItemVersions': RECIPE,
	'mailbox/Mailboxes': { Type: list('0 Unknown | 1 Exact | 2 Government | 3 Manual Input') },
	'manufacturing/BillOfMaterialRoutings': {
		RoutingStepType: list('10 Work Center | 20 Supplier'),
		RunMethod: list(
			'10 Fixed Hours | 20 Fixed Minutes | 25 Fixed Days | 30 Hours per Item | 40 Minutes per Item | ' +
				'50 Seconds per Item | 60 Items per Hour | 70 Items per Minute',
		),
	},
	'manufacturing/BillOfMaterialVersions': RECIPE,
	'manufacturing/ShopOrderMaterialPlanDetails': MATERIAL_PLAN,
	'manufacturing/ShopOrderMaterialPlans': MATERIAL_PLAN,
	'openingbalance/CurrentYear/AfterEntry': OPENING_BALANCE,
	'openingbalance/CurrentYear/Processed': OPENING_BALANCE,
	'openingbalance/PreviousYear/AfterEntry': OPENING_BALANCE,
	'openingbalance/PreviousYear/Processed': OPENING_BALANCE,
	'payroll/ActiveEmployments': { ContractType: CONTRACT_TYPE },
	'payroll/EmploymentContracts': CONTRACT,
	'payroll/EmploymentSalaries': SALARY,
	'payroll/VariableMutations': {
		EntryFieldType: list('1 Quantity | 2 Amount | 3 Percentage'),
		Type: list(
			[
				'1 Days Worked | 2 Hours Worked | 3 Days Ill | 4 Hours Ill | 5 Days Leave | 6 Hours Leave',
				'7 Payroll Component | 8 Days Care Leave | 9 Hours Care Leave | 10 Days Extended Partner Leave',
				'11 Hours Extended Partner Leave | 12 Days Unpaid Leave | 13 Hours Unpaid Leave',
				'14 Days Paid Parental Leave | 15 Hours Paid Parental Leave',
			].join(' | '),
		),
	},
	'project/CostTransactions': { HourStatus: timeTransaction?.HourStatus ?? {} },
	'project/InvoiceTerms': {
		InvoiceStatus: list('10 Draft | 20 Open | 30 Processing | 50 Processed'),
	},
	'project/ProjectPlanning': PLANNING,
	'project/ProjectPlanningRecurring': {
		BGTStatus: PLANNING.BGTStatus ?? {},
		MonthPatternOrdinalDay: list('1 First | 2 Second | 3 Third | 4 Fourth | 31 Last'),
		MonthPatternOrdinalWeek: list(
			'1 Monday | 2 Tuesday | 3 Wednesday | 4 Thursday | 5 Friday | 6 Saturday | 7 Sunday',
		),
		ProjectPlanningRecurringType: list('1 Weekly | 2 Monthly'),
		Status: PLANNING.Status ?? {},
	},
	'project/WBSActivities': {
		BudgetOverrunHours: BUDGET_OVERRUN,
		InvoiceMethod: list('2 Fixed Price | 3 Time and Material | 4 Non Billable | 5 Prepaid'),
	},
	'project/WBSExpenses': { InvoiceMethod: list('6 Fixed | 7 Rebill | 8 Non Re-Billable') },
	'purchaseentry/PurchaseEntryLines': { Type: purchaseEntry?.Type ?? {} },
	'purchaseorder/PurchaseOrderLines': COPY_REMARKS,
	'read/financial/JournalStatusByFinancialPeriod': JOURNAL_STATUS,
	'read/financial/JournalStatusList': JOURNAL_STATUS,
	'read/financial/PayablesList': PAYABLE_APPROVAL,
	'read/financial/PayablesListByAccount': PAYABLE_APPROVAL,
	'read/financial/PayablesListByAccountAndAgeGroup': PAYABLE_APPROVAL,
	'read/financial/PayablesListByAgeGroup': PAYABLE_APPROVAL,
	'read/financial/ReportingBalanceByClassification': reportingBalance,
	'read/financial/Returns': {
		Frequency: list('M Monthly | Q Quarterly | A Quarter of the Financial Year | Y Yearly'),
		Status: ACTIVITY.Status,
		Type: list('31 VAT | 32 EC Sales List | 146 Payroll Declaration'),
	},
	'read/logistics/AccountItems': item,
	'read/project/ProjectWBSByProject': WBS,
	'read/project/ProjectWBSByProjectAndWBS': WBS,
	'read/project/TimeAndBillingProjectDetails': { Type: project?.Type ?? {} },
	'read/project/TimeAndBillingProjectDetailsByID': { Type: project?.Type ?? {} },
	'sales/SalesPriceListPeriods': { Type: list('1 Basic | 2 Special Offer') },
	'sales/SalesPriceListVolumeDiscounts': ENTRY_METHOD,
	'sales/SalesPriceLists': {
		Entity: list('1 Item | 2 Item Group'),
		Type: list('1 Customer | 2 Standard'),
	},
	'salesentry/SalesEntryLines': { Type: salesEntry?.Type ?? {} },
	'salesinvoice/Layouts': { Type: list('1 Layout | 2 E-Mail Text Layout') },
	'salesorder/PlannedSalesReturnLines': { CreateCredit: list('0 Redelivery | 1 Credit Note') },
	'salesorder/PlannedSalesReturns': {
		Source: list('1 Manual Entry | 2 Web Service'),
		Status: list('20 Open | 30 Confirmed | 50 Processed'),
	},
	'salesorder/SalesOrderLines': { ...SALES_ORDER_LINE, OrderStatus: SALES_PROGRESS },
	'subscription/SubscriptionTypes': {
		AutomaticGenerateInvoiceType: list(
			'1 Never | 2 Before the Subscription Period | 3 After the Subscription Period',
		),
		AutomaticSendInvoiceMethod: list(
			'1 Based on Account | 2 Email | 3 Create Documents | 4 Digital Postbox | 5 Send and Track | 6 Peppol',
		),
		AutomaticSendInvoiceSender: list('1 Company | 2 Main User'),
		AutomaticSendInvoiceType: list('1 Never | 2 When Available'),
		EnablePaymentLink: list('0 Never | 1 Always | 2 Based on Account'),
		InvoiceCorrectionMethod: list('1 Ratio Based | 2 Zero Invoice | 3 Never Invoiced'),
		ManualRenewalMethod: list('1 Use Item Prices | 2 Use Current Subscription Prices'),
		ProlongationType: list('0 No | 1 Manual | 2 Automatic'),
	},
	'sync/HRM/AbsenceRegistrationTransactions': ABSENCE,
	'sync/HRM/LeaveAbsenceHoursByDay': LEAVE_BY_DAY,
	'sync/HRM/LeaveBuildUpRegistrations': LEAVE,
	'sync/HRM/LeaveRegistrations': LEAVE,
	'sync/HRM/ScheduleEntries': {
		Day: list('0 Monday | 1 Tuesday | 2 Wednesday | 3 Thursday | 4 Friday | 5 Saturday | 6 Sunday'),
		ScheduleType: SCHEDULE_TYPE,
	},
	'sync/HRM/Schedules': { ScheduleType: SCHEDULE_TYPE },
	'sync/Inventory/ItemStorageLocations': { Type: list('1 Pick Location | 2 Bulk Location') },
	'sync/Inventory/ItemWarehouses': REPLENISHMENT,
	'sync/Inventory/SerialBatchNumbers': { Type: list('1 Serial Number | 2 Batch Number') },
	'sync/Inventory/StockSerialBatchNumbers': STOCK_TRANSACTION,
	'sync/Manufacturing/BillOfMaterialVersions': RECIPE,
	'sync/Manufacturing/ShopOrderMaterialPlans': MATERIAL_PLAN,
	'sync/Payroll/EmploymentContracts': CONTRACT,
	'sync/Payroll/EmploymentSalaries': SALARY,
	'sync/Project/ProjectPlanning': PLANNING,
	'sync/Project/ProjectWBS': WBS,
	'sync/SalesOrder/SalesOrderLines': { ...SALES_ORDER_LINE, Status: SALES_PROGRESS },
	'sync/Sales/SalesPriceListVolumeDiscounts': ENTRY_METHOD,
	'system/AllDivisions': division,
	'system/GetMostRecentlyUsedDivisions': { BlockingStatus: division?.BlockingStatus ?? {} },
	'users/UserRoles': ROLE,
	'users/UserRolesPerDivision': ROLE,
	'vat/VatPercentages': { Type: list('0 Normal | 1 Extra Duty') },
};

/** The same for the endpoints of resources, and those with more rows a page or with changes. */
function ofResources(): ReadonlyMap<string, CodedFields> {
	const all = new Map<string, CodedFields>();
	for (const { codes, endpoint, bulk, sync } of FIRST_CLASS) {
		for (const path of [endpoint, bulk, sync?.path]) {
			if (path !== undefined && codes !== undefined) all.set(path, { ...all.get(path), ...codes });
		}
	}
	return all;
}

let known: ReadonlyMap<string, CodedFields> | undefined;

/** The codes of an endpoint's fields, as far as they are known; those of its resource, where it is read for one. */
export function codesOf(
	{ path }: Pick<Endpoint, 'path'>,
	data?: Pick<ResourceData, 'codes'>,
): CodedFields | undefined {
	if (data?.codes !== undefined) return data.codes;
	known ??= ofResources();
	return (Object.hasOwn(OTHERS, path) ? OTHERS[path] : undefined) ?? known.get(path);
}

/** The endpoints whose rows an endpoint's numbers stand for, by field. */
export function wordListsOf(
	{ path }: Pick<Endpoint, 'path'>,
	data?: Pick<ResourceData, 'lists'>,
): Readonly<Record<string, string>> | undefined {
	return data?.lists ?? FIRST_CLASS.find(({ endpoint }) => endpoint === path)?.lists;
}

/** Paths of the endpoints with codes, for those who compare them with the catalogue. */
export function endpointsWithCodes(): string[] {
	known ??= ofResources();
	return [...new Set([...Object.keys(OTHERS), ...known.keys()])];
}
