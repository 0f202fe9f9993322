import { query } from '../../../../nodes/shared/vault/database/transaction';
import type { VaultRecord } from '../../../../nodes/shared/vault/rows/records';
import type { Rival } from '../../../../nodes/shared/vault/rows/rivals';
import { insertRival, rivalsOf, takeRival } from '../../../../nodes/shared/vault/rows/rivals';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { logInOf } from '../../../../nodes/shared/vault/spending/healing';
import type { SecretSave } from '../../../../nodes/shared/vault/spending/secretSave';
import { SecretStore } from '../../../../nodes/shared/vault/spending/secretStore';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import { addRecord, beginSave, justNow } from './support/sampleRecord';
import { TestStores } from './support/stores';

const stores = new TestStores('sqlite');
const RIVAL = 'the rival';
let vault: Vault;
let record: VaultRecord;

beforeAll(async () => await stores.start());
beforeEach(async () => {
	vault = await (await stores.create()).open();
	record = await addRecord(vault);
	await vault.write(() =>
		insertRival({
			...({ id: RIVAL, recordId: record.id, generation: 1, origin: 'claimed' } as const),
			...({ state: 'waiting', reconnect: false, fingerprint: 'first', sealed: '' } as const),
			...{ authorization: 'a', secretFingerprint: null, lifeMs: null, at: null },
			...{ triedAt: null, note: null },
		}),
	);
});
afterEach(async () => await stores.closeVaults());
afterAll(async () => await stores.stop());

/** A pair that came for the rival, by an attempt of its own. */
async function received(refreshToken: string): Promise<SecretSave> {
	const save = await beginSave(vault, record);
	return {
		...save,
		recordId: RIVAL,
		spentGeneration: 1,
		sealed: vault.sealSecret(RIVAL, 2, { refreshToken }),
		accepted: { fingerprint: refreshToken, authorizations: [], secretFingerprint: 's' },
		logIn: logInOf(record),
	};
}

async function store(save: SecretSave) {
	return await new SecretStore(vault.database, vault.sealer).store(save, justNow);
}

async function kept(): Promise<unknown[]> {
	const rivals: Rival[] = await vault.read(() => rivalsOf(record.id));
	return rivals.map((one) => (vault.openSecret(one) as { refreshToken: string }).refreshToken);
}

it('a pair that comes for a rival which stands at a later generation is kept beside the record', async () => {
	expect(await store(await received('one'))).toBe('saved');
	const other = await received('other');
	expect(await store(other)).toBe('beside');
	expect((await kept()).sort()).toEqual(['one', 'other']);
	expect(await store(other)).toBe('older');
});

it('a pair that comes for a rival which has become the record’s own meanwhile is kept too', async () => {
	const save = await received('late');
	await vault.write(() => takeRival(RIVAL));
	expect(await store(save)).toBe('beside');
	expect(await kept()).toEqual(['late']);
});

it('a pair is older where the rival’s was asked for after it had arrived', async () => {
	const save = await received('early');
	await vault.write(() =>
		query(`UPDATE ${TABLES.attempt} SET started_at = started_at - 60000 WHERE id = $1`, [
			save.attemptId,
		]),
	);
	expect(await store(await received('next'))).toBe('saved');
	expect(await store(save)).toBe('older');
	expect(await kept()).toEqual(['next']);
});

it('a pair is left aside where another log-in stands at the record', async () => {
	const save = { ...(await received('late')), logIn: { originAt: 5, ownerId: 'somebody' } };
	await vault.write(() => takeRival(RIVAL));
	expect(await store(save)).toBe('foreign');
});
