import { DocuWareApi } from '../../../credentials/DocuWareApi.credentials';
import { preAuthenticateOAuth2 } from '../../../nodes/DocuWare/auth/preAuthenticationHook';
import { useAnsweringProxy } from '../../unit/shared/http/support/answeringProxy';
import { useDocuWare } from './support/useDocuWare';

const SERVER = 'http://dw.test';
const INSECURE = expect.objectContaining({
	message: expect.stringContaining('[HTTP_INSECURE_URL]') as unknown,
}) as unknown;

/**
 * What the vault holds may have been fetched while the credential, or another one of the same user,
 * allowed unencrypted connections; n8n would send it on without asking.
 */
describe('a server at an http:// address of another machine', () => {
	useDocuWare();
	const network = useAnsweringProxy(() => ({
		[`${SERVER}/DocuWare/Platform`]: { Version: '7.12.0.1', Links: [] },
		[`${SERVER}/DocuWare/Platform/Home/IdentityServiceInfo`]: {
			IdentityServiceUrl: `${SERVER}/DocuWare/Identity`,
		},
		[`${SERVER}/DocuWare/Identity/connect/token`]: { access_token: 'granted', expires_in: 3600 },
		[`${SERVER}/DocuWare/Identity/connect/userinfo`]: { sub: 'user' },
	}));

	it('gets the token of an OAuth2 credential only where the credential allows it', async () => {
		const credential = {
			platformUrl: SERVER,
			clientId: 'app',
			clientSecret: '',
			allowHttp: true,
			oauthTokenData: {
				access_token: 'connected',
				refresh_token: 'refresh',
				expires_in: 3600,
				n8n_expires_at: String(Date.now() + 3_600_000),
			},
		};
		const { oauthTokenData } = await preAuthenticateOAuth2(credential);
		expect(oauthTokenData.access_token).toBe('connected');
		await expect(preAuthenticateOAuth2({ ...credential, allowHttp: false })).rejects.toEqual(
			INSECURE,
		);
	});

	it('gets the session of a user only where the credential allows it', async () => {
		const credential = { platformUrl: SERVER, userName: 'api', password: 'word', allowHttp: true };
		const request = { url: `${SERVER}/DocuWare/Platform/Organizations` };
		const type = new DocuWareApi();
		const signed = await type.authenticate(credential, request);
		expect(signed.headers).toMatchObject({ Authorization: 'Bearer granted' });
		const { asked } = network.proxy;
		const before = asked.length;
		await expect(type.authenticate({ ...credential, allowHttp: false }, request)).rejects.toEqual(
			INSECURE,
		);
		expect(asked).toHaveLength(before);
	});

	// Red before: a cookie that is Secure was dropped there, and its licence stayed booked.
	it('keeps its session by a cookie that says Secure, where the credential allows http', async () => {
		const { proxy } = network;
		const logOn = `${SERVER}/DocuWare/Platform/Account/Logon`;
		proxy.answers[`${SERVER}/DocuWare/Platform`] = { Version: '7.10.0.1', Links: [] };
		proxy.answers[logOn] = { Version: '7.10.0.1' };
		proxy.cookies[logOn] = ['.DWPLATFORMAUTH=ABC; Path=/; Secure; HttpOnly; SameSite=None'];
		const credential = { platformUrl: SERVER, userName: 'api', password: 'word', allowHttp: true };
		const request = { url: `${SERVER}/DocuWare/Platform/Organizations` };
		const signed = await new DocuWareApi().authenticate(credential, request);
		expect(signed.headers).toMatchObject({ Cookie: '.DWPLATFORMAUTH=ABC' });
	});
});
