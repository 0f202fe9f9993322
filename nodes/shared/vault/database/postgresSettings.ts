import { createHash } from 'node:crypto';

import type { Environment } from '../../process/environment';
import { readNamedFile, readVariable } from '../../process/environment';
import { vaultError } from '../vaultErrors';

/** TLS as node:tls takes it; false where the connection is not encrypted. */
export type PostgresTls =
	false | { rejectUnauthorized: boolean; ca?: string; cert?: string; key?: string };

/** Everything needed to reach the tables of the vault in a PostgreSQL database. */
export interface PostgresSettings {
	host: string;
	port: number;
	database: string;
	user: string;
	password: string;
	schema: string;
	/** Stands before each table name. */
	tablePrefix: string;
	tls: PostgresTls;
	/** How long a connection may take to come about, in milliseconds. */
	connectTimeoutMs: number;
}

/** n8n's own defaults (docs/facts/n8n.md: the variables of n8n 2.40, package `@n8n/config`). */
const DEFAULTS = {
	host: 'localhost',
	port: 5432,
	database: 'n8n',
	user: 'postgres',
	schema: 'public',
	connectTimeoutMs: 20_000,
} as const;

/** PostgreSQL cuts longer names off, and two tables could become one. */
const LONGEST_NAME = 63;
const LONGEST_OWN_NAME = 'exactonline_docuware_authorization_record'.length;

const TLS_MODES = ['disable', 'no-verify', 'require', 'verify-ca', 'verify-full'];

/**
 * Settings of the database that n8n itself uses: its `DB_POSTGRESDB_*` variables and
 * `DB_TABLE_PREFIX`, each also in the `_FILE` form.
 * @throws ConnectorError VAULT_SETTING_INVALID
 */
export async function settingsOfN8n(env: Environment): Promise<PostgresSettings> {
	const read = async (name: string) => await textOf(env, `DB_POSTGRESDB_${name}`);
	const ca = await read('SSL_CA');
	const cert = await read('SSL_CERT');
	const key = await read('SSL_KEY');
	const rejectUnauthorized = booleanOr(await read('SSL_REJECT_UNAUTHORIZED'), true);
	const enabled = booleanOr(await read('SSL_ENABLED'), false);
	return checked({
		host: (await read('HOST')) ?? DEFAULTS.host,
		port: numberOr(await read('PORT'), DEFAULTS.port),
		database: (await read('DATABASE')) ?? DEFAULTS.database,
		user: (await read('USER')) ?? DEFAULTS.user,
		password: (await read('PASSWORD')) ?? '',
		schema: (await read('SCHEMA')) ?? DEFAULTS.schema,
		tablePrefix: (await textOf(env, 'DB_TABLE_PREFIX')) ?? '',
		// As n8n does: a certificate or "do not verify" switches TLS on by itself.
		tls:
			enabled || ca || cert || key || !rejectUnauthorized
				? tlsOptions(rejectUnauthorized, ca, cert, key)
				: false,
		connectTimeoutMs:
			numberOr(await read('CONNECTION_TIMEOUT'), DEFAULTS.connectTimeoutMs) ||
			DEFAULTS.connectTimeoutMs,
	});
}

/**
 * Settings from a `postgres://user:password@host:5432/database` URL. Parameters: `schema` (default
 * `public`), `prefix` (before each table name; n8n's DB_TABLE_PREFIX does not count here, because
 * the URL may be shared by several n8n instances), `sslmode` (`disable`, `no-verify`, `require`,
 * `verify-ca`, `verify-full`; the last three verify the certificate), `sslrootcert`, `sslcert`,
 * `sslkey` (paths), `host` (a socket folder, for instance) and `connect_timeout` (seconds).
 * @throws ConnectorError VAULT_SETTING_INVALID
 */
