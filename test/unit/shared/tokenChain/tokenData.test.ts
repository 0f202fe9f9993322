import { lifeOf, readConnectedTokens } from '../../../../nodes/shared/tokenChain/tokenData';

describe('what n8n keeps of Connect', () => {
	it('is the pair, its life, and when it was issued', () => {
		const data = {
			access_token: ' a ',
			refresh_token: 'r',
			expires_in: '600',
			n8n_expires_at: '1700000600000',
		};
		expect(readConnectedTokens(data)).toEqual({
			pair: { accessToken: 'a', refreshToken: 'r', lifeMs: 600_000 },
			issuedAt: 1_700_000_000_000,
		});
	});

	it.each([
		['no note of n8n', { access_token: 'a', refresh_token: 'r', expires_in: 60 }],
		['no life', { access_token: 'a', refresh_token: 'r', n8n_expires_at: '1700000600000' }],
		['a note that is no time', { expires_in: 60, n8n_expires_at: 'soon' }],
	])('does not tell when it was issued with %s', (_name, data) => {
		expect(readConnectedTokens(data).issuedAt).toBeNull();
	});

	it.each([undefined, null, 'text', [], { access_token: 5 }])('is empty for %p', (data) => {
		expect(readConnectedTokens(data)).toEqual({
			pair: { accessToken: '', refreshToken: '', lifeMs: null },
			issuedAt: null,
		});
	});
});

describe('expires_in', () => {
	it.each([
		['600', 600_000],
		[600, 600_000],
		['2.5', 2_500],
		['', null],
		['soon', null],
		[0, null],
		[-1, null],
		[undefined, null],
		[null, null],
	])('%p is %p ms', (value, expected) => {
		expect(lifeOf(value)).toBe(expected);
	});
});
