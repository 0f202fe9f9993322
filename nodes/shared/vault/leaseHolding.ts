import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { isConnectorError } from '../errors';
import { isProvenDead, isVisible, thisHolder } from '../process/holder';
import { processState } from '../process/processState';
import type { SqlDatabase } from './database/sqlDatabase';
import type { SqlTransaction } from './database/transaction';
import { startHeartbeat } from './leaseHeartbeats';
import type { HeldLease, LeaseName, LeaseObservation } from './rows/leases';
import { acquireLease, mayTakeOver, observe, readLease, releaseLease } from './rows/leases';
import { vaultError } from './vaultErrors';

/**
 * How long a caller may wait for the request of whoever holds the lease, in milliseconds: longer than a
 * token request or a log-on may take (120 s).
 */
export const LEASE_WAIT_MS = 130_000;

/** Times of the lease, in milliseconds. */
export interface LeaseTiming {
	/** After this long without a heartbeat the lease of a holder that cannot be seen ends. */
	leaseMs: number;
	heartbeatMs: number;
	/** Longest pause between two looks at a lease that somebody holds; bounds how late a death is noticed. */
	pollMs: number;
}

/**
 * docs/architecture.md, rule 9: death noticed within 2 s on one host, else the lease ends within
 * 35 s, also for a waiter who comes late and has to watch the heartbeat for a third of the lease
 * first.
 */
export const DEFAULT_LEASE_TIMING: LeaseTiming = {
	leaseMs: 25_000,
	heartbeatMs: 5_000,
	pollMs: 250,
};

const FIRST_POLL_MS = 10;

/** A lease in our hands; its token names this holding in a transaction that must not run without it. */
export interface LeaseHolding extends LeaseName {
	/** It was given back before the work under it ended; nothing more may be done under it. */
	isGivenBack?: boolean;
	/** It is not given back after the work: whoever wants it takes it over, as from a holder that has died. */
	isLeft?: boolean;
}

/** What came of the taking of a lease: ours, with what was begun in the same transaction, or held by another. */
export type Taken<Begun> = { begun: Begun } | { held: HeldLease };

export interface WithLeaseOptions<T, Begun = undefined> {
	/** How long to wait for the lease, in milliseconds. */
	waitMs: number;
	/** Asked while waiting: a value ends the wait, because somebody else has done the work. */
	doneMeanwhile?: () => Promise<T | undefined>;
	/**
	 * What else happens in the transaction that takes the lease, so that it costs no round trips of its own:
	 * what is read goes out together with the taking; what is written must wait for its word. What was begun
	 * is handed to the work. Like every transaction it may be run again from the start.
	 * @param isTakeOver whether the lease is taken from a holder that seems to have died
	 */
	begin?: (
		taking: SqlTransaction<HeldLease | undefined>,
		isTakeOver: boolean,
	) => SqlTransaction<Taken<Begun>>;
	/**
	 * Ends the wait for the lease. Work that has begun goes on and keeps the lease: it looks at the
	 * signal itself where it may stop.
	 */
	signal?: AbortSignal;
	timing?: LeaseTiming;
}

const RELEASE_RETRY_MS = 1_000;

/**
 * Tokens of the leases this process holds or is about to take. A lease under our name that is not
 * among them is a leftover: its release, or the answer to its acquisition, was lost.
 */
function ownTokens(): Set<string> {
	return processState('leaseTokens1', () => new Set<string>());
}

/**
 * Runs `work` while holding the named lease: in at most one process at a time, with a heartbeat,
 * and gives the lease back afterwards, whatever came of it.
 * @throws ConnectorError VAULT_LEASE_TIMEOUT (retryable) where it was not to be had in time; the
 * signal's reason where it said stop before the work began.
 */
export async function withLease<T, Begun = undefined>(
	database: SqlDatabase,
	name: string,
	options: WithLeaseOptions<T, Begun>,
	work: (holding: LeaseHolding, begun: Begun | undefined) => Promise<T>,
): Promise<T> {
	options.signal?.throwIfAborted();
	const timing = options.timing ?? DEFAULT_LEASE_TIMING;
	const token = randomUUID();
	const holding: LeaseHolding = { name, token };
	ownTokens().add(token);
	let stopHeartbeat = () => {};
	let mayHold = true;
	try {
		const acquired = await waitForLease(database, holding, options, timing);
		if ('done' in acquired) {
			mayHold = false;
			return acquired.done;
		}
		options.signal?.throwIfAborted();
		stopHeartbeat = startHeartbeat(database, holding, timing);
		return await work(holding, acquired.begun);
	} finally {
		stopHeartbeat();
		ownTokens().delete(token);
		const isOver = holding.isGivenBack === true || holding.isLeft === true;
		if (mayHold && !isOver) await release(database, name, token, timing);
	}
}

