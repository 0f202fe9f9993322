import type { SqlTransaction } from '../database/transaction';
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
