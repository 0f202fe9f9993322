import { setTimeout as delay } from 'node:timers/promises';

import { isConnectorError } from '../../errors';
import { processState } from '../../process/processState';
import type { SqlDatabase } from '../database/sqlDatabase';
import type { SqlTransaction } from '../database/transaction';
import { readRecordAsItIs } from '../rows/records';
import { PREVIOUS_VARIABLE } from '../encryptionKey';
import type { Sealer } from '../sealing';
import type { SaveResult, SecretAge, SecretSave } from './secretSave';
import { lateSaveTarget, saveSecret, secretSubject } from './secretSave';
import { readSpills, removeSpill, writeSpill } from './spill';
import { vaultError } from '../vaultErrors';

const DEFAULT_SAVE_LIMIT_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
const BACKGROUND_PAUSE_MS = 5_000;

interface UnsavedSecret {
	vaultId: string;
	save: SecretSave;
	/** The spill file that holds the same save; undefined where no disk took it. */
	file?: string;
}

/** Secrets that no store has taken yet, once per process; sealed, so that no memory dump shows them. */
function unsavedSecrets(): Set<UnsavedSecret> {
	return processState('unsavedSecrets1', () => new Set<UnsavedSecret>());
}

/** A secret whose record was merged may have to follow more than one signpost. */
const LONGEST_MERGE_CHAIN = 8;

/**
 * Gets received secrets into the store, whatever happens: retries, spills, replays
 * (docs/architecture.md, rule 6).
 */
export class PendingSaves {
	private background?: NodeJS.Timeout;

	private stopped = false;

	constructor(
		private readonly database: SqlDatabase,
		private readonly sealer: Sealer,
		private readonly vaultId: string,
		private readonly folders: string[],
		private readonly saveLimitMs: number = DEFAULT_SAVE_LIMIT_MS,
	) {}

	async save(save: SecretSave, age: () => SecretAge): Promise<SaveResult> {
		let failure: unknown;
		const giveUpAt = performance.now() + this.saveLimitMs;
		let pause = FIRST_PAUSE_MS;
		let unsaved: UnsavedSecret | undefined;
		for (;;) {
			try {
				const result = await this.store(save, age);
				if (unsaved) await this.forget(unsaved);
				return result;
			} catch (error) {
				failure = error;
			}
			// Spilled at the first failure already: the process may be killed while it retries.
			unsaved ??= await this.remember(save);
			if (performance.now() >= giveUpAt || isOutOfForce(failure)) break;
			await delay(pause);
			pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
		}
		this.retryInBackground();
		throw vaultError(
			'VAULT_SAVE_FAILED',
			`A new token was received but the vault at ${this.database.location} has not taken it: ` +
				textOf(failure),
			saveRepair(unsaved.file),
			{ retryable: true, cause: failure },
		);
	}

	/**
	 * Brings in everything that waits, from memory and from the spill files of any process of this
	 * host, in the order the secrets were made.
	 * @throws ConnectorError VAULT_SPILL_UNREADABLE, only about the record named here.
	 */
	async replay(recordId?: string): Promise<void> {
		for (const unsaved of [...unsavedSecrets()]) {
			if (unsaved.vaultId !== this.vaultId) continue;
			const save = this.underPresentKey(unsaved.save);
			if (save === undefined) continue;
			await this.store(save);
			await this.forget(unsaved);
		}
		const spills = await readSpills(this.folders, this.vaultId);
		spills.sort((a, b) => a.spill.save.spentGeneration - b.spill.save.spentGeneration);
		for (const { file, spill } of spills) {
			const save = this.underPresentKey(spill.save);
			if (save !== undefined) {
				await this.store(save);
				await removeSpill(file);
			} else if (spill.save.recordId === recordId) {
				await this.throwIfNeeded(spill.save, file);
			}
		}
	}

