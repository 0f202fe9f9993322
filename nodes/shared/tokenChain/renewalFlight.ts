import type { RequestLength } from '../http';
import { presentMeanwhile, withinLimit } from '../process/presentMeanwhile';
import { singleFlight } from '../process/singleFlight';
import { isVaultTrouble } from '../vault/vaultErrors';
import { secretFingerprint } from './fingerprints';
import type { TimedToken } from './memory';
import { memoryKey, usableToken } from './memory';
import type { ChainContext, TokenClient } from './types';
import { underWayMs, whileUnderWay } from './underWay';

/**
 * How long an execution without a usable token waits, in milliseconds. The renewal belongs to the
 * process and goes on, at most for as long as a token request may take.
 */
const LONGEST_CALL_MS = 20_000;

/** How long it waits in all while the process works off a queue at the store, in milliseconds. */
const LONGEST_QUEUE_MS = 120_000;

/** A service that has had a request for so long is what is waited for, not the store, in milliseconds. */
const SLOW_SERVICE_MS = 5_000;

/** Whose token is renewed, for whom, and how long that is waited for. */
export interface FlightRequest {
	/** What is done; with `more`, requests that differ in it have flights of their own. */
	kind: string;
	more?: ReadonlyArray<string | number | boolean>;
	/** Of the record, or of the pair that stands beside it. */
	id: string;
	/** The caller is served from the pair that it brought alone: see `RenewalRequest`. */
	broughtBy?: { fingerprint: string; generation: number } | undefined;
	client: TokenClient;
	length: RequestLength;
	/**
	 * `forAnswer`: as long as it takes while the present token is good, else at most 20 s. `forNew`: at most 20 s.
	 * `ifNeeded`: neither a slow token endpoint nor a silent store holds up a caller whose token is still good.
	 */
	waits: 'forAnswer' | 'forNew' | 'ifNeeded';
}

/**
 * Runs a renewal once per process and client secret, so that a wrong secret cannot fail those who hold
 * the right one.
 * @throws what the renewal throws, or the policy's `unavailable` with the time to come again where it
 * takes too long; what it brings is kept all the same.
 */
export async function renewalFlight<T>(
	chain: ChainContext,
	{ kind, more = [], id, broughtBy, client, length, waits }: FlightRequest,
	renewal: (chain: ChainContext) => Promise<T>,
): Promise<T | TimedToken> {
	const name = memoryKey(chain.vault, id);
	const key = [
		kind,
		name,
		secretFingerprint(chain.vault, client),
		length,
		...more,
		client.ignoreSslIssues,
		...(client.allowHttp === true ? ['http'] : []),
		...(broughtBy === undefined ? [] : [`of ${broughtBy.fingerprint}`]),
	].join('|');
	const flight = singleFlight(key, async () => await renewal(noting(chain, name)));
	const isGood = () => usableToken(chain, id, length) !== undefined;
	if (waits === 'forAnswer')
		return await withinCall(chain, client, { flight, name, mayWait: isGood });
	const soon = withinCall(chain, client, { flight, name });
	if (waits === 'forNew') return await soon;
	return await presentMeanwhile<T | TimedToken>(key, soon, {
		present: () => {
			const token = usableToken(chain, id, length);
			const isHis = broughtBy === undefined || token?.generation === broughtBy.generation;
			return isHis ? token : undefined;
		},
		excuses: isVaultTrouble,
	});
}

/** The same chain, whose token requests are known to be under way by that name. */
function noting({ vault, policy }: ChainContext, name: string): ChainContext {
	const requestTokens: typeof policy.requestTokens = async (client, refreshToken) =>
		await whileUnderWay(name, async () => await policy.requestTokens(client, refreshToken));
	return { vault, policy: { ...policy, requestTokens } };
}

/** What is waited for. */
interface AwaitedFlight<T> {
	flight: Promise<T>;
	/** Of its requests to the service: see `whileUnderWay`. */
	name: string;
	/** Whether the caller waits on, because his present token is good. */
	mayWait?: () => boolean;
}

/**
 * What a caller without a usable token waits for, at most 20 s; the flight itself goes on. Where many
 * hundreds ask this process at once the store is what takes time, and nobody is told that anything is wrong
 * while it answers, unless it is the service that does not.
 * @throws the policy's `unavailable` with the time to come again
 */
export async function withinCall<T>(
	chain: ChainContext,
	client: TokenClient,
	{ flight, name, mayWait = () => false }: AwaitedFlight<T>,
): Promise<T> {
	const giveUpAt = performance.now() + LONGEST_QUEUE_MS;
	const queues = () => chain.vault.isWorkingOff && underWayMs(name) < SLOW_SERVICE_MS;
	return await withinLimit(
		flight,
		LONGEST_CALL_MS,
		() => notAnsweredYet(chain, client),
		() => mayWait() || (queues() && performance.now() < giveUpAt),
	);
}

function notAnsweredYet({ policy }: ChainContext, { host, clientId }: TokenClient): Error {
	const detail = 'no answer yet; the request goes on, and what it brings is kept';
	const retryAt = Date.now() + LONGEST_CALL_MS;
	return policy.errors.unavailable({ host, identifier: clientId }, detail, retryAt);
}
