import {
	readLoginTokenAccount,
	readOAuth2Credential,
	readPasswordAccount,
} from '../../../../../nodes/DocuWare/auth/account/credentialData';

const NOBODY = { credentialId: null, credentialName: null, instanceId: null };

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
			'Idle Time (Seconds)',
		],
	])('name the field that is missing or wrong: %s', (_field, data, label) => {
		expect(() => readPasswordAccount(data)).toThrow(
			expect.objectContaining({
				code: 'DOCUWARE_CREDENTIAL_INVALID',
				message: expect.stringContaining(label) as unknown,
			}),
		);
	});

	const FILLED = { platformUrl: 'acme', userName: 'api', password: 'secret' };

	it('take a user and a password of digits, which an expression gives as a number', () => {
		const account = readPasswordAccount({ ...FILLED, userName: 4711, password: 20260.5 });
		expect(account).toMatchObject({ userName: '4711', password: '20260.5' });
	});

	it.each([
		['password', 2 ** 60, 'Password', 'exact'],
		['password', true, 'Password', 'no text'],
		['userName', { name: 'api' }, 'User Name', 'no text'],
		['userName', Number.NaN, 'User Name', 'no text'],
		['organization', undefined, 'Organization', 'gives undefined'],
		['organization', null, 'Organization', 'gives null'],
		['organization', ['Peters'], 'Organization', 'no text'],
		['identityServiceUrl', null, 'Identity Service URL', 'gives null'],
	])('refuse what an expression gives as %s: %j', (field, value, label, problem) => {
		expect(() => readPasswordAccount({ ...FILLED, [field]: value })).toThrow(
			expect.objectContaining({
				code: 'DOCUWARE_CREDENTIAL_INVALID',
				message: expect.stringMatching(`${label} .*${problem}`) as unknown,
			}),
		);
	});

	it.each(['authorizationCode', 'clientCredentials'])(
		'cut off blanks around the ids of an app registration (%s)',
		(grantType) => {
			const reading = readOAuth2Credential(
				{
					...{ platformUrl: ' dw.example.com ', grantType },
					...{ clientId: ' id ', clientSecret: '\tsecret\n' },
					oauthTokenData: { access_token: 'a', refresh_token: 'r', expires_in: 3600 },
				},
				NOBODY,
			);
			const told = reading.kind === 'authorization' ? reading.authorization : reading.account;
			expect(told).toMatchObject({ clientId: 'id', clientSecret: 'secret' });
		},
	);

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
		['HTTPS://LOGIN-emea.DocuWare.cloud/Guid', 'https://login-emea.docuware.cloud/Guid'],
		['https://login-emea.docuware.cloud:443/guid/', 'https://login-emea.docuware.cloud/guid'],
		['http://localhost:80', 'http://localhost'],
		[
			'https://dw.example.com:8443/DocuWare/Identity',
			'https://dw.example.com:8443/DocuWare/Identity',
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
