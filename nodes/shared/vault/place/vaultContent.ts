import type { SqlRow, SqlTransaction } from '../database/transaction';
import { query } from '../database/transaction';
import { itemSubject } from '../rows/items';
import { TABLES } from '../rows/schema';
import type { Sealer } from '../sealing';
import { isSealed } from '../sealing';
import { secretSubject } from '../spending/secretSave';

/** The tables whose rows move with a vault; leases and uses belong to running processes. */
const MOVED_TABLES = [
	TABLES.record,
	TABLES.authorization,
	TABLES.refusal,
	TABLES.item,
	TABLES.attempt,
	TABLES.rival,
	TABLES.proof,
] as const;

/** The rows of a whole vault, by table. */
export type VaultContent = ReadonlyMap<string, SqlRow[]>;

/** Whether a store holds records at all. */
export function* hasRecords(): SqlTransaction<boolean> {
	return (yield* query(`SELECT id FROM ${TABLES.record} LIMIT 1`)).length > 0;
}

/** Everything that moves with a vault. */
export function* readContent(): SqlTransaction<VaultContent> {
	const content = new Map<string, SqlRow[]>();
	for (const table of MOVED_TABLES) content.set(table, yield* query(`SELECT * FROM ${table}`));
	return content;
}

/** Puts a content in the place of whatever the store holds. */
export function* replaceContent(content: VaultContent): SqlTransaction<void> {
	for (const table of MOVED_TABLES) {
		yield* query(`DELETE FROM ${table}`);
		for (const row of content.get(table) ?? []) {
			const columns = Object.keys(row);
			const places = columns.map((_column, index) => `$${index + 1}`);
			yield* query(
				`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
				columns.map((column) => row[column] ?? null),
			);
		}
	}
}

/**
 * The same content under another encryption key.
 * @throws ConnectorError VAULT_KEY_MISMATCH where something does not open.
 */
export function sealAnew(content: VaultContent, from: Sealer, to: Sealer): VaultContent {
	const change = (row: SqlRow, column: string, subject: string): SqlRow => {
		const text = String(row[column]);
		return isSealed(text) ? { ...row, [column]: to.seal(from.open(text, subject), subject) } : row;
	};
	return new Map(
		[...content].map(([table, rows]) => [
			table,
			rows.map((row) => {
				if (table === TABLES.record || table === TABLES.rival) {
					const subject = secretSubject(String(row.id), Number(row.generation));
					return change(row, 'sealed', subject);
				}
				if (table === TABLES.item) {
					return change(row, 'value', itemSubject(String(row.scope), String(row.name)));
				}
				return row;
			}),
		]),
	);
}
