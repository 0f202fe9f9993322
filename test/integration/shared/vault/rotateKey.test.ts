import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { thisHolder } from '../../../../nodes/shared/process/holder';
import type { Environment } from '../../../../nodes/shared/process/environment';
import { query, storeNow } from '../../../../nodes/shared/vault/database/transaction';
import { MIGRATIONS } from '../../../../nodes/shared/vault/database/tables';
import { vaultLocation } from '../../../../nodes/shared/vault/place/location';
import { openDatabase } from '../../../../nodes/shared/vault/place/openDatabase';
import { closeVaults, openVault, sealerOf } from '../../../../nodes/shared/vault/place/openVault';
import { rotateKey } from '../../../../nodes/shared/vault/place/rotateKey';
import { SEALED_COLUMNS } from '../../../../nodes/shared/vault/place/vaultContent';
import { itemSubject, putItem, readItem } from '../../../../nodes/shared/vault/rows/items';
import { acquireLease } from '../../../../nodes/shared/vault/rows/leases';
import { readRecord } from '../../../../nodes/shared/vault/rows/records';
import { insertRival, rivalsOf } from '../../../../nodes/shared/vault/rows/rivals';
import { isSealed } from '../../../../nodes/shared/vault/sealing';
import { spillFolders } from '../../../../nodes/shared/vault/spending/spill';
import { parseSpillFile } from '../../../../nodes/shared/vault/spending/spillFrame';
import { SpillWriter } from '../../../../nodes/shared/vault/spending/spillWriter';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import type { TestPostgres } from '../../../support/postgres/testPostgres';
import { startTestPostgres } from '../../../support/postgres/testPostgres';
import { TestProcess } from '../../../support/processes/testProcess';
import type { RotationStep } from './support/rotationSteps';
import { ROTATION_STEPS } from './support/rotationSteps';
import { addRecord, beginSave, justNow } from './support/sampleRecord';

const VAULT = 'N8N_EXACTONLINE_DOCUWARE_VAULT';
const KEY = 'N8N_EXACTONLINE_DOCUWARE_VAULT_KEY';
const PREVIOUS = 'N8N_EXACTONLINE_DOCUWARE_VAULT_KEY_PREVIOUS';

/** A pair beside that of a record, but for its ids. */
const RIVAL = {
	generation: 1,
	origin: 'claimed' as const,
	state: 'waiting' as const,
	reconnect: false,
	fingerprint: 'f',
	authorization: null,
	secretFingerprint: null,
	lifeMs: null,
	at: null,
	triedAt: null,
	note: null,
};

it('names every column for sealed texts', () => {
	const tables = MIGRATIONS.flat().filter((sql) => /^\s*sealed /m.test(sql));
	const named = tables.map((sql) => /EXISTS (\w+)/.exec(sql)?.[1]);
	expect(named.length).toBeGreaterThan(0);
	const known = SEALED_COLUMNS.filter(({ column }) => column === 'sealed');
	expect(known.map(({ table }) => table).sort()).toEqual(named.sort());
});

