import type { RequestLength } from '../http';
import { presentMeanwhile, withinLimit } from '../process/presentMeanwhile';
import { singleFlight } from '../process/singleFlight';
import { isVaultTrouble } from '../vault/vaultErrors';
import { secretFingerprint } from './fingerprints';
import type { TimedToken } from './memory';
import { memoryKey, usableToken } from './memory';
import type { ChainContext, TokenClient } from './types';

/**
 * How long an execution without a usable token waits, in milliseconds. The renewal belongs to the
 * process and goes on, at most for as long as a token request may take.
 */
const LONGEST_CALL_MS = 20_000;

/** How long it waits in all while the process works off a queue at the store, in milliseconds. */
const LONGEST_QUEUE_MS = 120_000;

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
	renewal: () => Promise<T>,
): Promise<T | TimedToken> {
	const key = [
		kind,
		memoryKey(chain.vault, id),
		secretFingerprint(chain.vault, client),
		length,
		...more,
		client.ignoreSslIssues,
		...(client.allowHttp === true ? ['http'] : []),
		...(broughtBy === undefined ? [] : [`of ${broughtBy.fingerprint}`]),
	].join('|');
	const flight = singleFlight(key, renewal);
	const isGood = () => usableToken(chain, id, length) !== undefined;
	if (waits === 'forAnswer') return await withinCall(chain, client, flight, isGood);
	const soon = withinCall(chain, client, flight);
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

/**
 * What a caller without a usable token waits for, at most 20 s; the flight itself goes on. Where many
 * hundreds ask this process at once the store is what takes time, and nobody is told that anything is wrong
 * while it answers.
 * @param mayWait whether the caller waits on, because his present token is good
 * @throws the policy's `unavailable` with the time to come again
 */
export async function withinCall<T>(
	chain: ChainContext,
	client: TokenClient,
	flight: Promise<T>,
	mayWait: () => boolean = () => false,
): Promise<T> {
	const giveUpAt = performance.now() + LONGEST_QUEUE_MS;
	return await withinLimit(
		flight,
		LONGEST_CALL_MS,
		() => notAnsweredYet(chain, client),
		() => mayWait() || (chain.vault.isWorkingOff && performance.now() < giveUpAt),
	);
}

function notAnsweredYet({ policy }: ChainContext, { host, clientId }: TokenClient): Error {
	const detail = 'no answer yet; the request goes on, and what it brings is kept';
	const retryAt = Date.now() + LONGEST_CALL_MS;
	return policy.errors.unavailable({ host, identifier: clientId }, detail, retryAt);
}
