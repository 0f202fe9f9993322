import { setTimeout as delay } from 'node:timers/promises';

import { processState } from '../../process/processState';
import { loopShare } from '../database/loopShare';
import type { SqlDatabase } from '../database/sqlDatabase';
import type { LeaseHolding } from '../leaseHolding';
import type { LeaseName } from '../rows/leases';
import type { VaultRecord } from '../rows/records';
import type { Sealer } from '../sealing';
import { isOutOfForce, vaultError } from '../vaultErrors';
import { isAtLogIn } from './healing';
import { forgetSave, rememberedSave, rememberSave } from './lastSecrets';
import type { SecretAge, SaveResult, SecretSave } from './secretSave';
import type { Stored } from './secretStore';
import { SecretStore } from './secretStore';
import { removeKeptSpills } from './spill';
import type { Spill } from './spillFrame';
import { LEFT_TO_WRITER_MS, SpillReplay } from './spillReplay';
import { SpillWriter } from './spillWriter';

const DEFAULT_SAVE_LIMIT_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
const BACKGROUND_PAUSE_MS = 5_000;

/** A request does not wait longer than this for its spill file to be open. */
const OPENING_LIMIT_MS = 250;

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
 * Gets received secrets into the store, whatever happens: on the disk first, then saved, retried,
 * replayed (docs/architecture.md, rule 6).
 */
export class PendingSaves {
	private background?: NodeJS.Timeout;

	/** Looks again for files that were left to their writers. */
	private tidying: NodeJS.Timeout | undefined;

	/** Whether more was left while such a look was awaited, which comes too early for that. */
	private tidiesAgain = false;

	private stopped = false;

	/** How many requests are out whose answer may bring a secret. */
	private expected = 0;

	private readonly store: SecretStore;

	private readonly writer: SpillWriter;

	private readonly spills: SpillReplay;

	/** Monotonic clock; until then nobody looks for the spills of others by the way. */
	private looksAgainAt = -Infinity;

	constructor(
		private readonly database: SqlDatabase,
		sealer: Sealer,
		private readonly vaultId: string,
		private readonly folders: string[],
		private readonly saveLimitMs: number = DEFAULT_SAVE_LIMIT_MS,
	) {
		this.store = new SecretStore(database, sealer);
		this.writer = new SpillWriter(folders);
		this.spills = new SpillReplay(this.store, folders, vaultId);
	}

	/** Runs a request whose answer may bring a secret, with a file that was opened for it before. */
	async expect<T>(request: () => Promise<T>): Promise<T> {
		this.expected += 1;
		try {
			const opening = this.writer.prepare(this.expected);
			if (opening !== undefined) await Promise.race([opening, delay(OPENING_LIMIT_MS)]);
			return await request();
		} finally {
			this.expected -= 1;
		}
	}

	/** @param lease given back in the transaction that saves. */
	async save(save: SecretSave, age: () => SecretAge, lease?: LeaseHolding): Promise<SaveResult> {
		const spill = { vaultId: this.vaultId, save };
		let file = await this.writeSpill(spill, true);
		let failure: unknown;
		const giveUpAt = performance.now() + this.saveLimitMs;
		let pause = FIRST_PAUSE_MS;
		let unsaved: UnsavedSecret | undefined;
		for (;;) {
			try {
				const stored = await this.store.store(save, age, lease);
				if (lease !== undefined) lease.isGivenBack = true;
				if (unsaved) unsavedSecrets().delete(unsaved);
				await this.settled(save, stored, file, unsaved !== undefined);
				return stored === 'saved' ? 'saved' : 'superseded';
			} catch (error) {
				failure = error;
			}
			if (file === undefined) {
				await this.writer.prepare(1);
				file = await this.writeSpill(spill, false);
			}
			if (unsaved === undefined) {
				unsaved = { vaultId: this.vaultId, save };
				unsavedSecrets().add(unsaved);
			}
			unsaved.file = file;
			if (performance.now() >= giveUpAt || isOutOfForce(failure)) break;
			await delay(pause);
			pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
		}
		if (file !== undefined) this.writer.giveUp(file);
		this.retryInBackground();
		throw saveFailed(this.database.location, file, failure);
	}

	/**
	 * Brings in what waits for one record, from memory and from the spill files of any process of this
	 * host; or, without a record, everything, in the order the secrets were made.
	 * @param lease of a record, in the caller's hands; see `SpillReplay`.
	 * @returns whether a record has a secret by that which waited
	 * @throws ConnectorError VAULT_SPILL_UNREADABLE about the record named here, and those of the
	 * database; what fails for other records is tried again later.
	 */
	async replay(recordId?: string, lease?: LeaseName): Promise<boolean> {
		let isAnySaved = false;
		for (const unsaved of [...unsavedSecrets()]) {
			if (unsaved.vaultId !== this.vaultId) continue;
			if (recordId !== undefined && !(await this.store.belongsTo(unsaved.save, recordId))) continue;
			const save = this.store.underPresentKey(unsaved.save);
			const stored = save && (await this.spills.attempt(save, recordId));
			if (save === undefined || stored === undefined) continue;
			unsavedSecrets().delete(unsaved);
			await this.settled(save, stored, unsaved.file, true);
			isAnySaved ||= stored === 'saved';
		}
		isAnySaved = (await this.spills.replay(recordId, lease)) || isAnySaved;
		if (this.spills.hasLeft) {
			this.spills.hasLeft = false;
			this.tidyLater();
		}
		return isAnySaved;
	}

