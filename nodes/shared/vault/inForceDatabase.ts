import type { SqlDatabase, WriteOptions } from './database/sqlDatabase';
import type { SqlTransaction } from './database/transaction';
import { together } from './database/transaction';
import { movedError, readForce } from './rows/movedTo';
import { throwIfTooNew } from './rows/schema';
import { vaultError } from './vaultErrors';

/** So many transactions at once are no queue: the connections that a process has to a server. */
const AT_ONCE = 2;

/** So long after its last answer the store counts as one that answers, in milliseconds. */
const ANSWERS_MS = 5_000;

/**
 * A database that is used only while its vault is in force: each transaction first looks whether
 * the vault was moved to another store meanwhile, so that never two stores are in use, whether it is
 * still sealed with the key of this process, and whether code of this version may still read it.
 */
export class InForceDatabase implements SqlDatabase {
	/** Transactions of this process that were asked for and have not ended. */
	private underWay = 0;

	/** When one ended well; monotonic clock, milliseconds. */
	private answeredAt = -Infinity;

	/** @param keyCheck the key by its check; see `Sealer.keyCheck` */
	constructor(
		private readonly database: SqlDatabase,
		private readonly keyCheck: string,
	) {}

	get engine(): SqlDatabase['engine'] {
		return this.database.engine;
	}

	get location(): string {
		return this.database.location;
	}

	/**
	 * As the database underneath.
	 * @throws ConnectorError VAULT_MOVED, VAULT_KEY_ROTATED, VAULT_SCHEMA_TOO_NEW besides its errors.
	 */
	async write<T>(transaction: () => SqlTransaction<T>, options?: WriteOptions): Promise<T> {
		return await this.counted(this.database.write(() => this.ifInForce(transaction), options));
	}

	/** As the database underneath. @throws as `write` */
	async read<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		return await this.counted(this.database.read(() => this.ifInForce(transaction)));
	}

	/** Whether transactions of this process queue for their turn while the store answers others of it. */
	get isWorkingOff(): boolean {
		return this.underWay > AT_ONCE && performance.now() - this.answeredAt < ANSWERS_MS;
	}

	async scrub(): Promise<void> {
		await this.database.scrub?.();
	}

	async close(): Promise<void> {
		await this.database.close();
	}

	private async counted<T>(transaction: Promise<T>): Promise<T> {
		this.underWay += 1;
		try {
			const result = await transaction;
			this.answeredAt = performance.now();
			return result;
		} finally {
			this.underWay -= 1;
		}
	}

	/** The look goes out with the first statements; where it fails nothing of them takes effect. */
	private *ifInForce<T>(transaction: () => SqlTransaction<T>): SqlTransaction<T> {
		const [, result] = yield* together(this.throwIfOutOfForce(), transaction());
		return result;
	}

	private *throwIfOutOfForce(): SqlTransaction<void> {
		const force = yield* readForce();
		const { movedTo, keyCheck } = force;
		throwIfTooNew(force, this.location);
		if (movedTo !== undefined) throw movedError(this.location, movedTo);
		if (keyCheck !== undefined && keyCheck !== this.keyCheck) throw rotatedError(this.location);
	}
}

function rotatedError(location: string): Error {
	return vaultError(
		'VAULT_KEY_ROTATED',
		'The vault was sealed anew with another key, and this process still has the earlier one: ' +
			`${location}.`,
		'Give this n8n process the key of the one that sealed the vault anew ' +
			'(N8N_EXACTONLINE_DOCUWARE_VAULT_KEY) and restart it.',
	);
}
