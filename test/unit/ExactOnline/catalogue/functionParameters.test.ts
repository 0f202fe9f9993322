import { readEndpoint } from '../../../../nodes/ExactOnline/catalogue/catalogue';
import {
	functionParameters,
	KNOWN_FUNCTIONS,
} from '../../../../nodes/ExactOnline/catalogue/functionParameters';
import { functionQuery } from '../../../../nodes/ExactOnline/odata/functionQuery';
import { apiUrl } from '../../../../nodes/ExactOnline/wire/apiUrl';

const ID = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const REFUSED = expect.objectContaining({ code: 'EXACT_INVALID_VALUE' }) as Error;

it('are known of functions that are only read, with a type each', () => {
	for (const path of KNOWN_FUNCTIONS) {
		expect(readEndpoint(path).methods).toEqual(['GET']);
		const parameters = functionParameters(path) ?? [];
		expect(parameters.length).toBeGreaterThan(0);
		for (const { name, type } of parameters) {
			expect(name).toMatch(/^[a-z]\w+$/);
			// Names say what is meant; a wrong type would show.
			if (/(?:Id|ID)$/.test(name)) expect(type).toBe('Guid');
			if (/Date$/.test(name)) expect(type).toBe('DateTime');
		}
	}
	expect(KNOWN_FUNCTIONS).toHaveLength(47);
});

it.each([
	['read/logistics/StockPosition', 'itemId'],
	['read/financial/RevenueListByYear', 'year'],
	['read/financial/ReceivablesListByAccount', 'accountId'],
	['read/financial/PayablesListByAccount', 'accountId'],
	['read/financial/AgingReceivablesListByAgeGroup', 'ageGroup'],
	['read/project/HoursByDate', 'checkDate'],
	['read/sync/Sync/SyncTimestamp', 'modified,endPoint'],
	['read/logistics/ItemDetailsByID', 'itemId'],
	['read/crm/DefaultAddressForAccount', 'accountId,addressType'],
])('%s takes %s', (path, names) => {
	expect(
		functionParameters(path)
			?.map(({ name }) => name)
			.join(),
	).toBe(names);
});

it('that nobody names are unknown', () => {
	for (const path of ['read/logistics/SalesItemPrice', 'crm/Accounts', 'constructor']) {
		expect(functionParameters(path)).toBeUndefined();
	}
});

it('stand in the URL as literals', () => {
	const query = functionQuery(
		[
			{ name: 'modified', type: 'DateTime', value: '2026-04-06T22:00:00Z' },
			{ name: 'endPoint', type: 'String', value: "CRM/O'Brien" },
			{ name: 'itemId', type: 'Guid', value: ID },
			{ name: 'year', type: 'Int32', value: '2026' },
		],
		{ timeZone: 'Europe/Amsterdam' },
	);
	expect(query).toEqual({
		modified: "datetime'2026-04-07T00:00:00'",
		endPoint: "'CRM/O''Brien'",
		itemId: `guid'${ID}'`,
		year: '2026',
	});
	const url = apiUrl('https://start.exactonline.nl', 'read/sync/Sync/SyncTimestamp', 1, query);
	expect(new URL(url).searchParams.get('endPoint')).toBe("'CRM/O''Brien'");
	expect(functionQuery([])).toEqual({});
});

it.each([
	['no value', { name: 'year', type: 'Int32', value: '' }],
	['another type', { name: 'year', type: 'Int32', value: 'x' }],
	['an option of OData', { name: '$filter', type: 'String', value: 'x' }],
	['what ends the name', { name: 'a=1&b', type: 'String', value: 'x' }],
] as const)('are refused with %s', (_what, argument) => {
	expect(() => functionQuery([argument])).toThrow(REFUSED);
});

it('are refused twice', () => {
	const year = { name: 'year', type: 'Int32', value: 2026 } as const;
	expect(() => functionQuery([year, year])).toThrow(REFUSED);
});
