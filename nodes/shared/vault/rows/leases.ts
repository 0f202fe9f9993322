import type { SqlTransaction } from '../database/transaction';
import { query, queryOne, STORE_NOW, storeNow, together } from '../database/transaction';
import type { Holder } from '../../process/holder';
import { isProvenDead, parseHolder } from '../../process/holder';
import { TABLES } from './schema';

/** Name of the lease on everything that may change a record's secret or session. */
export function recordLease(recordId: string): string {
	return `record:${recordId}`;
}

/** One holding of a lease, as the store knows it. */
export interface LeaseName {
	readonly name: string;
	/** Drawn at each acquisition. */
	readonly token: string;
}

/** A lease that somebody holds, as another process sees it. */
export interface HeldLease {
	name: string;
	/** Drawn at each acquisition; names this one holding of the lease. */
	token: string;
	holder: Holder | null;
	/** Store clock, milliseconds. */
	expiresAt: number;
	/** Counts the heartbeats; it stands still when the holder does. */
	renewals: number;
	/** The store's clock when this was read. */
	now: number;
}

/** What a waiter has seen of one holding: since when its heartbeat stands still (monotonic, ms). */
export interface LeaseObservation {
	token: string;
	renewals: number;
	unchangedSince: number;
}

/** Notes what a waiter sees; a heartbeat or a new holder starts the observation anew. */
export function observe(
	previous: LeaseObservation | undefined,
	lease: HeldLease,
	monotonicNow: number,
): LeaseObservation {
	if (previous && previous.token === lease.token && previous.renewals === lease.renewals) {
		return previous;
	}
	return { token: lease.token, renewals: lease.renewals, unchangedSince: monotonicNow };
}

/**
 * How long a waiter must have seen no heartbeat before it believes the store's clock that a lease
 * has run out, as a part of the lease time: twice the time between two heartbeats.
 */
const DISBELIEF_PART = 1 / 3;

/**
 * Whether a lease may be taken from its holder (docs/architecture.md, rule 9): its process is
 * proven dead; or this waiter itself saw no heartbeat for a whole lease time; or the lease has run
 * out by the store's clock, the holder's process cannot be seen from here, and this waiter saw no
 * heartbeat for a third of the lease time. So a jump of the store's clock neither frees a live
 * holder's lease nor keeps a dead one's.
 */
export function mayTakeOver(
	lease: HeldLease,
	observation: LeaseObservation,
	facts: { provenDead: boolean; visible: boolean; monotonicNow: number; leaseMs: number },
): boolean {
	if (facts.provenDead) return true;
	const unchangedFor = facts.monotonicNow - observation.unchangedSince;
	if (unchangedFor >= facts.leaseMs) return true;
	return (
		!facts.visible && lease.expiresAt <= lease.now && unchangedFor >= facts.leaseMs * DISBELIEF_PART
	);
}

/** Who holds a lease; undefined where it is free. */
export function* readLease(name: string): SqlTransaction<HeldLease | undefined> {
	const [row, now] = yield* together(
		queryOne(`SELECT * FROM ${TABLES.lease} WHERE name = $1`, [name]),
		storeNow(),
	);
	if (row === undefined) return undefined;
	return {
		name,
		token: String(row.token),
		holder: parseHolder(String(row.holder)),
		expiresAt: Number(row.expires_at),
		renewals: Number(row.renewals),
		now,
	};
}

/** Those of these leases that somebody holds, or has left behind. */
export function* heldLeases(names: readonly string[]): SqlTransaction<Set<string>> {
	const places = names.map((_name, index) => `$${index + 1}`).join(', ');
	const rows = yield* query(`SELECT name FROM ${TABLES.lease} WHERE name IN (${places})`, [
		...names,
	]);
	return new Set(rows.map(({ name }) => String(name)));
}

/**
 * Takes a lease if it is free, or from the holding named by `takeOverToken`. Run a second time with
 * the same token it finds the lease taken by itself and leaves it so.
 * @returns undefined when it is ours, else who holds it.
 */
export function* acquireLease(
	name: string,
	token: string,
	holder: Holder,
	leaseMs: number,
	takeOverToken: string | null,
): SqlTransaction<HeldLease | undefined> {
	const [, held] = yield* together(
		query(
			`INSERT INTO ${TABLES.lease} (name, token, holder, acquired_at, expires_at, renewals)
			VALUES ($1, $2, $3, ${STORE_NOW}, ${STORE_NOW} + $4, 0)
			ON CONFLICT (name) DO UPDATE SET token = excluded.token, holder = excluded.holder,
				acquired_at = excluded.acquired_at, expires_at = excluded.expires_at, renewals = 0
			WHERE ${TABLES.lease}.token = $5`,
			[name, token, JSON.stringify(holder), leaseMs, takeOverToken ?? ''],
		),
		readLease(name),
	);
	return held?.token === token ? undefined : held;
}

/** So many leases are renewed by one statement: stores bound the number of its parameters. */
const RENEWED_AT_ONCE = 500;

/** Heartbeat of leases by their tokens; one that has passed to somebody else is left alone. */
export function* renewLeases(tokens: readonly string[], leaseMs: number): SqlTransaction<void> {
	const parts = [];
	for (let from = 0; from < tokens.length; from += RENEWED_AT_ONCE) {
		const some = tokens.slice(from, from + RENEWED_AT_ONCE);
		const places = some.map((_token, index) => `$${index + 2}`).join(', ');
		parts.push(
			query(
				`UPDATE ${TABLES.lease} SET expires_at = ${STORE_NOW} + $1, renewals = renewals + 1
				WHERE token IN (${places})`,
				[leaseMs, ...some],
			),
		);
	}
	yield* together(...parts);
}

/** Whether this holding of the lease still stands. */
export function* holdsLease(name: string, token: string): SqlTransaction<boolean> {
	const row = yield* queryOne(`SELECT token FROM ${TABLES.lease} WHERE name = $1`, [name]);
	return row !== undefined && row.token === token;
}

/** Gives a lease back; nothing happens where it has passed to somebody else. */
export function* releaseLease(name: string, token: string): SqlTransaction<void> {
	yield* query(`DELETE FROM ${TABLES.lease} WHERE name = $1 AND token = $2`, [name, token]);
}

/** Whether a lease other than these is held by a process that may be alive. */
export function* isAnyLeaseInUse(besides: readonly string[]): SqlTransaction<boolean> {
	const now = yield* storeNow();
	const leases = yield* query(`SELECT name, holder, expires_at FROM ${TABLES.lease}`);
	return leases.some((lease) => {
		if (besides.includes(String(lease.name)) || Number(lease.expires_at) <= now) return false;
		const holder = parseHolder(String(lease.holder));
		return holder === null || !isProvenDead(holder);
	});
}
