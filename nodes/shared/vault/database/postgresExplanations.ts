import type { ConnectorError } from '../../errors';
import { isConnectorError } from '../../errors';
import type { VaultErrorCode } from '../vaultErrors';
import { vaultError } from '../vaultErrors';
import type { ErrorFacts } from './postgresErrors';
import { factsOf, isConnectionLoss, isSqlState, isUnknownHost, STATE } from './postgresErrors';
import { schemaSql } from './postgresSchemaSql';
import type { PostgresSettings } from './postgresSettings';
import { describeLocation } from './postgresSettings';

/**
 * Turns an error of PostgreSQL or of the way there into the vault's words. Neither user nor
 * password appear, and the server's own text is left out, because it names the user.
 */
export function explainPostgresError(error: unknown, settings: PostgresSettings): unknown {
	if (isConnectorError(error)) return error;
	const facts = factsOf(error);
	const where = describeLocation(settings);
	// The original carries connection details; only its code is worth keeping.
	const cause = new Error(`PostgreSQL client error ${facts.code || 'without a code'}`);
	if (isSqlState(facts.code)) return explainState(facts.code, where, settings, cause);
	if (isTlsProblem(facts)) return refusedTls(where, facts, cause);
	if (/SASL|password must be a string/i.test(facts.message)) {
		return refusedLogin(where, facts.code || 'no password', cause);
	}
	return facts.code || isTimeout(facts) || isConnectionLoss(error)
		? notReached(facts, where, settings, cause)
		: error;
}

function refusedTls(where: string, { code }: ErrorFacts, cause: Error): ConnectorError {
	return vaultError(
		'VAULT_UNAVAILABLE',
		`The encrypted connection to the vault's database was refused: ${where} ` +
			`(${code || 'no TLS on that server'}).`,
		'Check the DB_POSTGRESDB_SSL_* variables (or sslmode and sslrootcert in the URL): certificate ' +
			'authority, certificate, key, and whether the server speaks TLS at all.',
		{ cause },
	);
}

function isTimeout({ code, message }: ErrorFacts): boolean {
	return /timeout/i.test(message) || code === 'ETIMEDOUT';
}

function notReached(
	facts: ErrorFacts,
	where: string,
	settings: PostgresSettings,
	cause: Error,
): ConnectorError {
	const unavailable = (message: string, repair: string) =>
		vaultError('VAULT_UNAVAILABLE', message, repair, { retryable: true, cause });
	const host = `${settings.host}:${settings.port}`;
	if (isUnknownHost(facts)) {
		return unavailable(
			`The host of the vault's database is not known: ${where} (${facts.code}).`,
			'Check the host name (DB_POSTGRESDB_HOST or the URL in N8N_EXACTONLINE_DOCUWARE_VAULT) and ' +
				'the name resolution of this machine.',
		);
	}
	if (isTimeout(facts)) {
		return unavailable(
			`The vault's database did not answer in time: ${where}.`,
			`Check that PostgreSQL at ${host} is running and not overloaded, and that no firewall drops the connection.`,
		);
	}
	return unavailable(
		`The vault's database could not be reached, or the connection broke: ${where} ` +
			`(${facts.code || 'connection ended'}).`,
		`Check that PostgreSQL is running at ${host} and that this machine may connect to it, then run again.`,
	);
}

/** What to say of an SQLSTATE; `where` is the place of the database. */
interface StateWords {
	code: VaultErrorCode;
	message(where: string, state: string): string;
	repair: string;
	retryable?: boolean;
}

/** A standby, or a database whose host has switched writing off. */
const TAKES_NO_WRITES: StateWords = {
	code: 'VAULT_READ_ONLY',
	message: (where, state) =>
		`The vault's database accepts no changes at present: ${where} (SQLSTATE ${state}).`,
	repair:
		'Point the vault at the primary server, not at a standby; some hosts switch writing off when the ' +
		'disk is nearly full.',
	retryable: true,
};

