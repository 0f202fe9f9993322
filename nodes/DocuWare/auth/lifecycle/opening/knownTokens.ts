import type { Vault } from '../../../../shared/vault/vault';
import type { SessionAccount } from '../../account/sessionAccount';
import type { SessionSecret, SessionView, StoredLoginToken } from '../../record/sessionRecord';
import { secretsOf } from '../../record/sessionRecord';
import { knownToken } from '../../record/singleTokens';
import type { OpeningRequest } from './openingTypes';

/** What a record holds, each token with what is known of it; and so the token that was handed over, where one was. */
export interface KnownTokens {
	secret: SessionSecret;
	given: StoredLoginToken | undefined;
}

/** The tokens at hand with what is known of each; what the credential says of its own counts first. */
export async function knownTokens(
	vault: Vault,
	account: SessionAccount,
	view: SessionView,
	only: OpeningRequest['storedTokenOnly'] = false,
): Promise<KnownTokens> {
	const secret = secretsOf(vault, view.record);
	const given = typeof only === 'boolean' ? null : { ...only, expiresAt: null, spent: false };
	const source =
		secret.sourceToken && account.kind === 'loginToken'
			? { ...secret.sourceToken, usage: account.usage }
			: secret.sourceToken;
	return await vault.read(function* () {
		const loginToken = yield* knownToken(vault, secret.loginToken);
		const sourceToken = yield* knownToken(vault, source);
		const known = yield* knownToken(vault, given);
		return { secret: { ...secret, loginToken, sourceToken }, given: known ?? undefined };
	});
}
