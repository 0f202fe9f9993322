import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { SqlDatabase } from './database/sqlDatabase';
import { isProvenDead, thisHolder } from './holder';
import type { HeldLease, LeaseObservation } from './leases';
import { acquireLease, mayTakeOver, observe, releaseLease, renewLease } from './leases';
import { vaultError } from './vaultErrors';

/** Times of the lease, in milliseconds. */
export interface LeaseTiming {
	/** After this long without a heartbeat the lease of a holder that cannot be seen ends. */
	leaseMs: number;
	heartbeatMs: number;
	/** Longest pause between two looks at a lease that somebody holds; bounds how late a death is noticed. */
	pollMs: number;
}

/** DESIGN.md, vault contract 9: death noticed within 2 s on one host, else the lease ends within 35 s. */
export const DEFAULT_LEASE_TIMING: LeaseTiming = {
	leaseMs: 30_000,
	heartbeatMs: 5_000,
	pollMs: 250,
};

const FIRST_POLL_MS = 10;

/** A lease in our hands. */
export interface LeaseHolding {
	readonly name: string;
	/** Names this holding in the store; a transaction that must not run without the lease checks it. */
	readonly token: string;
}

export interface WithLeaseOptions<T> {
	/** How long to wait for the lease, in milliseconds. */
	waitMs: number;
	/** Asked while waiting: a value ends the wait, because somebody else has done the work. */
	doneMeanwhile?: () => Promise<T | undefined>;
	timing?: LeaseTiming;
}

/**
 * Runs `work` while holding the named lease: in at most one process at a time, with a heartbeat,
 * and gives the lease back afterwards, whatever came of it.
 * @throws ConnectorError VAULT_LEASE_TIMEOUT (retryable) where it was not to be had in time.
 */
export async function withLease<T>(
	database: SqlDatabase,
	name: string,
	options: WithLeaseOptions<T>,
	work: (holding: LeaseHolding) => Promise<T>,
): Promise<T> {
	const timing = options.timing ?? DEFAULT_LEASE_TIMING;
	const acquired = await waitForLease(database, name, options, timing);
	if ('done' in acquired) return acquired.done;
	const { token } = acquired;
	const heartbeat = setInterval(() => {
		// A heartbeat that fails is made up by the next; that the lease was lost is found out by the
		// transactions that check it.
		database.write(() => renewLease(name, token, timing.leaseMs)).catch(() => undefined);
	}, timing.heartbeatMs);
	heartbeat.unref();
	try {
		return await work({ name, token });
	} finally {
		clearInterval(heartbeat);
		// Where the release fails the lease runs out by itself.
		await database.write(() => releaseLease(name, token)).catch(() => undefined);
	}
}

async function waitForLease<T>(
	database: SqlDatabase,
	name: string,
	options: WithLeaseOptions<T>,
	timing: LeaseTiming,
): Promise<{ token: string } | { done: T }> {
	const token = randomUUID();
	const self = thisHolder();
	const giveUpAt = performance.now() + options.waitMs;
	let observation: LeaseObservation | undefined;
	let pause = FIRST_POLL_MS;
	let takeOverToken: string | null = null;
	for (;;) {
		const expected: string | null = takeOverToken;
		const held: HeldLease | undefined = await database.write(() =>
			acquireLease(name, token, self, timing.leaseMs, expected),
		);
		if (held === undefined) return { token };
		const monotonicNow = performance.now();
		observation = observe(observation, held, monotonicNow);
		takeOverToken = mayTakeOver(held, observation, {
			...judgeHolder(held),
			monotonicNow,
			leaseMs: timing.leaseMs,
		})
			? held.token
			: null;
		if (takeOverToken !== null) continue;
		const done = await options.doneMeanwhile?.();
		if (done !== undefined) return { done };
		if (performance.now() >= giveUpAt) {
			throw vaultError(
				'VAULT_LEASE_TIMEOUT',
				`Another process held the lease on this connection for more than ${Math.round(options.waitMs / 1000)} s.`,
				'Run again in a minute. If this repeats, look in Authorization > Get Status which process holds it, and whether its host is overloaded.',
				{ retryable: true },
			);
		}
		await delay(pause * (0.5 + Math.random()));
		pause = Math.min(pause * 2, timing.pollMs);
	}
}

function judgeHolder(held: HeldLease): { provenDead: boolean; visible: boolean } {
	const self = thisHolder();
	const { holder } = held;
	if (holder === null) return { provenDead: false, visible: false };
	const visible =
		holder.host === self.host &&
		holder.bootId === self.bootId &&
		holder.pidNamespace === self.pidNamespace;
	return { provenDead: visible && isProvenDead(holder, self), visible };
}
