import { requestTokenPair } from '../../shared/tokenChain/tokenRequest';
import type { TokenAnswer, TokenClient } from '../../shared/tokenChain/types';
import { tokenUrl } from './regions';
import { readTokenAnswer } from './tokenAnswer';

/**
 * Spends a refresh token at `{host}/api/oauth2/token` (docs/facts/exact-online.md 1.3: form body,
 * client id and secret in the body). Never throws.
 */
export async function requestTokens(
	client: TokenClient,
	refreshToken: string,
): Promise<TokenAnswer> {
	return await requestTokenPair({
		client,
		url: tokenUrl(client.host),
		fields: {
			grant_type: 'refresh_token',
			refresh_token: refreshToken,
			client_id: client.clientId,
			client_secret: client.clientSecret,
		},
		unavailableCode: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE',
		read: (answer) => readTokenAnswer(answer, [refreshToken, client.clientSecret]),
	});
}
