import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { closeVaults, openVault } from '../../../nodes/shared/vault/place/openVault';
import type { RawVault } from './rawVault';
import { openRawVault } from './rawVault';

/** The encryption key of the vaults that recordings are made of. */
export const RECORDING_KEY = 'an encryption key for tests';

/** An n8n user folder with a new vault, which this process uses. */
export interface VaultFolder {
	folder: string;
	file: string;
	/** The vault's file, watched from the beginning. */
	raw: RawVault;
	/** Closes the vault and removes the folder; the environment is as before. */
	close(): Promise<void>;
}

/**
 * Has this process use a vault as n8n with this environment would.
 * @param restore makes the file; without it a new vault is made
 */
export async function openVaultFolder(restore?: (file: string) => void): Promise<VaultFolder> {
	const before = { ...process.env };
	const folder = mkdtempSync(join(tmpdir(), 'recorded-vault-'));
	const file = join(folder, 'vault.sqlite');
	Object.assign(process.env, {
		N8N_USER_FOLDER: folder,
		N8N_ENCRYPTION_KEY: RECORDING_KEY,
		N8N_EXACTONLINE_DOCUWARE_VAULT: `sqlite:${file}`,
	});
	restore?.(file);
	await openVault();
	const raw = openRawVault(file);
	return {
		folder,
		file,
		raw,
		close: async () => {
			raw.close();
			await closeVaults();
			process.env = before;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
