import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import { storeNow } from '../../../shared/vault/database/transaction';
import type { Attempt } from '../../../shared/vault/rows/attempts';
import { latestAttempts } from '../../../shared/vault/rows/attempts';

/**
 * How long a server may keep the licence of a session that nobody knows, in milliseconds: up to ten minutes
 * until it notices, and the two minutes after that (docs/facts/docuware.md 3.2).
 */
const HELD_MS = 12 * 60_000;

/** Looks for a free licence write an attempt each, so more than those of one wait are read. */
const ATTEMPTS_READ = 100;

/**
 * The latest log-on of a record whose answer never came, as long as its licence may be held.
 * @param now wall clock; the times are given by it, in milliseconds
 */
export function* latestLostLogOn(
	recordId: string,
	now: number,
): SqlTransaction<{ at: number; heldUntil: number } | undefined> {
	const attempts = yield* latestAttempts(recordId, ATTEMPTS_READ);
	const ahead = now - (yield* storeNow());
	const lost = attempts.find((attempt) => isLost(attempt));
	if (lost === undefined) return undefined;
	const at = Math.round(lost.startedAt + ahead);
	return at + HELD_MS > now ? { at, heldUntil: at + HELD_MS } : undefined;
}

/** An answer that came and says nothing of a session, such as a 500, was not lost. */
function isLost({ kind, outcome, detail }: Attempt): boolean {
	const isLogOn = kind === 'logon' || kind === 'tokenLogOn';
	return isLogOn && (outcome === 'open' || outcome === 'unknown') && !detail?.startsWith('HTTP ');
}
