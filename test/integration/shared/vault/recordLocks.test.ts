import { query } from '../../../../nodes/shared/vault/database/transaction';
import { latestAttempts } from '../../../../nodes/shared/vault/rows/attempts';
import { updateRecord } from '../../../../nodes/shared/vault/rows/records';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { neverSent } from '../../../../nodes/shared/vault/spending/neverSent';
import { besideAnotherRecord } from './support/holdRecord';
import { addRecord, beginSave, justNow } from './support/sampleRecord';
import { TestStores } from './support/stores';

describe('a write that touches one record, while one of another record is open (PostgreSQL)', () => {
	const stores = new TestStores('postgres');
	beforeAll(async () => await stores.start());
	afterEach(async () => await stores.closeVaults());
	afterAll(async () => await stores.stop());

	it('the word on an attempt that never left does not wait for it', async () => {
		const vault = await (await stores.create()).open();
		const record = await addRecord(vault);
		const { attemptId } = await beginSave(vault, record);
		await besideAnotherRecord(vault.database, async () => {
			await neverSent(vault, { id: attemptId, recordId: record.id }, 'cancelled', undefined);
			expect(await vault.read(() => latestAttempts(record.id, 1))).toMatchObject([
				{ outcome: 'notSent' },
			]);
		});
	});

	it('a store that fell back is healed without waiting for it', async () => {
		const vault = await (await stores.create()).open();
		const record = await addRecord(vault);
		const save = await beginSave(vault, record);
		const logIn = { originAt: record.originAt, ownerId: null };
		await vault.saveSecret({ ...save, logIn }, justNow);
		await vault.write(function* () {
			yield* updateRecord(record);
			yield* query(`DELETE FROM ${TABLES.attempt}`);
		});
		await besideAnotherRecord(vault.database, async () => {
			expect(await vault.heal(record)).toBe(true);
		});
	});
});
