import { DatabaseSync } from 'node:sqlite';

import type { RawRow, RawVault, TableName } from './rawVault';
import { NAME_BEGIN, TABLE_NAMES } from './rawVault';

/** The whole content of a vault, as a JSON file keeps it. */
export interface VaultDump {
	/** The encryption key. */
	key: string;
	/** When it was taken, milliseconds: the times in it count from there. */
	takenAt: number;
	rows: Record<TableName, RawRow[]>;
}

/** Takes down every row of a vault. */
export function dumpVault(vault: RawVault, key: string): VaultDump {
	const rows = Object.fromEntries(TABLE_NAMES.map((table) => [table, vault.rows(table)]));
	return { key, takenAt: Date.now(), rows: rows as Record<TableName, RawRow[]> };
}

/**
 * Makes the SQLite file of a vault as it was when the dump was taken: with the tables of that time,
 * and with everything as old now as it was then.
 * @param created the `CREATE` texts of that time
 */
export function restoreVault(dump: VaultDump, file: string, created: readonly string[]): void {
	const database = new DatabaseSync(file);
	// Nobody needs the file after a power cut.
	database.exec('PRAGMA synchronous = OFF; BEGIN');
	for (const sql of created) database.exec(sql);
	const passed = Date.now() - dump.takenAt;
	for (const table of TABLE_NAMES) {
		for (const row of dump.rows[table]) {
			const columns = Object.keys(row);
			const places = columns.map((column) => `:${column}`);
			database
				.prepare(`INSERT INTO ${NAME_BEGIN}${table} (${columns.join()}) VALUES (${places.join()})`)
				.run(later(row, passed));
		}
	}
	database.exec('COMMIT');
	database.close();
}

const TIME_COLUMN = /_(?:at|since)$/;

function later(row: RawRow, ms: number): RawRow {
	return Object.fromEntries(
		Object.entries(row).map(([column, value]) => [
			column,
			typeof value === 'number' && TIME_COLUMN.test(column) ? value + ms : value,
		]),
	);
}
