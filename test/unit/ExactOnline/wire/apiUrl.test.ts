import { keyBatches } from '../../../../nodes/ExactOnline/odata/keyBatches';
import { apiUrl, endpointOf, roomForFilter } from '../../../../nodes/ExactOnline/wire/apiUrl';

const host = 'https://start.exactonline.nl';

describe('endpointOf', () => {
	it.each([
		['/api/v1/123/crm/Accounts', 'crm/Accounts'],
		["/api/v1/123/crm/Accounts(guid'3fa85f64-5717-4562-b3fc-2c963f66afa6')", 'crm/Accounts'],
		['/api/v1/current/Me', 'current/Me'],
		['/api/v1/123/crm/Accounts/$count', 'crm/Accounts'],
		// Encoded in something else than UTF-8.
		["/api/v1/123/crm/Things('M%FCller')", 'crm/Things'],
	])('of %s is %s', (path, endpoint) => {
		expect(endpointOf(`${host}${path}?$top=1`)).toBe(endpoint);
	});
});

it('a filter takes the room that is left to the last character', () => {
	const query = { $select: 'ID,Code' };
	const room = roomForFilter(apiUrl(host, 'crm/Accounts', 123, query));
	const withFilter = (length: number) =>
		apiUrl(host, 'crm/Accounts', 123, { ...query, $filter: 'x'.repeat(length) });
	expect(withFilter(room)).toHaveLength(6000);
	expect(() => withFilter(room + 1)).toThrow(
		expect.objectContaining({ code: 'EXACT_URL_TOO_LONG' }),
	);
});

it('keys of any text are asked for in addresses that Exact takes', () => {
	const names = Array.from({ length: 200 }, (_none, index) => `${"'é 中 ".repeat(20)}${index}`);
	const room = roomForFilter(apiUrl(host, 'crm/Accounts', 123));
	const batches = keyBatches({ name: 'Name', type: 'String' }, names, room);
	expect(batches.flatMap(({ values }) => values)).toEqual(names);
	for (const { filter } of batches) {
		expect(apiUrl(host, 'crm/Accounts', 123, { $filter: filter }).length).toBeLessThanOrEqual(6000);
	}
	expect(batches.length).toBeGreaterThan(5);
	expect(batches.length).toBeLessThan(60);
});
