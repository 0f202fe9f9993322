import { passOn } from '../../errors';
import { isProvenDead, thisHolder } from '../../process/holder';
import { PREVIOUS_VARIABLE } from '../encryptionKey';
import { isOutOfForce, vaultError } from '../vaultErrors';
import { rememberSave } from './lastSecrets';
import type { SecretSave } from './secretSave';
import type { SecretStore, Stored } from './secretStore';
import type { FoundSpill } from './spill';
import { readSpills, removeSpill, setSpillAside } from './spill';

/** How long a spill is left to the process that wrote it, as long as that may be alive, in milliseconds. */
const LEFT_TO_WRITER_MS = 30_000;

/** Brings the spill files of this host into the store. */
export class SpillReplay {
	constructor(
		private readonly store: SecretStore,
		private readonly folders: string[],
		private readonly vaultId: string,
	) {}

	/**
	 * Those of one record, or all, in the order the secrets were made.
	 * @throws ConnectorError VAULT_SPILL_UNREADABLE about the record named here, and those of the database
	 */
	async replay(recordId: string | undefined): Promise<void> {
		const found = await readSpills(this.folders, this.vaultId);
		found.sort((a, b) => a.spill.save.spentGeneration - b.spill.save.spentGeneration);
		for (const one of found) {
			const { file, spill } = one;
			if (!mayBeTaken(one)) continue;
			if (recordId !== undefined && !(await this.store.belongsTo(spill.save, recordId))) continue;
			const save = this.store.underPresentKey(spill.save);
			if (save === undefined) {
				if (recordId !== undefined) await this.throwIfNeeded(spill.save, file);
				continue;
			}
			const stored = await this.attempt(save, recordId);
			if (stored === 'saved') rememberSave(this.vaultId, save);
			if (stored === 'foreign') await setSpillAside(file);
			else if (stored !== undefined) await removeSpill(file);
		}
	}

	/**
	 * Stores one secret. What fails for one record does not fail the others.
	 * @param recordId the record that is waited for; its failures are thrown.
	 * @returns undefined where it has to be tried again.
	 * @throws ConnectorError of the database; without a record, only that this vault was moved.
	 */
	async attempt(save: SecretSave, recordId: string | undefined): Promise<Stored | undefined> {
		if (recordId !== undefined) return await this.store.store(save);
		return await this.store.store(save).catch((error: unknown) => {
			if (isOutOfForce(error)) passOn(error);
			return undefined;
		});
	}

	/** An unreadable spill matters only while its record still waits for that very secret. */
	private async throwIfNeeded(save: SecretSave, file: string): Promise<void> {
		if (!(await this.store.isAwaited(save))) return;
		throw vaultError(
			'VAULT_SPILL_UNREADABLE',
			'What could not be saved earlier waits in a file that the present encryption key does not open: ' +
				`${file}, with the key from ${this.store.keySource}.`,
			`Name the key of that time in ${PREVIOUS_VARIABLE} and restart n8n; the token is then ` +
				'saved by itself. If that key is lost, delete the file and press Connect again in the credential.',
		);
	}
}

/** A living process brings its own spill in, and may be about to. */
function mayBeTaken({ holder, givenUp, ageMs }: FoundSpill): boolean {
	if (givenUp || holder === null || ageMs > LEFT_TO_WRITER_MS) return true;
	return holder.uuid !== thisHolder().uuid && isProvenDead(holder);
}