const WORDS: Readonly<Record<string, StateWords>> = {
	[STATE.unknownDatabase]: {
		code: 'VAULT_UNAVAILABLE',
		message: (where, state) => `The vault's database does not exist: ${where} (SQLSTATE ${state}).`,
		repair: 'Create the database, or correct its name in DB_POSTGRESDB_DATABASE or in the URL.',
	},
	[STATE.unknownTable]: {
		code: 'VAULT_DAMAGED',
		message: (where, state) => `Tables of the vault are missing: ${where} (SQLSTATE ${state}).`,
		repair:
			'Restore them from a backup, or restart n8n to have them made anew and press Connect again in ' +
			'each credential.',
	},
	[STATE.readOnlyTransaction]: TAKES_NO_WRITES,
	[STATE.notSupported]: TAKES_NO_WRITES,
	[STATE.diskFull]: {
		code: 'VAULT_FULL',
		message: (where) =>
			`The vault's database could not store data, since its disk is full: ${where}.`,
		repair: 'Free disk space on the PostgreSQL server, then run again.',
		retryable: true,
	},
	[STATE.tooManyConnections]: {
		code: 'VAULT_UNAVAILABLE',
		message: (where, state) =>
			`The vault's database has no free connection: ${where} (SQLSTATE ${state}).`,
		repair:
			'Raise max_connections or the connection limit of the role or database; the vault needs at ' +
			'most two connections per n8n process.',
		retryable: true,
	},
	[STATE.lockNotAvailable]: {
		code: 'VAULT_LOCKED',
		message: (where) => `The vault stayed locked by another connection: ${where}.`,
		repair:
			'Look in pg_stat_activity and pg_locks for a session that keeps a transaction or the tables ' +
			'exactonline_docuware_* locked, end it, and run again.',
		retryable: true,
	},
	[STATE.statementCancelled]: {
		code: 'VAULT_UNAVAILABLE',
		message: (where, state) =>
			`The vault's database did not finish its work in time: ${where} (SQLSTATE ${state}).`,
		repair: 'Check the load of the PostgreSQL server and its disk, then run again.',
		retryable: true,
	},
};

const DAMAGED: StateWords = {
	code: 'VAULT_DAMAGED',
	message: (where, state) =>
		`The vault's database reported damaged data: ${where} (SQLSTATE ${state}).`,
	repair: 'Have the PostgreSQL server checked, and restore the database from a backup.',
};

const ANY_OTHER: StateWords = {
	code: 'VAULT_UNAVAILABLE',
	message: (where, state) => `The vault's database refused to work: ${where} (SQLSTATE ${state}).`,
	repair: 'Look into the log of the PostgreSQL server for that moment, then run again.',
	retryable: true,
};

function explainState(
	state: string,
	where: string,
	settings: PostgresSettings,
	cause: Error,
): ConnectorError {
	if (state === STATE.invalidAuthorization || state === STATE.invalidPassword) {
		return refusedLogin(where, state, cause);
	}
	if (state === STATE.missingRight || state === STATE.unknownSchema) {
		return missingRights(settings, where, state, cause);
	}
	const words = WORDS[state] ?? (state.startsWith('XX') ? DAMAGED : ANY_OTHER);
	const { code, message, repair, retryable = false } = words;
	return vaultError(code, message(where, state), repair, { retryable, cause });
}

function refusedLogin(where: string, code: string, cause: Error): ConnectorError {
	return vaultError(
		'VAULT_UNAVAILABLE',
		`The vault's database refused the log-in: ${where} (${code}).`,
		'Check user and password (DB_POSTGRESDB_USER and DB_POSTGRESDB_PASSWORD, their _FILE forms, ' +
			'or the URL) and the rules in pg_hba.conf of the server.',
		{ cause },
	);
}

function isTlsProblem({ code, message }: ErrorFacts): boolean {
	return (
		/^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code) ||
		/does not support SSL|There was an error establishing an SSL connection/i.test(message)
	);
}

function missingRights(
	settings: PostgresSettings,
	where: string,
	state: string,
	cause: Error,
): ConnectorError {
	return vaultError(
		'VAULT_SCHEMA_RIGHTS',
		`n8n's database user may not make or use the vault's tables: ${where} (SQLSTATE ${state}).`,
		"Let an administrator of that database run the following once, with the name of n8n's " +
			`database user in place of n8n_user; then run again.\n${schemaSql(settings)}`,
		{
			cause,
			listRepair:
				'Run any operation of the node: its error has the statements for an administrator of that database.',
		},
	);
}
