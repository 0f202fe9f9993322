import type { ConnectorError } from '../../errors';
import { isConnectorError } from '../../errors';
import { vaultError } from '../vaultErrors';
import { postgresSql, quotedName } from './postgresNames';
import type { PostgresSettings } from './postgresSettings';
import { describeLocation } from './postgresSettings';
import { MIGRATIONS } from './tables';

/** SQLSTATE codes that the vault tells apart (PostgreSQL documentation, appendix A). */
const STATE = {
	readOnlyTransaction: '25006',
	invalidAuthorization: '28000',
	invalidPassword: '28P01',
	unknownDatabase: '3D000',
	unknownSchema: '3F000',
	serializationFailure: '40001',
	deadlock: '40P01',
	missingRight: '42501',
	unknownTable: '42P01',
	diskFull: '53100',
	tooManyConnections: '53300',
	lockNotAvailable: '55P03',
	statementCancelled: '57014',
	adminShutdown: '57P01',
	crashShutdown: '57P02',
	cannotConnectNow: '57P03',
	idleInTransaction: '25P03',
} as const;

const FATAL_SEVERITIES = ['FATAL', 'PANIC'];

interface ErrorFacts {
	/** SQLSTATE, or a code of Node.js such as ECONNREFUSED. */
	code: string;
	message: string;
	severity: string;
}

function factsOf(error: unknown): ErrorFacts {
	const value = (typeof error === 'object' && error !== null ? error : {}) as Record<
		string,
		unknown
	>;
	const text = (key: string) => (typeof value[key] === 'string' ? value[key] : '');
	return { code: text('code'), message: text('message'), severity: text('severity') };
}

function isSqlState(code: string): boolean {
	return /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code);
}

/**
 * Whether the server itself answered that this statement failed and the connection goes on, so
 * that nothing of the transaction will ever take effect.
 */
export function isPlainRefusal(error: unknown): boolean {
	const { code, severity } = factsOf(error);
	return isSqlState(code) && !code.startsWith('08') && !FATAL_SEVERITIES.includes(severity);
}

/** Whether the connection broke, or the server is about to go or to come up. */
export function isConnectionLoss(error: unknown): boolean {
	const { code, message } = factsOf(error);
	if (isSqlState(code)) {
		return (
			code.startsWith('08') ||
			code === STATE.adminShutdown ||
			code === STATE.crashShutdown ||
			code === STATE.cannotConnectNow ||
			code === STATE.idleInTransaction
		);
	}
	return (
		['ECONNRESET', 'EPIPE', 'ECONNABORTED'].includes(code) ||
		/^Connection terminated( unexpectedly)?$/.test(message) ||
		message === 'Client has encountered a connection error and is not queryable'
	);
}

/** Whether the server asks for the whole transaction to be run again. */
export function isConflict(error: unknown): boolean {
	const { code } = factsOf(error);
	return code === STATE.serializationFailure || code === STATE.deadlock;
}

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
	const unavailable = (message: string, repair: string, retryable = true) =>
		vaultError('VAULT_UNAVAILABLE', message, repair, { retryable, cause });
	const host = `${settings.host}:${settings.port}`;
	if (isTlsProblem(facts)) {
		return unavailable(
			`The encrypted connection to the vault's database ${where} was refused (${facts.code || 'no TLS on that server'}).`,
			'Check the DB_POSTGRESDB_SSL_* variables (or sslmode and sslrootcert in the URL): certificate authority, certificate, key, and whether the server speaks TLS at all.',
			false,
		);
	}
	if (/SASL|password must be a string/i.test(facts.message)) {
		return refusedLogin(where, facts.code || 'no password', cause);
	}
	if (facts.code === 'ENOTFOUND' || facts.code === 'EAI_AGAIN') {
		return unavailable(
			`The host of the vault's database ${where} is not known (${facts.code}).`,
			'Check the host name (DB_POSTGRESDB_HOST or the URL in N8N_EXACTONLINE_DOCUWARE_VAULT) and the name resolution of this machine.',
		);
	}
	if (/timeout/i.test(facts.message) || facts.code === 'ETIMEDOUT') {
		return unavailable(
			`The vault's database ${where} did not answer in time.`,
			`Check that PostgreSQL at ${host} is running and not overloaded, and that no firewall drops the connection.`,
		);
	}
	if (facts.code || isConnectionLoss(error)) {
		return unavailable(
			`The vault's database ${where} could not be reached, or the connection broke (${facts.code || 'connection ended'}).`,
			`Check that PostgreSQL is running at ${host} and that this machine may connect to it, then run again.`,
		);
	}
	return error;
}

