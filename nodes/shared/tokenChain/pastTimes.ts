import type { Attempt } from '../vault/rows/attempts';
import type { VaultRecord } from '../vault/rows/records';
import type { Rival } from '../vault/rows/rivals';

/** Two machines may be as far apart, in milliseconds: what lies less ahead was written just now. */
const SLIGHTLY_MS = 60_000;

/** What of a chain's rows was noted by the store's clock. */
interface NotedRows {
	record: VaultRecord;
	/** Oldest first. */
	attempts: Attempt[];
	rivals: Rival[];
}

/**
 * The rows without moments that the store's clock has not reached yet. They were noted while it was ahead and before
 * it was set right (a virtual machine, a standby that took over), and nobody knows when that was. Believed, they would
 * keep a dead token young, and every further request waiting, until the clock is there again; so they count as long
 * ago, and a service that then calls a refresh too early is believed itself.
 *
 * @param now store clock, milliseconds
 * @param longAgo a moment before everything that a decision waits for
 */
export function withPastTimes(
	{ record, attempts, rivals }: NotedRows,
	{ now, longAgo }: { now: number; longAgo: number },
): NotedRows {
	const past = (at: number) => (isAhead(at, now) ? longAgo : Math.min(at, now));
	const pastOrNull = (at: number | null) => (at === null ? null : past(at));
	return {
		record: {
			...record,
			requestedAt: pastOrNull(record.requestedAt),
			receivedAt: pastOrNull(record.receivedAt),
		},
		attempts: attempts
			.map((one) => ({
				...one,
				startedAt: past(one.startedAt),
				finishedAt: pastOrNull(one.finishedAt),
			}))
			.sort((one, other) => one.startedAt - other.startedAt),
		rivals: rivals.map((one) => ({
			...one,
			at: pastOrNull(one.at),
			addedAt: past(one.addedAt),
			triedAt: pastOrNull(one.triedAt),
		})),
	};
}

/** Whether a moment was noted by a clock that was ahead. */
export function isAhead(at: number, now: number): boolean {
	return at > now + SLIGHTLY_MS;
}
