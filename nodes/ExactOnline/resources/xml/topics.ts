import { titleOf } from '../../catalogue/words';

/**
 * Topics of the XML interface that public clients name (docs/facts/exact-online.md 4.8). Exact Online decides
 * which of them a user may read or write.
 */
const TOPICS = [
	...[
		'Accounts',
		'ActivitySectors',
		'Administrations',
		'Agencies',
		'AllocationRules',
		'APs',
		'ARs',
	],
	...['AssemblyOrders', 'AssetGroups', 'Assets', 'Balances', 'BankLinks', 'Budgets'],
	...['BudgetScenarios', 'BusinessTypes', 'CompanySizes', 'Costcenters', 'Costunits', 'DDMandates'],
	...['Deliveries', 'Departments', 'DepreciationMethods', 'Documents', 'Employees', 'Employments'],
	...['EntryTemplates', 'EntryTemplateTransactions', 'ExchangeRates', 'FinYears'],
	...['GLAccountCategories', 'GLAccountClassifications', 'GLAccounts', 'GLTransactions'],
	...['HRMSubscriptions', 'Indicators', 'Invoices', 'Items', 'JobGroups', 'JobTitles', 'Journals'],
	...['Layouts', 'LeadPurposes', 'LeadRatings', 'Leads', 'LeadSources', 'LeadStages'],
	...['ManufacturedBillofMaterials', 'MatchSets', 'Opportunities', 'OpportunityStages'],
	...['PaymentConditions', 'PayrollComponentGroups', 'PayrollComponents', 'PayrollEntries'],
	...['PayrollGLLinks', 'PayrollYears', 'PeriodProcessReports', 'Quotations', 'ReasonCodes'],
	...['Receipts', 'SalesOrders', 'SalesTypes', 'Settings', 'ShippingMethods'],
	...['ShopOrderStockReceipts', 'StockCounts', 'StockPositions', 'Templates', 'TimeTransactions'],
	...['Titles', 'UserAdministrations', 'Users', 'VATs'],
];

/** Names that no rule puts into words. */
const WORDS: Readonly<Record<string, string>> = {
	APs: 'Accounts Payable',
	ARs: 'Accounts Receivable',
	DDMandates: 'Direct Debit Mandates',
	FinYears: 'Financial Years',
	HRMSubscriptions: 'HRM Subscriptions',
	ManufacturedBillofMaterials: 'Manufactured Bill of Materials',
};

/** Topics that hold all words of a search, with their names, as a drop-down shows them. */
export function findTopics(search = ''): Array<{ name: string; value: string }> {
	const words = search.toLowerCase().split(/\s+/);
	return TOPICS.map((value) => ({ name: `${WORDS[value] ?? titleOf(value)} (${value})`, value }))
		.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
		.sort((one, other) => (one.name < other.name ? -1 : 1));
}
