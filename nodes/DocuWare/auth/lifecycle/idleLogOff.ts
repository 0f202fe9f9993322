import { holdExitDuring } from '../../../shared/process/exitHold';
import { thisHolder } from '../../../shared/process/holder';
import { processState } from '../../../shared/process/processState';
import { storeNow } from '../../../shared/vault/database/transaction';
import type { RecordUse } from '../../../shared/vault/rows/uses';
import type { Vault } from '../../../shared/vault/vault';
import type { ServerConnection } from '../../platform/serverAddress';
import { permissionsOf } from '../../platform/serverAddress';
import { inFlightRequests } from '../record/sessionUses';
import { closeSession } from './sessionClosing';

/**
 * Shortest pause before an idle session is looked at, in milliseconds: long enough for the next item
 * of the same run to come.
 */
const SHORTEST_PAUSE_MS = 100;

/** Pause after a log-off that failed, in milliseconds. */
const FAILED_PAUSE_MS = 60_000;

const LEASE_WAIT_MS = 10_000;

/** How long SIGTERM waits for requests of this process, in milliseconds. */
const SHUTDOWN_PATIENCE_MS = 5_000;
const SHUTDOWN_POLL_MS = 50;

/** A session that this process has used and will log off when nobody uses it. */
interface Watch {
	vault: Vault;
	connection: ServerConnection;
	recordId: string;
	timer: NodeJS.Timeout | undefined;
	dueAt: number;
	/** The look that is under way. */
	look: Promise<void> | undefined;
}

interface WatchState {
	watches: Map<string, Watch>;
	listens: boolean;
}

function state(): WatchState {
	return processState('docuWareIdle1', () => ({
		watches: new Map<string, Watch>(),
		listens: false,
	}));
}

/**
 * Sees to it that a session is logged off once no process has used it for its idle time. Every
 * process that used it watches, so that the death of one does not keep the licence; and so does each
 * kind of connection, because one that the server's certificate stops could never log off.
 *
 * @param delayMs when to look next; an earlier look that is planned already stands.
 */
export function watchIdleSession(
	vault: Vault,
	connection: ServerConnection,
	recordId: string,
	delayMs: number,
): void {
	const { watches } = state();
	const key = [vault.vaultId, recordId, ...permissionsOf(connection)].join('|');
	const watch = watches.get(key) ?? {
		vault,
		connection,
		recordId,
		timer: undefined,
		dueAt: Infinity,
		look: undefined,
	};
	watches.set(key, watch);
	listenForShutdown();
	schedule(key, watch, delayMs);
}

function schedule(key: string, watch: Watch, delayMs: number): void {
	const pause = Math.max(delayMs, SHORTEST_PAUSE_MS);
	const dueAt = performance.now() + pause;
	if (watch.timer !== undefined && watch.dueAt <= dueAt) return;
	clearTimeout(watch.timer);
	watch.dueAt = dueAt;
	watch.timer = setTimeout(() => {
		watch.timer = undefined;
		watch.look = look(key, watch).finally(() => {
			watch.look = undefined;
		});
	}, pause);
	// The watch must not keep a process alive that has nothing else to do.
	watch.timer.unref();
}

async function look(key: string, watch: Watch): Promise<void> {
	try {
		const result = await close(watch, () => true);
		if (result.kind === 'closed') {
			if (watch.timer === undefined) state().watches.delete(key);
			return;
		}
		const now = await watch.vault.read(storeNow);
		const latest = Math.max(...result.uses.map((use) => use.expiresAt));
		schedule(key, watch, latest - now);
	} catch {
		// What failed is in the attempt log; the session stays open and is looked at again.
		schedule(key, watch, FAILED_PAUSE_MS);
	}
}

async function close(watch: Watch, hinders: (use: RecordUse) => boolean) {
	return await closeSession(watch.vault, watch.connection, watch.recordId, {
		createTokenFirst: true,
		hinders,
		waitMs: LEASE_WAIT_MS,
	});
}

/**
 * Logs off every watched session that no other process uses, without waiting for the idle time;
 * what happens at SIGTERM.
 */
export async function logOffBeforeShutdown(): Promise<void> {
	const { watches } = state();
	const own = thisHolder().uuid;
	await Promise.all(
		[...watches].map(async ([key, watch]) => {
			clearTimeout(watch.timer);
			watches.delete(key);
			await watch.look;
			await requestsEnded(watch);
			await close(watch, (use) => use.holder?.uuid !== own).catch(() => undefined);
		}),
	);
}

async function requestsEnded(watch: Watch): Promise<void> {
	const giveUpAt = performance.now() + SHUTDOWN_PATIENCE_MS;
	while (inFlightRequests(watch.vault, watch.recordId) > 0 && performance.now() < giveUpAt) {
		await new Promise((resolve) => setTimeout(resolve, SHUTDOWN_POLL_MS));
	}
}

function listenForShutdown(): void {
	const own = state();
	if (own.listens) return;
	own.listens = true;
	process.once('SIGTERM', () => {
		own.listens = false;
		void holdExitDuring(logOffBeforeShutdown).finally(() => {
			// Our listener took the place of Node's own reaction; n8n has listeners of its own.
			if (process.listenerCount('SIGTERM') === 0) process.kill(process.pid, 'SIGTERM');
		});
	});
}
