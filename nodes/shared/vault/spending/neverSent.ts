import { isConnectorError } from '../../errors';
import { processState } from '../../process/processState';
import type { SqlTransaction } from '../database/transaction';
import { closeAttempt } from '../rows/attempts';
import { isOutOfForce } from '../vaultErrors';

/** Pause between two tries to tell the store, in milliseconds. */
const RETRY_MS = 5_000;

/** What is needed of a vault to tell it; the vault itself uses this file. */
interface Store {
	readonly vaultId: string;
	readonly isClosed: boolean;
	write<T>(transaction: () => SqlTransaction<T>): Promise<T>;
	writeAt<T>(recordId: string, transaction: () => SqlTransaction<T>): Promise<T>;
}

/** An attempt that is or may be written down although its request never left this process. */
interface UnsentAttempt {
	vaultId: string;
	rows: () => SqlTransaction<void>;
}

function unsentAttempts(): Set<UnsentAttempt> {
	return processState('unsentAttempts1', () => new Set<UnsentAttempt>());
}

/** The record that an attempt is about; of those that another copy of the package has noted nobody knows it. */
const recordsOf = new WeakMap<UnsentAttempt, string>();

/** Vaults for which a next try is on its way. */
const retrying = new WeakSet<Store>();

/**
 * Closes an attempt as `notSent` and takes its mark back, so that a single-use token that never left
 * stays good. Only this process knows that nothing was sent: where the store does not take it now,
 * it is tried again in the background and before the next decision. Never throws.
 *
 * @param unmark run only where the attempt stood and nobody had closed it before; it changes nothing of
 * another record.
 */
export async function neverSent(
	vault: Store,
	{ id, recordId }: { id: string; recordId: string },
	detail: string | null,
	unmark: (() => SqlTransaction<void>) | undefined,
): Promise<void> {
	const unsent: UnsentAttempt = {
		vaultId: vault.vaultId,
		*rows() {
			const wasOpen = yield* closeAttempt(id, 'notSent', detail);
			if (wasOpen && unmark !== undefined) yield* unmark();
		},
	};
	recordsOf.set(unsent, recordId);
	unsentAttempts().add(unsent);
	if ((await settle(vault)) === 'later') retryLater(vault);
}

/**
 * Tells the store of every attempt of this process that never left and is not closed yet; costs nothing
 * where there is none. Never throws.
 * @returns false where the store has not taken all of them.
 */
export async function settleNeverSent(vault: Store): Promise<boolean> {
	return (await settle(vault)) === 'settled';
}

/** Whether the store has still to be told of an attempt of this process that never left. */
export function isAnyUnsettled({ vaultId }: Pick<Store, 'vaultId'>): boolean {
	return [...unsentAttempts()].some((unsent) => unsent.vaultId === vaultId);
}

/** `outOfForce`: this vault takes nothing any more; the one it was moved to is told when it is used. */
async function settle(vault: Store): Promise<'settled' | 'later' | 'outOfForce'> {
	let result: 'settled' | 'later' = 'settled';
	for (const unsent of [...unsentAttempts()]) {
		// Told by somebody else while this waited for those before it.
		if (unsent.vaultId !== vault.vaultId || !unsentAttempts().has(unsent)) continue;
		try {
			await tell(vault, unsent);
		} catch (error) {
			if (isOutOfForce(error)) return 'outOfForce';
			result = 'later';
			// A store that is away is so for the others too; any other fault is the matter of this one.
			if (isConnectorError(error) && error.retryable) break;
		}
	}
	return result;
}

/** What is being told to a store just now, so that many who wait for it cost one transaction. */
const beingTold = new WeakMap<Store, Map<UnsentAttempt, Promise<void>>>();

async function tell(vault: Store, unsent: UnsentAttempt): Promise<void> {
	const under = beingTold.get(vault) ?? new Map<UnsentAttempt, Promise<void>>();
	beingTold.set(vault, under);
	let telling = under.get(unsent);
	if (telling === undefined) {
		const recordId = recordsOf.get(unsent);
		const written =
			recordId === undefined
				? vault.write(() => unsent.rows())
				: vault.writeAt(recordId, () => unsent.rows());
		telling = written.finally(() => under.delete(unsent));
		under.set(unsent, telling);
	}
	await telling;
	unsentAttempts().delete(unsent);
}

function retryLater(vault: Store): void {
	if (retrying.has(vault)) return;
	retrying.add(vault);
	setTimeout(() => {
		retrying.delete(vault);
		void settle(vault).then((result) => {
			if (result === 'later' && !vault.isClosed) retryLater(vault);
		});
	}, RETRY_MS).unref();
}
