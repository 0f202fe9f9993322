import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Environment } from '../../../../nodes/shared/process/environment';
import { isConnectorError } from '../../../../nodes/shared/errors';
import { storeNow } from '../../../../nodes/shared/vault/database/transaction';
import { closeVaults, openVault } from '../../../../nodes/shared/vault/place/openVault';
import { stateOf } from '../../../../nodes/shared/vault/place/moveVault';
import { openDatabase } from '../../../../nodes/shared/vault/place/openDatabase';
import { checkHome } from '../../../../nodes/shared/vault/place/vaultHome';
import type { TestPostgres } from '../../../support/postgres/testPostgres';
import { startTestPostgres } from '../../../support/postgres/testPostgres';
import { addRecord } from './support/sampleRecord';

const VAULT = 'N8N_EXACTONLINE_DOCUWARE_VAULT';
const HOME = 'N8N_EXACTONLINE_DOCUWARE_VAULT_HOME';
const FILE = 'exactonline-docuware-vault.sqlite';

let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'vault-home-'));
});
afterEach(async () => {
	await closeVaults();
	await rm(folder, { recursive: true, force: true });
});

/** n8n of this name, with a user folder of its own. */
const n8n = (name: string, changes: Environment = {}): Environment => ({
	...{ N8N_USER_FOLDER: join(folder, name), N8N_ENCRYPTION_KEY: 'key', [HOME]: 'check' },
	...changes,
});

const fileOf = (name: string) => join(folder, name, '.n8n', FILE);

async function opens(env: Environment): Promise<void> {
	const vault = await openVault(env);
	expect(await vault.read(storeNow)).toBeGreaterThan(0);
	await closeVaults();
}

/** @returns the value that the error names */
async function refused(env: Environment): Promise<string> {
	const error: unknown = await openVault(env).catch((failure: unknown) => failure);
	expect(error).toMatchObject({ code: 'VAULT_HOME_CHANGED', retryable: false });
	const repair = isConnectorError(error) ? error.repair : '';
	return /HOME=(home-[0-9a-f]{16})/.exec(repair)?.[1] ?? 'none is named';
}

/** A vault with a record, and a copy of it in another user folder. */
async function copied(env = n8n('original')): Promise<void> {
	await addRecord(await openVault(env));
	await closeVaults();
	await mkdir(join(folder, 'copy', '.n8n'), { recursive: true });
	await copyFile(fileOf('original'), fileOf('copy'));
}

/** Shown as red by taking the call of `checkHome` out of `openVault.ts`. */
describe('a copied SQLite file', () => {
	it('is refused until the variable holds the value that the error names', async () => {
		await copied();
		const value = await refused(n8n('copy'));
		expect(await refused(n8n('copy'))).toBe(value);
		expect(await refused(n8n('copy', { [HOME]: 'home-0123456789abcdef' }))).toBe(value);
		await opens(n8n('original'));

		await opens(n8n('copy', { [HOME]: value }));
		await opens(n8n('copy'));
		// The value that was left set says nothing of the next copy.
		await rm(fileOf('original'));
		await copyFile(fileOf('copy'), fileOf('original'));
		expect(await refused(n8n('original', { [HOME]: value }))).not.toBe(value);
	});

	it('is used as ever where the variable is not set', async () => {
		await copied();
		await opens(n8n('copy', { [HOME]: undefined }));
		await opens(n8n('copy', { [HOME]: '' }));
	});

	it('is not moved into another store either', async () => {
		await copied();
		const elsewhere = { [VAULT]: `sqlite:${join(folder, 'elsewhere.sqlite')}` };
		const value = await refused(n8n('copy', elsewhere));
		const file = { engine: 'sqlite', file: join(folder, 'elsewhere.sqlite') } as const;
		const database = await openDatabase(file, {});
		expect(await stateOf(database)).toEqual({ kind: 'empty' });
		await database.close();
		await opens(n8n('copy', { ...elsewhere, [HOME]: value }));
		await opens(n8n('copy', elsewhere));
	});

	it('counts as the same on the same machine only', async () => {
		const [here, there] = [join(folder, 'here'), join(folder, 'there')];
		await writeFile(here, 'machine 1\n');
		await writeFile(there, 'machine 2\n');
		const { database } = await openVault(n8n('original', { [HOME]: '' }));
		await checkHome(database, n8n('original'), [join(folder, 'missing'), here]);
		await checkHome(database, n8n('original'), [here, there]);
		await expect(checkHome(database, n8n('original'), [there])).rejects.toMatchObject({
			code: 'VAULT_HOME_CHANGED',
		});
	});
});

it('a value that is neither of both is refused', async () => {
	await expect(openVault(n8n('original', { [HOME]: 'yes' }))).rejects.toMatchObject({
		code: 'VAULT_SETTING_INVALID',
		message: expect.stringContaining(HOME) as string,
	});
});

describe('a database of PostgreSQL that was made from another one', () => {
	let postgres: TestPostgres;

	beforeAll(async () => {
		postgres = await startTestPostgres();
	});
	afterAll(async () => await postgres.close());

	it('is refused, and the original is not', async () => {
		const original = await postgres.createDatabase();
		const at = (url: string) => n8n('postgres', { [VAULT]: url });
		await addRecord(await openVault(at(original.url)));
		await closeVaults();
		const copy = await postgres.createDatabase(original.name);
		const value = await refused(at(copy.url));
		await opens({ ...at(copy.url), [HOME]: value });
		await opens(at(copy.url));
		await opens(at(original.url));
	});
});
