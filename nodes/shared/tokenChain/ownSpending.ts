import type { LeaseHolding } from '../vault/leaseHolding';
import type { AttemptAhead, AttemptSubject } from '../vault/spending/attemptAhead';
import type { SpendResult } from '../vault/spending/spendSecret';
import { spendSecret } from '../vault/spending/spendSecret';
import { withProof } from './acceptance';
import { refreshTokenFingerprint, secretFingerprint } from './fingerprints';
import { conclusionOf } from './outcomes';
import type { ChainContext, TokenAnswer, TokenClient, TokenPair } from './types';
import type { ChainView } from './view';

/** One request that spends the refresh token of the record's own pair, under the record's lease. */
export interface OwnOrder {
	view: ChainView;
	client: TokenClient;
	holding: LeaseHolding;
	/** The fate of an earlier request is asked for by this one. */
	probe: boolean;
	/** Where the attempt was written down together with the taking of the lease. */
	ahead?: AttemptAhead | undefined;
}

/** What the log says of such a request. */
export function ownAttempt(
	{ vault }: ChainContext,
	{ record }: ChainView,
	probe: boolean,
): AttemptSubject {
	const { refreshToken } = vault.openSecret(record) as TokenPair;
	return {
		record,
		kind: probe ? 'probe' : 'refresh',
		spentFingerprint: refreshTokenFingerprint(vault, refreshToken),
	};
}

/**
 * Spends the refresh token once; its new pair is in the vault before anybody may use it, and the lease is
 * given back with it.
 * @throws ConnectorError of the vault.
 */
export async function spendOwn(
	chain: ChainContext,
	{ view, client, holding, probe, ahead }: OwnOrder,
): Promise<SpendResult<TokenAnswer, TokenPair>> {
	const { vault, policy } = chain;
	const { record, proofs } = view;
	const pair = vault.openSecret(record) as TokenPair;
	const refused = { record, secretFingerprint: secretFingerprint(vault, client) };
	return await spendSecret<TokenAnswer, TokenPair>({
		vault,
		...ownAttempt(chain, view, probe),
		...(ahead === undefined ? {} : { ahead }),
		holding,
		givesLeaseBack: true,
		send: async () => await policy.requestTokens(client, pair.refreshToken),
		conclude: (answer) =>
			withProof(conclusionOf(answer, pair, policy, refused), { ...refused, proofs }),
	});
}
