import { preAuthenticate } from '../../../../nodes/ExactOnline/auth/preAuthenticationHook';

const credential = {
	accessTokenUrl: 'http://exact.test/api/oauth2/token',
	clientId: 'app',
	clientSecret: 'secret',
	oauthTokenData: { access_token: 'a', refresh_token: 'r' },
};

it('gives n8n no token for an http:// address of another machine that is not allowed', async () => {
	await expect(preAuthenticate(credential)).rejects.toMatchObject({
		message: expect.stringContaining('[HTTP_INSECURE_URL]') as unknown,
		description: expect.stringContaining('https://') as unknown,
	});
});

it('says what to do where the credential is not connected', async () => {
	await expect(preAuthenticate({ ...credential, oauthTokenData: {} })).rejects.toMatchObject({
		message: expect.stringContaining('[EXACT_NOT_CONNECTED]') as unknown,
		description: expect.stringContaining('press Connect') as unknown,
	});
});
