import { processState } from '../../process/processState';
import { rememberLatest } from '../../process/rememberLatest';
import type { VaultRecord } from '../rows/records';
import { isAtLogIn, logInOf } from './healing';
import type { SecretSave } from './secretSave';

/** Of how many records a process remembers the last secret. */
const REMEMBERED = 1_000;

/** By vault and record, the one saved longest ago first; sealed. */
function lastSecrets(): Map<string, SecretSave> {
	return processState('lastSecrets1', () => new Map<string, SecretSave>());
}

/** Remembers the secret that a record has got last, for a store that falls back to an earlier state. */
export function rememberSave(vaultId: string, save: SecretSave): void {
	rememberLatest(lastSecrets(), `${vaultId}|${save.recordId}`, save, REMEMBERED);
}

/**
 * The same for a secret that another process has saved and this one has read. What this process remembers
 * already of that generation, or of a later one of the same log-in, stays.
 * @param meta what is to be laid over the record's own facts with it.
 */
export function rememberSeen(
	vaultId: string,
	record: VaultRecord,
	meta: Record<string, unknown>,
): void {
	const { id, generation, sealed, requestedAt, receivedAt } = record;
	if (requestedAt === null || receivedAt === null) return;
	const known = rememberedSave(vaultId, id);
	if (isAtLogIn(record, known?.logIn) && known!.spentGeneration >= generation - 1) return;
	rememberSave(vaultId, {
		recordId: id,
		spentGeneration: generation - 1,
		sealed,
		meta,
		requestedAt,
		receivedAt,
		attemptId: '',
		logIn: logInOf(record),
	});
}

/** What this process saved or read last for a record. */
export function rememberedSave(vaultId: string, recordId: string): SecretSave | undefined {
	return lastSecrets().get(`${vaultId}|${recordId}`);
}

/** Forgets it: the store has said what it is worth. */
export function forgetSave(vaultId: string, recordId: string): void {
	lastSecrets().delete(`${vaultId}|${recordId}`);
}
