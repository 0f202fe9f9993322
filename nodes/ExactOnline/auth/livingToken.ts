import type { Pauses } from '../../shared/process/pauses';
import { isPaused, pauseFor } from '../../shared/process/pauses';
import { presentMeanwhile } from '../../shared/process/presentMeanwhile';
import { processState } from '../../shared/process/processState';
import { singleFlight } from '../../shared/process/singleFlight';
import { presentationKey } from '../../shared/tokenChain/fingerprints';
import { isPerhapsEnded } from '../../shared/tokenChain/laterLogIns';
import type { TokenChain } from '../../shared/tokenChain/tokenChain';
import type { AccessToken, Authorization } from '../../shared/tokenChain/types';

/** So often at most Exact Online is asked about a token, in milliseconds. */
const PAUSE_MS = 60_000;

/** So many authorizations are remembered. */
const MOST_REMEMBERED = 1_000;

/** By vault and authorization: its token is not asked about again. */
function asked(): Pauses {
	return processState('exactHookProbes1', () => new Map<string, number>());
}

/** By vault, authorization and generation: Exact Online has refused this token, until it ends. */
function refused(): Pauses {
	return processState('exactHookRefused1', () => new Map<string, number>());
}

/**
 * A token for the HTTP Request node, whose answers n8n does not show to the hook. Where a later log-in of the
 * same app and user stands in the vault, which may have ended the token (docs/facts/exact-online.md 1.5), Exact
 * Online is asked whose it is, at most once a minute; refused, it is replaced as a node would replace it after
 * a 401, and not asked about again: another one is looked for each minute. Nobody waits longer than half a
 * second for that, and a failure leaves the token as it is. A log-in that is served from a pair of its own, beside
 * the record's, is not looked at.
 */
export async function livingToken(
	chain: TokenChain,
	authorization: Authorization,
	token: AccessToken,
): Promise<AccessToken> {
	const { vault, policy } = chain;
	if (!isPerhapsEnded(vault, authorization, token)) return token;
	const key = `${vault.vaultId}|${presentationKey(vault, authorization)}`;
	if (isPaused(asked(), key)) return token;
	const flight = `exact hook|${key}`;
	const found = singleFlight(flight, async () => {
		pauseFor(asked(), key, PAUSE_MS, MOST_REMEMBERED);
		const one = `${key}|${token.generation}`;
		if (!isPaused(refused(), one)) {
			const user = await policy.whoAmI(authorization, token.accessToken);
			if (user !== 'unauthorized') return token;
			// Of a token whose age is uncertain nobody knows when it ends.
			const restMs = Math.min(token.validUntil - performance.now(), policy.defaultLifeMs);
			pauseFor(refused(), one, restMs, MOST_REMEMBERED);
		}
		return (await chain.replaceRefused(authorization, token, 'normal')) ?? token;
	});
	return await presentMeanwhile(flight, found, { present: () => token, excuses: () => true });
}
