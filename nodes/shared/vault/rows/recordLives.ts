import type { VaultRecord } from './records';
import type { Rival } from './rivals';

/** What a service's part of the package knows of its records, so that unused ones can be pruned. */
export interface RecordLife {
	/**
	 * Until when something that is sealed in a record, or beside it, may still be good: store clock,
	 * milliseconds; null where nobody knows.
	 * @param secret of the record, as it was sealed.
	 */
	goodUntil(record: VaultRecord, rivals: readonly Rival[], secret: unknown): number | null;
	/** What else changes of a record whose secret goes. */
	emptied(record: VaultRecord, secret: unknown): Partial<VaultRecord>;
}

const lives = new Map<string, RecordLife>();

/** Tells how long the secrets of a service's records live; records of others are left alone. */
export function declareRecordLife(service: string, life: RecordLife): void {
	lives.set(service, life);
}

/** What was declared for a service; undefined in a process that does not know it. */
export function recordLifeOf(service: string): RecordLife | undefined {
	return lives.get(service);
}
