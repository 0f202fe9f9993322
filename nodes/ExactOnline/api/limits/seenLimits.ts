import type { CallWindows, LimitWindow, SharedCalls } from './clientState';

/** Calls in a minute before an answer has told (docs/facts/exact-online.md 3). */
export const USUAL_LIMIT = 60;

/** Two resets so near to each other are the same: the clocks are told to the second. */
const SAME_RESET_MS = 2_500;

/** What a good answer said of the limits; `isSilent` where it said nothing of the minute. */
export interface SeenLimits extends CallWindows {
	isSilent?: boolean;
}

/** The state after an answer, or the latest of several. */
export function withSeen(state: SharedCalls, now: number, seen: SeenLimits): SharedCalls {
	const inHand = (state.grants ?? [])
		.filter(({ until }) => until > now)
		.reduce((sum, { calls }) => sum + calls, 0);
	const isSilent = seen.isSilent === true && (state.minute?.isAssumed ?? true);
	return {
		...state,
		minute: isSilent ? undefined : seenMinute(state.minute, now, seen.minute, inHand),
		...((isSilent || seen.minute) && { isUnlimited: isSilent }),
		// The service's own count, which knows what was never sent and what other programs use.
		...(seen.day && { day: { ...seen.day, remaining: Math.max(seen.day.remaining - inHand, 0) } }),
	};
}

/**
 * The minute after an answer. Of one minute the lower count holds: ours knows what others have in hand, the service's
 * knows other programs.
 */
function seenMinute(
	known: LimitWindow | undefined,
	now: number,
	seen: LimitWindow | undefined,
	inHand: number,
): LimitWindow | undefined {
	if (!seen) return known;
	// An assumed minute that was opened before the one that is told ended is that one.
	const isSame =
		known !== undefined &&
		(known.isAssumed === true
			? seen.resetAt > (known.openedAt ?? 0)
			: Math.abs(known.resetAt - seen.resetAt) < SAME_RESET_MS);
	if (!isSame) {
		if (known && known.resetAt > seen.resetAt) return { ...known, ...limitOf(seen) };
		return { ...seen, remaining: Math.max(seen.remaining - inHand, 0), openedAt: now };
	}
	const limit = seen.limit ?? known.limit;
	const ours = known.remaining + (limit ?? USUAL_LIMIT) - (known.limit ?? USUAL_LIMIT);
	return {
		...(limit !== undefined && { limit }),
		remaining: Math.max(Math.min(ours, seen.remaining), 0),
		resetAt: seen.resetAt,
		...(known.openedAt !== undefined && { openedAt: known.openedAt }),
	};
}

/** The calls in a whole window, where that is known. */
export function limitOf(window: LimitWindow | undefined): Pick<LimitWindow, 'limit'> {
	return window?.limit === undefined ? {} : { limit: window.limit };
}
