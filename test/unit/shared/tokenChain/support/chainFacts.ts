import type { ChainFacts } from '../../../../../nodes/shared/tokenChain/chainFacts';

/** Times of Exact Online, and the margin of a normal request, in milliseconds. */
export const LIFE = 600_000;
export const WINDOW = 570_000;
export const MARGIN = 5_000;

/** A pair of the record that was received at 0 and not tried yet, on one clock in milliseconds. */
export function facts(now: number, changes: Partial<ChainFacts> = {}): ChainFacts {
	const { attempts = [] } = changes;
	return {
		now,
		requestedAt: -100,
		receivedAt: 0,
		ageIsMeasured: true,
		lifeMs: LIFE,
		toldLifeMs: LIFE,
		windowStart: 0.95,
		refreshFrom: 0.95,
		idleMs: 30 * 24 * 3_600_000,
		broken: false,
		accessTokenRefused: false,
		recent: attempts.map((one) => ({ ...one, rival: false })),
		rivals: [],
		...changes,
		attempts,
	};
}
