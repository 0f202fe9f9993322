import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { latestAttempts } from '../../../../nodes/shared/vault/rows/attempts';
import {
	readAuthorization,
	readRefusal,
	saveAuthorization,
	saveRefusal,
} from '../../../../nodes/shared/vault/rows/authorizations';
import { storeNow } from '../../../../nodes/shared/vault/database/transaction';
import type { Environment } from '../../../../nodes/shared/process/environment';
import { readEncryptionKey } from '../../../../nodes/shared/vault/encryptionKey';
import { thisHolder } from '../../../../nodes/shared/process/holder';
import { itemSubject, putItem, readItem } from '../../../../nodes/shared/vault/rows/items';
import { acquireLease } from '../../../../nodes/shared/vault/rows/leases';
import { vaultLocation } from '../../../../nodes/shared/vault/place/location';
import type { SealedStore } from '../../../../nodes/shared/vault/place/moveVault';
import { moveVault } from '../../../../nodes/shared/vault/place/moveVault';
import { openDatabase } from '../../../../nodes/shared/vault/place/openDatabase';
import { closeVaults, openVault } from '../../../../nodes/shared/vault/place/openVault';
import { readRecord, updateRecord } from '../../../../nodes/shared/vault/rows/records';
import { liveUses, markUse } from '../../../../nodes/shared/vault/rows/uses';
import { Sealer } from '../../../../nodes/shared/vault/sealing';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import type { TestDatabase, TestPostgres } from '../../../support/postgres/testPostgres';
import { startTestPostgres } from '../../../support/postgres/testPostgres';
import { addRecord, beginSave, justNow } from './support/sampleRecord';

const VAULT = 'N8N_EXACTONLINE_DOCUWARE_VAULT';
const VAULT_KEY = 'N8N_EXACTONLINE_DOCUWARE_VAULT_KEY';
const MOVE_FROM = 'N8N_EXACTONLINE_DOCUWARE_VAULT_MOVE_FROM';

