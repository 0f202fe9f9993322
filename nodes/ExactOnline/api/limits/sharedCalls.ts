import type { CallGrant, CallWindows, LimitWindow, SharedCalls, Waiter } from './clientState';
import { AFTER_RESET_MS, isUsedUpDay } from './callWindows';
import type { Step } from './limitStore';
import { PLACE_MS } from './places';
import { limitOf, USUAL_LIMIT, withSeen, type SeenLimits } from './seenLimits';

/** A batch is used up or given back within this time, in milliseconds. */
export const BATCH_MS = 2_000;

/** What is not given back by then comes back late or, of a process that died, never, in milliseconds. */
const SOON_BACK_MS = BATCH_MS + 1_000;

/** Calls of a batch at most: what a worker that dies keeps from the others until the minute ends. */
const BATCH_CALLS = 5;

const MINUTE_MS = 60_000;

/** Whoever waits for a turn says so again within this time, in milliseconds. */
const WAITER_MS = 3_000;

/** Pauses between two looks, in milliseconds: for a turn, and for a minute whose end was not told. */
const TURN_LOOK_MS = 100;
const MINUTE_LOOK_MS = 1_000;

/** Who asks for a batch. */
export interface BatchRequest {
	/** Of the batch, and of its place in the queue. */
	id: string;
	/** How many processes may have a batch at the same time. */
	parallel: number;
	/** Names the process: the first place that one of its requests has had since it came counts for this one, too. */
	owner?: string;
	/** For the one request that has this place since it came. */
	isOrdered?: boolean;
	/** End of a minute that was waited for; it is over, whatever the clocks say. */
	satOut?: number;
}

/** What comes of asking; times on the store's clock. */
export type Taking =
	| { kind: 'granted'; calls: number; until: number }
	/** Look again after so many milliseconds. */
	| { kind: 'look'; ms: number }
	/** `isBehind`: with calls left it would not be the asker's turn either. */
	| { kind: 'minute'; resetAt: number; isBehind?: boolean }
	| { kind: 'day'; resetAt: number };

/** What a process brings back of a batch. */
export interface ReturnedBatch {
	id: string;
	/** Calls that were not made. */
	unused: number;
	/** The request goes on: it keeps its turn, without calls. */
	isKept?: boolean;
	/** What the latest answer said, on the store's clock. */
	seen?: SeenLimits;
}

/**
 * Takes a batch of the calls that are left, for one process. Others get their turn in the order in which they asked,
 * also where the minute has to end first; what others have in their hands and may give back is waited for before the day counts as used up.
 */
export function takeBatch(
	state: SharedCalls,
	now: number,
	ask: BatchRequest,
): Step<SharedCalls, Taking> {
	const others = (state.grants ?? []).filter(({ id, until }) => id !== ask.id && until > now);
	const maySoonBeMore = others.some(({ at, calls }) => calls > 0 && now - at < SOON_BACK_MS);
	const day = presentDay(state, now);
	if (day && day.remaining <= 0) {
		return {
			result: maySoonBeMore
				? { kind: 'look', ms: TURN_LOOK_MS }
				: { kind: 'day', resetAt: day.resetAt },
		};
	}
	const isBehind = !isTurn(state, now, ask, others);
	const minute = presentMinute(state, now, ask);
	if (minute && minute.remaining <= 0) {
		const isCertain = !maySoonBeMore && minute.isAssumed !== true;
		// Who came first is first in the next minute, too.
		const comesBack = isCertain ? Math.max(minute.resetAt + AFTER_RESET_MS, now) : now;
		return {
			state: hasTurn(state, ask) ? state : withPlace(state, now, ask, comesBack),
			result: isCertain
				? { kind: 'minute', resetAt: minute.resetAt, ...(isBehind && { isBehind }) }
				: { kind: 'look', ms: maySoonBeMore ? TURN_LOOK_MS : MINUTE_LOOK_MS },
		};
	}
	if (isBehind) {
		return {
			state: withPlace(state, now, ask, now),
			result: { kind: 'look', ms: TURN_LOOK_MS },
		};
	}
	return granted({ ...state, minute, day, grants: others }, now, ask);
}

function granted(
	state: SharedCalls,
	now: number,
	{ id, parallel, isOrdered }: BatchRequest,
): Step<SharedCalls, Taking> {
	const { minute, day, grants = [], waiting = [] } = state;
	const left = Math.min(minute?.remaining ?? Infinity, day?.remaining ?? Infinity);
	const calls = Math.min(isOrdered ? 1 : batchSize(minute), left);
	const counted = Number.isFinite(calls) ? calls : 0;
	const minuteEnds = minute?.resetAt ?? nextMinute(undefined, now);
	const until = isOrdered ? now + PLACE_MS : Math.max(minuteEnds, now + BATCH_MS);
	const grant: CallGrant = { id, at: now, until, calls: counted, parallel };
	return {
		state: {
			...state,
			minute: minute && { ...minute, remaining: minute.remaining - counted },
			day: day && { ...day, remaining: day.remaining - counted },
			grants: [...grants, grant],
			waiting: waiting.filter((one) => one.id !== id && one.until > now),
		},
		result: {
			kind: 'granted',
			calls,
			until: Math.min(now + BATCH_MS, minute?.resetAt ?? Infinity),
		},
	};
}

/** Calls of a batch; one alone while no answer has told how many a minute has. */
function batchSize(minute: LimitWindow | undefined): number {
	if (minute === undefined) return Infinity;
	return minute.limit === undefined ? 1 : BATCH_CALLS;
}

