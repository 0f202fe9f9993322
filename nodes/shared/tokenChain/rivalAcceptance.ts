import { isConnectorError } from '../errors';
import type { SqlTransaction } from '../vault/database/transaction';
import { storeNow } from '../vault/database/transaction';
import { dropProof } from '../vault/rows/proofs';
import type { VaultRecord } from '../vault/rows/records';
import { readRecord, updateRecord } from '../vault/rows/records';
import type { Rival } from '../vault/rows/rivals';
import { readRival, setRivalAside } from '../vault/rows/rivals';
import type { Acceptance } from '../vault/spending/acceptance';
import { settleAcceptance } from '../vault/spending/acceptance';
import type { SpendResult } from '../vault/spending/spendSecret';
import type { Vault } from '../vault/vault';
import { identityKey } from './identityKey';
import type { ChainContext, FailedAnswer, TokenAnswer, TokenClient, TokenPair } from './types';

type Saved = Extract<SpendResult<TokenAnswer, TokenPair>, { kind: 'saved' }>;

/** A pair beside a record, just accepted; its new tokens stand beside the record already. */
export interface AcceptedRival {
	record: VaultRecord;
	rival: Rival;
	client: TokenClient;
	/** What the acceptance proves once it is known whose pair it is. */
	accepted: Acceptance;
	/** The new pair stays beside the record's own one; else it becomes the record's pair. */
	staysBeside: boolean;
}

/**
 * The service has accepted a rival's refresh token, but only its new access token tells whose that was: a
 * forged pair may put a leaked access token of this user before the refresh token of another one. So the
 * service is asked before the pair proves anything or takes the place of the record's own.
 * @returns `saved` with the generation of the pair that the new tokens belong to now; `ended` where they
 * are another user's, or nobody has told.
 * @throws ConnectorError of the vault.
 */
export async function settleAcceptedRival(
	chain: ChainContext,
	order: AcceptedRival,
	spent: Saved,
): Promise<SpendResult<TokenAnswer, TokenPair>> {
	const { vault } = chain;
	const { record } = order;
	const owner = await ownerOf(chain, order.client, spent.granted.secret.accessToken);
	if (owner === undefined) return { ...spent, kind: 'ended', answer: NOT_TOLD };
	if (owner !== record.identity) {
		await vault.writeAt(record.id, () => refuseForeign(order));
		return { ...spent, kind: 'ended', answer: ANOTHER_USERS };
	}
	const settled = await vault.writeAt(record.id, () => settle(vault, order, spent));
	if (settled === undefined) return 'overtaken';
	// A save that this process makes by itself is remembered; this pair was saved beside the record.
	if (settled.record !== undefined) vault.rememberSecret(settled.record, spent.granted.meta);
	return { ...spent, generation: settled.generation };
}

const NOT_TOLD: FailedAnswer = {
	kind: 'refused',
	code: '',
	detail: 'the service accepted a token, but did not say whose it is',
};

const ANOTHER_USERS: FailedAnswer = {
	kind: 'lost',
	code: '',
	detail: 'the token is another user’s',
};

/** Kept, but worth nothing here, and nor is what its authorization has asked for. */
function* refuseForeign({ record, rival }: AcceptedRival): SqlTransaction<void> {
	yield* setRivalAside(rival.id, '');
	if (rival.authorization === null) return;
	yield* dropProof(record.id, 'share', rival.authorization);
	yield* dropProof(record.id, 'takeOver', rival.authorization);
}

/** The identity that an access token belongs to; undefined where the service does not tell. */
async function ownerOf(
	{ policy }: ChainContext,
	client: TokenClient,
	accessToken: string,
): Promise<string | undefined> {
	const identity = await policy.whoAmI(client, accessToken).catch((error: unknown) => {
		if (!isConnectorError(error)) throw error;
		return undefined;
	});
	if (identity === undefined || identity === 'unauthorized') return undefined;
	return identityKey({ ...client, service: policy.service }, identity);
}

/** The generation of the pair that new tokens belong to, and the record where it is that one's. */
interface Settled {
	generation: number;
	record?: VaultRecord;
}

/** @returns undefined where somebody else has changed the record or the pair meanwhile. */
function* settle(
	vault: Vault,
	{ record, rival, accepted, staysBeside }: AcceptedRival,
	{ generation, granted }: Saved,
): SqlTransaction<Settled | undefined> {
	const receivedAgoMs = performance.now() - granted.receivedAt;
	const present = yield* readRecord(record.id);
	const beside = yield* readRival(rival.id);
	if (present?.id !== record.id || present.generation !== record.generation) return undefined;
	if (beside?.generation !== generation) return undefined;
	if (staysBeside) {
		yield* settleAcceptance(rival.id, accepted);
		return { generation };
	}
	const next = present.generation + 1;
	const settled: VaultRecord = {
		...present,
		generation: next,
		state: 'active',
		brokenCode: null,
		sealed: vault.sealSecret(present.id, next, granted.secret),
		meta: { ...present.meta, ...granted.meta },
		requestedAt: beside.at,
		// Too late a time is safe, too early a one is not: the age was measured before the clock is asked.
		receivedAt: (yield* storeNow()) - Math.round(receivedAgoMs),
	};
	yield* updateRecord(settled);
	yield* settleAcceptance(present.id, { ...accepted, rivalId: rival.id });
	return { generation: next, record: settled };
}
