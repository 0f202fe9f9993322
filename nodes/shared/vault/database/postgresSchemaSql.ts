import { postgresSql, quotedName } from './postgresNames';
import type { PostgresSettings } from './postgresSettings';
import { MIGRATIONS } from './tables';

/** The SQL that an administrator runs where n8n's user may not create tables. */
export function schemaSql(settings: PostgresSettings): string {
	const schema = quotedName(settings.schema);
	const statements = MIGRATIONS.flat().map((sql) =>
		postgresSql(sql, settings.schema, settings.tablePrefix).replace(/\s+/g, ' '),
	);
	const tables = statements
		.map((sql) => /^CREATE TABLE IF NOT EXISTS (\S+)/.exec(sql)?.[1])
		.filter((name) => name !== undefined);
	return [
		`CREATE SCHEMA IF NOT EXISTS ${schema};`,
		`GRANT USAGE ON SCHEMA ${schema} TO n8n_user;`,
		...statements.map((sql) => `${sql};`),
		`GRANT SELECT, INSERT, UPDATE, DELETE ON ${tables.join(', ')} TO n8n_user;`,
	].join('\n');
}
