import { processState } from '../process/processState';
import { rememberLatest } from '../process/rememberLatest';
import type { Vault } from '../vault/vault';
import { memoryKey } from './memory';

/** So many refusals are tried again at once: right after a log-in a token is not known everywhere yet. */
const FREE_REFUSALS = 5;

/**
 * How long the service is not asked again after that, in milliseconds. Exact Online blocks an app after ten
 * errors of an endpoint in an hour (docs/facts/exact-online.md 1.7).
 */
const PAUSE_MS = 900_000;

/** Of how many log-ins it is remembered that the service has not said whose they are. */
const REFUSALS_KEPT = 1_000;

interface Refusals {
	count: number;
	/** Monotonic clock, milliseconds. */
	lastAt: number;
}

function allRefusals(): Map<string, Refusals> {
	return processState('identityRefusals1', () => new Map<string, Refusals>());
}

/** Until when (monotonic, ms) the service is not asked whose the pairs of this log-in are; undefined where it may be. */
export function notAskedUntil(vault: Vault, recordId: string): number | undefined {
	const refusals = allRefusals().get(memoryKey(vault, recordId));
	if (refusals === undefined || refusals.count < FREE_REFUSALS) return undefined;
	const until = refusals.lastAt + PAUSE_MS;
	return performance.now() < until ? until : undefined;
}

/** The service has refused the access token by which it was asked whose it is. */
export function noteIdentityRefused(vault: Vault, recordId: string): void {
	const key = memoryKey(vault, recordId);
	const count = (allRefusals().get(key)?.count ?? 0) + 1;
	rememberLatest(allRefusals(), key, { count, lastAt: performance.now() }, REFUSALS_KEPT);
}
