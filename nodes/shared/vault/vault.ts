import type { SqlDatabase, WriteOptions } from './database/sqlDatabase';
import type { SqlTransaction } from './database/transaction';
import type { Environment } from '../process/environment';
import { InForceDatabase } from './inForceDatabase';
import type { LeaseHolding, LeaseTiming, WithLeaseOptions } from './leaseHolding';
import { DEFAULT_LEASE_TIMING, withLease } from './leaseHolding';
import { rememberSeen } from './spending/lastSecrets';
import { settleNeverSent } from './spending/neverSent';
import { PendingSaves } from './spending/pendingSaves';
import { prune } from './pruning';
import { withSignposts } from './rows/forgotten';
import { prepareSchema } from './rows/schema';
import type { PresentRecord, WriteAtOptions } from './writeAt';
import { writeAt } from './writeAt';
import type { Sealer } from './sealing';
import type { SaveResult, SecretAge, SecretSave } from './spending/secretSave';
import { secretSubject } from './spending/secretSave';
import { spillFolders } from './spending/spill';
import type { VaultRecord } from './rows/records';

export interface VaultOptions {
	timing?: LeaseTiming;
	/** Where unsaved secrets go; by default next to n8n's own files. */
	spillFolders?: string[];
	/** How long a save is retried before the caller is told, in milliseconds. */
	saveLimitMs?: number;
}

/** Pause between two prunings by one process, in milliseconds. */
const PRUNE_PAUSE_MS = 3_600_000;

/**
 * The vault: rotating secrets that many executions in many processes share, one record per
 * identity (docs/architecture.md, "The vault contract"). This class knows how to keep them; what
 * they are and how to renew them is the business of each service's `auth` folder.
 */
export class Vault {
	private readonly timing: LeaseTiming;

	private readonly pending: PendingSaves;

	private readonly flights = new Set<Promise<unknown>>();

	private closed = false;

	/** Monotonic clock, milliseconds. */
	private prunesAgainAt = -Infinity;

	private constructor(
		readonly database: SqlDatabase,
		readonly sealer: Sealer,
		/** Drawn when the vault was made; tells its spills from those of another vault. */
		readonly vaultId: string,
		env: Environment,
		options: VaultOptions,
	) {
		this.timing = options.timing ?? DEFAULT_LEASE_TIMING;
		this.pending = new PendingSaves(
			database,
			sealer,
			vaultId,
			options.spillFolders ?? spillFolders(env),
			options.saveLimitMs,
		);
	}

	/**
	 * Prepares the schema and checks the key.
	 * @throws ConnectorError VAULT_SCHEMA_TOO_NEW, VAULT_KEY_MISMATCH, VAULT_MOVED and those of the
	 * database.
	 */
	static async open(
		database: SqlDatabase,
		sealer: Sealer,
		env: Environment,
		options: VaultOptions = {},
	): Promise<Vault> {
		const { vaultId, fingerprintKey } = await prepareSchema(database, sealer);
		if (fingerprintKey !== undefined) sealer.adoptFingerprintKey(fingerprintKey);
		const inForce = new InForceDatabase(database, sealer.keyCheck());
		await inForce.read(function* () {});
		return new Vault(inForce, sealer, vaultId, env, options);
	}

	/** True from the moment `close` was called: nothing is worth another try. */
	get isClosed(): boolean {
		return this.closed;
	}

	/** Whether what this process asks of the store queues for its turn, while the store answers. */
	get isWorkingOff(): boolean {
		return this.database.isWorkingOff === true;
	}

	/** How long a lease holds without a heartbeat, in milliseconds. */
	get leaseMs(): number {
		return this.timing.leaseMs;
	}

