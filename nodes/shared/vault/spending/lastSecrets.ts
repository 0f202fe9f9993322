import { processState } from '../../process/processState';
import { rememberLatest } from '../../process/rememberLatest';
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

/** What this process saved last for a record. */
export function rememberedSave(vaultId: string, recordId: string): SecretSave | undefined {
	return lastSecrets().get(`${vaultId}|${recordId}`);
}

/** Forgets it: the store has said what it is worth. */
export function forgetSave(vaultId: string, recordId: string): void {
	lastSecrets().delete(`${vaultId}|${recordId}`);
}
