import { isFrom711 } from '../../../../nodes/DocuWare/auth/serverDiscovery';
import { chooseMeans } from '../../../../nodes/DocuWare/auth/openingMeans';
import {
	readLoginTokenAccount,
	readPasswordAccount,
	readOAuth2Credential,
} from '../../../../nodes/DocuWare/auth/credentialData';
import { readRefreshAnswer } from '../../../../nodes/DocuWare/auth/oauth2Answers';
import { licencePause } from '../../../../nodes/DocuWare/auth/waits';

const NOBODY = { credentialId: null, credentialName: null, instanceId: null };

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

	it('are not the token of somebody with another password, nor a password where a token was asked for', () => {
		expect(choose(token, { ownsTokens: false })).toBe('password');
		expect(choose(null, { storedTokenOnly: true })).toBeUndefined();
	});
});

describe('credentials', () => {
	it('keep the blanks of a password and take those around other fields away', () => {
		const account = readPasswordAccount({
			platformUrl: ' acme ',
			userName: ' api ',
			password: ' secret ',
			organization: ' Peters ',
			licenceWaitSeconds: 0,
			idleSeconds: '5',
		});
		expect(account).toMatchObject({
			userName: 'api',
			password: ' secret ',
			organization: 'Peters',
			licenceWaitMs: 0,
			idleMs: 5000,
			policy: 'keep',
			wayIn: 'automatic',
		});
	});

	it('of a single-use token keep the session whatever the policy says', () => {
		const data = { platformUrl: 'acme', loginToken: 'T', sessionPolicy: 'logOffWhenIdle' };
		expect(readLoginTokenAccount({ ...data, usage: 'Single' }).policy).toBe('keep');
		expect(readLoginTokenAccount(data).policy).toBe('logOffWhenIdle');
	});

	it.each([
		['platformUrl', { userName: 'a', password: 'b' }, 'Server'],
		['userName', { platformUrl: 'acme', password: 'b' }, 'User Name'],
		['password', { platformUrl: 'acme', userName: 'a' }, 'Password'],
		[
			'idleSeconds',
			{ platformUrl: 'acme', userName: 'a', password: 'b', idleSeconds: -1 },
			'Idle Seconds',
		],
	])('name the field that is missing or wrong: %s', (_field, data, label) => {
		expect(() => readPasswordAccount(data)).toThrow(
			expect.objectContaining({
				code: 'DOCUWARE_CREDENTIAL_INVALID',
				message: expect.stringContaining(label) as unknown,
			}),
		);
	});

	it.each([
		['', 'https://dw.example.com/DocuWare/Identity'],
		['https://login-emea.docuware.cloud/guid/', 'https://login-emea.docuware.cloud/guid'],
		[
			'https://login-emea.docuware.cloud/guid/.well-known/openid-configuration',
			'https://login-emea.docuware.cloud/guid',
		],
		[
			'https://login-emea.docuware.cloud/guid/connect/token',
			'https://login-emea.docuware.cloud/guid',
		],
	])('read the Identity Service URL %j', (identityServiceUrl, host) => {
		const reading = readOAuth2Credential(
			{
				platformUrl: 'dw.example.com',
				identityServiceUrl,
				clientId: 'id',
				oauthTokenData: { access_token: 'a', refresh_token: 'r', expires_in: 3600 },
			},
			NOBODY,
		);
		expect(reading).toMatchObject({
			kind: 'authorization',
			authorization: { host, pair: { lifeMs: 3_600_000 } },
		});
	});
});

describe('readRefreshAnswer', () => {
	const read = (status: number, body: unknown) =>
		readRefreshAnswer(
			{ status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) },
			'spent',
			['spent'],
		);

	it('takes the rotated token, or leaves the old one in force', () => {
		expect(read(200, { access_token: 'a', refresh_token: 'n', expires_in: '60' })).toMatchObject({
			kind: 'granted',
			pair: { accessToken: 'a', refreshToken: 'n', lifeMs: 60_000 },
		});
		expect(read(200, { access_token: 'a' })).toMatchObject({ pair: { refreshToken: 'spent' } });
	});

	it.each([
		[400, { error: 'invalid_grant' }, 'lost'],
		[400, { error: 'invalid_client' }, 'configuration'],
		[429, '', 'refused'],
		[400, { error: 'invalid_request' }, 'refused'],
		[200, '<html>', 'unknown'],
		[503, '', 'unknown'],
		[400, '', 'unknown'],
	])('tells %s %j', (status, body, kind) => {
		expect(read(status, body).kind).toBe(kind);
	});
});

describe('licencePause', () => {
	it('is a thirteenth of the limit, within bounds', () => {
		expect([0, 2_600, 130_000, 3_600_000].map(licencePause)).toEqual([250, 250, 10_000, 10_000]);
	});
});
