import { query } from '../../../../nodes/shared/vault/database/transaction';
import { noteProved, proofsOf } from '../../../../nodes/shared/vault/rows/proofs';
import type { Rival } from '../../../../nodes/shared/vault/rows/rivals';
import {
	insertRival,
	readRival,
	RIVAL_KEPT_MS,
	RIVALS_KEPT,
	rivalsOf,
	setRivalAside,
} from '../../../../nodes/shared/vault/rows/rivals';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { saveBeside } from '../../../../nodes/shared/vault/spending/acceptance';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import { addRecord } from './support/sampleRecord';
import { ENGINES, TestStores } from './support/stores';

describe.each(ENGINES)('pairs beside a record on %s', (engine) => {
	const stores = new TestStores(engine);
	let vault: Vault;
	let recordId: string;

	beforeAll(async () => await stores.start());
	beforeEach(async () => {
		vault = await (await stores.create()).open();
		recordId = (await addRecord(vault)).id;
	});
	afterEach(async () => await stores.closeVaults());
	afterAll(async () => await stores.stop());

	async function add(name: string, changes: Partial<Rival> = {}): Promise<void> {
		await vault.write(() =>
			insertRival({
				id: `${recordId} ${name}`,
				recordId,
				generation: 1,
				origin: 'claimed',
				state: 'waiting',
				reconnect: false,
				fingerprint: name,
				authorization: `authorization ${name}`,
				secretFingerprint: null,
				sealed: `sealed ${name}`,
				lifeMs: 600_000,
				at: null,
				triedAt: null,
				note: null,
				...changes,
			}),
		);
	}

	async function makeOlder(name: string, column: string, ms: number): Promise<void> {
		await vault.write(() =>
			query(`UPDATE ${TABLES.rival} SET ${column} = ${column} - $2 WHERE id = $1`, [
				`${recordId} ${name}`,
				ms,
			]),
		);
	}

	const names = async () =>
		(await vault.read(() => rivalsOf(recordId))).map(({ fingerprint }) => fingerprint).sort();

	it('keeps the same pair once, as it came first', async () => {
		await add('a');
		await add('a', { id: 'another id', sealed: 'another seal' });
		const kept = await vault.read(() => rivalsOf(recordId));
		expect(kept).toMatchObject([{ id: `${recordId} a`, sealed: 'sealed a' }]);
	});

	it('keeps twenty; those set aside go first, then the oldest claims, never a healed one or a reconnect', async () => {
		await add('healed', { origin: 'healed' });
		await add('reconnect', { reconnect: true });
		await add('aside');
		await vault.write(() => setRivalAside(`${recordId} aside`, 'CODE'));
		for (const name of ['healed', 'reconnect', 'aside']) await makeOlder(name, 'added_at', 5_000);
		for (let n = 0; n < RIVALS_KEPT; n += 1) {
			await add(`claim ${String(n).padStart(2, '0')}`);
			await makeOlder(`claim ${String(n).padStart(2, '0')}`, 'added_at', 1_000 - n);
		}
		const kept = await names();
		expect(kept).toHaveLength(RIVALS_KEPT);
		expect(kept).toEqual(expect.arrayContaining(['healed', 'reconnect', 'claim 19']));
		expect(kept).not.toContain('aside');
		expect(kept).not.toContain('claim 00');
	});

	it('keeps one that was set aside for thirty days, by the first reason', async () => {
		await add('aside');
		const id = `${recordId} aside`;
		await vault.write(() => setRivalAside(id, 'FIRST'));
		await vault.write(() => setRivalAside(id, 'SECOND'));
		expect(await vault.read(() => readRival(id))).toMatchObject({
			state: 'setAside',
			note: 'FIRST',
		});
		await makeOlder('aside', 'added_at', 2 * RIVAL_KEPT_MS);
		await makeOlder('aside', 'set_aside_at', RIVAL_KEPT_MS - 60_000);
		await add('next');
		expect(await names()).toEqual(['aside', 'next']);
		await makeOlder('aside', 'set_aside_at', 120_000);
		await add('last');
		expect(await names()).toEqual(['last', 'next']);
	});

	// Red before: gone thirty days after it had come, however lately its pair was received.
	it('keeps one whose pair this package has received within thirty days, however long ago it came', async () => {
		await add('used');
		await makeOlder('used', 'added_at', 2 * RIVAL_KEPT_MS);
		const save = {
			recordId: `${recordId} used`,
			spentGeneration: 1,
			sealed: 'sealed anew',
			meta: {},
			attemptId: 'attempt',
		};
		await vault.write(() => saveBeside({ ...save, fingerprint: 'used anew' }, Date.now()));
		await add('next');
		expect(await names()).toEqual(['next', 'used anew']);
		await makeOlder('used', 'claimed_at', RIVAL_KEPT_MS + 60_000);
		await add('last');
		expect(await names()).toEqual(['last', 'next']);
	});

	it('lets three accepted client secrets of a record stand beside each other', async () => {
		for (const secretFingerprint of ['one', 'two', 'three', 'four']) {
			await vault.write(() => noteProved(recordId, { authorizations: [], secretFingerprint }));
			await vault.write(() =>
				query(`UPDATE ${TABLES.proof} SET noted_at = noted_at - 1000 WHERE record_id = $1`, [
					recordId,
				]),
			);
		}
		const proofs = await vault.read(() => proofsOf(recordId));
		expect(proofs.map(({ subject }) => subject)).toEqual(['two', 'three', 'four']);
	});
});
