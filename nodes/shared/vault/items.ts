import type { SqlTransaction } from './database/transaction';
import { query, queryOne, storeNow } from './database/transaction';
import { TABLES } from './schema';

/** A small value that belongs to no identity's chain: a HostID, a cookie jar, what discovery found. */
export interface VaultItem {
	scope: string;
	name: string;
	/** Plain text, or a text sealed for `itemSubject(scope, name)`. */
	value: string;
	/** Counts the changes, so that a writer notices that somebody was faster. */
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

/** One item. */
export function* readItem(scope: string, name: string): SqlTransaction<VaultItem | undefined> {
	const row = yield* queryOne(`SELECT * FROM ${TABLES.item} WHERE scope = $1 AND name = $2`, [
		scope,
		name,
	]);
	if (row === undefined) return undefined;
	return {
		scope,
		name,
		value: String(row.value),
		version: Number(row.version),
		updatedAt: Number(row.updated_at),
	};
}

/**
 * Adds or replaces an item.
 * @param expectedVersion the version that was read (0: there was none); left out, any.
 * @returns the new version, or undefined where somebody else has changed the item meanwhile.
 */
export function* writeItem(
	scope: string,
	name: string,
	value: string,
	expectedVersion?: number,
): SqlTransaction<number | undefined> {
	const version = (yield* readItem(scope, name))?.version ?? 0;
	if (expectedVersion !== undefined && expectedVersion !== version) return undefined;
	const now = yield* storeNow();
	yield* query(
		`INSERT INTO ${TABLES.item} (scope, name, value, version, updated_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (scope, name) DO UPDATE SET value = excluded.value, version = excluded.version,
			updated_at = excluded.updated_at`,
		[scope, name, value, version + 1, now],
	);
	return version + 1;
}

/** Removes an item. */
export function* deleteItem(scope: string, name: string): SqlTransaction<void> {
	yield* query(`DELETE FROM ${TABLES.item} WHERE scope = $1 AND name = $2`, [scope, name]);
}
