const NAME = /(CREATE INDEX IF NOT EXISTS )?\bexactonline_docuware_[a-z_]+\b/g;

/**
 * Puts schema and table prefix before the vault's table names (the fixed ones of `TABLES`). The
 * name of an index takes the prefix alone: an index always lives in the schema of its table.
 */
export function postgresSql(sql: string, schema: string, tablePrefix: string): string {
	return sql.replace(NAME, (found: string, createIndex: string | undefined) =>
		createIndex === undefined
			? postgresTableName(found, schema, tablePrefix)
			: `${createIndex}${quotedName(tablePrefix + found.slice(createIndex.length))}`,
	);
}

/** A table with its schema, in quotes, as n8n itself writes its table names. */
function postgresTableName(table: string, schema: string, tablePrefix: string): string {
	return `${quotedName(schema)}.${quotedName(tablePrefix + table)}`;
}

/** An SQL identifier in quotes. */
export function quotedName(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}
