import { passOn } from '../../errors';
import { isProvenDead, thisHolder } from '../../process/holder';
import { PREVIOUS_VARIABLE } from '../encryptionKey';
import type { LeaseName } from '../rows/leases';
import { recordLease } from '../rows/leases';
import { isOutOfForce, vaultError } from '../vaultErrors';
import { rememberSave } from './lastSecrets';
import type { SecretSave } from './secretSave';
import type { SecretStore, Stored } from './secretStore';
import type { FoundSpill } from './spill';
import { readSpills, removeSpill, setSpillAside } from './spill';

/**
 * How long a spill is left to the process that wrote it, as long as that may be alive, in milliseconds; its
 * file always, because that process may be about to write the next one there (`spillWriter.ts`).
 */
export const LEFT_TO_WRITER_MS = 30_000;

/** Brings the spill files of this host into the store. */
export class SpillReplay {
	/** Whether files stand that were left to their writers although what they hold is dealt with. */
	hasLeft = false;

	constructor(
		private readonly store: SecretStore,
		private readonly folders: string[],
		private readonly vaultId: string,
	) {}

	/**
	 * Those of one record, or all, in the order the secrets were made.
	 * @param lease of a record, in the caller's hands: what was received for that record is brought in whoever
	 * may be alive. A process that cannot be seen dies without a proof, and its lease ends sooner than its spill
	 * is old; if it lives, its own save finds itself done.
	 * @returns whether a record has a secret by that which waited
	 * @throws ConnectorError VAULT_SPILL_UNREADABLE about the record named here, and those of the database
	 */
	async replay(recordId: string | undefined, lease: LeaseName | undefined): Promise<boolean> {
		let isAnySaved = false;
		const found = await readSpills(this.folders, this.vaultId);
		found.sort((a, b) => a.spill.save.spentGeneration - b.spill.save.spentGeneration);
		for (const one of found) {
			const { file, spill } = one;
			const isLeft = isLeftToWriter(one);
			if (isLeft && !(lease !== undefined && (await this.isUnder(lease, spill.save)))) continue;
			if (recordId !== undefined && !(await this.store.belongsTo(spill.save, recordId))) continue;
			const save = this.store.underPresentKey(spill.save);
			if (save === undefined) {
				if (recordId !== undefined) await this.throwIfNeeded(spill.save, file);
				continue;
			}
			const stored = await this.attempt(save, recordId);
			if (stored === 'saved') {
				rememberSave(this.vaultId, save);
				isAnySaved = true;
			}
			if (isLeft) {
				this.hasLeft ||= stored !== undefined;
				continue;
			}
			if (stored === 'foreign') await setSpillAside(file);
			else if (stored !== undefined) await removeSpill(file);
		}
		return isAnySaved;
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

	private async isUnder(lease: LeaseName, save: SecretSave): Promise<boolean> {
		if (recordLease(save.recordId) === lease.name) return true;
		return recordLease(await this.store.placeOf(save)) === lease.name;
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
function isLeftToWriter({ holder, givenUp, ageMs }: FoundSpill): boolean {
	if (givenUp || holder === null || ageMs > LEFT_TO_WRITER_MS) return false;
	return holder.uuid === thisHolder().uuid || !isProvenDead(holder);
}
