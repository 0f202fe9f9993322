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

/** What decides whether a vault may still be used by a process that has it open. */
export interface Force {
	movedTo?: MovedTo | undefined;
	/** The check of the key that it is sealed with. */
	keyCheck?: string | undefined;
	/** Its schema, and the oldest one whose code may go on using it. */
	version: number;
	oldestReader: number;
}

/** Reads that. */
export function* readForce(): SqlTransaction<Force> {
	const rows = yield* query(
		`SELECT name, value FROM ${TABLES.meta}
		WHERE name IN ($1, 'key_check', 'schema_version', 'oldest_reader')`,
		[MOVED_TO_NOTE],
	);
	const notes = new Map(rows.map((row) => [String(row.name), String(row.value)]));
	const moved = notes.get(MOVED_TO_NOTE);
	return {
		movedTo: moved === undefined ? undefined : (JSON.parse(moved) as MovedTo),
		keyCheck: notes.get('key_check'),
		version: Number(notes.get('schema_version') ?? 0),
		oldestReader: Number(notes.get('oldest_reader') ?? 0),
	};
}

/** The error for whoever still uses the store that a vault was moved from. */
export function movedError(location: string, movedTo: MovedTo): Error {
	return vaultError(
		'VAULT_MOVED',
		`The vault was moved and is no longer in force here: from ${location} to ${movedTo.location}.`,
		'Give this n8n process the same settings as the one that moved it (DB_TYPE, DB_POSTGRESDB_* ' +
			'or N8N_EXACTONLINE_DOCUWARE_VAULT) and restart it. To move the vault back, name the present ' +
			'place in N8N_EXACTONLINE_DOCUWARE_VAULT_MOVE_FROM for one start.',
	);
}
