import type { Attempt } from '../../../nodes/shared/vault/rows/attempts';
import type { LogEntry } from '../../simulators/ExactOnline';

/** A token request as the simulator received it. */
export type TokenPost = Pick<LogEntry, 'receivedAt' | 'tags'>;

/**
 * Whether a token request spent an old token although its attempt was no in-doubt probe.
 * @param attempts of its chain, newest first
 */
export function isUnexplained({ receivedAt, tags }: TokenPost, attempts: Attempt[]): boolean {
	if (tags.standing === 'live') return false;
	// One attempt at a time, each written down before its request.
	const attempt = attempts.find(({ startedAt }) => startedAt <= receivedAt);
	return attempt?.kind !== 'probe';
}
