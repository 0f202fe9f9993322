import type { AttemptOutcome } from '../vault/rows/attempts';
import type { ChainFacts, RecentAttempt, RivalFacts } from './chainFacts';
import { endOf } from './chainFacts';

/**
 * Answers after which nothing more is sent for the rest of a token life
 * (docs/architecture.md, rule 7).
 */
const ANSWERS_PER_LIFE = 3;

/**
 * Answers in an hour that the service counts as errors. Exact Online blocks the app after ten
 * (docs/facts/exact-online.md 1.7), and other programs may use the app too.
 */
const COUNTED_PER_HOUR = 6;

/** Of these, the ones that are kept back for a person who asks for a refresh. */
const KEPT_FOR_A_PERSON = 2;

/**
 * Refusals of client secrets that were never accepted, in an hour, with pairs that wait for their proof; one
 * more where a person asks, which still leaves the record's own pair an answer.
 */
const UNPROVED_SECRETS_PER_HOUR = 2;

const HOUR_MS = 3_600_000;

/** The hour in token lives, so that it fits shorter lives: six of Exact Online's 600 s. */
const HOUR_IN_LIVES = 6;

const COUNTED: ReadonlySet<AttemptOutcome> = new Set([
	'tooEarly',
	'lost',
	'configuration',
	'doubtful',
]);

/** The gateway and a 429 refuse without the service's counting it as an error of the app. */
const UNCOUNTED: ReadonlySet<AttemptOutcome> = new Set(['refused']);

/** How far back attempts count, in milliseconds. */
export function countedSpanMs(lifeMs: number): number {
	return Math.max(hourMs(lifeMs), lifeMs);
}

/**
 * Until when nothing may be sent, because the service has said no too often: over all pairs, secrets
 * and processes of the identity.
 * @param spendsOwn the record's own pair is to be sent, not a rival's.
 */
export function exhaustedUntil(facts: ChainFacts, spendsOwn: boolean): number | undefined {
	const { toldLifeMs, recent, personAsked, now } = facts;
	const counted = recent.filter(({ outcome }) => COUNTED.has(outcome)).map(endOf);
	const uncounted = recent.filter(({ outcome }) => UNCOUNTED.has(outcome)).map(endOf);
	const hourLimit = COUNTED_PER_HOUR - (personAsked === true ? 0 : KEPT_FOR_A_PERSON);
	const until = Math.max(
		whenBelow([...counted, ...uncounted], ANSWERS_PER_LIFE, toldLifeMs),
		whenBelow(counted, hourLimit, hourMs(toldLifeMs)),
		spendsOwn
			? Math.max(ownSecretsRefusedUntil(facts), copiedSecretsRefusedUntil(facts))
			: -Infinity,
	);
	return until > now ? until : undefined;
}

/**
 * Until when a rival is not tried with a client secret that was never accepted, because such secrets were refused
 * too often: whoever invents secrets must not use up the answers that the record's own pair needs, nor hold back
 * who knows the right one. Where none was accepted yet, whoever was first may be the one who invents them, and a
 * rival with whose access token none was refused has an answer of his own.
 */
export function secretsRefusedUntil(facts: ChainFacts, rival: RivalFacts): number {
	if (facts.secretIsProved === true) return -Infinity;
	const hasOwnAnswer = facts.noSecretIsProved === true && rival.secretWasRefused !== true;
	if (!hasOwnAnswer) return unprovedUntil(facts, UNPROVED_SECRETS_PER_HOUR);
	// Whoever was first keeps an answer as well, unless he is the one who invents them.
	return isOwnRefused(facts) ? -Infinity : unprovedUntil(facts, UNPROVED_SECRETS_PER_HOUR + 1);
}

/**
 * The same for the record's own pair, where no client secret was accepted yet and a newcomer waits: it is the pair
 * of whoever was first. As long as none was refused with it, nothing that rivals do holds it back.
 */
function ownSecretsRefusedUntil(facts: ChainFacts): number {
	if (facts.noSecretIsProved !== true || facts.newcomerWaits !== true) return -Infinity;
	return isOwnRefused(facts) ? unprovedUntil(facts, UNPROVED_SECRETS_PER_HOUR) : -Infinity;
}

/**
 * The same for a client secret that was never accepted, with the pair of a record for which another one was: whoever
 * has a copy of the log-in and invents secrets leaves the accepted one an answer.
 */
function copiedSecretsRefusedUntil(facts: ChainFacts): number {
	const { recent, toldLifeMs, personAsked, secretIsProved, noSecretIsProved } = facts;
	if (secretIsProved !== false || noSecretIsProved === true) return -Infinity;
	const refused = recent.filter(({ outcome }) => outcome === 'configuration').map(endOf);
	const limit = UNPROVED_SECRETS_PER_HOUR + (personAsked === true ? 1 : 0);
	return whenBelow(refused, limit, hourMs(toldLifeMs));
}

function isOwnRefused({ recent }: ChainFacts): boolean {
	return recent.some((one) => !one.rival && isUnprovedRefusal(one));
}

function unprovedUntil({ recent, toldLifeMs, personAsked }: ChainFacts, limit: number): number {
	const refused = recent.filter(isUnprovedRefusal).map(endOf);
	return whenBelow(refused, limit + (personAsked === true ? 1 : 0), hourMs(toldLifeMs));
}

/** A client secret was refused with a pair that waited for its proof. */
function isUnprovedRefusal({ rival, unproved, outcome }: RecentAttempt): boolean {
	return outcome === 'configuration' && (rival || unproved === true);
}

/** From when on fewer than `limit` of these moments lie within the span before. */
function whenBelow(moments: number[], limit: number, spanMs: number): number {
	const latest = moments.sort((a, b) => a - b).at(-limit);
	return latest === undefined ? -Infinity : latest + spanMs;
}

function hourMs(lifeMs: number): number {
	return Math.min(HOUR_MS, lifeMs * HOUR_IN_LIVES);
}
