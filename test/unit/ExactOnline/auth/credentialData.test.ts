import { baseUrlOf, readAuthorization } from '../../../../nodes/ExactOnline/auth/credentialData';

const NOBODY = { credentialId: null, credentialName: null, instanceId: null };

const connected = {
	accessTokenUrl: 'https://start.exactonline.nl/api/oauth2/token',
	clientId: 'app',
	clientSecret: 'secret',
	oauthTokenData: {
		access_token: 'a',
		refresh_token: 'r',
		expires_in: '600',
		n8n_expires_at: '1700000600000',
	},
};

describe('reading an Exact Online credential', () => {
	it('knows when the authorization was issued from what n8n noted', () => {
		expect(readAuthorization(connected, NOBODY)).toEqual({
			host: 'https://start.exactonline.nl',
			clientId: 'app',
			clientSecret: 'secret',
			pair: { accessToken: 'a', refreshToken: 'r', lifeMs: 600_000 },
			issuedAt: 1_700_000_000_000,
			ignoreSslIssues: false,
			allowHttp: false,
			presenter: { ...NOBODY, duplicatePolicy: 'refuse' },
		});
	});

	it('takes blanks around the client id and the secret for slips of the hand', () => {
		const typed = { ...connected, clientId: ' app\t', clientSecret: '\nsecret ' };
		expect(readAuthorization(typed, NOBODY)).toMatchObject({
			clientId: 'app',
			clientSecret: 'secret',
		});
	});

	it('lets the administrator refuse duplicates, whatever a credential chooses', () => {
		const sharing = { ...connected, duplicateRegistration: 'share' };
		const presenter = () => readAuthorization(sharing, NOBODY).presenter;
		expect(presenter().duplicatePolicy).toBe('share');
		expect(presenter().duplicatesRefused).toBeUndefined();
		process.env.N8N_EXACTONLINE_DOCUWARE_DUPLICATES = 'refuse';
		try {
			expect(presenter()).toMatchObject({ duplicatePolicy: 'refuse', duplicatesRefused: true });
		} finally {
			delete process.env.N8N_EXACTONLINE_DOCUWARE_DUPLICATES;
		}
	});

	it('does without that note', () => {
		const { n8n_expires_at: _note, ...oauthTokenData } = connected.oauthTokenData;
		const authorization = readAuthorization({ ...connected, oauthTokenData }, NOBODY);
		expect(authorization.issuedAt).toBeNull();
	});

	it.each([undefined, null, {}, { access_token: 'a' }, { refresh_token: 'r' }])(
		'says that %p is not connected',
		(oauthTokenData) => {
			expect(() => readAuthorization({ ...connected, oauthTokenData }, NOBODY)).toThrow(
				expect.objectContaining({
					code: 'EXACT_NOT_CONNECTED',
					repair: expect.stringContaining('Connect'),
				}),
			);
		},
	);

	it.each([
		['clientId', 'Client ID'],
		['clientSecret', 'Client Secret'],
	])('names an empty %s', (field, label) => {
		expect(() => readAuthorization({ ...connected, [field]: ' ' }, NOBODY)).toThrow(
			expect.objectContaining({
				code: 'EXACT_CREDENTIAL_INVALID',
				message: expect.stringContaining(label),
			}),
		);
	});

	it.each([
		['https://start.exactonline.be', 'https://start.exactonline.be'],
		[' https://Start.ExactOnline.be:443', 'https://start.exactonline.be'],
		['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
	])('brings the address %p into its one spelling', (address, expected) => {
		expect(baseUrlOf({ accessTokenUrl: `${address}/api/oauth2/token ` })).toBe(expected);
	});

	it.each([
		'start.exactonline.nl',
		'ftp://start.exactonline.nl',
		'https://start.exactonline.nl@evil.example',
		'https://start.exactonline.nl:443@evil.example/',
		'https://@evil.example',
		'https:\\\\start.exactonline.nl@evil.example',
		'https:\\\\@evil.example',
		'https://start.exactonline.nl/some/path',
	])('refuses the address %p, which n8n lets anybody write', (address) => {
		expect(() => baseUrlOf({ accessTokenUrl: `${address}/api/oauth2/token` })).toThrow(
			expect.objectContaining({ message: expect.stringContaining('Base URL') }),
		);
	});

	it('says where an address with a user name leads', () => {
		const accessTokenUrl = 'https://start.exactonline.nl@evil.example/api/oauth2/token';
		expect(() => baseUrlOf({ accessTokenUrl })).toThrow(
			expect.objectContaining({ message: expect.stringContaining('leads to evil.example') }),
		);
	});

	it.each([
		['/api/oauth2/token', 'Base URL'],
		['', 'Region'],
		[undefined, 'Region'],
	])('says of %p that %s is empty', (accessTokenUrl, label) => {
		expect(() => baseUrlOf({ accessTokenUrl })).toThrow(
			`The field ${label} of the Exact Online credential is empty.`,
		);
	});
});
