import type { SqlRow, SqlTransaction } from '../database/transaction';
import { query } from '../database/transaction';
import { itemSubject } from '../rows/items';
import { TABLES } from '../rows/schema';
import { NO_HOLDER } from '../rows/uses';
import type { Sealer } from '../sealing';
import { isSealed } from '../sealing';
import { secretSubject } from '../spending/secretSave';

/**
 * The tables whose rows move with a vault. Leases belong to running processes, and so do uses, but for
 * those without a holder, which outlive the process that has marked them (`rows/uses.ts`).
 */
const MOVED_TABLES = [
	TABLES.record,
	TABLES.authorization,
	TABLES.refusal,
	TABLES.item,
	TABLES.attempt,
	TABLES.rival,
	TABLES.proof,
	TABLES.use,
] as const;

/** Which rows of a table move; all, where nothing is said here. */
const MOVED_ROWS: Partial<Record<string, string>> = {
	[TABLES.use]: ` WHERE holder = '${NO_HOLDER}'`,
};

/** The rows of a whole vault, by table. */
export type VaultContent = ReadonlyMap<string, SqlRow[]>;

/** Whether a store holds records at all. */
export function* hasRecords(): SqlTransaction<boolean> {
	return (yield* query(`SELECT id FROM ${TABLES.record} LIMIT 1`)).length > 0;
}

/** Everything that moves with a vault. */
export function* readContent(): SqlTransaction<VaultContent> {
	const content = new Map<string, SqlRow[]>();
	for (const table of MOVED_TABLES) {
		const rows = yield* query(`SELECT * FROM ${table}${MOVED_ROWS[table] ?? ''}`);
		content.set(table, rows);
	}
	return content;
}

/** Puts a content in the place of whatever the store holds. */
export function* replaceContent(content: VaultContent): SqlTransaction<void> {
	for (const table of MOVED_TABLES) {
		yield* query(`DELETE FROM ${table}${MOVED_ROWS[table] ?? ''}`);
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

/** A column in which sealed texts stand. */
interface SealedColumn {
	table: string;
	/** Columns of the primary key. */
	key: readonly string[];
	column: string;
	/** What the text of a row belongs to: part of the seal. */
	subject(row: SqlRow): string;
}

/** Every column that holds sealed texts: whatever changes the key has to open them all. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
	...[TABLES.record, TABLES.rival].map((table) => ({
		table,
		key: ['id'],
		column: 'sealed',
		subject: (row: SqlRow) => secretSubject(String(row.id), Number(row.generation)),
	})),
	{
		table: TABLES.item,
		key: ['scope', 'name'],
		column: 'value',
		subject: (row) => itemSubject(String(row.scope), String(row.name)),
	},
];

/**
 * The same content under another encryption key.
 * @throws ConnectorError VAULT_KEY_MISMATCH where something does not open.
 */
export function sealAnew(content: VaultContent, from: Sealer, to: Sealer): VaultContent {
	return new Map(
		[...content].map(([table, rows]) => {
			const columns = SEALED_COLUMNS.filter((sealed) => sealed.table === table);
			return [table, rows.map((row) => sealedAnew(row, columns, from, to))];
		}),
	);
}

function sealedAnew(
	row: SqlRow,
	columns: readonly SealedColumn[],
	from: Sealer,
	to: Sealer,
): SqlRow {
	const changed = columns
		.filter(({ column }) => isSealed(String(row[column])))
		.map(({ column, subject }) => {
			const plain = from.open(String(row[column]), subject(row));
			return [column, to.seal(plain, subject(row))];
		});
	return { ...row, ...Object.fromEntries(changed) };
}

/**
 * Puts everything that is sealed in this store under another encryption key.
 * @throws ConnectorError VAULT_KEY_MISMATCH where something does not open.
 */
export function* sealStoredAnew(from: Sealer, to: Sealer): SqlTransaction<void> {
	for (const sealed of SEALED_COLUMNS) {
		const { table, key, column } = sealed;
		const where = key.map((name, index) => `${name} = $${index + 2}`).join(' AND ');
		for (const row of yield* query(`SELECT * FROM ${table}`)) {
			if (!isSealed(String(row[column]))) continue;
			const changed = sealedAnew(row, [sealed], from, to);
			const values = [changed[column] ?? null, ...key.map((name) => row[name] ?? null)];
			yield* query(`UPDATE ${table} SET ${column} = $1 WHERE ${where}`, values);
		}
	}
}
