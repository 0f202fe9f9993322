import documented from '../../../../scripts/catalogue/documentedMarks.json';
import { readSource, type SourceEndpoint } from '../../../../scripts/catalogue/source';
import {
	fixedMark,
	isDerived,
	mayWrite,
	type DocumentedMarks,
	type WriteMethod,
} from '../../../../scripts/catalogue/writeMarks';

/** An endpoint that no documentation of methods is known of. */
const INVENTED: SourceEndpoint = {
	service: 'Test',
	methods: ['GET', 'POST', 'PUT', 'DELETE'],
	keys: ['ID'],
	mandatory: ['Account', 'FullName'],
	fields: {
		ID: 'Guid',
		Account: 'Guid',
		AccountCode: 'String',
		AccountName: 'String',
		AccountDescription: 'String',
		Code: 'String',
		Created: 'DateTime',
		Creator: 'Guid',
		CreatorFullName: 'String',
		Description: 'String',
		Division: 'Int32',
		FullName: 'String',
		ItemCode: 'String',
		ItemID: 'Guid',
		Journal: 'String',
		JournalDescription: 'String',
		Lines: 'Collection(crm/BankAccounts)',
		Modified: 'DateTime',
		Modifier: 'Guid',
		ModifierFullName: 'String',
		Name: 'String',
		Rows: 'Unknown',
		Timestamp: 'Int64',
	},
};

function written(method: WriteMethod, endpoint: SourceEndpoint = INVENTED): string[] {
	const names = Object.keys(endpoint.fields);
	return names.filter((field) => mayWrite('test/Invented', endpoint, field, method));
}

describe('by rule', () => {
	const always = [
		...['Account', 'Code', 'Description', 'ItemID', 'Journal', 'JournalDescription', 'Name'],
	];

	it('a POST takes no key, nothing that Exact sets, and no text beside its guid', () => {
		expect(written('POST').sort()).toEqual([...always, 'FullName', 'Lines', 'Rows'].sort());
	});

	it('a PUT takes no lines either', () => {
		expect(written('PUT')).toEqual(always);
	});

	it('a method that the endpoint has not takes nothing', () => {
		expect(written('PUT', { ...INVENTED, methods: ['GET', 'POST'] })).toEqual([]);
	});

	it('a PUT takes no more than a POST, where there is one', () => {
		const source = readSource();
		const more = [...source].flatMap(([path, endpoint]) =>
			Object.keys(endpoint.fields).filter(
				(field) =>
					endpoint.methods.includes('POST') &&
					mayWrite(path, endpoint, field, 'PUT') &&
					!mayWrite(path, endpoint, field, 'POST'),
			),
		);
		expect(more).toEqual([]);
		const noPost = { ...INVENTED, methods: ['GET', 'PUT'] as const, mandatory: [] };
		expect(written('PUT', noPost)).toEqual(always);
	});

	it('an action takes no text about its own outcome', () => {
		const fields = { ID: 'Guid', EmailCreationError: 'String', ErrorMessage: 'String' } as const;
		const action: SourceEndpoint = { ...INVENTED, methods: ['POST'], mandatory: ['ID'], fields };
		expect(written('POST', action)).toEqual(['ID']);
		expect(written('POST', { ...action, methods: ['GET', 'POST'] })).toContain('ErrorMessage');
	});

	it('a mandatory key is input where rows cannot be read, and a slip where they can', () => {
		const action: SourceEndpoint = { ...INVENTED, methods: ['POST'], mandatory: ['ID'] };
		expect(fixedMark(action, 'ID', 'POST')).toBe(true);
		expect(fixedMark({ ...action, methods: ['GET', 'POST'] }, 'ID', 'POST')).toBe(false);
	});

	it('a text is derived where a guid has its stem', () => {
		const fields = { Unit: 'String', UnitCode: 'String', X: 'Guid', XName: 'String' } as const;
		expect(isDerived({ fields }, 'UnitCode')).toBe(false);
		expect(isDerived({ fields }, 'XName')).toBe(true);
		expect(isDerived({ fields }, 'X')).toBe(false);
	});
});

describe('by documentation', () => {
	const source = readSource();
	const marks = Object.entries(documented as Record<string, DocumentedMarks>);
	const each = marks.flatMap(([path, { readOnly = {}, writable = {} }]) =>
		(['POST', 'PUT'] as const).flatMap((method) => [
			...(readOnly[method] ?? []).map((field) => ({ path, method, field, taken: false })),
			...(writable[method] ?? []).map((field) => ({ path, method, field, taken: true })),
		]),
	);

	it.each([
		['salesinvoice/SalesInvoices', 'Status', false],
		['purchaseorder/PurchaseOrderLines', 'Quantity', false],
		['salesentry/SalesEntries', 'JournalDescription', false],
		['project/CostTransactions', 'ExpenseDescription', true],
		['logistics/Items', 'Description', true],
		['logistics/Items', 'ItemGroupDescription', false],
		['crm/Accounts', 'Code', true],
		['logistics/CustomerItems', 'ID', false],
		['salesinvoice/PrintedSalesInvoices', 'InvoiceID', true],
		['salesinvoice/PrintedSalesInvoices', 'PeppolCreationError', false],
		['salesinvoice/PrintedSalesInvoices', 'SendEmailToCustomer', true],
		['crm/AcceptQuotation', 'ErrorMessage', false],
		['crm/AcceptQuotation', 'ProjectCode', true],
		['crm/EmailWithSignOffQuotation', 'ProjectDescription', true],
	])('%s: %s %p', (path, field, taken) => {
		expect(mayWrite(path, source.get(path)!, field, 'POST')).toBe(taken);
	});

	it('is taken at its word, and only written down where the rule says otherwise', () => {
		expect(each.length).toBeGreaterThan(500);
		const idle = each.filter(({ path, method, field, taken }) => {
			const endpoint = source.get(path);
			if (!endpoint || !(field in endpoint.fields)) return true;
			const fixed = fixedMark(endpoint, field, method);
			const follows =
				method === 'PUT' &&
				!taken &&
				endpoint.methods.includes('POST') &&
				!mayWrite(path, endpoint, field, 'POST');
			return fixed !== undefined || follows || isDerived(endpoint, field) === !taken;
		});
		expect(idle).toEqual([]);
		const wrong = each.filter(
			({ path, method, field, taken }) =>
				mayWrite(path, source.get(path)!, field, method) !== taken,
		);
		expect(wrong).toEqual([]);
	});
});