	/** Ends the background retries, with one last attempt. */
	async stop(): Promise<void> {
		this.stopped = true;
		clearTimeout(this.background);
		const waiting = [...unsavedSecrets()].some(({ vaultId }) => vaultId === this.vaultId);
		if (waiting) await this.replay().catch(() => undefined);
	}

	private async store(save: SecretSave, age?: () => SecretAge): Promise<SaveResult> {
		return await this.database.write(() => this.saveWhereItBelongs(save, age));
	}

	/** Follows the signposts first: only the save that counts may speak the first word on its attempt. */
	private *saveWhereItBelongs(
		save: SecretSave,
		age: (() => SecretAge) | undefined,
	): SqlTransaction<SaveResult> {
		let current = save;
		for (let hops = 0; hops < LONGEST_MERGE_CHAIN; hops += 1) {
			const target = yield* lateSaveTarget(current);
			if (target === undefined) break;
			current = this.moveTo(current, target);
		}
		return yield* saveSecret(current, age?.());
	}

	private moveTo(
		save: SecretSave,
		target: { recordId: string; spentGeneration: number },
	): SecretSave {
		const subject = secretSubject(target.recordId, target.spentGeneration + 1);
		return { ...save, ...target, sealed: this.sealer.seal(this.open(save), subject) };
	}

	private open(save: SecretSave): string {
		return this.sealer.open(save.sealed, secretSubject(save.recordId, save.spentGeneration + 1));
	}

	/** The save as the present key opens it; undefined where no known key has sealed it. */
	private underPresentKey(save: SecretSave): SecretSave | undefined {
		const subject = secretSubject(save.recordId, save.spentGeneration + 1);
		try {
			return { ...save, sealed: this.sealer.underPresentKey(save.sealed, subject) };
		} catch {
			return undefined;
		}
	}

	/** An unreadable spill matters only while its record still waits for that very secret. */
	private async throwIfNeeded(save: SecretSave, file: string): Promise<void> {
		const record = await this.database.read(() => readRecordAsItIs(save.recordId));
		if (record?.generation !== save.spentGeneration) return;
		throw vaultError(
			'VAULT_SPILL_UNREADABLE',
			`A token that could not be saved earlier waits in ${file}, ` +
				`but the present encryption key (from ${this.sealer.keySource}) does not open it.`,
			`Name the key of that time in ${PREVIOUS_VARIABLE} and restart n8n; the token is then ` +
				'saved by itself. If that key is lost, delete the file and press Connect again in the credential.',
		);
	}

	private async remember(save: SecretSave): Promise<UnsavedSecret> {
		const unsaved: UnsavedSecret = { vaultId: this.vaultId, save };
		unsavedSecrets().add(unsaved);
		unsaved.file = await writeSpill(this.folders, { vaultId: this.vaultId, save });
		return unsaved;
	}

	private async forget(unsaved: UnsavedSecret): Promise<void> {
		unsavedSecrets().delete(unsaved);
		if (unsaved.file !== undefined) await removeSpill(unsaved.file);
	}

	private retryInBackground(): void {
		clearTimeout(this.background);
		if (this.stopped) return;
		this.background = setTimeout(() => {
			this.replay().catch((error: unknown) => {
				if (!isOutOfForce(error)) this.retryInBackground();
			});
		}, BACKGROUND_PAUSE_MS);
		this.background.unref();
	}
}

/** @param file the spill that holds the secret; undefined where no disk took it. */
function saveRepair(file: string | undefined): string {
	return file === undefined
		? 'Repair the vault (disk space, database) and keep n8n running: ' +
				'the token is kept in memory only and is saved as soon as the vault works again.'
		: 'Repair the vault (disk space, database) and run again: ' +
				`the token is kept, sealed, in ${file} and is saved before anything else happens.`;
}

/** Whether the vault will not take anything from this process any more. */
function isOutOfForce(error: unknown): boolean {
	return isConnectorError(error) && ['VAULT_MOVED', 'VAULT_KEY_ROTATED'].includes(error.code);
}

function textOf(error: unknown): string {
	return error instanceof Error ? error.message : 'unknown reason';
}
