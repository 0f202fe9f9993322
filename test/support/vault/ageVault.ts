import type { SqlTransaction } from '../../../nodes/shared/vault/database/transaction';
import { query } from '../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import type { Vault } from '../../../nodes/shared/vault/vault';

/** Every moment that a vault writes down, by table. */
const MOMENTS: ReadonlyArray<[table: string, columns: string[]]> = [
	[
		TABLES.record,
		['requested_at', 'received_at', 'origin_at', 'owner_since', 'created_at', 'updated_at'],
	],
	[TABLES.authorization, ['first_seen_at', 'issued_at', 'refused_at']],
	[TABLES.attempt, ['started_at', 'finished_at']],
	[TABLES.refusal, ['refused_at']],
	[TABLES.use, ['started_at', 'expires_at']],
	[TABLES.item, ['updated_at']],
	[TABLES.rival, ['claimed_at', 'added_at', 'tried_at', 'set_aside_at']],
	[TABLES.proof, ['noted_at']],
];

/** Lets days pass in a vault without waiting for them: the store's clock has moved on by so many. */
export async function ageVault(vault: Vault, days: number): Promise<void> {
	const spanMs = days * 86_400_000;
	await vault.write(function* (): SqlTransaction<void> {
		for (const [table, columns] of MOMENTS) {
			const moved = columns.map((column) => `${column} = ${column} - $1`).join(', ');
			yield* query(`UPDATE ${table} SET ${moved}`, [spanMs]);
		}
	});
}
