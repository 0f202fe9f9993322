import { proofsOf } from '../../../../nodes/shared/vault/rows/proofs';
import { updateRecord } from '../../../../nodes/shared/vault/rows/records';
import { SecretStore } from '../../../../nodes/shared/vault/spending/secretStore';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import { addRecord, beginSave, justNow } from './support/sampleRecord';
import { TestStores } from './support/stores';

const stores = new TestStores('sqlite');
let vault: Vault;

beforeAll(async () => await stores.start());
beforeEach(async () => {
	vault = await (await stores.create()).open();
});
afterEach(async () => await stores.closeVaults());
afterAll(async () => await stores.stop());

/**
 * A pair that was asked for while nobody knew whose record it was (its holder stood still, or its save is
 * replayed from a spill) arrives after the record has become that of the user whom its earlier access
 * token named: a credential can hold one user's access token beside another user's refresh token.
 */
it('a late pair does not prove its authorization at a record that has got a user meanwhile', async () => {
	const record = await addRecord(vault, { provisional: true });
	const accepted = { authorizations: ['mixed'], secretFingerprint: 's' };
	const save = { ...(await beginSave(vault, record)), accepted };
	await vault.write(() => updateRecord({ ...record, provisional: false }));
	expect(await new SecretStore(vault.database, vault.sealer).store(save, justNow)).toBe('saved');
	const proofs = await vault.read(() => proofsOf(record.id));
	expect(proofs.map(({ kind }) => kind)).toEqual(['secret']);
});
