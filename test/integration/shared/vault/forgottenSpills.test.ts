import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { thisHolder } from '../../../../nodes/shared/process/holder';
import { spillFrame, spillHeader } from '../../../../nodes/shared/vault/spending/spillFrame';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import { addRecord } from './support/sampleRecord';
import { TestStores } from './support/stores';

const stores = new TestStores('sqlite');
afterEach(async () => await stores.closeVaults());
afterAll(async () => await stores.stop());

/** A vault with two log-ins, the first of which came by way of three merged records, and a kept spill of each. */
async function withKeptSpills(): Promise<{ vault: Vault; kept: () => Promise<string[]> }> {
	const store = await stores.create();
	const vault = await store.open();
	const folder = join(store.folder, 'spill');
	await mkdir(folder, { recursive: true });
	const signpost = { state: 'merged', sealed: '' } as const;
	for (const id of ['own', 'another']) await addRecord(vault, { id });
	for (const [id, meta] of Object.entries({
		merged: { mergedInto: 'own', mergedAsGeneration: 1 },
		mergedBefore: { mergedInto: 'merged', mergedAsGeneration: 1 },
		beside: { mergedInto: 'own', mergedRival: 'pair', mergedGeneration: 1 },
		mergedElsewhere: { mergedInto: 'another', mergedAsGeneration: 1 },
	})) {
		await addRecord(vault, { ...signpost, id, meta });
	}
	const names = ['own', 'another', 'merged', 'mergedBefore', 'beside', 'pair', 'mergedElsewhere'];
	for (const recordId of names) {
		const save = {
			recordId,
			spentGeneration: 1,
			sealed: 'x',
			meta: {},
			requestedAt: 1,
			receivedAt: 2,
		};
		const spill = { vaultId: vault.vaultId, save: { ...save, attemptId: 'a' } };
		const text = spillHeader(thisHolder()) + spillFrame(spill).toString();
		await writeFile(join(folder, `${recordId}.spill.kept`), text);
	}
	return {
		vault,
		kept: async () => (await readdir(folder)).map((name) => name.split('.')[0]!).sort(),
	};
}

// Red before: what was received for a record that was merged into the forgotten one stayed for 30 days.
it('spills that were set aside are forgotten with the record, whichever way they came to it', async () => {
	const { vault, kept } = await withKeptSpills();
	await vault.forgetSecrets(new Set(['own']));
	expect(await kept()).toEqual(['another', 'mergedElsewhere']);
});

it('of a pair beside the record go those that came with it, and no others', async () => {
	const { vault, kept } = await withKeptSpills();
	await vault.forgetSecrets(new Set(['pair']));
	expect(await kept()).toEqual(['another', 'merged', 'mergedBefore', 'mergedElsewhere', 'own']);
});
