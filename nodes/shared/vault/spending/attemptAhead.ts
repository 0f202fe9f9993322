import { randomUUID } from 'node:crypto';

import { thisHolder } from '../../process/holder';
import type { SqlTransaction } from '../database/transaction';
import { lastly } from '../database/transaction';
import type { NewAttempt } from '../rows/attempts';
import { insertAttempt } from '../rows/attempts';
import type { VaultRecord } from '../rows/records';
import { neverSent } from './neverSent';
import type { StandstillWatch } from './standstill';
import { thisMoment, watchStandstill } from './standstill';

/** What the log says of an attempt from its beginning. */
export interface AttemptSubject {
	/** The record as it was read; the attempt is about this generation of it. */
	record: Pick<VaultRecord, 'id' | 'identity' | 'generation' | 'originAt' | 'owner'>;
	/** Name in the log, for instance `refresh` or `logOff`. */
	kind: string;
	/** Keyed digest of the secret that goes out; empty where none is spent. */
	spentFingerprint: string;
}

/** The row of an attempt of this process. */
export function attemptRow(id: string, subject: AttemptSubject): NewAttempt {
	const { record, kind, spentFingerprint } = subject;
	return {
		id,
		recordId: record.id,
		identity: record.identity,
		generation: record.generation,
		kind,
		spentFingerprint,
		holder: thisHolder(),
	};
}

/**
 * An attempt that is written ahead by the transaction that takes the record's lease, which has read under
 * it that the request is to be sent. From then on it belongs to `runAttempt`; where it does not come to
 * that, whatever may stand of it is closed as never sent.
 */
export class AttemptAhead {
	readonly id = randomUUID();

	/** When it was written. */
	private writtenAt = thisMoment();

	/** The record that it may stand for. */
	private recordId: string | undefined;

	/** Ends the transaction; may be run again. */
	*write(subject: AttemptSubject): SqlTransaction<void> {
		this.writtenAt = thisMoment();
		this.recordId = subject.record.id;
		yield* lastly(insertAttempt(attemptRow(this.id, subject)));
	}

	/**
	 * Somebody sends the request now. The answer to the COMMIT may have been long in coming, and until then the
	 * lease had no heartbeat: for whoever waits for it, this process stood still.
	 * @returns for how long that was, and how long it stands still from now on.
	 */
	handOver(): StandstillWatch {
		this.recordId = undefined;
		return watchStandstill(this.writtenAt);
	}

	/** Nothing was sent, unless it was handed over. Never throws. */
	async abandon(vault: Parameters<typeof neverSent>[0]): Promise<void> {
		const { id, recordId } = this;
		if (recordId === undefined) return;
		this.recordId = undefined;
		await neverSent(vault, { id, recordId }, null, undefined);
	}
}
