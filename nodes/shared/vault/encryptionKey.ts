import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Environment } from '../process/environment';
import { n8nUserFolder, readVariable, withoutQuotes } from '../process/environment';
import { vaultError } from './vaultErrors';

/** Where a key came from, for messages; never the key itself. */
export interface EncryptionKey {
	secret: string;
	source: string;
}

/** In the order in which they count; the first is shared by n8n instances that share a vault. */
const VARIABLES = ['N8N_EXACTONLINE_DOCUWARE_VAULT_KEY', 'N8N_ENCRYPTION_KEY'] as const;

/** Names the key that is being replaced, for one start; also in its `_FILE` form. */
export const PREVIOUS_VARIABLE = 'N8N_EXACTONLINE_DOCUWARE_VAULT_KEY_PREVIOUS';

/** The same environment as it was before a key of the vault's own was set. */
export function withoutSharedKey(env: Environment): Environment {
	const [shared] = VARIABLES;
	return { ...env, [shared]: undefined, [`${shared}_FILE`]: undefined };
}

/**
 * The secret the vault's keys are derived from: `N8N_EXACTONLINE_DOCUWARE_VAULT_KEY` (shared by
 * instances that share a vault), else n8n's own encryption key from `N8N_ENCRYPTION_KEY` or n8n's
 * config file; each variable also in its `_FILE` form.
 * @throws ConnectorError VAULT_KEY_MISSING
 */
export async function readEncryptionKey(env: Environment): Promise<EncryptionKey> {
	for (const name of VARIABLES) {
		const found = await fromVariable(env, name);
		if (found) return found;
	}
	const file = join(n8nUserFolder(env), 'config');
	const secret = await fromConfigFile(file);
	if (secret) return { secret, source: file };
	throw vaultError(
		'VAULT_KEY_MISSING',
		`There is no encryption key for the vault: neither N8N_ENCRYPTION_KEY nor n8n's config file ${file} holds one.`,
		'Set N8N_ENCRYPTION_KEY to the key of this n8n (or N8N_EXACTONLINE_DOCUWARE_VAULT_KEY where ' +
			'several instances share a vault) and restart n8n.',
	);
}

/**
 * The key that is being replaced, where one is named.
 * @throws ConnectorError VAULT_KEY_MISSING where its file cannot be read.
 */
export async function readPreviousKey(env: Environment): Promise<EncryptionKey | undefined> {
	return await fromVariable(env, PREVIOUS_VARIABLE);
}

async function fromVariable(env: Environment, name: string): Promise<EncryptionKey | undefined> {
	const found = await readVariable(env, name, { unreadable, emptyIsUnset: true });
	if (found === undefined) return undefined;
	// n8n drops quotes in the file of a key too; both must come to the same key.
	const secret = found.source === name ? found.text : withoutQuotes(found.text);
	return secret === '' ? undefined : { secret, source: found.source };
}

function unreadable(variable: string, file: string, cause: unknown): Error {
	return vaultError(
		'VAULT_KEY_MISSING',
		`The file with the encryption key could not be read: ${file} (${variable}).`,
		'Correct the path or the rights of that file and restart n8n.',
		{ cause },
	);
}

async function fromConfigFile(file: string): Promise<string | undefined> {
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch {
		return undefined;
	}
	try {
		const config: unknown = JSON.parse(text);
		if (typeof config === 'object' && config !== null && 'encryptionKey' in config) {
			return typeof config.encryptionKey === 'string' ? config.encryptionKey : undefined;
		}
	} catch (cause) {
		throw vaultError(
			'VAULT_KEY_MISSING',
			`The encryption key could not be read, since n8n's config file is not valid JSON: ${file}.`,
			'Repair the file or set N8N_ENCRYPTION_KEY, then restart n8n.',
			{ cause },
		);
	}
	return undefined;
}
