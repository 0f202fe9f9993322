import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { postgresSql } from '../../../../../nodes/shared/vault/database/postgresNames';
import {
	describeLocation,
	settingsFromUrl,
	settingsOfN8n,
} from '../../../../../nodes/shared/vault/database/postgresSettings';

describe('settingsOfN8n', () => {
	it('has the defaults of n8n', async () => {
		expect(await settingsOfN8n({})).toEqual({
			host: 'localhost',
			port: 5432,
			database: 'n8n',
			user: 'postgres',
			password: '',
			schema: 'public',
			tablePrefix: '',
			tls: false,
			connectTimeoutMs: 20_000,
		});
	});

	it('reads every variable, with quotes and nonsense treated as n8n does', async () => {
		const settings = await settingsOfN8n({
			DB_POSTGRESDB_HOST: ' "db.example" ',
			DB_POSTGRESDB_PORT: 'not a number',
			DB_POSTGRESDB_DATABASE: 'd',
			DB_POSTGRESDB_USER: 'u',
			DB_POSTGRESDB_PASSWORD: "'p'",
			DB_POSTGRESDB_SCHEMA: 's',
			DB_TABLE_PREFIX: 'x_',
			DB_POSTGRESDB_SSL_ENABLED: 'TRUE',
			DB_POSTGRESDB_CONNECTION_TIMEOUT: '5000',
		});
		expect(settings).toEqual({
			host: 'db.example',
			port: 5432,
			database: 'd',
			user: 'u',
			password: 'p',
			schema: 's',
			tablePrefix: 'x_',
			tls: { rejectUnauthorized: true },
			connectTimeoutMs: 5_000,
		});
	});

	it('takes the _FILE forms, and a variable before its file', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'vault-settings-'));
		try {
			const file = join(folder, 'value');
			await writeFile(file, 'from file\n');
			const settings = await settingsOfN8n({
				DB_POSTGRESDB_PASSWORD_FILE: file,
				DB_POSTGRESDB_SSL_CA_FILE: file,
				DB_TABLE_PREFIX_FILE: file,
				DB_POSTGRESDB_USER: 'variable',
				DB_POSTGRESDB_USER_FILE: file,
			});
			expect(settings).toMatchObject({
				password: 'from file',
				tls: { ca: 'from file', rejectUnauthorized: true },
				tablePrefix: 'from file',
				user: 'variable',
			});
		} finally {
			await rm(folder, { recursive: true });
		}
		await expect(
			settingsOfN8n({ DB_POSTGRESDB_PASSWORD_FILE: '/there/is/none' }),
		).rejects.toMatchObject({
			code: 'VAULT_SETTING_INVALID',
			message: expect.stringContaining('DB_POSTGRESDB_PASSWORD_FILE') as string,
		});
	});

	it.each([
		[{ DB_POSTGRESDB_SSL_REJECT_UNAUTHORIZED: 'false' }, { rejectUnauthorized: false }],
		[{ DB_POSTGRESDB_SSL_CERT: 'c' }, { rejectUnauthorized: true, cert: 'c' }],
		[{ DB_POSTGRESDB_SSL_ENABLED: 'false' }, false],
	])('switches TLS as n8n does with %p', async (env, tls) => {
		expect((await settingsOfN8n(env)).tls).toEqual(tls);
	});

	it('refuses a prefix that would make PostgreSQL cut table names', async () => {
		await expect(settingsOfN8n({ DB_TABLE_PREFIX: 'x'.repeat(30) })).rejects.toMatchObject({
			code: 'VAULT_SETTING_INVALID',
		});
	});
});

describe('settingsFromUrl', () => {
	it('reads all parts of a URL', async () => {
		const url =
			'postgresql://us%40er:p%2Fw@[::1]:6543/my%20db?schema=s&prefix=x_&sslmode=no-verify&connect_timeout=3';
		const settings = await settingsFromUrl(url, 'V');
		expect(settings).toEqual({
			host: '::1',
			port: 6543,
			database: 'my db',
			user: 'us@er',
			password: 'p/w',
			schema: 's',
			tablePrefix: 'x_',
			tls: { rejectUnauthorized: false },
			connectTimeoutMs: 3_000,
		});
		const described = describeLocation(settings);
		expect(described).toBe('postgres://[::1]:6543/my db?schema=s&prefix=x_');
	});

	it('takes a socket folder', async () => {
		const settings = await settingsFromUrl('postgres:///d?host=/run/postgresql', 'V');
		expect(settings).toMatchObject({ host: '/run/postgresql', database: 'd' });
		expect(describeLocation(settings)).toBe('postgres:///d?host=/run/postgresql&port=5432');
	});

	it.each(['postgres://user:hid den@ho st:99999/d', 'postgres://user:hidden@host/d?sslmode=maybe'])(
		'refuses %s without repeating the password',
		async (url) => {
			await expect(settingsFromUrl(url, 'THE_VARIABLE')).rejects.toMatchObject({
				code: 'VAULT_SETTING_INVALID',
				message: expect.stringMatching(/^(?!.*hid).*THE_VARIABLE/) as string,
			});
		},
	);
});

describe('postgresSql', () => {
	it('puts schema and prefix before tables, and the prefix alone before an index', () => {
		expect(
			postgresSql(
				'CREATE INDEX IF NOT EXISTS exactonline_docuware_attempt_record ON exactonline_docuware_attempt (record_id)',
				'public',
				'n8n_',
			),
		).toBe(
			'CREATE INDEX IF NOT EXISTS "n8n_exactonline_docuware_attempt_record" ON "public"."n8n_exactonline_docuware_attempt" (record_id)',
		);
	});
});