	/** Runs a transaction that only reads. */
	async read<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		return await this.database.read(transaction);
	}

	/** Runs a transaction that writes, alone or beside those that touch something else. */
	async write<T>(transaction: () => SqlTransaction<T>, options?: WriteOptions): Promise<T> {
		return await this.database.write(transaction, options);
	}

	/**
	 * Runs a transaction that writes and touches nothing but one record and what belongs to it, beside those
	 * of other records; alone where the record is gone or was merged, because it then touches another one.
	 * @param transaction is given the record as it was just read, where it runs beside others.
	 */
	async writeAt<T, Looked = unknown>(
		recordId: string,
		transaction: (present?: PresentRecord, looked?: Looked) => SqlTransaction<T>,
		options: WriteAtOptions<Looked> = {},
	): Promise<T> {
		return await writeAt(this.database, recordId, transaction, options);
	}

	/**
	 * Removes old attempts, items whose time is over and what nobody has used for long, in the background and
	 * at most once in an hour.
	 */
	pruneSoon(): void {
		const now = performance.now();
		if (this.closed || now < this.prunesAgainAt) return;
		this.prunesAgainAt = now + PRUNE_PAUSE_MS;
		void prune(this).catch(() => undefined);
	}

	/** Runs `work` under a named lease; see `withLease`. */
	async withLease<T, Begun = undefined>(
		name: string,
		options: Omit<WithLeaseOptions<T, Begun>, 'timing'>,
		work: (holding: LeaseHolding, begun: Begun | undefined) => Promise<T>,
	): Promise<T> {
		const flight = withLease(this.database, name, { ...options, timing: this.timing }, work);
		this.flights.add(flight);
		try {
			return await flight;
		} finally {
			this.flights.delete(flight);
		}
	}

	/** Seals a secret for one generation of one record. */
	sealSecret(recordId: string, generation: number, secret: unknown): string {
		return this.sealer.seal(JSON.stringify(secret), secretSubject(recordId, generation));
	}

	/** The secret of a record. @throws ConnectorError VAULT_KEY_MISMATCH */
	openSecret(record: Pick<VaultRecord, 'id' | 'generation' | 'sealed'>): unknown {
		return JSON.parse(this.sealer.open(record.sealed, secretSubject(record.id, record.generation)));
	}

	/**
	 * Saves a secret that was received; it is never dropped (docs/architecture.md, rule 6): where the
	 * store does not take it, it is spilled to a file, kept on a list and tried again.
	 * @param lease given back in the transaction that saves: whoever holds it needs it no more.
	 * @throws ConnectorError VAULT_SAVE_FAILED (retryable) where the store has not taken it yet.
	 */
	async saveSecret(
		save: SecretSave,
		age: () => SecretAge,
		lease?: LeaseHolding,
	): Promise<SaveResult> {
		return await this.pending.save(save, age, lease);
	}

	/** Runs a request whose answer may bring a secret: a file for its spill is opened meanwhile. */
	async expectSecret<T>(request: () => Promise<T>): Promise<T> {
		return await this.pending.expect(request);
	}

	/**
	 * Brings in secrets that earlier saves could not store, and the word on attempts that never left.
	 * Called before anything is decided.
	 * @param recordId the record that is about to be used; all where it is left out.
	 * @param lease of a record, where the caller holds it: what a process has received that held it before is
	 * brought in at once, also where nobody can see whether that process lives.
	 * @returns whether a record has a secret by that which waited
	 * @throws ConnectorError VAULT_SPILL_UNREADABLE where a secret of that record waits in a file that
	 * the present key does not open; those of other records do not matter here.
	 */
	async replayUnsaved(recordId?: string, lease?: LeaseHolding): Promise<boolean> {
		await settleNeverSent(this);
		return await this.pending.replay(recordId, lease);
	}

	/** As `replayUnsaved` for all records, in the background and at most once in a while. Never throws. */
	replaySoon(): void {
		this.pending.replaySoon();
		void settleNeverSent(this);
	}

	/**
	 * Called under the record's lease before its secret is spent: where the store fell back to an earlier
	 * state, the secret that this process received or used last is brought in again (docs/architecture.md, rule 6).
	 * @returns whether the record has changed and must be read again.
	 */
	async heal(record: VaultRecord): Promise<boolean> {
		return await this.pending.heal(record);
	}

	/**
	 * What this process remembers and this host has set aside of the secrets of these records, or of pairs
	 * beside one, also by way of a record that was merged into them, is removed, and what an SQLite file
	 * holds of earlier states: a person has ended them for good.
	 */
	async forgetSecrets(ids: ReadonlySet<string>): Promise<void> {
		await this.pending.forget(ids);
		await this.pending.forget(await this.read(() => withSignposts(ids)));
		await this.database.scrub?.();
	}

	/**
	 * Remembers the secret of a record that another process has saved and that is used here, so that this
	 * process too can bring it in again.
	 * @param meta what belongs to the secret among the record's facts.
	 */
	rememberSecret(record: VaultRecord, meta: Record<string, unknown>): void {
		rememberSeen(this.vaultId, record, meta);
	}

	/** Whether `heal` would bring something in. */
	isFallenBack(record: VaultRecord): boolean {
		return this.pending.lostOf(record) !== undefined;
	}

	/** Closes the store once everything that runs under a lease has ended and given its lease back. */
	async close(): Promise<void> {
		this.closed = true;
		while (this.flights.size > 0) await Promise.allSettled([...this.flights]);
		await settleNeverSent(this);
		await this.pending.stop();
		await this.database.close();
	}
}
