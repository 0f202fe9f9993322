import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { readTargetUrl } from '../../shared/http';
import { asHook } from '../../shared/node/hookErrors';
import type { HookToken } from '../../shared/tokenChain/tokenData';
import { hookToken } from '../../shared/tokenChain/tokenData';
import { exactTokenChain } from './chainPolicy';
import { readAuthorization } from './credentialData';
import { livingToken } from './livingToken';

/**
 * What n8n calls before every request that any node makes with the credential (n8n 2.20 and later,
 * docs/facts/n8n.md, "The OAuth2 hook"). It takes a newly connected authorization into the vault and
 * hands out the vault's access token, without a refresh token, so that nothing but the vault can spend
 * one.
 *
 * @returns what n8n lays over the decrypted credential; n8n does not save it.
 * @throws UserError whose description is the repair.
 */
export async function preAuthenticate(
	credential: ICredentialDataDecryptedObject,
): Promise<HookToken> {
	return await asHook(async () => {
		const authorization = readAuthorization(credential, {
			credentialId: null,
			credentialName: null,
			instanceId: null,
		});
		// n8n sends the token without asking whether the way is encrypted.
		readTargetUrl(authorization.host, authorization.allowHttp === true);
		const chain = await exactTokenChain();
		const token = await chain.getToken(authorization, 'normal');
		return hookToken((await livingToken(chain, authorization, token)).accessToken);
	});
}
