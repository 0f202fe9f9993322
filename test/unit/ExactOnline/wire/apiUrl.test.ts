import { endpointOf } from '../../../../nodes/ExactOnline/wire/apiUrl';

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