/**
 * Gives the lease back. Where the store does not take that now it is tried again in the background,
 * so that no other process waits for a lease that nobody needs, until the lease has run out anyway.
 */
async function release(
	database: SqlDatabase,
	name: string,
	token: string,
	timing: LeaseTiming,
): Promise<void> {
	const giveUpAt = performance.now() + timing.leaseMs;
	const attempt = async () => {
		try {
			await database.write(() => releaseLease(name, token), { lock: name, urgent: true });
		} catch (error) {
			if (performance.now() >= giveUpAt || !isRetryable(error)) return;
			setTimeout(() => void attempt(), RELEASE_RETRY_MS).unref();
		}
	};
	await attempt();
}

function isRetryable(error: unknown): boolean {
	return isConnectorError(error) && error.retryable;
}

async function waitForLease<T, Begun>(
	database: SqlDatabase,
	{ name, token }: LeaseName,
	options: WithLeaseOptions<T, Begun>,
	timing: LeaseTiming,
): Promise<{ begun: Begun | undefined } | { done: T }> {
	const giveUpAt = performance.now() + options.waitMs;
	const looks: Looks = { observation: undefined, lookedAt: performance.now() };
	let pause = FIRST_POLL_MS;
	let takeOver: string | null = null;
	let free = true;
	for (;;) {
		const from: string | null = takeOver;
		const take = (): SqlTransaction<Taken<Begun | undefined>> => {
			const taking = acquireLease(name, token, thisHolder(), timing.leaseMs, from);
			return options.begin?.(taking, from !== null) ?? takenAlone(taking);
		};
		// Those who wait only read, so that they do not stand in the way of those who write.
		const found: Taken<Begun | undefined> | { held: HeldLease | undefined } =
			free || from !== null
				? await database.write(take, { lock: name })
				: { held: await database.read(() => readLease(name)) };
		if ('begun' in found) return found;
		const held: HeldLease | undefined = found.held;
		free = held === undefined;
		takeOver = held === undefined ? null : tokenToTakeOver(held, looks, timing);
		if (free || takeOver !== null) continue;
		const done = await options.doneMeanwhile?.();
		if (done !== undefined) return { done };
		if (performance.now() >= giveUpAt) throw leaseTimeout(options.waitMs);
		await pauseFor(pause * (0.5 + Math.random()), options.signal);
		pause = Math.min(pause * 2, timing.pollMs);
	}
}

function* takenAlone(
	taking: SqlTransaction<HeldLease | undefined>,
): SqlTransaction<Taken<undefined>> {
	const held = yield* taking;
	return held === undefined ? { begun: undefined } : { held };
}

/** What a waiter has seen of the holder so far. */
interface Looks {
	observation: LeaseObservation | undefined;
	/** Monotonic clock, milliseconds. */
	lookedAt: number;
}

/** Notes a look at a lease that somebody holds. @returns its token where it may be taken over */
function tokenToTakeOver(held: HeldLease, looks: Looks, timing: LeaseTiming): string | null {
	const monotonicNow = performance.now();
	// Whoever stood still between two looks has not seen the heartbeats, and what it has read may
	// be from before: that says nothing about the holder.
	if (monotonicNow - looks.lookedAt > timing.leaseMs / 3) looks.observation = undefined;
	looks.lookedAt = monotonicNow;
	looks.observation = observe(looks.observation, held, monotonicNow);
	const { leaseMs } = timing;
	const judged = { ...judgeHolder(held), monotonicNow, leaseMs };
	return mayTakeOver(held, looks.observation, judged) ? held.token : null;
}

function leaseTimeout(waitMs: number): Error {
	return vaultError(
		'VAULT_LEASE_TIMEOUT',
		`Another process has worked on this connection for more than ${Math.round(waitMs / 1000)} s and still holds it.`,
		'Run again in a minute. If this repeats, look in Authorization > Get Status which ' +
			'process holds it, and whether its host is overloaded.',
		{ retryable: true },
	);
}

/** Waits; ends at once with the signal's reason. */
async function pauseFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
	if (signal === undefined) return await delay(ms);
	await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

function judgeHolder(held: HeldLease): { provenDead: boolean; visible: boolean } {
	const self = thisHolder();
	const { holder } = held;
	if (holder === null) return { provenDead: false, visible: false };
	const leftOver = holder.uuid === self.uuid && !ownTokens().has(held.token);
	return { provenDead: leftOver || isProvenDead(holder, self), visible: isVisible(holder, self) };
}
