import type { AttemptFacts, ChainFacts } from './chainFacts';
import { endOf, isInDoubt, windowOf } from './chainFacts';

/** When the record's own refresh token may be sent next; `probe` while its fate is in doubt. */
export interface OwnTurn {
	at: number;
	probe: boolean;
}

/**
 * Pauses before the first, second and every further probe where the service has no window, in
 * milliseconds, and the longest part of a token life that each may take.
 */
const PROBE_PAUSES = [
	{ ms: 60_000, part: 1 / 30 },
	{ ms: 5 * 60_000, part: 1 / 6 },
	{ ms: 15 * 60_000, part: 1 / 2 },
] as const;

/** When the own token may be sent. What the limits of requests say comes on top. */
export function ownTurn(facts: ChainFacts): OwnTurn {
	const probe = facts.attempts.some(isInDoubt);
	const last = facts.attempts.filter((one) => isInDoubt(one) || isTooEarly(one)).at(-1);
	if (last === undefined) return { at: windowOpensAt(facts), probe };
	if (isTooEarly(last)) return { at: afterTooEarly(facts, last), probe };
	return { at: facts.personAsked === true ? facts.now : afterDoubt(facts, last), probe };
}

/** Whether a probe has been made already, and has not brought the pair. */
export function wasProbed({ attempts }: ChainFacts): boolean {
	const first = attempts.findIndex(isInDoubt);
	return first >= 0 && attempts.slice(first + 1).some((one) => isInDoubt(one) || isTooEarly(one));
}

/**
 * Whether the service has called the own pair "too early" while its window was open by its own clock:
 * a later pair was issued then, by a log-in elsewhere.
 */
export function isOvertaken(facts: ChainFacts): boolean {
	const { attempts, receivedAt } = facts;
	if (receivedAt === null || attempts.some(isInDoubt)) return false;
	const opened = receivedAt + windowOf(facts);
	return attempts.some((one) => isTooEarly(one) && one.startedAt >= opened);
}

/**
 * Until when the present access token is taken for good because the service has called it "not expired"
 * against the store's clock, which may have jumped. If a later log-in was the reason instead, one 401
 * tells. An age that this process has measured itself is not doubted, and nothing is believed twice.
 */
export function calledYoungUntil(facts: ChainFacts): number | undefined {
	const { attempts, receivedAt, ageIsMeasured, lifeMs } = facts;
	const early = attempts.filter(isTooEarly);
	const [first] = early;
	if (first === undefined || early.length > 1 || attempts.some(isInDoubt)) return undefined;
	const isConsistent = receivedAt === null || first.startedAt < receivedAt + lifeMs;
	return ageIsMeasured || isConsistent ? undefined : endOf(first) + windowOf(facts);
}

/** Until when a refresh token can be alive that was not used since its pair arrived. */
export function idleDeadline({ attempts, receivedAt, idleMs }: ChainFacts): number {
	return (receivedAt ?? attempts.find(isInDoubt)?.startedAt ?? Infinity) + idleMs;
}

/** How long a token that has been tried without a result is left alone, in milliseconds. */
export function retryPause(facts: ChainFacts): number {
	return facts.windowStart > 0 ? windowOf(facts) : probePause(facts, PROBE_PAUSES.length);
}

/**
 * A request without an answer is resolved at once, by the one probe of this window; each further probe
 * has a window of its own, or a growing pause where the service has none.
 */
function afterDoubt(facts: ChainFacts, last: AttemptFacts): number {
	const probes = facts.attempts.filter((one) => isInDoubt(one) || isTooEarly(one)).length;
	if (facts.windowStart === 0) return endOf(last) + probePause(facts, probes);
	return probes === 1 ? -Infinity : endOf(last) + windowOf(facts);
}

function probePause({ lifeMs }: ChainFacts, nth: number): number {
	const { ms, part } = PROBE_PAUSES[Math.min(nth, PROBE_PAUSES.length) - 1] ?? PROBE_PAUSES[0];
	return Math.min(ms, lifeMs * part);
}

/**
 * "Too early" says that the newest pair is younger than a window, or, by the other reading of the
 * sources, that it has not ended (docs/facts/exact-online.md 1.4). Where this side knows when that pair
 * came, its window and then its end are waited for; said once more, or against this side's clocks, it
 * proves a pair of which nobody here knows the age, and a whole window passes.
 */
function afterTooEarly(facts: ChainFacts, last: AttemptFacts): number {
	const saidAt = endOf(last);
	const window = windowOf(facts);
	const rest = facts.lifeMs - window;
	const born = newestPairAt(facts, last);
	if (born === undefined) return saidAt + (window || rest);
	if (last.startedAt < born + window) return Math.max(born + window, saidAt + 1);
	if (last.startedAt < born + facts.lifeMs) return Math.max(born + facts.lifeMs, saidAt + rest);
	return saidAt + (window || rest);
}

/**
 * When the newest pair that this side knows of came into being at the latest: an answer that was lost
 * may have carried it, else it is the present one.
 */
function newestPairAt(
	{ attempts, receivedAt }: ChainFacts,
	last: AttemptFacts,
): number | undefined {
	const before = attempts.slice(0, attempts.indexOf(last));
	const doubt = before.filter(isInDoubt).at(-1);
	if (doubt === undefined) return receivedAt ?? undefined;
	// A request without an answer may have arrived any time before the probe that met its pair.
	const met = attempts.slice(attempts.indexOf(doubt)).find(isTooEarly) ?? last;
	return doubt.finishedAt ?? met.startedAt;
}

function windowOpensAt(facts: ChainFacts): number {
	if (facts.receivedAt === null || facts.accessTokenRefused) return -Infinity;
	return facts.receivedAt + windowOf(facts);
}

function isTooEarly({ outcome }: AttemptFacts): boolean {
	return outcome === 'tooEarly';
}
