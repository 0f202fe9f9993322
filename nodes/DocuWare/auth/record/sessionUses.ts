import { thisHolder } from '../../../shared/process/holder';
import { processState } from '../../../shared/process/processState';
import type { SqlTransaction } from '../../../shared/vault/database/transaction';
import type { RecordUse } from '../../../shared/vault/rows/uses';
import { endUse, markUse } from '../../../shared/vault/rows/uses';
import type { Vault } from '../../../shared/vault/vault';
import { writeAt } from '../../../shared/vault/writeAt';

/** How long a mark counts without being renewed, in milliseconds. */
export const USE_MARK_MS = 30_000;

const HEARTBEAT_MS = 10_000;

/** After this long without a request an open use is taken for forgotten, in milliseconds. */
const FORGOTTEN_MS = 60_000;

/** One execution's use of one session, as this process knows it. */
export interface SessionUse {
	readonly vault: Vault;
	readonly recordId: string;
	readonly useId: string;
	/** Session objects that are not released yet. */
	open: number;
	/** Requests under way. */
	inFlight: number;
	/** Monotonic clock, milliseconds. */
	lastUsedAt: number;
	/** When the mark in the vault was last renewed (monotonic); null before the first. */
	markedAt: number | null;
}

interface UseState {
	uses: Map<string, SessionUse>;
	heartbeat: NodeJS.Timeout | undefined;
}

function state(): UseState {
	return processState('docuWareUses1', () => ({
		uses: new Map<string, SessionUse>(),
		heartbeat: undefined,
	}));
}

function keyOf(vault: Vault, recordId: string, useId: string): string {
	return `${vault.vaultId}|${recordId}|${useId}`;
}

/** Joins an execution's use of a session, or begins it. Marks nothing yet. */
export function openUse(vault: Vault, recordId: string, useId: string): SessionUse {
	const { uses } = state();
	const key = keyOf(vault, recordId, useId);
	const use = uses.get(key) ?? {
		vault,
		recordId,
		useId,
		open: 0,
		inFlight: 0,
		lastUsedAt: performance.now(),
		markedAt: null,
	};
	use.open += 1;
	uses.set(key, use);
	startHeartbeat();
	return use;
}

/** The marks of the policy *keep* that were left with a use: one execution may use a session by several credentials. */
const keptBy = new WeakMap<SessionUse, Set<string>>();

/**
 * Whether the mark in the vault has to be set before the session is used again.
 * @param kept the mark that the policy of the credential leaves; null where it leaves none.
 */
export function isMarkDue(use: SessionUse, kept: string | null): boolean {
	if (kept !== null && keptBy.get(use)?.has(kept) !== true) return true;
	return use.markedAt === null || performance.now() - use.markedAt >= HEARTBEAT_MS;
}

/** Notes that the mark has been set, and that of the credential's policy with it. */
export function noteMarked(use: SessionUse, kept: string | null): void {
	if (kept !== null) keptBy.set(use, (keptBy.get(use) ?? new Set()).add(kept));
	use.markedAt = performance.now();
	use.lastUsedAt = performance.now();
	// A use that was taken for forgotten is one again.
	state().uses.set(keyOf(use.vault, use.recordId, use.useId), use);
	startHeartbeat();
}

/** Begins the name of a mark that holds back the log-off for being idle, and nothing else. */
const IDLE_MARK = 'idle:';

/** Begins the name of a mark that the policy *keep* leaves, and the name of its credential follows. */
const KEEP_MARK = 'keep:';

/** So long the policy *keep* of one credential holds back the idle log-off of others, in milliseconds. */
const KEEP_MARK_MS = 86_400_000;

/** Begins the name of the uses by n8n's HTTP Request node. */
const HTTP_USE = 'http:';

/** Name of the use of a session by the HTTP Request nodes of this process. */
export function httpUseId(): string {
	return `${HTTP_USE}${thisHolder().uuid}`;
}

/** Whether the mark says that somebody uses the session, or may do so. */
export function isInUse({ useId }: RecordUse): boolean {
	return !useId.startsWith(IDLE_MARK) && !useId.startsWith(KEEP_MARK);
}