function explainState(
	state: string,
	where: string,
	settings: PostgresSettings,
	cause: Error,
): ConnectorError {
	switch (state) {
		case STATE.invalidAuthorization:
		case STATE.invalidPassword:
			return refusedLogin(where, state, cause);
		case STATE.unknownDatabase:
			return vaultError(
				'VAULT_UNAVAILABLE',
				`The vault's database ${where} does not exist (SQLSTATE ${state}).`,
				'Create the database, or correct its name in DB_POSTGRESDB_DATABASE or in the URL.',
				{ cause },
			);
		case STATE.missingRight:
		case STATE.unknownSchema:
			return missingRights(settings, where, state, cause);
		case STATE.unknownTable:
			return vaultError(
				'VAULT_DAMAGED',
				`Tables of the vault in ${where} are missing (SQLSTATE ${state}).`,
				'Restore them from a backup, or restart n8n to have them made anew and press Connect again in each credential.',
				{ cause },
			);
		case STATE.readOnlyTransaction:
			return vaultError(
				'VAULT_READ_ONLY',
				`The vault's database ${where} accepts no changes at present (SQLSTATE ${state}).`,
				'Point the vault at the primary server, not at a standby, and see that default_transaction_read_only is off; some hosts switch it on when the disk is nearly full.',
				{ retryable: true, cause },
			);
		case STATE.diskFull:
			return vaultError(
				'VAULT_FULL',
				`The vault's database ${where} could not store data: its disk is full.`,
				'Free disk space on the PostgreSQL server, then run again.',
				{ retryable: true, cause },
			);
		case STATE.tooManyConnections:
			return vaultError(
				'VAULT_UNAVAILABLE',
				`The vault's database ${where} has no free connection (SQLSTATE ${state}).`,
				'Raise max_connections or the connection limit of the role or database; the vault needs at most two connections per n8n process.',
				{ retryable: true, cause },
			);
		case STATE.lockNotAvailable:
			return vaultError(
				'VAULT_LOCKED',
				`The vault in ${where} stayed locked by another connection.`,
				'Look in pg_stat_activity and pg_locks for a session that keeps a transaction or the tables exactonline_docuware_* locked, end it, and run again.',
				{ retryable: true, cause },
			);
		case STATE.statementCancelled:
			return vaultError(
				'VAULT_UNAVAILABLE',
				`The vault's database ${where} did not finish a statement in time (SQLSTATE ${state}).`,
				'Check the load of the PostgreSQL server and its disk, then run again.',
				{ retryable: true, cause },
			);
		default:
			return state.startsWith('XX')
				? vaultError(
						'VAULT_DAMAGED',
						`The vault's database ${where} reported damaged data (SQLSTATE ${state}).`,
						'Have the PostgreSQL server checked, and restore the database from a backup.',
						{ cause },
					)
				: vaultError(
						'VAULT_UNAVAILABLE',
						`The vault's database ${where} refused to work (SQLSTATE ${state}).`,
						'Look into the log of the PostgreSQL server for that moment, then run again.',
						{ retryable: true, cause },
					);
	}
}

function refusedLogin(where: string, code: string, cause: Error): ConnectorError {
	return vaultError(
		'VAULT_UNAVAILABLE',
		`The vault's database ${where} refused the log-in (${code}).`,
		'Check user and password (DB_POSTGRESDB_USER and DB_POSTGRESDB_PASSWORD, their _FILE forms, or the URL) and the rules in pg_hba.conf of the server.',
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
		`n8n's database user may not make or use the vault's tables in ${where} (SQLSTATE ${state}).`,
		`Let an administrator of that database run the following once, with the name of n8n's database user in place of n8n_user; then run again.\n${schemaSql(settings)}`,
		{ cause },
	);
}

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