describe('moving a vault', () => {
	let postgres: TestPostgres;
	let server: TestDatabase;
	let folder: string;
	/** n8n on SQLite. */
	let before: Environment;
	/** The same n8n on its PostgreSQL. */
	let after: Environment;

	beforeAll(async () => {
		postgres = await startTestPostgres();
	});
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'vault-move-'));
		server = await postgres.createDatabase();
		const url = new URL(server.url);
		before = { N8N_USER_FOLDER: folder, N8N_ENCRYPTION_KEY: 'key' };
		after = {
			...before,
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: url.hostname,
			DB_POSTGRESDB_PORT: url.port,
			DB_POSTGRESDB_DATABASE: server.name,
			DB_POSTGRESDB_USER: decodeURIComponent(url.username),
			DB_POSTGRESDB_PASSWORD: decodeURIComponent(url.password),
		};
	});
	afterEach(async () => {
		await closeVaults();
		await rm(folder, { recursive: true, force: true });
	});
	afterAll(async () => await postgres.close());

	const fill = async (vault: Vault) => {
		const record = await addRecord(vault, { generation: 7 });
		const save = await beginSave(vault, record, { refreshToken: 'moved secret' });
		await vault.saveSecret(save, justNow);
		const merged = await addRecord(vault, {
			state: 'merged',
			sealed: '',
			meta: { mergedInto: record.id },
		});
		const fingerprint = vault.sealer.fingerprint('authorization', 'a');
		await vault.write(function* () {
			yield* saveAuthorization({
				fingerprint,
				recordId: record.id,
				firstSeenAt: 5,
				issuedAt: null,
				credentialId: 'c',
				credentialName: 'n',
				instanceId: null,
				policy: 'refuse',
				refusedAt: null,
			});
			yield* saveRefusal(record.id, 'f', 'CODE', null);
			yield* putItem('s', 'plain', 'value');
			yield* markUse(record.id, 'kept', null, 86_400_000);
			yield* markUse(record.id, 'of this process', thisHolder(), 86_400_000);
			yield* putItem('s', 'sealed', vault.sealer.seal('cookie', itemSubject('s', 'sealed')));
		});
		return { record, merged, fingerprint };
	};

	const expectMoved = async (vault: Vault, content: Awaited<ReturnType<typeof fill>>) => {
		const record = await vault.read(() => readRecord(content.merged.id));
		expect(record).toMatchObject({ id: content.record.id, generation: 8 });
		expect(record && vault.openSecret(record)).toEqual({ refreshToken: 'moved secret' });
		// Fingerprints made before the move are still the ones that are looked for.
		expect(vault.sealer.fingerprint('authorization', 'a')).toBe(content.fingerprint);
		expect(await vault.read(() => readAuthorization(content.fingerprint))).toMatchObject({
			recordId: content.record.id,
			firstSeenAt: 5,
		});
		expect(await vault.read(() => readRefusal(content.record.id, 'f'))).toEqual({
			code: 'CODE',
			detail: null,
		});
		expect(await vault.read(() => latestAttempts(content.record.id, 5))).toMatchObject([
			{ outcome: 'saved', generation: 7 },
		]);
		const uses = await vault.read(() => liveUses(content.record.id));
		expect(uses).toContainEqual(expect.objectContaining({ useId: 'kept', holder: null }));
		expect((await vault.read(() => readItem('s', 'plain')))?.value).toBe('value');
		const sealed = await vault.read(() => readItem('s', 'sealed'));
		expect(vault.sealer.open(String(sealed?.value), itemSubject('s', 'sealed'))).toBe('cookie');
	};

	const sealedStore = async (env: Environment): Promise<SealedStore> => ({
		database: await openDatabase(vaultLocation(env), env),
		sealer: new Sealer(await readEncryptionKey(env)),
	});

	it('from n8n on SQLite to n8n on PostgreSQL happens by itself, once', async () => {
		const old = await openVault(before);
		const content = await fill(old);
		const moved = await openVault(after);
		await expectMoved(moved, content);
		expect(moved.vaultId).toBe(old.vaultId);
		// The uses of running processes stay where those are.
		expect(await moved.read(() => liveUses(content.record.id))).toHaveLength(1);

		await expect(old.read(storeNow)).rejects.toMatchObject({ code: 'VAULT_MOVED' });
		await closeVaults();
		await expect(openVault(before)).rejects.toMatchObject({
			code: 'VAULT_MOVED',
			message: expect.stringContaining(server.name) as string,
		});
		const again = await openVault(after);
		const next = await beginSave(again, { ...content.record, generation: 8 });
		await again.saveSecret(next, justNow);
		await closeVaults();
		const third = await openVault(after);
		expect((await third.read(() => readRecord(content.record.id)))?.generation).toBe(9);
	});

	it('brings a secret that came in while it moved into the new store', async () => {
		const old = await openVault(before);
		const { record } = await fill(old);
		const late = await beginSave(old, { ...record, generation: 8 }, { refreshToken: 'late' });
		const moved = await openVault(after);
		await expect(old.saveSecret(late, justNow)).rejects.toMatchObject({
			code: 'VAULT_SAVE_FAILED',
		});
		await moved.replayUnsaved(record.id);
		const present = await moved.read(() => readRecord(record.id));
		expect(present).toMatchObject({ generation: 9 });
		expect(present && moved.openSecret(present)).toEqual({ refreshToken: 'late' });
	});

	it('waits until no token request is under way in the old store', async () => {
		const old = await openVault(before);
		await fill(old);
		await old.write(() => acquireLease('record:x', 't', thisHolder(), 600_000, null));
		const [from, to] = [await sealedStore(before), await sealedStore(after)];
		await expect(moveVault(from, to, { waitMs: 300 })).rejects.toMatchObject({
			code: 'VAULT_LEASE_TIMEOUT',
		});
		// Nothing has changed: the old store is in force.
		expect(await old.read(storeNow)).toBeGreaterThan(0);
		await Promise.all([from.database.close(), to.database.close()]);
	});

	it.each(['marked', 'copied'] as const)(
		'that breaks off once it has %s leaves one store in force after the next start',
		async (step) => {
			const old = await openVault(before);
			const content = await fill(old);
			const [from, to] = [await sealedStore(before), await sealedStore(after)];
			const breakOff = moveVault(from, to, {
				afterStep: (reached) => {
					if (reached === step) throw new Error(`broken off after ${reached}`);
				},
			});
			await expect(breakOff).rejects.toThrow(`broken off after ${step}`);
			await Promise.all([from.database.close(), to.database.close()]);
			await expect(old.write(storeNow)).rejects.toMatchObject({ code: 'VAULT_MOVED' });
			await expectMoved(await openVault(after), content);
			await expect(old.write(storeNow)).rejects.toMatchObject({ code: 'VAULT_MOVED' });
		},
	);

	it('that broke off can be taken back, and then does not arrive any more', async () => {
		const old = await openVault(before);
		const content = await fill(old);
		const [from, to] = [await sealedStore(before), await sealedStore(after)];
		const breakOff = moveVault(from, to, {
			afterStep: () => {
				throw new Error('broken off');
			},
		});
		await expect(breakOff).rejects.toThrow('broken off');
		await Promise.all([from.database.close(), to.database.close()]);
		await closeVaults();
		const back = await openVault({ ...before, [MOVE_FROM]: server.url });
		await expectMoved(back, content);
		await expect(back.write(storeNow)).resolves.toBeGreaterThan(0);
	});

	it('goes back the way it came when that is asked for', async () => {
		const content = await fill(await openVault(before));
		const there = await openVault(after);
		const record = await there.read(() => readRecord(content.record.id));
		if (record === undefined) throw new Error('not moved');
		await there.write(() => updateRecord({ ...record, meta: { changed: 'there' } }));
		await closeVaults();

		const back = await openVault({ ...before, [MOVE_FROM]: server.url });
		await expectMoved(back, content);
		const again = await back.read(() => readRecord(content.record.id));
		expect(again?.meta).toEqual({ changed: 'there' });
		await expect(openVault(after)).rejects.toMatchObject({ code: 'VAULT_MOVED' });
	});

	it('from one URL to another needs the earlier URL, and says so', async () => {
		const first = { ...before, [VAULT]: server.url };
		const content = await fill(await openVault(first));
		await closeVaults();
		const other = await postgres.createDatabase();
		const second = { ...before, [VAULT]: other.url };
		await expect(openVault(second)).rejects.toMatchObject({
			code: 'VAULT_MOVE_SOURCE_NEEDED',
			message: expect.stringContaining(server.name) as string,
			repair: expect.stringContaining(MOVE_FROM) as string,
		});
		await expectMoved(await openVault({ ...second, [MOVE_FROM]: server.url }), content);
		await closeVaults();
		await expectMoved(await openVault(second), content);
		await expect(openVault({ ...first, [MOVE_FROM]: 'none' })).rejects.toMatchObject({
			code: 'VAULT_MOVED',
		});
		const note = await readFile(join(folder, '.n8n', 'exactonline-docuware-vault.json'), 'utf8');
		expect(note).toContain(other.name);
		expect(note).not.toContain(new URL(other.url).password);
		expect(note).not.toContain('postgres@');
	});

	it('from one file to another happens by itself, from the place last used', async () => {
		const first = { ...before, [VAULT]: `sqlite:${join(folder, 'first.sqlite')}` };
		const content = await fill(await openVault(first));
		await closeVaults();
		const second = { ...before, [VAULT]: `sqlite:${join(folder, 'second.sqlite')}` };
		await expectMoved(await openVault(second), content);
		await expect(openVault(first)).rejects.toMatchObject({ code: 'VAULT_MOVED' });
	});

	it('seals anew where the instances now share a key of the vault', async () => {
		const content = await fill(await openVault(before));
		const shared = { ...after, [VAULT_KEY]: 'shared key' };
		await expectMoved(await openVault(shared), content);
		await closeVaults();
		await expectMoved(await openVault(shared), content);
	});

	it('changes nothing where the key of the earlier vault is not known', async () => {
		const old = await openVault(before);
		await fill(old);
		await expect(openVault({ ...after, N8N_ENCRYPTION_KEY: 'another' })).rejects.toMatchObject({
			code: 'VAULT_KEY_MISMATCH',
		});
		expect(await old.write(storeNow)).toBeGreaterThan(0);
	});

	it('leaves a chosen store alone that holds records of its own', async () => {
		const own = await addRecord(await openVault({ ...after, [MOVE_FROM]: 'none' }));
		await closeVaults();
		const old = await openVault({ ...before, [MOVE_FROM]: 'none' });
		await fill(old);
		const chosen = await openVault(after);
		expect((await chosen.read(() => readRecord(own.id)))?.id).toBe(own.id);
		expect(await old.write(storeNow)).toBeGreaterThan(0);
	});

	it('does not happen from an empty file, and does not need the note', async () => {
		await openVault(before);
		await closeVaults();
		await writeFile(join(folder, '.n8n', 'exactonline-docuware-vault.json'), 'not JSON');
		const vault = await openVault(after);
		expect(await vault.write(storeNow)).toBeGreaterThan(0);
		const file = join(folder, '.n8n', 'exactonline-docuware-vault.sqlite');
		expect((await stat(file)).mode & 0o777).toBe(0o600);
	});
});
