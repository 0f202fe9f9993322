import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { ExactOnline } from '../../../../nodes/ExactOnline/ExactOnline.node';
import {
	referenceSearches,
	searchDivisions,
	searchEndpoints,
	searchRecords,
} from '../../../../nodes/ExactOnline/methods/listSearch';
import { ConnectorError } from '../../../../nodes/shared/errors';
import { ExactServer, list } from '../api/support/exactServer';
import { FakeTokenSource } from '../api/support/fakes';
import { loadContext, locator } from '../../../support/n8nContext';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const server = new ExactServer();

beforeAll(async () => await server.start());
afterAll(async () => await server.stop());

beforeEach(() => {
	const source = new FakeTokenSource(server.baseUrl, randomUUID());
	jest.mocked(createAccessTokenSource).mockResolvedValue(source as never);
});

const { description } = new ExactOnline();

/** n8n's context where an account is looked for. */
function contextOf(parameters: IDataObject) {
	return loadContext({
		description,
		credentials: { exactOnlineOAuth2Api: { id: 'cred-1' } },
		parameters: { resource: 'account', operation: 'get', ...parameters },
	});
}

const targets = () => server.requests.map(({ target }) => target);

describe('divisions', () => {
	it('come page by page, after the current division', async () => {
		const next = `${server.baseUrl}/api/v1/42/system/Divisions?$skiptoken=60`;
		server.answer([
			list([{ CurrentDivision: 42 }]),
			list([{ Code: 1, Description: 'Shop B.V.', CustomerName: 'Holding', Hid: 3 }], next),
			list([{ Code: 2, Description: 'Shop', CustomerName: 'Shop' }, { Code: 3 }]),
		]);
		const first = await searchDivisions.call(contextOf({}));
		expect(first).toEqual({
			results: [
				{ name: 'Current Division', value: 'current' },
				{ name: 'Shop B.V., Holding (1)', value: '1' },
			],
			paginationToken: next,
		});
		const second = await searchDivisions.call(contextOf({}), undefined, next);
		expect(second.results).toEqual([
			{ name: 'Shop (2)', value: '2' },
			{ name: 'Division 3', value: '3' },
		]);
		expect(second.paginationToken).toBeUndefined();
	});

	it('are searched for by the service, numbers also as code', async () => {
		server.answer([list([{ CurrentDivision: 42 }]), list([])]);
		const found = await searchDivisions.call(contextOf({}), ' 12 ');
		expect(found.results).toEqual([]);
		expect(targets()[1]).toBe(
			"/api/v1/42/system/Divisions?$select=Code,CustomerName,Description,Hid&$filter=Code eq 12 or Hid eq 12L or substringof('12',Description) eq true or substringof('12',CustomerName) eq true",
		);
	});

	it('send no token to another host, whatever the page link says', async () => {
		server.answer([list([])]);
		await expect(
			searchDivisions.call(contextOf({}), undefined, 'https://evil.test/api/v1/1/x'),
		).rejects.toThrow('[EXACT_FOREIGN_LINK]');
		expect(server.requests).toHaveLength(0);
	});
});

describe('records', () => {
	it('are those of the chosen resource and division, by name and code', async () => {
		server.answer([list([{ ID: 'a', Code: '              1001', Name: 'Bakery' }])]);
		const context = contextOf({ division: locator('7') });
		const found = await searchRecords.call(context, "b'x");
		expect(found.results).toEqual([{ name: 'Bakery (1001)', value: 'a' }]);
		expect(targets()).toEqual([
			"/api/v1/7/crm/Accounts?$select=ID,Name,Code&$filter=(substringof('b''x',Name) eq true) or (substringof('B''x',Name) eq true) or (Code eq '               b''x')&$orderby=Name",
		]);
	});

	it('are those of the current division where none is chosen', async () => {
		server.answer([list([{ CurrentDivision: 42 }]), list([])]);
		await searchRecords.call(contextOf({ division: locator('current') }));
		// Exact may want a filter (docs/facts/exact-online.md 4.3).
		expect(targets()[1]).toBe(
			"/api/v1/42/crm/Accounts?$select=ID,Name,Code&$filter=ID ne guid'00000000-0000-0000-0000-000000000000'&$orderby=Name",
		);
	});

	it('of a chosen endpoint have its key as value, several fields as JSON', async () => {
		const row = { Division: 1, GLAccount: 'g', ReportingYear: 2026 };
		server.answer([list([row])]);
		const endpoint = locator('openingbalance/CurrentYear/Processed', 'path');
		const found = await searchRecords.call(
			contextOf({ resource: 'otherEndpoint', division: locator('7'), endpoint }),
		);
		expect(found.results.map(({ value }) => JSON.parse(String(value)) as unknown)).toEqual([row]);
	});
});