/** Whether the asker may have a batch next to those of the others, before all who wait. */
function isTurn(
	state: SharedCalls,
	now: number,
	ask: BatchRequest,
	others: readonly CallGrant[],
): boolean {
	const waiting = (state.waiting ?? []).filter(({ until }) => until > now);
	// Whoever has the turn in a process stands for those behind it there, which cannot go before it.
	const place = waiting.findIndex((one) => one.id === ask.id || isOf(one, ask));
	const before = place < 0 ? waiting.length : place;
	const allowed = Math.min(ask.parallel, ...others.map((grant) => grant.parallel));
	return others.length + (hasTurn(state, ask) ? 0 : before) < allowed;
}

function isOf(place: Waiter, { owner }: BatchRequest): boolean {
	return owner !== undefined && place.owner === owner;
}

/** Whether the request that asks again has had its turn and not ended yet; others have none before it lapses. */
function hasTurn({ grants = [] }: SharedCalls, { id, isOrdered }: BatchRequest): boolean {
	return isOrdered === true && grants.some((grant) => grant.id === id);
}

/**
 * The state with the asker in the queue, where it keeps the place that it has.
 * @param comesBack when it asks again; nobody waits much longer for it
 */
function withPlace(
	state: SharedCalls,
	now: number,
	{ id, isOrdered, owner }: BatchRequest,
	comesBack: number,
): SharedCalls {
	const waiting = (state.waiting ?? []).filter(({ until }) => until > now);
	const known = waiting.find((one) => one.id === id);
	// The others are stated again by their process all the time.
	if (known && (isOrdered === true || known.until - comesBack > WAITER_MS / 2)) return state;
	const mine: Waiter = isOrdered
		? { id, until: now + PLACE_MS, ...(owner !== undefined && { owner }) }
		: { id, until: comesBack + WAITER_MS };
	return {
		...state,
		waiting: known ? waiting.map((one) => (one === known ? mine : one)) : [...waiting, mine],
	};
}

/** Takes a batch back, with what its answers have told. */
export function withReturned(
	state: SharedCalls,
	now: number,
	{ id, unused, isKept, seen }: ReturnedBatch,
): SharedCalls {
	const grant = state.grants?.find((one) => one.id === id);
	const grants = withoutCalls(state, id, isKept);
	const back = grant ? Math.min(unused, grant.calls) : 0;
	const isOfMinute = grant !== undefined && grant.at >= (state.minute?.openedAt ?? 0);
	const minute = more(state.minute, isOfMinute ? back : 0);
	const day = more(presentDay(state, now), back);
	const waiting = (state.waiting ?? []).filter((one) => one.id !== id);
	const left: SharedCalls = { ...state, minute, day, grants, waiting };
	return seen ? withSeen(left, now, seen) : left;
}

/** The grants after one of them has ended, or lost its calls and is kept. */
function withoutCalls(
	{ grants = [] }: SharedCalls,
	id: string | undefined,
	isKept: boolean | undefined,
): CallGrant[] {
	if (!isKept) return grants.filter((one) => one.id !== id);
	return grants.map((one) => (one.id === id ? { ...one, calls: 0 } : one));
}

/** After a 429: the process's batch is void, and nobody else has calls left. */
export function withRefusal(
	state: SharedCalls,
	now: number,
	{ id, isKept }: Partial<Pick<ReturnedBatch, 'id' | 'isKept'>>,
	{ minute, day }: CallWindows,
): SharedCalls {
	return {
		...state,
		...(minute && { minute: { ...limitOf(state.minute), ...minute, openedAt: now } }),
		...(day && { day: { ...limitOf(state.day), ...day } }),
		grants: withoutCalls(state, id, isKept),
	};
}

/** What is left of the minute by what all know; undefined where nothing is counted. */
export function presentMinute(
	{ minute, isUnlimited, grants = [] }: SharedCalls,
	now: number,
	{ id, satOut }: Pick<BatchRequest, 'id' | 'satOut'> = { id: '' },
): LimitWindow | undefined {
	if (minute && minute.resetAt !== satOut && !isOver(minute, now)) return minute;
	if (isUnlimited) return undefined;
	// A call that is under way from the minute before may be counted in this one.
	const underWay = grants.filter((grant) => grant.id !== id).length;
	return {
		...limitOf(minute),
		remaining: Math.max((minute?.limit ?? USUAL_LIMIT) - underWay, 1),
		resetAt: nextMinute(minute, now),
		openedAt: now,
		isAssumed: true,
	};
}

/** The clocks are never quite equal, so what is used up lasts a little longer. */
function isOver({ remaining, resetAt }: LimitWindow, now: number): boolean {
	return now >= (remaining > 0 ? resetAt : resetAt + AFTER_RESET_MS);
}

function presentDay({ day }: SharedCalls, now: number): LimitWindow | undefined {
	if (!day || day.resetAt <= now) return undefined;
	return day.remaining > 0 || isUsedUpDay(day, now) ? day : undefined;
}

function more(window: LimitWindow | undefined, calls: number): LimitWindow | undefined {
	return window && { ...window, remaining: window.remaining + calls };
}

/** End of the present minute: as the service has told the ends of minutes before, else by the clock. */
function nextMinute(before: LimitWindow | undefined, now: number): number {
	const known = before?.resetAt ?? 0;
	if (known - now > MINUTE_MS + AFTER_RESET_MS) return nextMinute(undefined, now);
	return known + (Math.floor((now - known) / MINUTE_MS) + 1) * MINUTE_MS;
}
