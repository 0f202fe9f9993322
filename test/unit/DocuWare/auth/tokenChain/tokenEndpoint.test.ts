import { readOAuth2Credential } from '../../../../../nodes/DocuWare/auth/account/credentialData';
import { docuWareChainPolicy } from '../../../../../nodes/DocuWare/auth/tokenChain/chainPolicy';
import type { Authorization } from '../../../../../nodes/shared/tokenChain/types';
import type { AnsweringProxy } from '../../../shared/http/support/answeringProxy';
import { useAnsweringProxy } from '../../../shared/http/support/answeringProxy';

const NOBODY = { credentialId: null, credentialName: null, instanceId: null };

/** The authorization in a credential for a server that is reached over plain http. */
function authorizationFor(allowHttp: boolean): Authorization {
	const reading = readOAuth2Credential(
		{
			platformUrl: 'http://dw.test',
			clientId: 'app',
			clientSecret: '',
			allowHttp,
			oauthTokenData: { access_token: 'opaque', refresh_token: 'spent', expires_in: 3600 },
		},
		NOBODY,
	);
	if (reading.kind !== 'authorization') throw new Error('not an authorization');
	return reading.authorization;
}

describe('the Identity Service at an http:// address of another machine', () => {
	const answers = (): AnsweringProxy['answers'] => ({
		'http://dw.test/DocuWare/Identity/connect/token': {
			access_token: 'next',
			refresh_token: 'rotated',
			expires_in: 60,
		},
		'http://dw.test/DocuWare/Identity/connect/userinfo': { sub: 'USER-1', name: 'api' },
	});
	const network = useAnsweringProxy(answers);

	it('is asked for tokens where the credential allows it', async () => {
		const answer = await docuWareChainPolicy.requestTokens(authorizationFor(true), 'spent');
		expect(answer).toMatchObject({
			kind: 'granted',
			pair: { accessToken: 'next', refreshToken: 'rotated', lifeMs: 60_000 },
		});
		expect(network.proxy.forms).toEqual([
			{ grant_type: 'refresh_token', refresh_token: 'spent', client_id: 'app' },
		]);
	});

	it('is asked whose token it is where the credential allows it', async () => {
		const identity = await docuWareChainPolicy.whoAmI(authorizationFor(true), 'opaque');
		expect(identity).toEqual({ userId: 'user-1', userName: 'api' });
	});

	it('gets neither token where the credential does not allow it', async () => {
		const authorization = authorizationFor(false);
		expect(await docuWareChainPolicy.requestTokens(authorization, 'spent')).toMatchObject({
			kind: 'notSent',
		});
		await expect(docuWareChainPolicy.whoAmI(authorization, 'opaque')).rejects.toMatchObject({
			code: 'HTTP_INSECURE_URL',
		});
		expect(network.proxy.asked).toEqual([]);
	});
});