/**
 * Name of the mark that the policy of a credential leaves. The hook does not know which one it is, and
 * names it by a digest of what stands in it.
 */
export function keepMark(credential: string | null): string {
	return `${KEEP_MARK}${credential ?? 'unknown'}`;
}

/** Leaves the mark of the policy *keep*. It outlives the process: no holder whose death would end it. */
export function* markKept(recordId: string, mark: string): SqlTransaction<void> {
	yield* markUse(recordId, mark, null, KEEP_MARK_MS);
}

/**
 * Ends the marks of this process that stand for no execution under way, at the end of the process.
 * @param httpIsOver whether the requests of its HTTP Request nodes have ended
 */
export function* endOwnMarks(
	recordId: string,
	{ httpIsOver }: { httpIsOver: boolean },
): SqlTransaction<void> {
	yield* endUse(recordId, `${IDLE_MARK}${thisHolder().uuid}`, 0);
	if (httpIsOver) yield* endUse(recordId, httpUseId(), 0);
}

/** Whether the mark is one of an HTTP Request node, whose request may have ended already. */
export function isHttpUse({ useId }: RecordUse): boolean {
	return useId.startsWith(HTTP_USE);
}

/**
 * When HTTP Request nodes count no longer, if nobody else uses the session: they mark it for a time, since
 * nothing tells when their requests end.
 * @returns milliseconds; undefined where an execution uses it.
 */
export function httpEndsInMs({
	uses,
	storeNow,
}: {
	uses: readonly RecordUse[];
	storeNow: number;
}): number | undefined {
	if (!uses.every(isHttpUse)) return undefined;
	return Math.max(0, ...uses.map(({ expiresAt }) => expiresAt - storeNow));
}

/** What remains of a use that is released. */
export interface UseRemainder {
	/** How long the use itself still counts, in milliseconds; 0: it ends at once. */
	useMs?: number;
	/** How long the session is not to be logged off for being idle, in milliseconds. */
	idleMs?: number;
	/** The policy of the credential: *keep* holds the session against others, else an earlier hold ends. */
	keep?: { mark: string; holds: boolean };
}

/**
 * One session object less. With the last one the use ends, but for what is to remain of it.
 * @returns whether it was the last one.
 */
export async function releaseUse(
	use: SessionUse,
	{ useMs = 0, idleMs = 0, keep }: UseRemainder = {},
): Promise<boolean> {
	use.open -= 1;
	if (use.open > 0) return false;
	state().uses.delete(keyOf(use.vault, use.recordId, use.useId));
	const wasMarked = use.markedAt !== null;
	use.markedAt = null;
	if (!wasMarked) return true;
	// By way of its database: another copy of the package may have opened that vault.
	await writeAt(use.vault.database, use.recordId, function* (): SqlTransaction<void> {
		yield* endUse(use.recordId, use.useId, useMs);
		if (keep?.holds === true) yield* markKept(use.recordId, keep.mark);
		else if (keep !== undefined) yield* endUse(use.recordId, keep.mark, 0);
		if (idleMs <= 0) return;
		const holder = thisHolder();
		yield* markUse(use.recordId, `${IDLE_MARK}${holder.uuid}`, holder, idleMs);
	});
	return true;
}

function startHeartbeat(): void {
	const uses = state();
	if (uses.heartbeat !== undefined) return;
	uses.heartbeat = setInterval(() => void beat(), HEARTBEAT_MS);
	uses.heartbeat.unref();
}

/** Renews the marks of everything that is in use; a mark that fails is made up by the next beat. */
async function beat(): Promise<void> {
	const { uses } = state();
	if (uses.size === 0) {
		clearInterval(state().heartbeat);
		state().heartbeat = undefined;
	}
	const now = performance.now();
	for (const [key, use] of uses) {
		const isAlive = use.inFlight > 0 || now - use.lastUsedAt < FORGOTTEN_MS;
		if (!isAlive) uses.delete(key);
		if (use.markedAt === null || !isAlive) continue;
		const rows = () => markUse(use.recordId, use.useId, thisHolder(), USE_MARK_MS);
		await writeAt(use.vault.database, use.recordId, rows)
			.then(() => {
				use.markedAt = performance.now();
			})
			.catch(() => undefined);
	}
}
