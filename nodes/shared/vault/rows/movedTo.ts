import { TABLES } from '../database/tables';
import type { SqlTransaction } from '../database/transaction';
import { query } from '../database/transaction';
import { vaultError } from '../vaultErrors';
import { readMeta } from './meta';

/** The note of a vault whose content was moved to another store. */
export interface MovedTo {
	/** Where it is now, without user and password. */
	location: string;
	/** Names this one move in both stores. */
	moveId: string;
}

/** Name of that note. */
export const MOVED_TO_NOTE = 'moved_to';

/** Where the vault in this store was moved to; undefined where it is in force. */
export function* readMovedTo(): SqlTransaction<MovedTo | undefined> {
	const value = yield* readMeta(MOVED_TO_NOTE);
	return value === undefined ? undefined : (JSON.parse(value) as MovedTo);
}

/** Where the vault in this store was moved to, and the check of the key that it is sealed with. */
export function* readForce(): SqlTransaction<{ movedTo?: MovedTo; keyCheck?: string }> {
	const rows = yield* query(
		`SELECT name, value FROM ${TABLES.meta} WHERE name IN ($1, 'key_check')`,
		[MOVED_TO_NOTE],
	);
	const notes = new Map(rows.map((row) => [String(row.name), String(row.value)]));
	const moved = notes.get(MOVED_TO_NOTE);
	return {
		movedTo: moved === undefined ? undefined : (JSON.parse(moved) as MovedTo),
		keyCheck: notes.get('key_check'),
	};
}

/** The error for whoever still uses the store that a vault was moved from. */
export function movedError(location: string, movedTo: MovedTo): Error {
	return vaultError(
		'VAULT_MOVED',
		`The vault at ${location} was moved to ${movedTo.location} and is no longer in force.`,
		'Give this n8n process the same settings as the one that moved it (DB_TYPE, DB_POSTGRESDB_* ' +
			'or N8N_EXACTONLINE_DOCUWARE_VAULT) and restart it. To move the vault back, name the present ' +
			'place in N8N_EXACTONLINE_DOCUWARE_VAULT_MOVE_FROM for one start.',
	);
}
