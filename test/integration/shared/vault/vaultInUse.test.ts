import { randomUUID } from 'node:crypto';

import { storeNow } from '../../../../nodes/shared/vault/database/transaction';
import { thisHolder } from '../../../../nodes/shared/process/holder';
import { putItem, readItem } from '../../../../nodes/shared/vault/rows/items';
import {
	acquireLease,
	holdsLease,
	releaseLease,
	renewLeases,
} from '../../../../nodes/shared/vault/rows/leases';
import { readRecord } from '../../../../nodes/shared/vault/rows/records';
import { readMeta, writeMeta } from '../../../../nodes/shared/vault/rows/meta';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import { addRecord } from './support/sampleRecord';
import type { TestStore } from './support/stores';
import { ENGINES, TestStores } from './support/stores';

describe.each(ENGINES)('the vault in use on %s', (engine) => {
	const stores = new TestStores(engine);
	let store: TestStore;
	let vault: Vault;

	beforeAll(async () => await stores.start());
	beforeEach(async () => {
		store = await stores.create();
		vault = await store.open();
	});
	afterEach(async () => await stores.closeVaults());
	afterAll(async () => await stores.stop());

	describe('leases', () => {
		it('are acquired by one, renewed and given back', async () => {
			const self = thisHolder();
			const take = async (token: string, from: string | null = null) =>
				await vault.write(() => acquireLease('l', token, self, 1_000, from));
			expect(await take('t1')).toBeUndefined();
			expect(await take('t1')).toBeUndefined();
			expect(await take('t2')).toMatchObject({ token: 't1', holder: self, renewals: 0 });
			const others = Array.from({ length: 600 }, (_one, index) => `other ${index}`);
			await vault.write(() => renewLeases([...others, 't1'], 1_000));
			await vault.write(() => renewLeases(['t2'], 1_000));
			expect(await take('t2')).toMatchObject({ renewals: 1 });
			expect(await take('t2', 'another')).toMatchObject({ token: 't1' });
			expect(await take('t2', 't1')).toBeUndefined();
			expect(await vault.read(() => holdsLease('l', 't1'))).toBe(false);
			await vault.write(() => releaseLease('l', 't1'));
			expect(await vault.read(() => holdsLease('l', 't2'))).toBe(true);
			await vault.write(() => releaseLease('l', 't2'));
			expect(await vault.read(() => holdsLease('l', 't2'))).toBe(false);
		});

		it('run one piece of work at a time in one process too', async () => {
			let inside = 0;
			let most = 0;
			const work = async () => {
				inside += 1;
				most = Math.max(most, inside);
				await vault.read(storeNow);
				inside -= 1;
			};
			await Promise.all(
				Array.from({ length: 8 }, async () => await vault.withLease('l', { waitMs: 60_000 }, work)),
			);
			expect(most).toBe(1);
		});

		it('are given back when the work fails, and end a wait that became needless', async () => {
			await expect(
				vault.withLease('l', { waitMs: 1_000 }, async () => {
					throw new Error('work failed');
				}),
			).rejects.toThrow('work failed');
			const result = await vault.withLease('l', { waitMs: 1_000 }, async () => {
				return await vault.withLease(
					'l',
					{ waitMs: 60_000, doneMeanwhile: async () => 'done by another' },
					async () => 'done here',
				);
			});
			expect(result).toBe('done by another');
		});

		it('time out with an error that may be retried', async () => {
			await vault.withLease('l', { waitMs: 1_000 }, async () => {
				await expect(
					vault.withLease('l', { waitMs: 20 }, async () => undefined),
				).rejects.toMatchObject({ code: 'VAULT_LEASE_TIMEOUT', retryable: true });
			});
		});

		it('left over by this process itself hold nobody up', async () => {
			await vault.write(() => acquireLease('l', randomUUID(), thisHolder(), 600_000, null));
			const ran = await vault.withLease('l', { waitMs: 1_000 }, async () => 'ran');
			expect(ran).toBe('ran');
		});
	});

	describe('opening', () => {
		it('keeps the id of the vault, also when many open it at the same time', async () => {
			const fresh = await stores.create();
			const opened = await Promise.all([fresh.open(), fresh.open(), fresh.open()]);
			expect(new Set(opened.map(({ vaultId }) => vaultId)).size).toBe(1);
			expect((await fresh.open()).vaultId).toBe(opened[0]?.vaultId);
		});

		it('refuses another encryption key, naming where it came from', async () => {
			store.env.N8N_ENCRYPTION_KEY = 'another key';
			await expect(store.open()).rejects.toMatchObject({
				code: 'VAULT_KEY_MISMATCH',
				message: expect.stringContaining('N8N_ENCRYPTION_KEY') as string,
			});
		});

		it('goes on with a newer schema that this code may still read', async () => {
			const record = await addRecord(vault);
			await vault.write(() => writeMeta('schema_version', '3'));
			const reopened = await store.open();
			expect((await reopened.read(() => readRecord(record.id)))?.id).toBe(record.id);
			expect(await reopened.read(() => readMeta('schema_version'))).toBe('3');
		});

		it('refuses a schema that this code cannot read', async () => {
			await vault.write(() => writeMeta('schema_version', '3'));
			await vault.write(() => writeMeta('oldest_reader', '3'));
			await expect(store.open()).rejects.toMatchObject({ code: 'VAULT_SCHEMA_TOO_NEW' });
		});

		it('stops with the same words once another process has raised its oldest reader', async () => {
			await vault.write(() => writeMeta('oldest_reader', '99'));
			const use = vault.write(() => putItem('s', 'n', 'late'));
			await expect(use).rejects.toMatchObject({ code: 'VAULT_SCHEMA_TOO_NEW', retryable: false });
			await expect(vault.read(() => readItem('s', 'n'))).rejects.toMatchObject({
				code: 'VAULT_SCHEMA_TOO_NEW',
			});
		});

		it('is refused after the vault was moved away, and so is further work', async () => {
			const note = JSON.stringify({ location: 'elsewhere', moveId: 'm' });
			await vault.write(() => writeMeta('moved_to', note));
			const moved = {
				code: 'VAULT_MOVED',
				message: expect.stringContaining('elsewhere') as string,
			};
			await expect(vault.read(storeNow)).rejects.toMatchObject(moved);
			await expect(vault.write(storeNow)).rejects.toMatchObject(moved);
			await expect(store.open()).rejects.toMatchObject(moved);
		});
	});

	describe('transactions', () => {
		it('have no effect when they fail', async () => {
			await expect(
				vault.write(function* () {
					yield* putItem('s', 'n', 'value');
					throw new Error('thought better of it');
				}),
			).rejects.toThrow('thought better of it');
			expect(await vault.read(() => readItem('s', 'n'))).toBeUndefined();
			await vault.write(() => putItem('s', 'n', 'value'));
			expect((await vault.read(() => readItem('s', 'n')))?.version).toBe(1);
		});

		it('that write run one after another', async () => {
			await Promise.all(
				Array.from({ length: 20 }, async () => {
					await vault.write(function* () {
						const item = yield* readItem('s', 'n');
						yield* putItem('s', 'n', String(Number(item?.value ?? '0') + 1));
					});
				}),
			);
			expect((await vault.read(() => readItem('s', 'n')))?.value).toBe('20');
		});

		it('end with a clear error once the vault is closed, and closing waits for work under a lease', async () => {
			const other = await store.open();
			const order: string[] = [];
			const work = other.withLease('l', { waitMs: 1_000 }, async () => {
				await other.read(storeNow);
				order.push('work done');
			});
			await other.close();
			order.push('closed');
			await work;
			expect(order).toEqual(['work done', 'closed']);
			await expect(other.write(storeNow)).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
		});
	});
});
