import { readItem } from '../../../../nodes/shared/vault/rows/items';
import type { LeaseTiming } from '../../../../nodes/shared/vault/leaseHolding';
import { markBroken, readRecord } from '../../../../nodes/shared/vault/rows/records';
import { query, storeNow } from '../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { addRecord, beginSave, justNow } from './support/sampleRecord';
import type { TestStore } from './support/stores';
import { ENGINES, TestStores } from './support/stores';
import { VaultProcess } from './support/vaultProcesses';

const SHORT: LeaseTiming = { leaseMs: 900, heartbeatMs: 150, pollMs: 20 };

describe.each(ENGINES)('several processes on one vault on %s', (engine) => {
	const stores = new TestStores(engine);
	const processes: VaultProcess[] = [];
	let store: TestStore;

	const start = async (timing?: LeaseTiming) => {
		const started = await VaultProcess.start(store.env, timing);
		processes.push(started);
		return started;
	};

	beforeAll(async () => await stores.start());
	beforeEach(async () => {
		store = await stores.create();
	});
	afterEach(async () => {
		await Promise.all(processes.splice(0).map(async (process) => await process.close()));
		await stores.closeVaults();
	});
	afterAll(async () => await stores.stop());

	it('make an empty store a vault together, and hold a lease one at a time', async () => {
		const four = await Promise.all(Array.from({ length: 4 }, async () => await start()));
		await Promise.all(
			four.map(async (process) => await process.call('countUp', { lease: 'l', times: 25 })),
		);
		const vault = await store.open();
		expect((await vault.read(() => readItem('test', 'counter')))?.value).toBe('100');
		expect(await vault.read(() => query(`SELECT name FROM ${TABLES.lease}`))).toEqual([]);
	});

	it('notice the death of a holder long before its lease runs out', async () => {
		const vault = await store.open();
		const holder = await start();
		const token = await holder.call('hold', 'l');
		let waited = 0;
		const acquired = vault.withLease(
			'l',
			{
				waitMs: 60_000,
				doneMeanwhile: async () => {
					waited += 1;
					return undefined;
				},
			},
			async (holding) => ({ holding, at: performance.now() }),
		);
		const leaseOf = async () =>
			await vault.read(function* () {
				const [row] = yield* query(`SELECT token, expires_at FROM ${TABLES.lease}`);
				return { token: row?.token, leftMs: Number(row?.expires_at) - (yield* storeNow()) };
			});
		while (waited === 0) await vault.read(storeNow);
		const killedAt = performance.now();
		const { leftMs, token: heldToken } = await leaseOf();
		expect(heldToken).toBe(token);
		await holder.kill();
		const { holding, at } = await acquired;
		const noticedAfter = Math.round(at - killedAt);
		console.log(`${engine}: death noticed after ${noticedAfter} ms, lease left ${leftMs} ms`);
		expect(holding.token).not.toBe(token);
		// Its lease had not run out when it was taken: the death itself was seen.
		expect(leftMs).toBeGreaterThan(noticedAfter);
	});

	it('take the lease of a frozen holder, whose late save heals the record', async () => {
		const vault = await store.open({ timing: SHORT });
		const record = await addRecord(vault);
		const holder = await start(SHORT);
		await holder.call('hold', record.id);
		const save = await beginSave(vault, record, { refreshToken: 'the only live one' });
		await holder.freeze(store.file);

		await vault.withLease(record.id, { waitMs: 60_000 }, async () => {
			await vault.write(() => markBroken(record.id, 1, 'EXACT_OLD_REFRESH_TOKEN'));
		});
		expect((await vault.read(() => readRecord(record.id)))?.state).toBe('broken');

		holder.thaw();
		expect(await holder.call('save', save)).toBe('saved');
		const healed = await vault.read(() => readRecord(record.id));
		expect(healed).toMatchObject({ state: 'active', generation: 2 });
		expect(healed && vault.openSecret(healed)).toEqual({ refreshToken: 'the only live one' });
	});

	it('refuse the late save of a frozen holder where somebody has received a newer secret', async () => {
		const vault = await store.open({ timing: SHORT });
		const record = await addRecord(vault);
		const holder = await start(SHORT);
		await holder.call('hold', record.id);
		const late = await beginSave(vault, record, { refreshToken: 'late' });
		await holder.freeze(store.file);

		await vault.withLease(record.id, { waitMs: 60_000 }, async () => {
			const save = await beginSave(vault, record, { refreshToken: 'newer' });
			expect(await vault.saveSecret(save, justNow)).toBe('saved');
		});
		holder.thaw();
		expect(await holder.call('save', late)).toBe('superseded');
		const present = await vault.read(() => readRecord(record.id));
		expect(present && vault.openSecret(present)).toEqual({ refreshToken: 'newer' });
		// What it still does to its lease touches nobody else's.
		await holder.call('letGo');
		expect(await vault.withLease(record.id, { waitMs: 60_000 }, async () => 'mine')).toBe('mine');
	});

	it('leave a living holder its lease although it holds it for longer than a lease lasts', async () => {
		// A holder that the machine gives no core for a second or two is to renew it in time all the same.
		const timing = { ...SHORT, leaseMs: 4_000 };
		const vault = await store.open({ timing });
		const holder = await start(timing);
		const token = await holder.call('hold', 'l');
		await expect(
			vault.withLease('l', { waitMs: timing.leaseMs * 1.5 }, async () => 'taken'),
		).rejects.toMatchObject({ code: 'VAULT_LEASE_TIMEOUT' });
		const [row] = await vault.read(() => query(`SELECT token, renewals FROM ${TABLES.lease}`));
		expect(row?.token).toBe(token);
		expect(Number(row?.renewals)).toBeGreaterThan(0);
	});
});
