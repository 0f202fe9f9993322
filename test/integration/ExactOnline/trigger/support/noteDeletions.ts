import { randomUUID } from 'node:crypto';
import type { ExactOnlineSimulator } from '../../../../simulators/ExactOnline';

/** Accounts that were deleted, noted where the service notes them: to make and delete so many takes long. */
export function noteDeletions(
	{ world: { records } }: ExactOnlineSimulator,
	division: number,
	count: number,
): void {
	for (let gone = 0; gone < count; gone += 1) {
		const key = { ID: randomUUID(), EntityKey: randomUUID(), Division: division };
		const row = { ...key, EntityType: 2, DeletedDate: Date.now() };
		records.stamp(division, row);
		records.deleted(division).add(row);
	}
}
