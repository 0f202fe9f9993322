import type { ExitTime } from '../../../shared/process/exitHold';
import { cancelBeforeExit, doBeforeExit } from '../../../shared/process/exitHold';
import { processState } from '../../../shared/process/processState';
import { storeNow } from '../../../shared/vault/database/transaction';
import type { RecordUse } from '../../../shared/vault/rows/uses';
import type { Vault } from '../../../shared/vault/vault';
import { writeAt } from '../../../shared/vault/writeAt';
import type { ServerConnection } from '../../platform/serverAddress';
import { permissionsOf } from '../../platform/serverAddress';
import { endOwnMarks, keepMark } from '../record/sessionUses';
import { quietEarlierListener, takeEarlierWatches } from './earlierWatches';
import type { ClosingRequest } from './sessionClosing';
import { closeSession } from './sessionClosing';

/**
 * Shortest pause before an idle session is looked at, in milliseconds: long enough for the next item
 * of the same run to come.
 */
const SHORTEST_PAUSE_MS = 100;

/** Pause after a log-off that failed, in milliseconds. */
const FAILED_PAUSE_MS = 60_000;

const LEASE_WAIT_MS = 10_000;

/** Under this name the state is kept, and the last step before the end of the process. */
const STATE = 'docuWareIdle2';

/** A session that is to be logged off when nobody uses it. */
export interface IdleSession {
	vault: Vault;
	connection: ServerConnection;
	recordId: string;
	/** Digest of the secret that it was begun with; null where an earlier copy watched it. */
	proof: string | null;
	/** The one mark of the policy *keep* that does not hold it: that of the same credential. */
	ownKeepMark: string;
}

/** A session that this process has used and will log off. */
interface Watch extends IdleSession {
	timer: NodeJS.Timeout | undefined;
	dueAt: number;
	/** The look that is under way. */
	look: Promise<void> | undefined;
}

interface WatchState {
	watches: Map<string, Watch>;
}

function state(): WatchState {
	return processState<WatchState>(STATE, () => {
		quietEarlierListener();
		return { watches: new Map() };
	});
}

/**
 * Sees to it that a session is logged off once no process has used it for its idle time. Every
 * process that used it watches, so that the death of one does not keep the licence; and so does each
 * kind of connection, because one that the server's certificate stops could never log off.
 *
 * @param delayMs when to look next; an earlier look that is planned already stands.
 */
export function watchIdleSession(session: IdleSession, delayMs: number): void {
	const { vault, connection, recordId, proof, ownKeepMark } = session;
	const { watches } = state();
	const key = [
		vault.vaultId,
		recordId,
		proof ?? '',
		ownKeepMark,
		...permissionsOf(connection),
	].join('|');
	const watch = watches.get(key) ?? {
		...session,
		timer: undefined,
		dueAt: Infinity,
		look: undefined,
	};
	watches.set(key, watch);
	doBeforeExit(STATE, logOffBeforeExit);
	schedule(key, watch, delayMs);
	for (const { dueAt, ...earlier } of takeEarlierWatches()) {
		const idle = { ...earlier, proof: null, ownKeepMark: keepMark(null) };
		watchIdleSession(idle, dueAt - performance.now());
	}
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
		const hinders = ({ useId }: RecordUse) => useId !== watch.ownKeepMark;
		const result = await close(watch, { hinders, waitMs: LEASE_WAIT_MS });
		if (result.kind !== 'inUse') {
			if (watch.timer === undefined) forget(key);
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

function forget(key: string): void {
	const { watches } = state();
	watches.delete(key);
	if (watches.size === 0) cancelBeforeExit(STATE);
}

async function close(
	{ vault, connection, recordId, proof }: Watch,
	request: Pick<ClosingRequest, 'hinders' | 'waitMs' | 'signal'>,
) {
	const closing = { createTokenFirst: true, proof, ...request };
	return await closeSession(vault, connection, recordId, closing);
}

/**
 * Logs off every watched session that neither another process nor an execution of this one uses,
 * without waiting for the idle time.
 */
async function logOffBeforeExit({ deadline, signal, executionsMayRun }: ExitTime): Promise<void> {
	const closings = [...state().watches.values()].map(async (watch) => {
		clearTimeout(watch.timer);
		await watch.look;
		const { vault, recordId, ownKeepMark } = watch;
		// Taken back first: of processes that end together the last one finds no mark, and logs off.
		// Nobody tells when a request of n8n's HTTP Request node ends; with its execution, at the latest.
		const rows = () => endOwnMarks(recordId, { httpIsOver: !executionsMayRun });
		// By way of its database: another copy of the package may have opened that vault.
		await writeAt(vault.database, recordId, rows);
		const hinders = ({ useId }: RecordUse) => useId !== ownKeepMark;
		await close(watch, { hinders, waitMs: Math.max(0, deadline - performance.now()), signal });
	});
	await Promise.allSettled(closings);
}
