import { readPasswordAccount } from '../../../../../../nodes/DocuWare/auth/account/credentialData';
import { chooseMeans } from '../../../../../../nodes/DocuWare/auth/lifecycle/opening/openingMeans';
import { markSpent } from '../../../../../../nodes/DocuWare/auth/lifecycle/opening/tokenMarks';
import { licencePause } from '../../../../../../nodes/DocuWare/platform/throttle';

describe('the means to begin a session', () => {
	const account = readPasswordAccount({ platformUrl: 'acme', userName: 'api', password: 'p' });
	const token = { value: 'T', usage: 'Multi', expiresAt: 100_000, spent: false } as const;
	const rules = { ownsTokens: true, storedTokenOnly: false };
	const choose = (loginToken: object | null, more: object = {}, storeNow = 0) =>
		chooseMeans(
			account,
			{ storeNow },
			{ session: null, loginToken: loginToken as typeof token | null, sourceToken: null },
			{ ...rules, ...more },
		)?.kind;

	it('are the newest login token first, else the password', () => {
		expect(choose(token)).toBe('storedToken');
		expect(choose(null)).toBe('password');
		expect(choose(token, {}, 99_500)).toBe('password');
		expect(choose({ ...token, usage: 'Single', spent: true })).toBe('password');
	});

	it('are the password where that very token has just opened nothing', () => {
		expect(choose(token, { without: 'T' })).toBe('password');
		expect(choose(token, { without: 'another' })).toBe('storedToken');
	});

	it('are not the token of somebody with another password, nor a password where a token was asked for', () => {
		expect(choose(token, { ownsTokens: false })).toBe('password');
		expect(choose(null, { storedTokenOnly: true })).toBeUndefined();
	});
});

describe('the mark of a single-use token', () => {
	const token = { value: 'T', usage: 'Single', expiresAt: null, spent: false } as const;
	const secret = { session: null, loginToken: token, sourceToken: null };

	it('is set and taken back on that very token, and on no other', () => {
		const means = { kind: 'storedToken', token } as const;
		const marked = markSpent(secret, means, true);
		expect(marked.loginToken?.spent).toBe(true);
		expect(markSpent(marked, means, false)).toEqual(secret);
		const later = { ...secret, loginToken: { ...token, value: 'U', spent: true } };
		expect(markSpent(later, means, false)).toBe(later);
	});

	it('is none for a token that may be used again, nor for a password', () => {
		const multi = { ...token, usage: 'Multi' } as const;
		const holding = { ...secret, sourceToken: multi };
		expect(markSpent(holding, { kind: 'sourceToken', token: multi }, true)).toBe(holding);
		expect(markSpent(holding, { kind: 'password' }, true)).toBe(holding);
	});
});

describe('licencePause', () => {
	it('is a thirteenth of the limit, within bounds', () => {
		expect([0, 2_600, 130_000, 3_600_000].map(licencePause)).toEqual([250, 250, 10_000, 10_000]);
	});
});
