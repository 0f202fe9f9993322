import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readEncryptionKey } from '../../../../nodes/shared/vault/encryptionKey';

describe('readEncryptionKey', () => {
	let folder: string;
	let configFile: string;

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'vault-key-'));
		await mkdir(join(folder, '.n8n'));
		configFile = join(folder, '.n8n', 'config');
		await writeFile(configFile, JSON.stringify({ encryptionKey: 'from config' }));
	});
	afterEach(async () => await rm(folder, { recursive: true, force: true }));

	const read = async (env: Record<string, string>) =>
		await readEncryptionKey({ N8N_USER_FOLDER: folder, ...env });

	it('takes the key of the vault before that of n8n, and that before the config file', async () => {
		const own = { N8N_ENCRYPTION_KEY: 'of n8n' };
		const shared = { ...own, N8N_EXACTONLINE_DOCUWARE_VAULT_KEY: 'of the vault' };
		expect((await read(shared)).secret).toBe('of the vault');
		expect(await read(own)).toEqual({ secret: 'of n8n', source: 'N8N_ENCRYPTION_KEY' });
		expect(await read({})).toEqual({ secret: 'from config', source: configFile });
	});

	it('reads the _FILE form', async () => {
		const file = join(folder, 'key file');
		await writeFile(file, ' from file\n');
		expect(await read({ N8N_ENCRYPTION_KEY_FILE: file })).toEqual({
			secret: 'from file',
			source: 'N8N_ENCRYPTION_KEY_FILE',
		});
	});

	it('drops quotes and white space as n8n does, so that both come to the same key', async () => {
		expect((await read({ N8N_ENCRYPTION_KEY: ' "quoted" ' })).secret).toBe('quoted');
	});

	it.each([
		['a file that is not there', async () => ({ N8N_ENCRYPTION_KEY_FILE: '/there/is/none' })],
		[
			'a config file that is no JSON',
			async () => {
				await writeFile(configFile, '{ "encryptionKey": "never shown" ');
				return {};
			},
		],
		[
			'no key anywhere',
			async () => {
				await rm(configFile);
				return {};
			},
		],
	])('says what is missing: %s', async (_name, prepare) => {
		await expect(read(await prepare())).rejects.toMatchObject({
			code: 'VAULT_KEY_MISSING',
			message: expect.not.stringContaining('never shown') as string,
		});
	});
});
