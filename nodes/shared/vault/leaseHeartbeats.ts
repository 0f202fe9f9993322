import type { SqlDatabase } from './database/sqlDatabase';
import type { LeaseName } from './rows/leases';
import { renewLeases } from './rows/leases';

/** A lease in our hands, unless it was given back. */
interface Held extends LeaseName {
	isGivenBack?: boolean;
}

/** In milliseconds; see `LeaseTiming`. */
interface HeartbeatTiming {
	leaseMs: number;
	heartbeatMs: number;
}

/** The leases of one timing that this process holds in one store. */
interface Beating {
	held: Set<Held>;
	timer: NodeJS.Timeout;
}

const beatings = new WeakMap<SqlDatabase, Map<string, Beating>>();

/**
 * Keeps a lease until it is stopped. All leases of one store are kept by one transaction at a time, so that
 * many of them do not keep the store busy with their heartbeats alone.
 * @returns how to stop it
 */
export function startHeartbeat(
	database: SqlDatabase,
	holding: Held,
	timing: HeartbeatTiming,
): () => void {
	const ofStore = beatings.get(database) ?? new Map<string, Beating>();
	beatings.set(database, ofStore);
	const key = `${timing.leaseMs} ${timing.heartbeatMs}`;
	const beating = ofStore.get(key) ?? begin(database, timing);
	ofStore.set(key, beating);
	beating.held.add(holding);
	return () => {
		beating.held.delete(holding);
		if (beating.held.size > 0) return;
		clearInterval(beating.timer);
		if (ofStore.get(key) === beating) ofStore.delete(key);
	};
}

function begin(database: SqlDatabase, { leaseMs, heartbeatMs }: HeartbeatTiming): Beating {
	const held = new Set<Held>();
	let begunAt: number | undefined;
	const timer = setInterval(() => {
		const tokens = [...held].filter((one) => one.isGivenBack !== true).map(({ token }) => token);
		const now = performance.now();
		// A connection that has fallen silent under one must not end all leases: there is another one.
		const isUnderWay = begunAt !== undefined && now - begunAt < leaseMs / 3;
		if (isUnderWay || tokens.length === 0) return;
		begunAt = now;
		// One that fails is made up by the next; that a lease was lost is found out by the transactions that
		// check it. Each is renewed only as long as it stands under its token, whatever runs beside.
		database
			.write(() => renewLeases(tokens, leaseMs), { lock: [], urgent: true })
			.catch(() => undefined)
			.finally(() => {
				if (begunAt === now) begunAt = undefined;
			});
	}, heartbeatMs);
	timer.unref();
	return { held, timer };
}
