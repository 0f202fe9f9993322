import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { SqlDatabase } from '../database/sqlDatabase';
import type { SqlTransaction } from '../database/transaction';
import { relationsExist } from '../database/transaction';
import type { LeaseTiming } from '../leaseHolding';
import { withLease } from '../leaseHolding';
import { isAnyLeaseInUse } from '../rows/leases';
import { deleteMeta, readMeta, writeMeta } from '../rows/meta';
import type { MovedTo } from '../rows/movedTo';
import { MOVED_TO_NOTE, movedError, readMovedTo } from '../rows/movedTo';
import { prepareSchema, TABLES } from '../rows/schema';
import type { Sealer } from '../sealing';
import type { VaultContent } from './vaultContent';
import { hasRecords, readContent, replaceContent, sealAnew } from './vaultContent';
import { vaultError } from '../vaultErrors';

/** Lease on the whole move, in the store that is left. */
const MOVE_LEASE = 'move';

/** Which move filled a store, and which one must not fill it any more. */
const MOVED_FROM_NOTE = 'moved_from';
const CANCELLED_NOTE = 'cancelled_move';

/** Longer than the longest token request (120 s), whose end a move waits for. */
const DEFAULT_WAIT_MS = 150_000;
const POLL_MS = 100;

/** A store with the sealer of its vault. */
export interface SealedStore {
	database: SqlDatabase;
	sealer: Sealer;
}

export interface MoveOptions {
	/** How long to wait for token requests under way in the earlier store, in milliseconds. */
	waitMs?: number;
	timing?: LeaseTiming;
	/** Called after each step; lets a test end the process there. */
	afterStep?: (step: 'marked' | 'copied') => void | Promise<void>;
}

/** Whether a store may be filled by a move: it has no records, or its vault was moved away. */
export type StoreState = { kind: 'empty' } | { kind: 'inForce' } | { kind: 'moved'; to: MovedTo };

/** What a store holds, also one without tables. */
export async function stateOf(database: SqlDatabase): Promise<StoreState> {
	return await database.read(function* (): SqlTransaction<StoreState> {
		if (!(yield* relationsExist([TABLES.meta, TABLES.record]))) return { kind: 'empty' };
		const to = yield* readMovedTo();
		if (to !== undefined) return { kind: 'moved', to };
		return (yield* hasRecords()) ? { kind: 'inForce' } : { kind: 'empty' };
	});
}

/**
 * Moves a vault into another store, once: under a lease in the store that is left, when no token
 * request is under way there. First the old store is marked, from then on it is out of force for
 * every process; then the content is written into the new store in one transaction. A crash in
 * between is made good by the next call, because the marked store still holds everything.
 *
 * @returns false where there was nothing to move.
 * @throws ConnectorError VAULT_MOVED (the old store was moved to a third place),
 * VAULT_LEASE_TIMEOUT, VAULT_KEY_MISMATCH and those of both databases.
 */
export async function moveVault(
	from: SealedStore,
	to: SealedStore,
	options: MoveOptions = {},
): Promise<boolean> {
	const state = await stateOf(from.database);
	if (state.kind === 'empty') return false;
	throwIfElsewhere(state, from, to);
	const notes = await prepareSchema(from.database, from.sealer);
	if (notes.fingerprintKey !== undefined) from.sealer.adoptFingerprintKey(notes.fingerprintKey);
	await prepareSchema(to.database, to.sealer);
	const waitMs = options.waitMs ?? DEFAULT_WAIT_MS;
	return await withLease(
		from.database,
		MOVE_LEASE,
		{ waitMs, timing: options.timing, doneMeanwhile: async () => await doneByOther(to.database) },
		async () => {
			if ((await doneByOther(to.database)) !== undefined) return true;
			// Nothing is changed if something does not open under the key that is known.
			translated(await from.database.read(readContent), from, to);
			const marked = await markWhenQuiet(from, to, waitMs);
			await options.afterStep?.('marked');
			const content = translated(marked.content, from, to);
			const fingerprintKey = sameKey(from, to)
				? notes.fingerprintKey
				: to.sealer.sealFingerprintKey(from.sealer);
			const taken = await to.database.write(() =>
				takeOver(content, marked.note, from.database.location, {
					vaultId: notes.vaultId,
					fingerprintKey,
				}),
			);
			if (!taken) await from.database.write(() => deleteMeta(MOVED_TO_NOTE));
			await options.afterStep?.('copied');
			return taken;
		},
	);
}

