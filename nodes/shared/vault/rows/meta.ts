import { TABLES } from '../database/tables';
import type { SqlTransaction } from '../database/transaction';
import { query, queryOne } from '../database/transaction';

/** One value of the vault's own notes (schema version, key check, where it was moved to). */
export function* readMeta(name: string): SqlTransaction<string | undefined> {
	const row = yield* queryOne(`SELECT value FROM ${TABLES.meta} WHERE name = $1`, [name]);
	return row === undefined ? undefined : String(row.value);
}

/** Removes one of the vault's own notes. */
export function* deleteMeta(name: string): SqlTransaction<void> {
	yield* query(`DELETE FROM ${TABLES.meta} WHERE name = $1`, [name]);
}

/** Sets one of the vault's own notes. */
export function* writeMeta(name: string, value: string): SqlTransaction<void> {
	yield* query(
		`INSERT INTO ${TABLES.meta} (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
		[name, value],
	);
}