describe.each(['sqlite', 'postgres'] as const)('a vault that gets another key (%s)', (engine) => {
	let postgres: TestPostgres | undefined;
	let folder: string;
	let old: Environment;
	let rotating: Environment;
	let present: Environment;

	beforeAll(async () => {
		if (engine === 'postgres') postgres = await startTestPostgres();
	});
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'vault-rotation-'));
		const server = await postgres?.createDatabase();
		const place = server === undefined ? {} : { [VAULT]: server.url };
		const common = { N8N_USER_FOLDER: folder, ...place };
		old = { ...common, [KEY]: 'the old key' };
		present = { ...common, [KEY]: 'the new key' };
		rotating = { ...present, [PREVIOUS]: 'the old key' };
	});
	afterEach(async () => {
		await closeVaults();
		await rm(folder, { recursive: true, force: true });
	});
	afterAll(async () => await postgres?.close());

	/** A record with a secret, sealed and plain items, and a secret that waits in a file. */
	const fill = async (vault: Vault, spills = true) => {
		const record = await addRecord(vault, { generation: 7 });
		await vault.saveSecret(await beginSave(vault, record, { refreshToken: 'stored' }), justNow);
		const idle = await addRecord(vault, { generation: 3 });
		const rivalId = `rival of ${idle.id}`;
		const rival = vault.sealSecret(rivalId, 1, { refreshToken: 'rival' });
		await vault.write(function* () {
			yield* putItem('s', 'plain', 'value');
			yield* putItem('s', 'sealed', vault.sealer.seal('cookie', itemSubject('s', 'sealed')));
			yield* insertRival({ ...RIVAL, id: rivalId, recordId: idle.id, sealed: rival });
		});
		if (spills) {
			const late = { ...record, generation: 8 };
			const save = await beginSave(vault, late, { refreshToken: 'spilled' });
			const writer = new SpillWriter(spillFolders(old));
			await writer.prepare(1);
			writer.giveUp(String(await writer.write({ vaultId: vault.vaultId, save }, false)));
		}
		const fingerprint = vault.sealer.fingerprint('authorization', 'a');
		return { record, idle, fingerprint, sealed: await sealedTexts(vault) };
	};

	const sealedTexts = async (vault: Vault): Promise<string[]> =>
		await vault.read(function* () {
			const texts: string[] = [];
			for (const { table, column } of SEALED_COLUMNS) {
				const rows = yield* query(`SELECT ${column} AS text FROM ${table}`);
				texts.push(...rows.map(({ text }) => String(text)).filter(isSealed));
			}
			return texts;
		});

	const secretOf = async (vault: Vault, id: string): Promise<unknown> => {
		const record = await vault.read(() => readRecord(id));
		return record && vault.openSecret(record);
	};

	const expectAll = async (vault: Vault, content: Awaited<ReturnType<typeof fill>>) => {
		expect(await secretOf(vault, content.record.id)).toEqual({ refreshToken: 'spilled' });
		expect(await secretOf(vault, content.idle.id)).toEqual({ refreshToken: 'secret-3' });
		const [rival] = await vault.read(() => rivalsOf(content.idle.id));
		expect(rival && vault.openSecret(rival)).toEqual({ refreshToken: 'rival' });
		expect(vault.sealer.fingerprint('authorization', 'a')).toBe(content.fingerprint);
		expect((await vault.read(() => readItem('s', 'plain')))?.value).toBe('value');
		const item = await vault.read(() => readItem('s', 'sealed'));
		expect(vault.sealer.open(String(item?.value), itemSubject('s', 'sealed'))).toBe('cookie');
	};

	/** Opens the vault in a process of its own. @returns what ended it */
	const openElsewhere = async (env: Environment, killAt?: RotationStep) => {
		const worker = new TestProcess(join(__dirname, 'support', 'rotationWorker.ts'), { env });
		try {
			await worker.call('open', killAt);
			return 'lives';
		} catch (error) {
			if (killAt === undefined) throw error;
			return (await worker.exited).signal;
		} finally {
			await worker.end();
		}
	};

	/** Files that hold a spill; an empty one is kept open for the next secret. */
	const spillsLeft = async (): Promise<string[]> => {
		const folder = spillFolders(old)[0]!;
		const left: string[] = [];
		for (const name of await readdir(folder).catch(() => [])) {
			const text = await readFile(join(folder, name), 'utf8');
			if (parseSpillFile(text).spill !== undefined) left.push(name);
		}
		return left;
	};

	it('opens under the new key alone afterwards, with everything, and not under the old one', async () => {
		const content = await fill(await openVault(old));
		expect(await spillsLeft()).toHaveLength(1);
		await closeVaults();
		const vault = await openVault(rotating);
		expect(await spillsLeft()).toEqual([]);
		const now = await sealedTexts(vault);
		expect(now).toHaveLength(content.sealed.length);
		expect(now.filter((text) => content.sealed.includes(text))).toEqual([]);
		await closeVaults();
		await expectAll(await openVault(present), content);
		await closeVaults();
		await expect(openVault(old)).rejects.toMatchObject({ code: 'VAULT_KEY_MISMATCH' });
	});

	it.each(ROTATION_STEPS)('loses nothing by a kill at the step "%s"', async (step) => {
		const content = await fill(await openVault(old));
		await closeVaults();
		expect(await openElsewhere(rotating, step)).toBe('SIGKILL');
		if (step === 'sealing' || step === 'noted') {
			// Nothing has changed yet: whoever gives it up goes on with the old key.
			const vault = await openVault(old);
			expect((await sealedTexts(vault)).sort()).toEqual(content.sealed.sort());
			await closeVaults();
		}
		await expectAll(await openVault(rotating), content);
		expect(await spillsLeft()).toEqual([]);
		await closeVaults();
		await expectAll(await openVault(present), content);
	});

	it('stops processes with the old key, and takes in what they received meanwhile', async () => {
		const vault = await openVault(old);
		const content = await fill(vault, false);
		const late = { ...content.record, generation: 8 };
		const save = await beginSave(vault, late, { refreshToken: 'spilled' });
		expect(await openElsewhere(rotating)).toBe('lives');
		for (const use of [vault.read(storeNow), vault.write(storeNow)]) {
			await expect(use).rejects.toMatchObject({ code: 'VAULT_KEY_ROTATED', retryable: false });
		}
		await expect(vault.saveSecret(save, justNow)).rejects.toMatchObject({
			code: 'VAULT_SAVE_FAILED',
		});
		expect(await spillsLeft()).toHaveLength(1);
		await closeVaults();
		await expectAll(await openVault(rotating), content);
		expect(await spillsLeft()).toEqual([]);
	});

	it('waits until no token request is under way', async () => {
		const vault = await openVault(old);
		await vault.write(() => acquireLease('record:x', 't', thisHolder(), 600_000, null));
		const database = await openDatabase(vaultLocation(rotating), rotating);
		const store = { database, sealer: await sealerOf(rotating) };
		await expect(rotateKey(store, { waitMs: 300 })).rejects.toMatchObject({
			code: 'VAULT_LEASE_TIMEOUT',
			retryable: true,
		});
		await database.close();
		expect(await vault.read(storeNow)).toBeGreaterThan(0);
	});

	it('names the variable where a spilled secret is under a key that is not given any more', async () => {
		const { record } = await fill(await openVault(old));
		await closeVaults();
		const [spill] = await spillsLeft();
		const kept = join(spillFolders(old)[0]!, spill!);
		const text = await readFile(kept, 'utf8');
		await rm(kept);
		await openVault(rotating);
		await closeVaults();
		await writeFile(kept, text);
		const vault = await openVault(present);
		await expect(vault.replayUnsaved(record.id)).rejects.toMatchObject({
			code: 'VAULT_SPILL_UNREADABLE',
			repair: expect.stringContaining(PREVIOUS) as string,
		});
	});

	it('reads the old key from a file, and refuses one that is not the old key', async () => {
		await fill(await openVault(old));
		await closeVaults();
		await expect(openVault({ ...present, [PREVIOUS]: 'a third key' })).rejects.toMatchObject({
			code: 'VAULT_KEY_MISMATCH',
			repair: expect.stringContaining(PREVIOUS) as string,
		});
		await mkdir(join(folder, 'keys'));
		const file = join(folder, 'keys', 'old');
		await writeFile(file, '"the old key"\n');
		await openVault({ ...present, [`${PREVIOUS}_FILE`]: file });
		await closeVaults();
		expect(await (await openVault(present)).read(storeNow)).toBeGreaterThan(0);
	});
});