	/** Brings in everything in the background, at most once in a while. Never throws. */
	replaySoon(): void {
		const now = performance.now();
		if (this.stopped || now < this.looksAgainAt) return;
		this.looksAgainAt = now + BACKGROUND_PAUSE_MS;
		void this.replay().catch(() => undefined);
	}

	/**
	 * Where the store fell back to an earlier state of this record, the secret that this process received
	 * last is brought in again. Without a secret of a later generation this costs nothing.
	 * @returns whether the record has changed.
	 */
	async heal(record: VaultRecord): Promise<boolean> {
		const last = this.lostOf(record);
		if (last === undefined) return false;
		const kept = await this.store.heal(last);
		if (kept !== 'healed') forgetSave(this.vaultId, record.id);
		return kept === 'healed' || kept === 'beside';
	}

	/** What this process and this host keep of the secrets of these records or pairs is removed. */
	async forget(ids: ReadonlySet<string>): Promise<void> {
		for (const id of ids) forgetSave(this.vaultId, id);
		await removeKeptSpills(this.folders, this.vaultId, ids);
	}

	/** The secret that `heal` would bring in; undefined where the store has all that this process knows. */
	lostOf(record: VaultRecord): SecretSave | undefined {
		const last = rememberedSave(this.vaultId, record.id);
		if (last === undefined || !isAtLogIn(record, last.logIn)) return undefined;
		const generation = last.spentGeneration + 1;
		// Healed by another process, the record may stand at the same generation with an earlier pair.
		const isThere = record.generation === generation && record.sealed === last.sealed;
		return isThere || record.generation > generation ? undefined : last;
	}

	/** Ends the background retries, with one last attempt. */
	async stop(): Promise<void> {
		this.stopped = true;
		clearTimeout(this.background);
		clearTimeout(this.tidying);
		const waiting = [...unsavedSecrets()].some(({ vaultId }) => vaultId === this.vaultId);
		if (waiting) await this.replay().catch(() => undefined);
		await this.writer.close();
	}

	/** One write between two turns of the event loop, before everything that waits for its turn. */
	private async writeSpill(spill: Spill, before: boolean): Promise<string | undefined> {
		return await loopShare().run(async () => await this.writer.write(spill, before), true);
	}

	/**
	 * A spill is removed once it is saved or provably old, else it is kept under another name.
	 * @param wasUnsaved true where the save stood among those that are tried again, by whoever comes first.
	 */
	private async settled(
		save: SecretSave,
		stored: Stored,
		file: string | undefined,
		wasUnsaved: boolean,
	): Promise<void> {
		if (stored === 'saved') rememberSave(this.vaultId, save);
		if (file === undefined) return;
		if (stored === 'foreign') await this.writer.setAside(file);
		else await this.writer.clear(file, wasUnsaved);
	}

	/** Removes files that were left to their writers, as soon as these would be of no use to them any more. */
	private tidyLater(): void {
		if (this.stopped) return;
		if (this.tidying !== undefined) {
			this.tidiesAgain = true;
			return;
		}
		this.tidying = setTimeout(() => {
			this.tidying = undefined;
			if (this.tidiesAgain) this.tidyLater();
			this.tidiesAgain = false;
			void this.replay().catch(() => undefined);
		}, LEFT_TO_WRITER_MS + 1_000);
		this.tidying.unref();
	}

	private retryInBackground(): void {
		clearTimeout(this.background);
		if (this.stopped) return;
		this.background = setTimeout(() => {
			this.replay().then(
				() => {
					if ([...unsavedSecrets()].some(({ vaultId }) => vaultId === this.vaultId)) {
						this.retryInBackground();
					}
				},
				(error: unknown) => {
					if (!isOutOfForce(error)) this.retryInBackground();
				},
			);
		}, BACKGROUND_PAUSE_MS);
		this.background.unref();
	}
}

/** @param file the spill that holds the secret; undefined where no disk took it. */
function saveFailed(location: string, file: string | undefined, cause: unknown): Error {
	const reason = cause instanceof Error ? cause.message : 'unknown reason';
	const repair =
		file === undefined
			? 'Repair the vault (disk space, database) and keep n8n running: ' +
				'the token is kept in memory only and is saved as soon as the vault works again.'
			: 'Repair the vault (disk space, database) and run again: ' +
				`the token is kept, sealed, in ${file} and is saved before anything else happens.`;
	return vaultError(
		'VAULT_SAVE_FAILED',
		`The connection was renewed, but the vault has not taken it: ${location}. ${reason}`,
		repair,
		{ retryable: true, cause },
	);
}
