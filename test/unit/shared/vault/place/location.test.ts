import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

import { vaultLocation } from '../../../../../nodes/shared/vault/place/location';

const VAULT = 'N8N_EXACTONLINE_DOCUWARE_VAULT';

describe('vaultLocation', () => {
	it('follows the database of n8n', () => {
		const file = join('/data', '.n8n', 'exactonline-docuware-vault.sqlite');
		expect(vaultLocation({ N8N_USER_FOLDER: '/data' })).toEqual({ engine: 'sqlite', file });
		expect(vaultLocation({ DB_TYPE: 'sqlite' })).toMatchObject({
			file: join(homedir(), '.n8n', 'exactonline-docuware-vault.sqlite'),
		});
		expect(vaultLocation({ DB_TYPE: 'postgresdb' })).toEqual({ engine: 'postgres', url: null });
	});

	it.each([
		['sqlite:/path/to/file', { engine: 'sqlite', file: '/path/to/file' }],
		['sqlite:///path/to/file', { engine: 'sqlite', file: '/path/to/file' }],
		['sqlite:relative', { engine: 'sqlite', file: resolve('relative') }],
		['postgres://h/d', { engine: 'postgres', url: 'postgres://h/d' }],
		['postgresql://h/d', { engine: 'postgres', url: 'postgresql://h/d' }],
	])('takes %s', (setting, location) => {
		expect(vaultLocation({ DB_TYPE: 'postgresdb', [VAULT]: setting })).toEqual(location);
	});

	it.each([
		{ DB_TYPE: 'mysqldb' },
		{ [VAULT]: 'mysql://user:hidden@host' },
		{ [VAULT]: 'sqlite:' },
	])('refuses %p without repeating what may hold a password', (env) => {
		expect(() => vaultLocation(env)).toThrow(
			expect.objectContaining({
				code: 'VAULT_SETTING_INVALID',
				message: expect.not.stringContaining('hidden') as string,
			}) as Error,
		);
	});
});
