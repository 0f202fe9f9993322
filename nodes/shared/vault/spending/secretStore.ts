import type { SqlDatabase } from '../database/sqlDatabase';
import type { SqlTransaction } from '../database/transaction';
import { together } from '../database/transaction';
import type { LeaseName } from '../rows/leases';
import { releaseLease } from '../rows/leases';
import { readRecord, readRecordAsItIs } from '../rows/records';
import { readRival } from '../rows/rivals';
import type { Sealer } from '../sealing';
import type { Kept } from './healing';
import { keepBeside, pairIn } from './healing';
import { keepLateRival } from './lateRivals';
import type { PresentRecord } from '../writeAt';
import { writeAt } from '../writeAt';
import type { LateSaveTarget, SecretAge, SecretSave } from './secretSave';
import { lateSaveTarget, saveLastly, saveSecret, secretSubject } from './secretSave';

/** What became of a secret: the record's next generation, or kept otherwise; see `Kept`. */
export type Stored = 'saved' | Kept;

/** A secret whose record was merged may have to follow more than one signpost. */
const LONGEST_MERGE_CHAIN = 8;

/** Brings received secrets to where they belong. */
export class SecretStore {
	constructor(
		private readonly database: SqlDatabase,
		private readonly sealer: Sealer,
	) {}

	/**
	 * @param lease given back in the same transaction, whatever becomes of the secret.
	 * @throws ConnectorError of the database
	 */
	async store(save: SecretSave, age?: () => SecretAge, lease?: LeaseName): Promise<Stored> {
		const rows = (present?: PresentRecord) => this.storeWhereItBelongs(save, age, present);
		// First, so that the transaction has written something before the save that it commits with.
		const withLook = lease && { withLook: () => releaseLease(lease.name, lease.token) };
		return await writeAt(this.database, save.recordId, rows, { urgent: true, ...withLook });
	}

	/** Brings in a secret that was saved, but that the store has forgotten. @throws as `store` */
	async heal(save: SecretSave): Promise<Kept> {
		return await writeAt(this.database, save.recordId, () => keepBeside(save, this.sealer));
	}

	/** Whether a secret is for this record, for one that was merged into it, or for a pair beside it. */
	async belongsTo(save: SecretSave, recordId: string): Promise<boolean> {
		return save.recordId === recordId || (await this.placeOf(save)) === recordId;
	}

	/** Id of the record that a secret is for by now; that of its own where nothing is known of it. */
	async placeOf(save: SecretSave): Promise<string> {
		const [record, rival] = await this.database.read(() =>
			together(readRecord(save.recordId), readRival(save.recordId)),
		);
		return record?.id ?? rival?.recordId ?? save.recordId;
	}

	/** Whether its record still waits for that very secret. */
	async isAwaited(save: SecretSave): Promise<boolean> {
		const record = await this.database.read(() => readRecordAsItIs(save.recordId));
		return record?.generation === save.spentGeneration && record.state !== 'merged';
	}

	/** The save as the present key opens it; undefined where no known key has sealed it. */
	underPresentKey(save: SecretSave): SecretSave | undefined {
		const subject = secretSubject(save.recordId, save.spentGeneration + 1);
		try {
			return { ...save, sealed: this.sealer.underPresentKey(save.sealed, subject) };
		} catch {
			return undefined;
		}
	}

	get keySource(): string {
		return this.sealer.keySource;
	}

	/** Follows the signposts first: only the save that counts may speak the first word on its attempt. */
	private *storeWhereItBelongs(
		save: SecretSave,
		age: (() => SecretAge) | undefined,
		present: PresentRecord | undefined,
	): SqlTransaction<Stored> {
		if (present?.record.generation === save.spentGeneration) {
			yield* saveLastly(save, age?.(), present);
			return 'saved';
		}
		let current = save;
		for (let hops = 0; hops < LONGEST_MERGE_CHAIN; hops += 1) {
			const target = yield* lateSaveTarget(current);
			if (target === undefined) break;
			current = this.moveTo(current, target);
		}
		const result = yield* saveSecret(current, age?.());
		if (result === 'saved') return result;
		const late = yield* keepLateRival(current, this.sealer);
		return late ?? (yield* keepBeside(current, this.sealer));
	}

	private moveTo(
		save: SecretSave,
		{ recordId, spentGeneration, provesNothing }: LateSaveTarget,
	): SecretSave {
		const subject = secretSubject(recordId, spentGeneration + 1);
		const sealed = this.sealer.seal(this.open(save), subject);
		const { accepted, ...rest } = save;
		if (provesNothing === true) {
			return { ...rest, ...this.nameOf(sealed, subject), recordId, spentGeneration, sealed };
		}
		return { ...rest, ...(accepted && { accepted }), recordId, spentGeneration, sealed };
	}

	/** By what a pair beside a record is known again. */
	private nameOf(sealed: string, subject: string): Pick<SecretSave, 'fingerprint'> {
		const pair = pairIn(this.sealer, sealed, subject);
		if (pair === undefined) return {};
		return { fingerprint: this.sealer.fingerprint('refresh token', pair.refreshToken) };
	}

	private open(save: SecretSave): string {
		return this.sealer.open(save.sealed, secretSubject(save.recordId, save.spentGeneration + 1));
	}
}