/**
 * Puts a marked store in force again whose move never arrived: the store it was to be moved to is
 * still empty, and is told not to accept that move any more.
 */
export async function takeBack(store: SqlDatabase, target: SealedStore): Promise<void> {
	const state = await stateOf(store);
	if (state.kind !== 'moved') return;
	const { moveId } = state.to;
	await prepareSchema(target.database, target.sealer);
	await target.database.write(function* (): SqlTransaction<void> {
		if (yield* hasRecords()) throw movedError(store.location, state.to);
		yield* writeMeta(CANCELLED_NOTE, moveId);
	});
	await store.write(() => deleteMeta(MOVED_TO_NOTE));
}

function throwIfElsewhere(state: StoreState, from: SealedStore, to: SealedStore): void {
	if (state.kind === 'moved' && state.to.location !== to.database.location) {
		throw movedError(from.database.location, state.to);
	}
}

async function doneByOther(database: SqlDatabase): Promise<true | undefined> {
	return (await stateOf(database)).kind === 'inForce' ? true : undefined;
}

function translated(content: VaultContent, from: SealedStore, to: SealedStore): VaultContent {
	return sameKey(from, to) ? content : sealAnew(content, from.sealer, to.sealer);
}

function sameKey(from: SealedStore, to: SealedStore): boolean {
	return from.sealer.keyCheck() === to.sealer.keyCheck();
}

/**
 * Marks the store as moved in a moment without a lease in use. A holder that comes back later has
 * its save refused with VAULT_MOVED; the secret is spilled and reaches the new store from there.
 */
async function markWhenQuiet(
	from: SealedStore,
	to: SealedStore,
	waitMs: number,
): Promise<{ note: MovedTo; content: VaultContent }> {
	const drawn: MovedTo = { location: to.database.location, moveId: randomUUID() };
	const giveUpAt = performance.now() + waitMs;
	for (;;) {
		const marked = await from.database.write(() => markAndRead(drawn));
		if (marked !== undefined) return marked;
		if (performance.now() >= giveUpAt) {
			throw vaultError(
				'VAULT_LEASE_TIMEOUT',
				`The vault could not be moved, since another process kept using it for ${Math.round(waitMs / 1000)} s: ` +
					`from ${from.database.location} to ${to.database.location}.`,
				'Stop every n8n process that still runs with the old settings, then run again.',
				{ retryable: true },
			);
		}
		await delay(POLL_MS);
	}
}

function* markAndRead(
	drawn: MovedTo,
): SqlTransaction<{ note: MovedTo; content: VaultContent } | undefined> {
	let note = yield* readMovedTo();
	if (note === undefined) {
		if (yield* isAnyLeaseInUse([MOVE_LEASE])) return undefined;
		note = drawn;
		yield* writeMeta(MOVED_TO_NOTE, JSON.stringify(note));
	}
	return { note, content: yield* readContent() };
}

/**
 * Fills the new store.
 * @returns false where records of its own have come into it meanwhile; the move is then cancelled.
 */
function* takeOver(
	content: VaultContent,
	note: MovedTo,
	source: string,
	notes: { vaultId: string; fingerprintKey: string | undefined },
): SqlTransaction<boolean> {
	if ((yield* readMeta(MOVED_FROM_NOTE)) === note.moveId) return true;
	if ((yield* readMeta(CANCELLED_NOTE)) === note.moveId) return false;
	if ((yield* readMovedTo()) === undefined && (yield* hasRecords())) {
		yield* writeMeta(CANCELLED_NOTE, note.moveId);
		return false;
	}
	yield* replaceContent(content);
	yield* writeMeta('vault_id', notes.vaultId);
	if (notes.fingerprintKey === undefined) yield* deleteMeta('fingerprint_key');
	else yield* writeMeta('fingerprint_key', notes.fingerprintKey);
	yield* writeMeta(MOVED_FROM_NOTE, note.moveId);
	yield* writeMeta('moved_from_location', source);
	yield* deleteMeta(MOVED_TO_NOTE);
	return true;
}
