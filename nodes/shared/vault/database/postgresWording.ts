import type { PostgresStatement } from './postgresBatch';
import { postgresSql } from './postgresNames';
import type { PostgresSettings } from './postgresSettings';
import type { SqlStatement } from './transaction';
import {
	RELATION_EXISTS_STATEMENT,
	STORE_CLOCK_STATEMENT,
	STORE_NOW,
	storedValue,
} from './transaction';

/**
 * Reads the catalogue itself: `to_regclass` may answer from a cache that is as old as the beginning
 * of the transaction, from before the write lock was waited for.
 */
const RELATION_EXISTS_SQL = `SELECT 1 AS present FROM pg_catalog.pg_class c
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	WHERE n.nspname = $1 AND c.relname = $2`;

const STORE_NOW_SQL = '(extract(epoch from clock_timestamp()) * 1000)::bigint';

/** Puts statements of the vault into PostgreSQL's words, with the names of one vault's tables. */
export function postgresWording({
	schema,
	tablePrefix,
}: Pick<PostgresSettings, 'schema' | 'tablePrefix'>): (
	statement: SqlStatement,
) => PostgresStatement {
	const texts = new Map<string, string>();
	const textOf = (sql: string): string => {
		let text = texts.get(sql);
		if (text === undefined) {
			text = postgresSql(sql, schema, tablePrefix).replaceAll(STORE_NOW, STORE_NOW_SQL);
			texts.set(sql, text);
		}
		return text;
	};
	return ({ sql, params }) => {
		if (sql === STORE_CLOCK_STATEMENT) return { sql: `SELECT ${STORE_NOW_SQL} AS now` };
		if (sql === RELATION_EXISTS_STATEMENT) {
			return { sql: RELATION_EXISTS_SQL, params: [schema, `${tablePrefix}${String(params[0])}`] };
		}
		return { sql: textOf(sql), params: params.map(storedValue) };
	};
}
