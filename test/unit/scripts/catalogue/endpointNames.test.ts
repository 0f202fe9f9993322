import { titleOf } from '../../../../nodes/ExactOnline/catalogue/words';
import { endpointName, endpointNames } from '../../../../scripts/catalogue/endpointNames';
import { readSource } from '../../../../scripts/catalogue/source';

describe('the name of an endpoint', () => {
	it.each([
		['salesinvoice/SalesInvoices', 'Sales Invoice'],
		['financial/GLAccounts', 'GL Account'],
		['vat/VATCodes', 'VAT Code'],
		['salesentry/SalesEntries', 'Sales Entry'],
		['crm/Addresses', 'Address'],
		['crm/AccountClasses', 'Account Class'],
		['crm/Opportunities', 'Opportunity'],
		['inventory/Warehouses', 'Warehouse'],
		['expensemanagement/Expenses', 'Expense'],
		['mailbox/Mailboxes', 'Mailbox'],
		['hrm/Costcenters', 'Cost Center'],
		['project/ProjectWBS', 'Project WBS'],
		['purchaseorder/PurchaseReturns', 'Purchase Return'],
		['manufacturing/StageForDeliveryReceipts', 'Stage for Delivery Receipt'],
		['crm/AcceptQuotation', 'Accept Quotation'],
		[
			'read/financial/ReceivablesListByAccountAndAgeGroup',
			'Receivables List by Account and Age Group',
		],
		['read/project/CostTypesByDate', 'Cost Type by Date'],
		['read/project/HoursByDate', 'Hours by Date'],
		['read/financial/JournalStatusList', 'Journal Status List'],
		['bulk/CRM/Accounts', 'Account (Bulk)'],
		['sync/Payroll/EmploymentCLAs', 'Employment CLA (Sync)'],
		['beta/budget/BudgetScenarios', 'Budget Scenario (Beta)'],
		['hrm/Divisions', 'Division (HRM)'],
	])('%s: %s', (path, name) => {
		expect(endpointName(path)).toBe(name);
	});

	it('is another for each of them', () => {
		const names = endpointNames([...readSource().keys()]);
		expect(names.size).toBe(427);
		expect(new Set(names.values()).size).toBe(427);
		const odd = [...names.values()].filter((name) => !/^[A-Z][\w-]*(?: [\w()-]+)*$/.test(name));
		expect(odd).toEqual([]);
	});

	it('has to be settled where the rule gives the same to two', () => {
		const paths = [...readSource().keys(), 'other/Accounts'];
		expect(() => endpointNames(paths)).toThrow(
			/crm\/Accounts \(Account\), other\/Accounts \(Account\)/,
		);
	});

	it('is settled for endpoints alone', () => {
		const paths = [...readSource().keys()].filter((path) => path !== 'hrm/Divisions');
		expect(() => endpointNames(paths)).toThrow('names no endpoint: hrm/Divisions');
	});
});

it.each([
	['GLAccountDescription', 'GL Account Description'],
	['SalesVatCode', 'Sales VAT Code'],
	['VATBaseAmountDC', 'VAT Base Amount DC'],
	['SalesOrderIDs', 'Sales Order IDs'],
	['ReversalStockTransactionId', 'Reversal Stock Transaction ID'],
	['LogoThumbnailUrl', 'Logo Thumbnail URL'],
	['Class_01', 'Class 01'],
	['AddressLine1', 'Address Line 1'],
	['FreeTextField_10', 'Free Text Field 10'],
	['GLToPay', 'GL to Pay'],
	['To', 'To'],
	['EMail', 'Email'],
	['Idea', 'Idea'],
	['ID', 'ID'],
])('the field %s is called %s', (field, title) => {
	expect(titleOf(field)).toBe(title);
});
