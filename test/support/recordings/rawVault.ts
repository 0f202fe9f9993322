import { DatabaseSync } from 'node:sqlite';

/** A row as it stands in the file. */
export type RawRow = Record<string, string | number | null>;

/** The vault's tables by their recorded names, without what these begin with. */
export const TABLE_NAMES = [
	'meta',
	'record',
	'authorization',
	'attempt',
	'lease',
	'refusal',
	'use',
	'item',
] as const;

export type TableName = (typeof TABLE_NAMES)[number];

/** What all of them begin with. */
export const NAME_BEGIN = 'exactonline_docuware_';

/** A row that was inserted or changed, as it then stood. */
export interface WrittenRow {
	table: TableName;
	row: RawRow;
}

/** The file of a vault, read and watched without the package's own code. */
export interface RawVault {
	rows(table: TableName): RawRow[];
	/** Every row that was written since the file was opened here, in order. */
	written(): WrittenRow[];
	/** Runs statements, as another version of the package might. */
	run(sql: string, ...params: Array<string | number | null>): void;
	close(): void;
}

/** Opens the SQLite file of a vault that exists. Triggers note every row that is written. */
export function openRawVault(file: string): RawVault {
	const database = new DatabaseSync(file, { timeout: 5_000 });
	// Nobody needs the file after a power cut.
	database.exec('PRAGMA synchronous = OFF; BEGIN IMMEDIATE');
	watch(database);
	database.exec('COMMIT');
	return {
		rows: (table) => database.prepare(`SELECT * FROM ${NAME_BEGIN}${table}`).all() as RawRow[],
		written: () =>
			database
				.prepare('SELECT tab, content FROM written ORDER BY n')
				.all()
				.map(({ tab, content }) => ({
					table: String(tab) as TableName,
					row: JSON.parse(String(content)) as RawRow,
				})),
		run: (sql, ...params) => void database.prepare(sql).run(...params),
		close: () => database.close(),
	};
}

function watch(database: DatabaseSync): void {
	database.exec('CREATE TABLE written (n INTEGER PRIMARY KEY, tab TEXT, content TEXT)');
	for (const table of TABLE_NAMES) {
		const columns = database.prepare(`PRAGMA table_info(${NAME_BEGIN}${table})`).all();
		const members = columns.map(({ name }) => `'${String(name)}', NEW.${String(name)}`).join(', ');
		for (const event of ['INSERT', 'UPDATE']) {
			database.exec(`CREATE TRIGGER written_${table}_${event} AFTER ${event} ON ${NAME_BEGIN}${table}
				BEGIN INSERT INTO written (tab, content) VALUES ('${table}', json_object(${members})); END`);
		}
	}
}
