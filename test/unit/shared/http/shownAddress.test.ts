import { shownAddress } from '../../../../nodes/shared/http';

it.each([
	['https://user:pass@hooks.example.com/a/b?token=canary#canary', 'https://hooks.example.com/a/b'],
	['https://hooks.example.com:8443/a', 'https://hooks.example.com:8443/a'],
	['not an address', '"not an address"'],
	['data:canary', '"data:canary"'],
])('of %s an error shows %s', (address, shown) => {
	expect(shownAddress(address)).toBe(shown);
});