export async function settingsFromUrl(text: string, variable: string): Promise<PostgresSettings> {
	const url = parseUrl(text, variable);
	const parameter = (name: string) => url.searchParams.get(name) ?? undefined;
	const mode = parameter('sslmode') ?? 'disable';
	if (!TLS_MODES.includes(mode)) {
		throw vaultError(
			'VAULT_SETTING_INVALID',
			`A setting of the vault has an unknown value: sslmode=${mode.slice(0, 20)} of the URL in ${variable}.`,
			`Use one of: ${TLS_MODES.join(', ')}.`,
		);
	}
	const [ca, cert, key] = await Promise.all(
		['sslrootcert', 'sslcert', 'sslkey'].map(
			async (name) =>
				await readNamedFile(parameter(name), `${name} in ${variable}`, { unreadable }),
		),
	);
	return checked({
		host: parameter('host') ?? (decode(stripBrackets(url.hostname)) || DEFAULTS.host),
		port: numberOr(url.port || undefined, DEFAULTS.port),
		database: decode(url.pathname.slice(1)) || DEFAULTS.database,
		user: decode(url.username) || DEFAULTS.user,
		password: decode(url.password),
		schema: parameter('schema') ?? DEFAULTS.schema,
		tablePrefix: parameter('prefix') ?? '',
		tls: mode === 'disable' ? false : tlsOptions(mode !== 'no-verify', ca, cert, key),
		connectTimeoutMs: numberOr(parameter('connect_timeout'), 0) * 1000 || DEFAULTS.connectTimeoutMs,
	});
}

/** Where the vault is, fit for messages: a URL without user, password and parameters of TLS. */
export function describeLocation(settings: PostgresSettings): string {
	const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
	const place = settings.host.startsWith('/')
		? `postgres:///${settings.database}?host=${settings.host}&port=${settings.port}`
		: `postgres://${host}:${settings.port}/${settings.database}`;
	const extra = new URLSearchParams();
	if (settings.schema !== DEFAULTS.schema) extra.set('schema', settings.schema);
	if (settings.tablePrefix) extra.set('prefix', settings.tablePrefix);
	const parameters = extra.toString();
	if (!parameters) return place;
	return `${place}${place.includes('?') ? '&' : '?'}${parameters}`;
}

/** Tells settings apart without holding the password in the clear. */
export function settingsDigest(settings: PostgresSettings): string {
	return createHash('sha256').update(JSON.stringify(settings)).digest('hex');
}

async function textOf(env: Environment, name: string): Promise<string | undefined> {
	return (await readVariable(env, name, { unreadable }))?.text;
}

function unreadable(variable: string, file: string, cause: unknown): Error {
	return vaultError(
		'VAULT_SETTING_INVALID',
		`A file that a setting names could not be read: ${file} (${variable}).`,
		'Correct the path or the rights of that file and restart n8n.',
		{ cause },
	);
}

function parseUrl(text: string, variable: string): URL {
	try {
		return new URL(text);
	} catch {
		// The cause would quote the URL with its password.
		throw vaultError(
			'VAULT_SETTING_INVALID',
			`A setting of the vault could not be read: the postgres:// URL in ${variable}.`,
			'Write it as postgres://user:password@host:5432/database, with special characters of the ' +
				'password percent-encoded (@ as %40, / as %2F, # as %23).',
		);
	}
}

function checked(settings: PostgresSettings): PostgresSettings {
	if (settings.tablePrefix.length + LONGEST_OWN_NAME > LONGEST_NAME) {
		throw vaultError(
			'VAULT_SETTING_INVALID',
			`The table prefix "${settings.tablePrefix}" is too long for the vault's tables.`,
			`Use a prefix of at most ${LONGEST_NAME - LONGEST_OWN_NAME} characters, or give the vault ` +
				'another place with N8N_EXACTONLINE_DOCUWARE_VAULT.',
		);
	}
	return settings;
}

function tlsOptions(
	rejectUnauthorized: boolean,
	ca: string | undefined,
	cert: string | undefined,
	key: string | undefined,
): PostgresTls {
	return {
		rejectUnauthorized,
		...(ca ? { ca } : {}),
		...(cert ? { cert } : {}),
		...(key ? { key } : {}),
	};
}

function stripBrackets(host: string): string {
	return host.replace(/^\[(.*)\]$/, '$1');
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Like n8n: what is no number or no boolean counts as not set. */
function numberOr(text: string | undefined, fallback: number): number {
	const value = text === undefined || text === '' ? Number.NaN : Number(text);
	return Number.isFinite(value) && value >= 0 ? value : fallback;
}

function booleanOr(text: string | undefined, fallback: boolean): boolean {
	const value = text?.toLowerCase();
	if (value === 'true' || value === '1') return true;
	if (value === 'false' || value === '0') return false;
	return fallback;
}
