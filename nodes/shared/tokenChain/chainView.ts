import type { Attempt } from '../vault/rows/attempts';
import { attemptsAt } from '../vault/rows/attempts';
import type { SqlTransaction } from '../vault/database/transaction';
import { storeNow } from '../vault/database/transaction';
import type { VaultRecord } from '../vault/rows/records';
import { readRecord } from '../vault/rows/records';
import type { Vault } from '../vault/vault';
import type { RememberedToken } from './chainMemory';
import { chainMemory } from './chainMemory';
import type { ChainFacts } from './plan';
import type { ChainPolicy, TokenPair } from './types';

/** A record as the store has it, with its clock and this process's clock at the same moment. */
export interface ChainView {
	record: VaultRecord;
	attempts: Attempt[];
	/** Store clock when this was read. */
	storeNow: number;
	/** Monotonic clock when this was read. */
	monotonicNow: number;
	lifeMs: number;
}

/** Reads record and attempts in one go; undefined where the record is gone. */
export async function readChain(
	vault: Vault,
	policy: ChainPolicy,
	recordId: string,
): Promise<ChainView | undefined> {
	const found = await vault.read(() => chainRows(recordId));
	if (found === undefined) return undefined;
	const { lifeMs } = found.record.meta;
	return {
		...found,
		monotonicNow: performance.now(),
		lifeMs: typeof lifeMs === 'number' && lifeMs > 0 ? lifeMs : policy.defaultLifeMs,
	};
}

function* chainRows(
	recordId: string,
): SqlTransaction<{ record: VaultRecord; attempts: Attempt[]; storeNow: number } | undefined> {
	const record = yield* readRecord(recordId);
	if (record === undefined) return undefined;
	const attempts = yield* attemptsAt(record.id, record.generation);
	return { record, attempts, storeNow: yield* storeNow() };
}

/**
 * The facts for a decision. Ages come from the monotonic clock where this process saw the token
 * arrive, else from the store's clock.
 *
 * @param refusedGeneration generation whose access token the service has just refused.
 */
export function factsOf(
	view: ChainView,
	policy: ChainPolicy,
	memory: RememberedToken | undefined,
	refusedGeneration: number | undefined,
): ChainFacts {
	const toMonotonic = (storeTime: number) => view.monotonicNow - (view.storeNow - storeTime);
	const seenHere = memory?.generation === view.record.generation ? memory : undefined;
	const { requestedAt, receivedAt } = view.record;
	return {
		now: performance.now(),
		requestedAt: seenHere?.requestedAt ?? (requestedAt === null ? null : toMonotonic(requestedAt)),
		receivedAt: seenHere?.receivedAt ?? (receivedAt === null ? null : toMonotonic(receivedAt)),
		lifeMs: view.lifeMs,
		windowStart: policy.windowStart,
		refreshFrom: policy.refreshFrom,
		broken: view.record.state === 'broken',
		accessTokenRefused: refusedGeneration === view.record.generation,
		attempts: view.attempts.map((attempt) => ({
			outcome: attempt.outcome,
			startedAt: toMonotonic(attempt.startedAt),
			finishedAt: attempt.finishedAt === null ? null : toMonotonic(attempt.finishedAt),
		})),
	};
}

/** Opens the record's secret and keeps its access token in memory for the hot path. */
export function rememberRecord(vault: Vault, view: ChainView): RememberedToken {
	const { tokens } = chainMemory();
	const key = tokenKey(vault, view.record.id);
	const present = tokens.get(key);
	if (present?.generation === view.record.generation) return present;
	const pair = vault.openSecret(view.record) as TokenPair;
	const ageBase = view.monotonicNow - view.storeNow;
	const { requestedAt, receivedAt } = view.record;
	const token: RememberedToken = {
		recordId: view.record.id,
		generation: view.record.generation,
		accessToken: pair.accessToken,
		lifeMs: view.lifeMs,
		requestedAt: requestedAt === null ? null : requestedAt + ageBase,
		receivedAt: receivedAt === null ? null : receivedAt + ageBase,
		ageUncertain: view.record.meta.ageUncertain === true,
		validUntilWall:
			requestedAt === null
				? null
				: Date.now() + (requestedAt + ageBase + view.lifeMs - performance.now()),
	};
	tokens.set(key, token);
	return token;
}

/** Key of a record's token in the process's memory. */
export function tokenKey(vault: Vault, recordId: string): string {
	return `${vault.vaultId}|${recordId}`;
}