describe('documents', () => {
	it('are shown by the name of their account and their number, never by an identifier', async () => {
		const row = {
			InvoiceID: 'i',
			OrderedBy: 'x',
			OrderedByName: 'Bakery',
			InvoiceNumber: 26700001,
		};
		server.answer([list([row])]);
		const found = await searchRecords.call(
			contextOf({ resource: 'salesInvoice', division: locator('7') }),
		);
		expect(found.results).toEqual([{ name: 'Bakery (26700001)', value: 'i' }]);
		expect(targets()[0]).toContain('$orderby=OrderedByName');
	});
});

describe('references', () => {
	it('that a field holds by code have the code as value', async () => {
		server.answer([list([{ ID: 'x', Code: '70', Description: 'Sales' }])]);
		const context = contextOf({ division: locator('7') });
		const found = await referenceSearches.searchJournals?.call(context, '7');
		expect(found?.results).toEqual([{ name: 'Sales (70)', value: '70' }]);
		expect(targets()[0]).toContain('/7/financial/Journals?$select=ID,Code,Description&');
	});
});

describe('values in use', () => {
	const search = async (typed?: string, after?: string) => {
		const context = contextOf({ resource: 'opportunity', division: locator('7') });
		return await referenceSearches.searchOwnerOfOpportunities?.call(context, typed, after);
	};

	it('come each once, by name, and go on behind the last name', async () => {
		const rows = [
			{ ID: 'a', Owner: 'u1', OwnerFullName: "Ann O'Hara" },
			{ ID: 'b', Owner: 'u1', OwnerFullName: "Ann O'Hara" },
			{ ID: 'c', Owner: null, OwnerFullName: null },
			{ ID: 'd', Owner: 'u2', OwnerFullName: 'Bob' },
		];
		const next = `${server.baseUrl}/api/v1/7/crm/Opportunities?$skiptoken=60`;
		server.answer([list(rows, next), list([])]);
		expect(await search()).toEqual({
			results: [
				{ name: "Ann O'Hara", value: 'u1' },
				{ name: 'Bob', value: 'u2' },
			],
			paginationToken: 'Bob',
		});
		expect(await search(undefined, "Ann O'Hara")).toEqual({ results: [] });
		expect(targets()).toEqual([
			"/api/v1/7/crm/Opportunities?$select=ID,Owner,OwnerFullName&$filter=OwnerFullName gt ''&$orderby=OwnerFullName",
			"/api/v1/7/crm/Opportunities?$select=ID,Owner,OwnerFullName&$filter=OwnerFullName gt 'Ann O''Hara'&$orderby=OwnerFullName",
		]);
	});

	it('are searched for by their names', async () => {
		server.answer([list([])]);
		await search(' bob');
		expect(targets()[0]).toContain(
			"$filter=(OwnerFullName gt '') and ((substringof('bob',OwnerFullName) eq true) or (substringof('Bob',OwnerFullName) eq true))&",
		);
	});
});

describe('endpoints', () => {
	const offered = async (operation: string, search: string) => {
		const context = contextOf({ resource: 'otherEndpoint', operation });
		const { results } = await searchEndpoints.call(context, search);
		return results.map(({ value }) => value);
	};

	it('are found by name and path, those that allow the operation', async () => {
		await expect(offered('getAll', 'absence reg')).resolves.toContain('hrm/AbsenceRegistrations');
		await expect(offered('delete', 'crm quotation')).resolves.toContain('crm/Quotations');
		await expect(offered('delete', 'StockPosition')).resolves.toEqual([]);
		await expect(offered('get', 'read/')).resolves.toEqual([]);
		await expect(offered('callFunction', 'stock')).resolves.toContain(
			'read/logistics/StockPosition',
		);
		await expect(offered('callFunction', 'accounts')).resolves.not.toContain('crm/Accounts');
		await expect(offered('getAll', 'current/Me')).resolves.toEqual([]);
	});
});

it('fails with an error that a user can read', async () => {
	const cause = new ConnectorError('EXACT_NOT_CONNECTED', 'Not connected yet.', {
		repair: 'Press Connect.',
	});
	jest.mocked(createAccessTokenSource).mockRejectedValue(cause);
	const error: unknown = await searchDivisions.call(contextOf({})).catch((e: unknown) => e);
	expect(error).toMatchObject({
		message: 'Not connected yet. Press Connect. [EXACT_NOT_CONNECTED]',
		description: undefined,
	});
});
