import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

import { TABLES } from '../../../nodes/shared/vault/rows/schema';

/** What every table of a store held at one moment. */
export class StoreBackup {
	private readonly rows: Array<{ table: string; rows: Array<Record<string, SQLInputValue>> }>;

	constructor(private readonly file: DatabaseSync) {
		this.rows = Object.values(TABLES).map((table) => ({
			table,
			rows: file.prepare(`SELECT * FROM ${table}`).all() as Array<Record<string, SQLInputValue>>,
		}));
	}

	/** Puts the tables back to that moment. */
	restore(): void {
		this.file.exec('BEGIN IMMEDIATE');
		for (const { table, rows } of this.rows) {
			this.file.exec(`DELETE FROM ${table}`);
			for (const row of rows) {
				const columns = Object.keys(row);
				const places = columns.map(() => '?').join(', ');
				this.file
					.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`)
					.run(...Object.values(row));
			}
		}
		this.file.exec('COMMIT');
	}
}
