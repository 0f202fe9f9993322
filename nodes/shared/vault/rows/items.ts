import type { SqlTransaction } from '../database/transaction';
import { query, queryOne, STORE_NOW } from '../database/transaction';
import { TABLES } from './schema';

/** A small value that is no secret, with the version that a compare-and-set names. */
export interface VaultItem {
	value: string;
	/** Counts the saves, from 1. */
	version: number;
	/** Store clock, milliseconds. */
	updatedAt: number;
}

/**
 * What a sealed item belongs to: part of the seal. Every sealed item uses it, because a move of the
 * vault under another encryption key has to open them all.
 */
export function itemSubject(scope: string, name: string): string {
	return `item:${JSON.stringify([scope, name])}`;
}

/** Reads an item; undefined where there is none. */
export function* readItem(scope: string, name: string): SqlTransaction<VaultItem | undefined> {
	const row = yield* queryOne(
		`SELECT value, version, updated_at FROM ${TABLES.item} WHERE scope = $1 AND name = $2`,
		[scope, name],
	);
	return row === undefined
		? undefined
		: {
				value: String(row.value),
				version: Number(row.version),
				updatedAt: Number(row.updated_at),
			};
}

/** Those of these items that there are, by name. */
export function* itemsNamed(
	scope: string,
	names: readonly string[],
): SqlTransaction<Map<string, Pick<VaultItem, 'value' | 'version'>>> {
	const places = names.map((_name, index) => `$${index + 2}`).join(', ');
	const rows = yield* query(
		`SELECT name, value, version FROM ${TABLES.item} WHERE scope = $1 AND name IN (${places})`,
		[scope, ...names],
	);
	return new Map(
		rows.map(({ name, value, version }) => [
			String(name),
			{ value: String(value), version: Number(version) },
		]),
	);
}

/** Names and values of the items whose names begin so. */
export function* itemsBelow(
	scope: string,
	prefix: string,
): SqlTransaction<Array<[string, string]>> {
	const rows = yield* query(
		`SELECT name, value FROM ${TABLES.item} WHERE scope = $1 AND substr(name, 1, $2) = $3 ORDER BY name`,
		[scope, prefix.length, prefix],
	);
	return rows.map(({ name, value }) => [String(name), String(value)]);
}

/** Names of the items whose names begin so, the one that was written longest ago first. */
export function* namesBelow(scope: string, prefix: string): SqlTransaction<string[]> {
	const rows = yield* query(
		`SELECT name FROM ${TABLES.item} WHERE scope = $1 AND substr(name, 1, $2) = $3 ORDER BY updated_at, name`,
		[scope, prefix.length, prefix],
	);
	return rows.map(({ name }) => String(name));
}

/** Names an item for a transaction that touches nothing else; see `WriteOptions`. */
export function itemLock(scope: string, name: string): string {
	return `item:${scope}:${name}`;
}

/** Writes an item, whatever stood there. */
export function* putItem(scope: string, name: string, value: string): SqlTransaction<void> {
	yield* query(
		`INSERT INTO ${TABLES.item} (scope, name, value, version, updated_at)
		VALUES ($1, $2, $3, 1, ${STORE_NOW})
		ON CONFLICT (scope, name) DO UPDATE SET value = excluded.value,
			version = ${TABLES.item}.version + 1, updated_at = excluded.updated_at`,
		[scope, name, value],
	);
}

/**
 * Writes an item only where it still stands at the version the caller has read.
 *
 * @param version 0 where the caller found none.
 * @returns false where somebody else was faster; nothing is written then.
 */
export function* compareAndSetItem(
	scope: string,
	name: string,
	value: string,
	version: number,
): SqlTransaction<boolean> {
	const rows =
		version === 0
			? yield* query(
					`INSERT INTO ${TABLES.item} (scope, name, value, version, updated_at)
					VALUES ($1, $2, $3, 1, ${STORE_NOW}) ON CONFLICT (scope, name) DO NOTHING RETURNING version`,
					[scope, name, value],
				)
			: yield* query(
					`UPDATE ${TABLES.item} SET value = $3, version = version + 1, updated_at = ${STORE_NOW}
					WHERE scope = $1 AND name = $2 AND version = $4 RETURNING version`,
					[scope, name, value, version],
				);
	return rows.length > 0;
}

/** Removes an item. */
export function* deleteItem(scope: string, name: string): SqlTransaction<void> {
	yield* query(`DELETE FROM ${TABLES.item} WHERE scope = $1 AND name = $2`, [scope, name]);
}

/** Removes the items whose names begin so. */
export function* deleteItemsBelow(scope: string, prefix: string): SqlTransaction<void> {
	yield* query(`DELETE FROM ${TABLES.item} WHERE scope = $1 AND substr(name, 1, $2) = $3`, [
		...[scope, prefix.length, prefix],
	]);
}
