import { processState } from '../../process/processState';
import type { SqlTransaction } from '../database/transaction';
import { closeAttempt } from '../rows/attempts';
import type { Vault } from '../vault';

/** Pause between two tries to tell the store, in milliseconds. */
const RETRY_MS = 5_000;

/** An attempt that is or may be written down although its request never left this process. */
interface UnsentAttempt {
	vaultId: string;
	rows: () => SqlTransaction<void>;
}

function unsentAttempts(): Set<UnsentAttempt> {
	return processState('unsentAttempts1', () => new Set<UnsentAttempt>());
}

/**
 * Closes an attempt as `notSent` and takes its mark back, so that a single-use token that never left
 * stays good. Only this process knows that nothing was sent: where the store does not take it now,
 * it is tried again in the background and before the next attempt. Never throws.
 *
 * @param unmark run only where the attempt stood and nobody had closed it before.
 */
export async function neverSent(
	vault: Vault,
	attemptId: string,
	detail: string | null,
	unmark: (() => SqlTransaction<void>) | undefined,
): Promise<void> {
	unsentAttempts().add({
		vaultId: vault.vaultId,
		*rows() {
			const wasOpen = yield* closeAttempt(attemptId, 'notSent', detail);
			if (wasOpen && unmark !== undefined) yield* unmark();
		},
	});
	if (!(await settleNeverSent(vault))) retryLater(vault);
}

/**
 * Tells the store of every attempt of this process that never left and is not closed yet. Never throws.
 * @returns false where the store does not take it now.
 */
export async function settleNeverSent(vault: Vault): Promise<boolean> {
	for (const unsent of [...unsentAttempts()]) {
		if (unsent.vaultId !== vault.vaultId) continue;
		try {
			await vault.write(() => unsent.rows());
		} catch {
			return false;
		}
		unsentAttempts().delete(unsent);
	}
	return true;
}

function retryLater(vault: Vault): void {
	setTimeout(() => {
		void settleNeverSent(vault).then((settled) => {
			if (!settled && !vault.isClosed) retryLater(vault);
		});
	}, RETRY_MS).unref();
}
