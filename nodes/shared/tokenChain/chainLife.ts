import type { RecordLife } from '../vault/rows/recordLives';

/**
 * How long the pairs of a chain may be good: a refresh token that nobody uses lapses.
 * @param idleMs after this long without use, in milliseconds.
 * @param lapsedCode error code of a chain whose refresh token has lapsed.
 */
export function chainLife(idleMs: number, lapsedCode: string): RecordLife {
	return {
		goodUntil({ receivedAt }, rivals) {
			if (receivedAt === null) return null;
			const received = rivals.map(({ at, addedAt }) => at ?? addedAt);
			return Math.max(receivedAt, ...received) + idleMs;
		},
		emptied: ({ state }) => (state === 'active' ? { state: 'broken', brokenCode: lapsedCode } : {}),
	};
}
