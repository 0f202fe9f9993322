import { delimiter, dirname } from 'node:path';
import { knownModules } from './knownModules';

/** Where n8n keeps its own data if not in SQLite. */
export interface PostgresSettings {
	host: string;
	port: number;
	database: string;
	user: string;
	password: string;
	schema?: string;
}

export interface N8nEnvironmentOptions {
	/** n8n's user folder; `.n8n` is made inside it. */
	userFolder: string;
	port: number;
	/** Port between n8n and its runner for Code nodes; every n8n on a machine needs its own. */
	runnerBrokerPort: number;
	/** `N8N_ENCRYPTION_KEY`; without it n8n makes a key and keeps it in `<user folder>/.n8n/config`. */
	encryptionKey?: string;
	database?: PostgresSettings;
	/** See `N8nHostOptions`. */
	whole?: boolean;
	/** Added last, so that it can override everything else. */
	env?: Record<string, string>;
}

/** Parts of n8n that these tests never use and that cost time at each start. */
const unusedModules = [
	'insights',
	'mcp',
	'mcp-registry',
	'chat-hub',
	'agents',
	'instance-ai',
	'breaking-changes',
	'workflow-builder',
	'instance-version-history',
];

/**
 * Without the editor, which each start writes anew (28 MB), and without the process that runs the code of Code nodes,
 * which every main process, worker and command starts: one from outside, which never comes, takes its place.
 */
const restOnly = {
	N8N_DISABLE_UI: 'true',
	N8N_RUNNERS_MODE: 'external',
	N8N_RUNNERS_AUTH_TOKEN: 'no runner comes',
};

/** Variables of the caller that an n8n of its own still needs. */
const inherited = ['LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SystemRoot', 'NODE_EXTRA_CA_CERTS'];

/**
 * The complete environment of an n8n for tests: nothing of the caller's n8n settings, no calls to the
 * outside (telemetry, versions, templates, licence), an own home folder.
 */
export function n8nEnvironment(options: N8nEnvironmentOptions): Record<string, string> {
	const { userFolder, port, encryptionKey, database, whole = false } = options;
	const kept = inherited.flatMap((name) => {
		const value = process.env[name];
		return value === undefined ? [] : [[name, value] as const];
	});
	return {
		...Object.fromEntries(kept),
		PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
		HOME: userFolder,
		N8N_USER_FOLDER: userFolder,
		N8N_PORT: String(port),
		N8N_HOST: 'localhost',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		// Tests count the requests of a run; nothing is to be added in the background.
		N8N_EXACTONLINE_DOCUWARE_START_TOKEN: 'off',
		N8N_EDITOR_BASE_URL: `http://localhost:${port}/`,
		N8N_WEBHOOK_URL: `http://localhost:${port}/`,
		N8N_SECURE_COOKIE: 'false',
		N8N_LOG_LEVEL: 'info',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_COMMUNITY_PACKAGES_ENABLED: 'true',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_RUNNERS_BROKER_PORT: String(options.runnerBrokerPort),
		N8N_DISABLED_MODULES: knownModules(unusedModules).join(','),
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
		EXECUTIONS_DATA_SAVE_MANUAL_EXECUTIONS: 'true',
		...(whole ? {} : restOnly),
		...(encryptionKey === undefined ? {} : { N8N_ENCRYPTION_KEY: encryptionKey }),
		...(database === undefined ? {} : postgresVariables(database)),
		...options.env,
	};
}

function postgresVariables(database: PostgresSettings): Record<string, string> {
	return {
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: database.host,
		DB_POSTGRESDB_PORT: String(database.port),
		DB_POSTGRESDB_DATABASE: database.database,
		DB_POSTGRESDB_USER: database.user,
		DB_POSTGRESDB_PASSWORD: database.password,
		...(database.schema === undefined ? {} : { DB_POSTGRESDB_SCHEMA: database.schema }),
	};
}
