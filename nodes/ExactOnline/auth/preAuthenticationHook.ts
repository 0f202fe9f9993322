import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { isConnectorError } from '../../shared/errors';
import { readAuthorization } from './credentialData';
import { exactTokenChain } from './exactTokenChain';

/**
 * What n8n calls before every request that any node makes with the credential (n8n 2.20 and later,
 * facts/n8n.md "The OAuth2 hook"). It takes a newly connected authorization into the vault and hands
 * out the vault's access token, without a refresh token, so that nothing but the vault can spend one.
 *
 * @returns what n8n lays over the decrypted credential; n8n does not save it.
 * @throws UserError whose description is the repair.
 */
export async function preAuthenticate(
	credential: ICredentialDataDecryptedObject,
): Promise<{ oauthTokenData: { access_token: string; token_type: string } }> {
	try {
		const authorization = readAuthorization(credential, {
			credentialId: null,
			credentialName: null,
			instanceId: null,
		});
		const chain = await exactTokenChain();
		const { accessToken } = await chain.getToken(authorization, 'normal');
		return { oauthTokenData: { access_token: accessToken, token_type: 'Bearer' } };
	} catch (error) {
		throw forUser(error);
	}
}

/** n8n shows message and description of a UserError thrown in the hook (facts/n8n.md). */
function forUser(error: unknown): unknown {
	if (!isConnectorError(error)) return error;
	return new UserError(`${error.message} [${error.code}]`, { description: error.repair });
}
