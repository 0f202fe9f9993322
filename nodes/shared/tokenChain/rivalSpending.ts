import type { SqlTransaction } from '../vault/database/transaction';
import type { LeaseHolding } from '../vault/leaseHolding';
import { RIVAL_ATTEMPT } from '../vault/rows/attempts';
import { saveRefusal } from '../vault/rows/authorizations';
import type { Proof } from '../vault/rows/proofs';
import { dropProof } from '../vault/rows/proofs';
import type { VaultRecord } from '../vault/rows/records';
import type { Rival } from '../vault/rows/rivals';
import { markTried, setRivalAside, unmarkTried } from '../vault/rows/rivals';
import type { Conclusion, GrantedSecret, SpendResult } from '../vault/spending/spendSecret';
import { spendSecret } from '../vault/spending/spendSecret';
import { isProved, noteIssued } from './access';
import { noteAskedPause } from './askedPause';
import { refreshTokenFingerprint, secretFingerprint } from './fingerprints';
import { fateOfRival, outcomeOf } from './outcomes';
import type { RivalPlace } from './proving';
import { proveRival } from './proving';
import type { ChainContext, FailedAnswer, TokenAnswer, TokenClient, TokenPair } from './types';
import { dropWishes } from './wishes';

/** One request that spends a rival's refresh token, under the lease of the record it stands beside. */
export interface RivalOrder {
	record: VaultRecord;
	proofs: readonly Proof[];
	rival: Rival;
	client: TokenClient;
	holding: LeaseHolding;
}

/** What came of it; `place`: where the new pair stands. */
export type RivalSpent =
	| Exclude<SpendResult<TokenAnswer, TokenPair>, { kind: 'saved' }>
	| {
			kind: 'saved';
			place: RivalPlace;
			generation: number;
			granted: GrantedSecret<TokenPair>;
			stoodStillMs: number;
	  };

/**
 * Lets the service decide about a rival (docs/architecture.md, rule 10). Accepted, its new pair is saved in
 * its own place first; then the service is asked whose it is. So it proves the authorization that
 * brought it, and becomes the record's pair, unless log-ins live side by side and the record has a pair
 * of its own. Refused, it alone is set aside. Whatever the answer, it neither breaks the record nor
 * counts for the record's own pair.
 * @throws ConnectorError of the vault.
 */
export async function spendRival(chain: ChainContext, order: RivalOrder): Promise<RivalSpent> {
	const { record, proofs, rival, client } = order;
	const spent = await sendRival(chain, order);
	if (typeof spent === 'string' || spent.kind !== 'saved') return spent;
	const { granted, stoodStillMs } = spent;
	const { pairOf } = record.meta;
	const isOwnProved = typeof pairOf !== 'string' || isProved(proofs, pairOf);
	const staysBeside = chain.policy.sideBySide && record.state === 'active' && isOwnProved;
	const place = await proveRival(chain, { record, proofs, client, granted }, rival, staysBeside);
	const generation = place.at === 'record' ? place.generation : spent.generation;
	return { kind: 'saved', place, generation, granted, stoodStillMs };
}

async function sendRival(
	{ vault, policy }: ChainContext,
	order: RivalOrder,
): Promise<SpendResult<TokenAnswer, TokenPair>> {
	const { record, rival, client, holding } = order;
	const pair = vault.openSecret(rival) as TokenPair;
	const secret = secretFingerprint(vault, client);
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
			if (answer.kind !== 'granted') {
				return { kind: 'ended', end: refusedEnd(order, answer, secret) };
			}
			const lifeMs = answer.pair.lifeMs ?? pair.lifeMs ?? policy.defaultLifeMs;
			const { requestedAt, receivedAt } = answer;
			const granted = {
				secret: { ...answer.pair, lifeMs },
				meta: { lifeMs, ageUncertain: false, pairOf: rival.authorization },
				requestedAt,
				receivedAt,
				accepted: {
					fingerprint: refreshTokenFingerprint(vault, answer.pair.refreshToken),
					authorizations: [],
					secretFingerprint: secret,
				},
			};
			return { kind: 'granted', granted };
		},
	});
}

function refusedEnd({ record, rival }: RivalOrder, answer: FailedAnswer, secret: string) {
	const { code, detail } = answer;
	const fate = fateOfRival(answer);
	function* also(): SqlTransaction<void> {
		yield* noteAskedPause(record.id, answer.retryAfterMs);
		if (answer.showsIssued === true) {
			yield* noteIssued(record, rival.authorization, rival.reconnect);
		}
		if (fate === 'setAside') {
			yield* setRivalAside(rival.id, code);
			if (rival.authorization === null) return;
			yield* dropWishes(record.id, rival.authorization);
			return;
		}
		if (answer.kind !== 'configuration') return;
		yield* saveRefusal(record.id, secret, code, detail);
		yield* dropProof(record.id, 'waits', secret);
		yield* unmarkTried(rival.id, rival.triedAt);
	}
	return { outcome: outcomeOf(answer), detail: `${code}: ${detail}`, also };
}
