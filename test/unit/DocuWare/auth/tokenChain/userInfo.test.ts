import { docuWareChainPolicy } from '../../../../../nodes/DocuWare/auth/tokenChain/chainPolicy';
import type { TokenClient } from '../../../../../nodes/shared/tokenChain/types';
import { useAnsweringProxy } from '../../../shared/http/support/answeringProxy';

const HOST = 'http://dw.test/DocuWare/Identity';
const CLIENT: TokenClient = {
	...{ host: HOST, clientId: 'app', clientSecret: '' },
	...{ ignoreSslIssues: false, allowHttp: true },
};

const network = useAnsweringProxy(() => ({}));

function service(userInfoEndpoint: unknown) {
	network.proxy.answers = {
		[`${HOST}/.well-known/openid-configuration`]: {
			issuer: HOST,
			userinfo_endpoint: userInfoEndpoint,
		},
		[`${HOST}/connect/userinfo`]: { sub: 'by the usual address' },
		'http://dw.test/elsewhere/userinfo': { sub: 'by the named address' },
		'http://evil.test/userinfo': { sub: 'by another host' },
	};
}

it.each([
	['names one of its own origin', 'http://dw.test/elsewhere/userinfo', 'by the named address'],
	['names one of another host', 'http://evil.test/userinfo', 'by the usual address'],
	['names none', undefined, 'by the usual address'],
	['names no address at all', 42, 'by the usual address'],
])('asks the userinfo that the discovery document names: it %s', async (_name, named, userId) => {
	service(named);
	expect(await docuWareChainPolicy.whoAmI(CLIENT, 'opaque')).toMatchObject({ userId });
	expect(network.proxy.asked.filter((url) => url.includes('evil'))).toEqual([]);
});

it('asks the usual one where there is no discovery document', async () => {
	service(undefined);
	delete network.proxy.answers[`${HOST}/.well-known/openid-configuration`];
	const identity = await docuWareChainPolicy.whoAmI(CLIENT, 'opaque');
	expect(identity).toMatchObject({ userId: 'by the usual address' });
});
