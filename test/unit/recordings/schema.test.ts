import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { openSqliteDatabase } from '../../../nodes/shared/vault/database/openSqliteDatabase';
import { PostgresDatabase } from '../../../nodes/shared/vault/database/postgresDatabase';
import type { PostgresPool } from '../../../nodes/shared/vault/database/postgresPool';
import { settingsFromUrl } from '../../../nodes/shared/vault/database/postgresSettings';
import type { SqlDatabase } from '../../../nodes/shared/vault/database/sqlDatabase';
import { Sealer } from '../../../nodes/shared/vault/sealing';
import { Vault } from '../../../nodes/shared/vault/vault';
import { Placeholders } from '../../support/recordings/placeholders';
import type { AllowedDifference } from '../../support/recordings/recording';
import { expectAsRecorded } from '../../support/recordings/recording';
import { keyCheckAsRecorded } from '../../support/recordings/storedFormat';

const allowedDifferences: AllowedDifference[] = [
	{
		path: 'notes > schema_version',
		change: 'changed',
		is: '2',
		issue: 8,
		reason: 'schema 2 adds tables; what stands in a vault is read on as it is',
	},
	{
		path: 'notes > oldest_reader',
		change: 'changed',
		is: '2',
		issue: 8,
		reason: 'code of schema 1 would let a newcomer in without proof',
	},
];

const KEY = 'an encryption key for tests';

/** A later schema adds tables; what it does to those that are there has to be named. */
const rules = { allowedDifferences, mayGrow: ['created > *'] };

/** Has the package make a vault in a database that holds none. */
async function makeVault(database: SqlDatabase): Promise<void> {
	const sealer = new Sealer({ secret: KEY, source: 'a test' });
	await (await Vault.open(database, sealer, {}, { spillFolders: [] })).close();
}

/** Line breaks and indentation are no part of a statement. */
function oneLine(sql: unknown): string {
	return String(sql).replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/ \)/g, ')').trim();
}

/** The notes a vault begins with, by name. */
function named(notes: Array<[string, string]>): Record<string, string> {
	const names = new Placeholders().add(keyCheckAsRecorded(KEY), 'key check');
	return Object.fromEntries(notes.map(([name, value]) => [name, names.inText(value)]));
}

it('makes the tables and notes of a vault in SQLite', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'recorded-schema-'));
	try {
		const file = join(folder, 'vault.sqlite');
		await makeVault(await openSqliteDatabase(file));
		const database = new DatabaseSync(file, { readOnly: true });
		const relations = database
			.prepare('SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid')
			.all();
		const notes = database.prepare('SELECT name, value FROM exactonline_docuware_meta').all();
		database.close();
		const present = {
			created: Object.fromEntries(relations.map(({ name, sql }) => [String(name), oneLine(sql)])),
			notes: named(notes.map(({ name, value }) => [String(name), String(value)])),
		};
		expectAsRecorded(join(__dirname, 'schema.sqlite.json'), present, rules);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

interface Statement {
	sql: string;
	params: unknown[];
}

/** A PostgreSQL server that holds nothing and takes everything. */
function emptyServer(statements: Statement[]): PostgresPool {
	const run = async (sql: string, params: unknown[] = []) => {
		statements.push({ sql, params });
		const command = sql.split(/[ ;]/)[0] ?? '';
		return await Promise.resolve({ rows: [], command });
	};
	return {
		connect: async () =>
			await Promise.resolve({
				run,
				runAll: async (all) =>
					await Promise.all(all.map(async ({ sql, params }) => await run(sql, params))),
				release: async () => await Promise.resolve(),
				releaseRead: () => {},
			}),
		close: async () => await Promise.resolve(),
	};
}

it('makes the same in PostgreSQL, under schema and prefix, behind one lock for all writers', async () => {
	const statements: Statement[] = [];
	const url = 'postgres://user:secret@db.example:5432/n8n?schema=own&prefix=pre_';
	const settings = await settingsFromUrl(url, 'A_VARIABLE');
	await makeVault(new PostgresDatabase(emptyServer(statements), settings));
	const created = statements.map(({ sql }) => oneLine(sql)).filter((sql) => /^CREATE /.test(sql));
	const notes = statements.filter(({ sql }) => /INSERT INTO "own"\."pre_\w+_meta"/.test(sql));
	const lock = statements.flatMap(({ sql }) => /pg_advisory_xact_lock\([^)]*\)/.exec(sql) ?? []);
	const present = {
		created: Object.fromEntries(
			created.map((sql) => [/NOT EXISTS (\S+)/.exec(sql)?.[1] ?? sql, sql]),
		),
		notes: named(notes.map(({ params: [name, value] }) => [String(name), String(value)])),
		lock: [...new Set(lock)],
	};
	expectAsRecorded(join(__dirname, 'schema.postgres.json'), present, rules);
});
