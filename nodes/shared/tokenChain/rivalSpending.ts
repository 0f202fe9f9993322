import type { SqlTransaction } from '../vault/database/transaction';
import type { LeaseHolding } from '../vault/leaseHolding';
import { saveRefusal } from '../vault/rows/authorizations';
import { dropProof } from '../vault/rows/proofs';
import type { VaultRecord } from '../vault/rows/records';
import type { Rival } from '../vault/rows/rivals';
import { markTried, setRivalAside, unmarkTried } from '../vault/rows/rivals';
import type { Conclusion, SpendResult } from '../vault/spending/spendSecret';
import { spendSecret } from '../vault/spending/spendSecret';
import { refreshTokenFingerprint, secretFingerprint } from './fingerprints';
import { fateOfRival, outcomeOf } from './outcomes';
import { settleAcceptedRival } from './rivalAcceptance';
import { RIVAL_ATTEMPT } from './rivalTurn';
import type { ChainContext, FailedAnswer, TokenAnswer, TokenClient, TokenPair } from './types';

/** One request that spends a rival's refresh token, under the lease of the record it stands beside. */
export interface RivalOrder {
	record: VaultRecord;
	rival: Rival;
	client: TokenClient;
	holding: LeaseHolding;
	/** The new pair stays beside the record's own one; else it becomes the record's pair. */
	staysBeside: boolean;
}

/**
 * Lets the service decide about a rival (docs/architecture.md, rule 10): accepted, it proves the
 * authorization that brought it and the client secret used, once the service has said that its new token is
 * this user's; refused, it alone is set aside. Whatever the answer, it neither breaks the record nor
 * counts for the record's own pair.
 * @throws ConnectorError of the vault.
 */
export async function spendRival(
	chain: ChainContext,
	order: RivalOrder,
): Promise<SpendResult<TokenAnswer, TokenPair>> {
	const { vault } = chain;
	const { authorization } = order.rival;
	const secret = secretFingerprint(vault, order.client);
	const spent = await exchange(chain, order, secret);
	if (typeof spent === 'string' || spent.kind !== 'saved') return spent;
	const authorizations = authorization === null ? [] : [authorization];
	const accepted = { authorizations, secretFingerprint: secret };
	return await settleAcceptedRival(chain, { ...order, accepted }, spent);
}

/** The new pair stands beside the record first, as the old one did, whoever it turns out to belong to. */
async function exchange(
	{ vault, policy }: ChainContext,
	order: RivalOrder,
	secret: string,
): Promise<SpendResult<TokenAnswer, TokenPair>> {
	const { record, rival, client, holding } = order;
	const pair = vault.openSecret(rival) as TokenPair;
	return await spendSecret<TokenAnswer, TokenPair>({
		vault,
		record,
		holding,
		kind: RIVAL_ATTEMPT,
		spentFingerprint: refreshTokenFingerprint(vault, pair.refreshToken),
		mark: () => markTried(rival.id),
		unmark: () => unmarkTried(rival.id, rival.triedAt),
		saveTo: rival,
		send: async () => await policy.requestTokens(client, pair.refreshToken),
		conclude: (answer): Conclusion<TokenPair> => {
			if (answer.kind !== 'granted')
				return { kind: 'ended', end: refusedEnd(order, answer, secret) };
			const lifeMs = answer.pair.lifeMs ?? pair.lifeMs ?? policy.defaultLifeMs;
			const { requestedAt, receivedAt } = answer;
			const fingerprint = refreshTokenFingerprint(vault, answer.pair.refreshToken);
			const granted = {
				secret: { ...answer.pair, lifeMs },
				meta: { lifeMs, ageUncertain: false, pairOf: rival.authorization },
				requestedAt,
				receivedAt,
				accepted: { fingerprint, authorizations: [], secretFingerprint: secret },
			};
			return { kind: 'granted', granted };
		},
	});
}

function refusedEnd({ record, rival }: RivalOrder, answer: FailedAnswer, secret: string) {
	const { code, detail } = answer;
	const fate = fateOfRival(answer);
	function* also(): SqlTransaction<void> {
		if (fate === 'setAside') {
			yield* setRivalAside(rival.id, code);
			if (rival.authorization === null) return;
			yield* dropProof(record.id, 'share', rival.authorization);
			yield* dropProof(record.id, 'takeOver', rival.authorization);
			return;
		}
		if (answer.kind !== 'configuration') return;
		yield* saveRefusal(record.id, secret, code, detail);
		yield* dropProof(record.id, 'waits', secret);
		yield* unmarkTried(rival.id, rival.triedAt);
	}
	return { outcome: outcomeOf(answer), detail: `${code}: ${detail}`, also };
}
