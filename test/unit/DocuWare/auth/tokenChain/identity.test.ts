import { generateKeyPairSync, sign } from 'node:crypto';

import { whoAmI } from '../../../../../nodes/DocuWare/auth/tokenChain/identity';
import { useAnsweringProxy } from '../../../shared/http/support/answeringProxy';

const HOST = 'http://login.test/tenant';
const CLIENT = { host: HOST, clientId: 'app', clientSecret: '', ignoreSslIssues: false };

const service = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

const jwks = ({ publicKey }: typeof service) => ({ keys: [publicKey.export({ format: 'jwk' })] });

function tokenSignedBy({ privateKey }: typeof service, app = 'app'): string {
	const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const claims = { iss: HOST, sub: 'User-1', client_id: app, exp: Date.now() / 1000 + 600 };
	const text = `${encode({ alg: 'RS256' })}.${encode(claims)}`;
	return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}

describe('whose token it is, where the service has no userinfo', () => {
	const network = useAnsweringProxy(() => ({
		[`${HOST}/.well-known/openid-configuration`]: { issuer: HOST, jwks_uri: `${HOST}/jwks` },
		[`${HOST}/jwks`]: jwks(service),
		'http://evil.test/jwks': jwks(stranger),
	}));
	const ask = async (token: string) => await whoAmI({ ...CLIENT, allowHttp: true }, token);

	it('its signature tells, by the keys of the service', async () => {
		await expect(ask(tokenSignedBy(service))).resolves.toMatchObject({ userId: 'user-1' });
		await expect(ask(tokenSignedBy(stranger))).resolves.toBe('unauthorized');
	});

	it('its app is the one of the credential however that writes the client id, and no other', async () => {
		const id = '3f0e6c58-94d1-4e0c-8f60-6f1b6d2a7e01';
		const token = tokenSignedBy(service, id);
		const by = async (clientId: string) =>
			await whoAmI({ ...CLIENT, clientId, allowHttp: true }, token);
		await expect(by(`{${id.toUpperCase()}}`)).resolves.toMatchObject({ userId: 'user-1' });
		await expect(by('app')).rejects.toMatchObject({ code: 'DOCUWARE_NOT_CONNECTED' });
	});

	it('no key of another host counts, whatever the discovery says', async () => {
		network.proxy.answers[`${HOST}/.well-known/openid-configuration`] = {
			issuer: HOST,
			jwks_uri: 'http://evil.test/jwks',
		};
		await expect(ask(tokenSignedBy(stranger))).rejects.toMatchObject({
			code: 'DOCUWARE_IDENTITY_UNAVAILABLE',
		});
		expect(network.proxy.asked).not.toContain('http://evil.test/jwks');
	});
});
