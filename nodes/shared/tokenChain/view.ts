import type { Attempt } from '../vault/rows/attempts';
import { attemptsAt } from '../vault/rows/attempts';
import type { SqlTransaction } from '../vault/database/transaction';
import { storeNow } from '../vault/database/transaction';
import type { VaultRecord } from '../vault/rows/records';
import { readRecord } from '../vault/rows/records';
import type { ChainFacts } from './plan';
import type { ChainContext, ChainPolicy } from './types';

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
	{ vault, policy }: ChainContext,
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

/** When this process itself saw the token of a generation arrive (monotonic, ms). */
interface SeenToken {
	generation: number;
	requestedAt: number | null;
	receivedAt: number | null;
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
	seen: SeenToken | undefined,
	refusedGeneration: number | undefined,
): ChainFacts {
	const toMonotonic = (storeTime: number) => view.monotonicNow - (view.storeNow - storeTime);
	const seenHere = seen?.generation === view.record.generation ? seen : undefined;
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
