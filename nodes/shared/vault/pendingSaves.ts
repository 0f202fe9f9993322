import { setTimeout as delay } from 'node:timers/promises';

import { processState } from '../processState';
import type { SqlDatabase } from './database/sqlDatabase';
import type { Sealer } from './sealing';
import type { SaveResult, SecretAge, SecretSave } from './secretSave';
import { lateSaveTarget, saveSecret, secretSubject } from './secretSave';
import { readSpills, removeSpill, writeSpill } from './spill';
import { vaultError } from './vaultErrors';

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

/**
 * Gets received secrets into the store, whatever happens: retries, spills, replays
 * (DESIGN.md, vault contract 6).
 */
export class PendingSaves {
	private background?: NodeJS.Timeout;

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
			if (performance.now() >= giveUpAt) break;
			await delay(pause);
			pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
		}
		this.retryInBackground();
		throw vaultError(
			'VAULT_SAVE_FAILED',
			`A new token was received but the vault at ${this.database.location} has not taken it: ${textOf(failure)}`,
			unsaved.file === undefined
				? 'Repair the vault (disk space, database) and keep n8n running: the token is kept in memory only and is saved as soon as the vault works again.'
				: 'Repair the vault (disk space, database) and run again: the token is kept, sealed, in a file beside it and is saved before anything else happens.',
			{ retryable: true, cause: failure },
		);
	}

	/** Brings in everything that waits, from memory and from the spill files of any process of this host. */
	async replay(): Promise<void> {
		for (const unsaved of unsavedSecrets()) {
			if (unsaved.vaultId !== this.vaultId) continue;
			await this.store(unsaved.save);
			await this.forget(unsaved);
		}
		for (const { file, spill } of await readSpills(this.folders, this.vaultId)) {
			await this.store(spill.save);
			await removeSpill(file);
		}
	}

	stop(): void {
		clearTimeout(this.background);
	}

	private async store(save: SecretSave, age?: () => SecretAge): Promise<SaveResult> {
		const result = await this.database.write(() => saveSecret(save, age?.()));
		if (result === 'saved') return result;
		const target = await this.database.read(() => lateSaveTarget(save));
		if (target === undefined) return result;
		return await this.database.write(() => saveSecret(this.moveTo(save, target), age?.()));
	}

	private moveTo(
		save: SecretSave,
		target: { recordId: string; spentGeneration: number },
	): SecretSave {
		const plain = this.sealer.open(
			save.sealed,
			secretSubject(save.recordId, save.spentGeneration + 1),
		);
		const subject = secretSubject(target.recordId, target.spentGeneration + 1);
		return { ...save, ...target, sealed: this.sealer.seal(plain, subject) };
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
		this.background = setTimeout(() => {
			this.replay().catch(() => this.retryInBackground());
		}, BACKGROUND_PAUSE_MS);
		this.background.unref();
	}
}

function textOf(error: unknown): string {
	return error instanceof Error ? error.message : 'unknown reason';
}
