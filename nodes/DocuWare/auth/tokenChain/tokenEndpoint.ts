import { requestTokenPair } from '../../../shared/tokenChain/tokenRequest';
import type { TokenAnswer, TokenClient } from '../../../shared/tokenChain/types';
import { readTokenAnswer } from './tokenAnswer';

/**
 * Spends a refresh token at the Identity Service, `{host}/connect/token` (docs/facts/docuware.md 5.2).
 * Never throws.
 */
export async function requestTokens(
	client: TokenClient,
	refreshToken: string,
): Promise<TokenAnswer> {
	return await requestTokenPair({
		client,
		url: `${client.host}/connect/token`,
		fields: {
			grant_type: 'refresh_token',
			refresh_token: refreshToken,
			client_id: client.clientId,
			// A native app has no secret.
			...(client.clientSecret === '' ? {} : { client_secret: client.clientSecret }),
		},
		unavailableCode: 'DOCUWARE_TOKEN_ENDPOINT_UNAVAILABLE',
		read: (answer) => readTokenAnswer(answer, refreshToken, [refreshToken, client.clientSecret]),
	});
}
