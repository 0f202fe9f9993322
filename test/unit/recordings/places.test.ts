import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import {
	describeLocation,
	settingsFromUrl,
	settingsOfN8n,
} from '../../../nodes/shared/vault/database/postgresSettings';
import { closeVaults, openVault } from '../../../nodes/shared/vault/place/openVault';
import { spillFolders } from '../../../nodes/shared/vault/spending/spill';
import { Placeholders } from '../../support/recordings/placeholders';
import type { AllowedDifference } from '../../support/recordings/recording';
import { expectAsRecorded } from '../../support/recordings/recording';
import { keyCheckAsRecorded } from '../../support/recordings/storedFormat';
import { filesBelow, projectRoot } from '../docs/support/projectFiles';

/** By recording. */
const allowedDifferences: Record<string, AllowedDifference[]> = {
	variables: [],
	files: [],
	postgres: [],
};

type Environment = Record<string, string | undefined>;

let folder = '';
let names: Placeholders;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'recorded-places-'));
	names = new Placeholders().add(folder, 'user folder').add(tmpdir(), 'temporary folder');
});

afterEach(async () => {
	await closeVaults();
	rmSync(folder, { recursive: true });
});

function expectRecorded(name: string, present: unknown): void {
	expectAsRecorded(join(__dirname, `places.${name}.json`), present, {
		allowedDifferences: allowedDifferences[name],
		mayGrow: ['**'],
	});
}

it('reads the environment variables of its own that installations set', () => {
	const source = ['nodes', 'credentials']
		.flatMap((part) => filesBelow(part, '.ts'))
		.map((file) => readFileSync(join(projectRoot, file), 'utf8'))
		.join('\n');
	const literals = source.matchAll(/'(N8N_EXACTONLINE_DOCUWARE_[A-Z0-9_]+)'/g);
	expectRecorded('variables', [...new Set([...literals].map(([, name]) => name))].sort());
});

/** The encryption key that a vault was made with, by the names of the candidates. */
function keyOf(file: string, candidates: readonly string[]): string | undefined {
	const database = new DatabaseSync(file, { readOnly: true });
	const sql = "SELECT value FROM exactonline_docuware_meta WHERE name = 'key_check'";
	const check = database.prepare(sql).get()?.value;
	database.close();
	return candidates.find((candidate) => keyCheckAsRecorded(candidate) === check);
}

/** Opens a vault as n8n with these variables has it, and says which files and which key it has. */
async function opened(environment: Environment): Promise<unknown> {
	await closeVaults();
	const home = join(folder, '.n8n');
	rmSync(home, { recursive: true, force: true });
	mkdirSync(home);
	writeFileSync(join(home, 'config'), '{"encryptionKey":"key of the config file"}');
	writeFileSync(join(folder, 'key'), '"key of a file"\n');
	const env = { N8N_USER_FOLDER: folder, ...environment };
	const { database } = await openVault(env);
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
	const note = readFileSync(join(home, 'exactonline-docuware-vault.json'), 'utf8');
	const known = ['key of the config file', 'key of a file', 'own key', 'shared key'];
	return {
		location: names.inText(database.location),
		files: files.filter((file) => /vault/.test(file) && !/-(?:wal|shm)$/.test(file)).sort(),
		note: names.inText(note),
		key: keyOf(database.location, known),
	};
}

it('finds the vault, its key and its spills where they were', async () => {
	const own = { N8N_ENCRYPTION_KEY: ' "own key" ' };
	const shared = { N8N_EXACTONLINE_DOCUWARE_VAULT_KEY: 'shared key' };
	const file = join(folder, 'other', 'vault.sqlite');
	const env = { N8N_USER_FOLDER: folder };
	const user = String(process.getuid?.() ?? userInfo().username);
	expectRecorded('files', {
		'n8n alone': await opened({}),
		'a key in the environment': await opened(own),
		'a key of the vault': await opened({ ...own, ...shared }),
		'a key in a file': await opened({ N8N_ENCRYPTION_KEY_FILE: join(folder, 'key') }),
		'a file that is named': await opened({ N8N_EXACTONLINE_DOCUWARE_VAULT: `sqlite:${file}` }),
		spills: spillFolders(env).map((one) => names.inText(one).replace(`-${user}`, '-<user>')),
	});
});

it('finds the tables in PostgreSQL where they were', async () => {
	const variables = Object.fromEntries(
		['HOST', 'DATABASE', 'USER', 'PASSWORD', 'SCHEMA', 'SSL_CA', 'SSL_CERT', 'SSL_KEY'].map(
			(name) => [`DB_POSTGRESDB_${name}`, `the ${name}`],
		),
	);
	const numbers = { DB_POSTGRESDB_PORT: '5433', DB_POSTGRESDB_CONNECTION_TIMEOUT: '1000' };
	const tls = { DB_POSTGRESDB_SSL_ENABLED: 'true', DB_POSTGRESDB_SSL_REJECT_UNAUTHORIZED: 'false' };
	const all = { ...variables, ...numbers, ...tls, DB_TABLE_PREFIX: 'n8n_' };
	const own = await settingsOfN8n(all);
	const bare = await settingsOfN8n({});
	const url = 'postgres://u:p%40@db.example/vault?schema=own&prefix=x_&sslmode=verify-full';
	const named = await settingsFromUrl(url, 'A_VARIABLE');
	const socket = await settingsFromUrl('postgres:///vault?host=/run/pg', 'A_VARIABLE');
	expectRecorded('postgres', {
		'n8n with every variable': { ...own, location: describeLocation(own) },
		'n8n without variables': { ...bare, location: describeLocation(bare) },
		'a URL': { ...named, location: describeLocation(named) },
		'a socket': { ...socket, location: describeLocation(socket) },
	});
});
