import type { SqlTransaction } from '../database/transaction';
import { query, STORE_NOW } from '../database/transaction';
import { TABLES } from './schema';

/** How long the items of a scope are kept. */
interface ItemLife {
	/** After the last change, in milliseconds. */
	lifeMs: number;
	/** Beyond that, as long as the vault knows the authorization whose digest names the item. */
	withAuthorization: boolean;
}

const lives = new Map<string, ItemLife>();

/**
 * Declares a scope of items, each of which may go once nobody has changed it for so long: what it says
 * has then no meaning any more, or is found out anew.
 * @returns the scope
 */
export function itemScope<Name extends string>(
	scope: Name,
	lifeMs: number,
	{ withAuthorization = false } = {},
): Name {
	lives.set(scope, { lifeMs, withAuthorization });
	return scope;
}

/** Removes the items whose time is over, of the scopes that this process has declared. */
export function* pruneItems(): SqlTransaction<void> {
	for (const [scope, { lifeMs, withAuthorization }] of lives) {
		const unknown = withAuthorization
			? ` AND name NOT IN (SELECT fingerprint FROM ${TABLES.authorization})`
			: '';
		yield* query(
			`DELETE FROM ${TABLES.item} WHERE scope = $1 AND updated_at < (SELECT ${STORE_NOW}) - $2${unknown}`,
			[scope, lifeMs],
		);
	}
}
