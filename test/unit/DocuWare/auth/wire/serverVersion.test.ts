import { isFrom711 } from '../../../../../nodes/DocuWare/auth/wire/serverDiscovery';

describe('isFrom711', () => {
	it.each([
		['6.9.0.22', false],
		['7.7', false],
		['7.10.0.241', false],
		['7.11.0.305', true],
		['7.12', true],
		['8.0', true],
		['', false],
		['unknown', false],
	])('of %j is %s', (version, expected) => {
		expect(isFrom711(version)).toBe(expected);
	});
});
