import {
	attemptsAt,
	closeAttempt,
	insertAttempt,
	latestAttempts,
	RIVAL_ATTEMPT,
} from '../../../../nodes/shared/vault/rows/attempts';
import {
	authorizationsOf,
	clearRefusals,
	readAuthorization,
	readRefusal,
	saveAuthorization,
	saveRefusal,
} from '../../../../nodes/shared/vault/rows/authorizations';
import { query, storeNow } from '../../../../nodes/shared/vault/database/transaction';
import { thisHolder } from '../../../../nodes/shared/process/holder';
import {
	compareAndSetItem,
	deleteItem,
	putItem,
	readItem,
} from '../../../../nodes/shared/vault/rows/items';
import { itemScope, pruneItems } from '../../../../nodes/shared/vault/rows/itemScopes';
import {
	insertRecord,
	listRecords,
	markBroken,
	readRecord,
	readRecordByIdentity,
	updateRecord,
} from '../../../../nodes/shared/vault/rows/records';
import { proofsOf } from '../../../../nodes/shared/vault/rows/proofs';
import { insertRival, rivalsOf } from '../../../../nodes/shared/vault/rows/rivals';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { logInOf } from '../../../../nodes/shared/vault/spending/healing';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import { addRecord, beginSave, justNow, sampleRecord, sampleRival } from './support/sampleRecord';
import type { TestStore } from './support/stores';
import { ENGINES, TestStores } from './support/stores';

describe.each(ENGINES)('the vault on %s', (engine) => {
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

	const outcomeOf = async (attemptId: string) => {
		const [row] = await vault.read(() =>
			query(`SELECT outcome FROM ${TABLES.attempt} WHERE id = $1`, [attemptId]),
		);
		return row?.outcome;
	};

	describe('records', () => {
		it('gives back what was put in', async () => {
			const record = sampleRecord(vault, {
				meta: { userName: 'Ünïcode "quoted" \u0000', nested: { deep: [1, null] } },
				owner: { credentialId: 'c1', credentialName: null, instanceId: 'i1', since: 1234567890123 },
			});
			await vault.write(() => insertRecord(record));
			expect(await vault.read(() => readRecord(record.id))).toEqual(record);
			expect(await vault.read(() => readRecordByIdentity(record.identity))).toEqual(record);
			expect(vault.openSecret(record)).toEqual({ refreshToken: 'secret-1' });
		});

		it('keeps the first record of an identity', async () => {
			const first = await addRecord(vault);
			await addRecord(vault, { identity: first.identity });
			expect((await vault.read(() => readRecordByIdentity(first.identity)))?.id).toBe(first.id);
		});

		it('updates every column', async () => {
			const record = await addRecord(vault);
			const changed = {
				...sampleRecord(vault, { id: record.id, generation: 7 }),
				provisional: true,
				state: 'broken' as const,
				brokenCode: 'CODE',
				requestedAt: null,
				receivedAt: null,
				originAt: null,
			};
			await vault.write(() => updateRecord(changed));
			expect(await vault.read(() => readRecord(record.id))).toEqual(changed);
		});

		it('lists identities without provisional and merged ones', async () => {
			const listed = await addRecord(vault);
			await addRecord(vault, { provisional: true });
			await addRecord(vault, { state: 'merged' });
			await addRecord(vault, { service: 'docuware' });
			const all = await vault.read(() => listRecords('exactonline'));
			expect(all.map(({ id }) => id)).toEqual([listed.id]);
		});

		it('follows signposts, and does not run in circles', async () => {
			const target = await addRecord(vault);
			const middle = await addRecord(vault, { state: 'merged', meta: { mergedInto: target.id } });
			const first = await addRecord(vault, { state: 'merged', meta: { mergedInto: middle.id } });
			expect((await vault.read(() => readRecord(first.id)))?.id).toBe(target.id);

			await vault.write(() => updateRecord({ ...middle, meta: { mergedInto: first.id } }));
			expect(await vault.read(() => readRecord(first.id))).toBeUndefined();
			const lost = await addRecord(vault, { state: 'merged', meta: {} });
			expect(await vault.read(() => readRecord(lost.id))).toBeUndefined();
		});

		it('marks only the generation that was refused as broken', async () => {
			const record = await addRecord(vault, { generation: 4 });
			await vault.write(() => markBroken(record.id, 3, 'OLD'));
			expect((await vault.read(() => readRecord(record.id)))?.state).toBe('active');
			await vault.write(() => markBroken(record.id, 4, 'OLD'));
			expect(await vault.read(() => readRecord(record.id))).toMatchObject({
				state: 'broken',
				brokenCode: 'OLD',
			});
		});
	});

	describe('saves', () => {
		it('stores the secret and closes the attempt together', async () => {
			const record = await addRecord(vault);
			const save = await beginSave(vault, record);
			expect(await outcomeOf(save.attemptId)).toBe('open');
			expect(await vault.saveSecret(save, justNow)).toBe('saved');
			const saved = await vault.read(() => readRecord(record.id));
			expect(saved).toMatchObject({ generation: 2, state: 'active' });
			expect(saved && vault.openSecret(saved)).toEqual({ refreshToken: 'secret-2' });
			expect(await outcomeOf(save.attemptId)).toBe('saved');
		});

		it('says saved again when the same save comes twice', async () => {
			const record = await addRecord(vault);
			const save = await beginSave(vault, record);
			await vault.saveSecret(save, justNow);
			expect(await vault.saveSecret(save, justNow)).toBe('saved');
			expect((await vault.read(() => readRecord(record.id)))?.generation).toBe(2);
			expect(await outcomeOf(save.attemptId)).toBe('saved');
		});

		it('heals a record that was marked broken at the spent generation', async () => {
			const record = await addRecord(vault);
			const save = await beginSave(vault, record);
			await vault.write(() => markBroken(record.id, 1, 'OLD'));
			expect(await vault.saveSecret(save, justNow)).toBe('saved');
			expect(await vault.read(() => readRecord(record.id))).toMatchObject({
				state: 'active',
				brokenCode: null,
				generation: 2,
			});
		});

		it('refuses a save behind a later generation', async () => {
			const record = await addRecord(vault);
			const late = await beginSave(vault, record, { refreshToken: 'late' });
			const winner = await beginSave(vault, record, { refreshToken: 'winner' });
			await vault.saveSecret(winner, justNow);
			expect(await vault.saveSecret(late, justNow)).toBe('superseded');
			const present = await vault.read(() => readRecord(record.id));
			expect(present && vault.openSecret(present)).toEqual({ refreshToken: 'winner' });
			expect(await outcomeOf(late.attemptId)).toBe('superseded');
		});

		it('keeps both pairs where a rival has taken the place of a pair on its way', async () => {
			const record = await addRecord(vault);
			const rivals = await beginSave(vault, record, { refreshToken: 'of the rival' });
			const early = [rivals.attemptId, RIVAL_ATTEMPT, 1_000];
			const change = 'kind = $2, started_at = started_at - $3';
			await vault.write(() => query(`UPDATE ${TABLES.attempt} SET ${change} WHERE id = $1`, early));
			const own = await beginSave(vault, record, { refreshToken: 'own' });
			await vault.saveSecret(rivals, justNow);
			await vault.saveSecret({ ...own, logIn: logInOf(record) }, justNow);
			const present = await vault.read(() => readRecord(record.id));
			const beside = await vault.read(() => rivalsOf(record.id));
			const pairs = [present!, ...beside].map((row) => vault.openSecret(row));
			expect(pairs).toEqual([{ refreshToken: 'own' }, { refreshToken: 'of the rival' }]);
		});

		it('brings a late answer to the record that took over, and only while that waits for it', async () => {
			const target = await addRecord(vault, { generation: 5 });
			const provisional = await addRecord(vault, { generation: 2, provisional: true });
			const save = await beginSave(vault, provisional, { refreshToken: 'late' });
			await vault.write(() =>
				updateRecord({
					...provisional,
					state: 'merged',
					sealed: '',
					meta: { mergedInto: target.id, mergedAsGeneration: 5 },
				}),
			);
			expect(await vault.saveSecret(save, justNow)).toBe('saved');
			const healed = await vault.read(() => readRecord(provisional.id));
			expect(healed).toMatchObject({ id: target.id, generation: 6 });
			expect(healed && vault.openSecret(healed)).toEqual({ refreshToken: 'late' });
			// The text is sealed anew at each try; the attempt tells that it has arrived.
			expect(await vault.saveSecret(save, justNow)).toBe('saved');

			const next = await beginSave(vault, { ...target, generation: 6 });
			await vault.saveSecret(next, justNow);
			const tooLate = await beginSave(vault, provisional, { refreshToken: 'too late' });
			expect(await vault.saveSecret(tooLate, justNow)).toBe('superseded');
		});

		it('brings a late answer to the pair beside the record that took over, and proves nothing by it', async () => {
			const target = await addRecord(vault, { generation: 5 });
			const provisional = await addRecord(vault, { generation: 2, provisional: true });
			const accepted = { authorizations: ['its authorization'], secretFingerprint: 'its secret' };
			const late = await beginSave(vault, provisional, { refreshToken: 'late' });
			const later = await beginSave(vault, provisional, { refreshToken: 'later' });
			const rivalId = `beside ${target.id}`;
			await vault.write(function* () {
				yield* insertRival(sampleRival(vault, rivalId, target.id));
				yield* updateRecord({
					...provisional,
					state: 'merged',
					sealed: '',
					meta: { mergedInto: target.id, mergedRival: rivalId, mergedGeneration: 2 },
				});
			});
			const longAsked = () => ({ requestedAgoMs: 60_000, receivedAgoMs: 0 });
			const named = (token: string) => vault.sealer.fingerprint('refresh token', token);
			// The text is sealed anew at each try; it is the same pair all the same.
			for (let tries = 0; tries < 2; tries += 1) {
				expect(await vault.saveSecret({ ...late, accepted }, longAsked)).toBe('saved');
				const beside = await vault.read(() => rivalsOf(target.id));
				expect(beside).toMatchObject([
					{ id: rivalId, generation: 2, origin: 'healed', fingerprint: named('late') },
				]);
				expect(vault.openSecret(beside[0]!)).toEqual({ refreshToken: 'late' });
			}
			expect(await outcomeOf(late.attemptId)).toBe('saved');
			expect(await vault.read(() => proofsOf(target.id))).toEqual([]);
			expect((await vault.read(() => readRecord(target.id)))?.generation).toBe(5);

			// What comes for the same secret after that may be the live one: it is kept too.
			const logIn = { originAt: target.originAt, ownerId: null };
			expect(await vault.saveSecret({ ...later, logIn }, justNow)).toBe('superseded');
			const names = (await vault.read(() => rivalsOf(target.id))).map((one) => one.fingerprint);
			expect(names.sort()).toEqual([named('late'), named('later')].sort());
		});

		it('reckons the age of a secret from the store clock', async () => {
			const record = await addRecord(vault);
			const save = { ...(await beginSave(vault, record)), requestedAt: 1, receivedAt: 2 };
			const before = await vault.read(storeNow);
			await vault.saveSecret(save, () => ({ requestedAgoMs: 5_000.4, receivedAgoMs: 4_000 }));
			const after = await vault.read(storeNow);
			const saved = await vault.read(() => readRecord(record.id));
			expect(saved?.requestedAt).toBeGreaterThanOrEqual(before - 5_001);
			expect(saved?.requestedAt).toBeLessThanOrEqual(after - 5_000);
			expect(saved?.receivedAt).toBeGreaterThanOrEqual(before - 4_000);
		});
	});

	describe('attempts', () => {
		it('lets the first word on an attempt stand, an unknown fate excepted', async () => {
			const record = await addRecord(vault);
			const { attemptId } = await beginSave(vault, record);
			await vault.write(() => closeAttempt(attemptId, 'unknown', 'no answer'));
			await vault.write(() => closeAttempt(attemptId, 'lost', null));
			await vault.write(() => closeAttempt(attemptId, 'saved', null));
			const [attempt] = await vault.read(() => attemptsAt(record.id, 1));
			expect(attempt).toMatchObject({ outcome: 'lost', detail: null, holder: thisHolder() });
			expect(attempt?.finishedAt).toBeGreaterThanOrEqual(attempt?.startedAt ?? Infinity);
		});

		it('writes an attempt once however often it is run', async () => {
			const record = await addRecord(vault);
			const { attemptId } = await beginSave(vault, record);
			await vault.write(() => closeAttempt(attemptId, 'tooEarly', null));
			const [attempt] = await vault.read(() => attemptsAt(record.id, 1));
			if (attempt === undefined) throw new Error('no attempt');
			await vault.write(() => insertAttempt(attempt));
			expect(await vault.read(() => attemptsAt(record.id, 1))).toEqual([attempt]);
		});

		it('forgets attempts after 30 days, but not one in doubt at the present generation', async () => {
			const record = await addRecord(vault, { generation: 2 });
			const old = { ...record, generation: 1 };
			const doubtPast = (await beginSave(vault, old)).attemptId;
			const donePast = (await beginSave(vault, old)).attemptId;
			const doneNow = (await beginSave(vault, record)).attemptId;
			const doubtNow = (await beginSave(vault, record)).attemptId;
			await vault.write(() => closeAttempt(donePast, 'saved', null));
			await vault.write(() => closeAttempt(doneNow, 'tooEarly', null));
			await vault.write(() => closeAttempt(doubtNow, 'unknown', null));
			expect(await vault.read(() => latestAttempts(record.id, 10))).toHaveLength(4);

			const age = 31 * 24 * 60 * 60 * 1000;
			await vault.write(() =>
				query(`UPDATE ${TABLES.attempt} SET started_at = started_at - $1`, [age]),
			);
			const { attemptId: fresh } = await beginSave(vault, record);
			vault.pruneSoon();
			let left = await vault.read(() => latestAttempts(record.id, 10));
			while (left.length > 2) left = await vault.read(() => latestAttempts(record.id, 10));
			expect(left.map(({ id }) => id)).toEqual([fresh, doubtNow]);
			expect([doubtPast, donePast, doneNow]).not.toContain(left[1]?.id);
		});
	});

	it('forgets items of a declared scope once their time is over, but not beside their authorization', async () => {
		const lasting = itemScope('lasting for the test', 10_000);
		const bound = itemScope('bound for the test', 10_000, { withAuthorization: true });
		const items = [
			[lasting, 'old'],
			[lasting, 'new'],
			[bound, 'known'],
			[bound, 'unknown'],
			['not declared', 'old'],
		] as const;
		await vault.write(function* () {
			for (const [scope, name] of items) yield* putItem(scope, name, 'x');
			yield* query(`UPDATE ${TABLES.item} SET updated_at = updated_at - 20000 WHERE name <> 'new'`);
			yield* query(
				`INSERT INTO ${TABLES.authorization} (fingerprint, record_id, first_seen_at, policy)
				VALUES ('known', 'r1', 1, 'refuse')`,
			);
		});
		await vault.write(pruneItems);
		const left: string[] = [];
		for (const [scope, name] of items) {
			if ((await vault.read(() => readItem(scope, name))) !== undefined)
				left.push(`${scope}: ${name}`);
		}
		expect(left).toEqual([`${lasting}: new`, `${bound}: known`, 'not declared: old']);
	});

	it('keeps authorizations and refusals', async () => {
		const authorization = {
			fingerprint: vault.sealer.fingerprint('authorization', 'a'),
			recordId: 'r1',
			firstSeenAt: 1,
			issuedAt: null,
			credentialId: null,
			credentialName: null,
			instanceId: null,
			policy: 'refuse' as const,
			refusedAt: null,
		};
		await vault.write(() => saveAuthorization(authorization));
		const known = { ...authorization, credentialId: 'c', policy: 'share' as const, refusedAt: 9 };
		await vault.write(() => saveAuthorization(known));
		expect(await vault.read(() => readAuthorization(known.fingerprint))).toEqual(known);
		expect(await vault.read(() => authorizationsOf('r1'))).toEqual([known]);

		await vault.write(() => saveRefusal('r1', 'f', 'A', null));
		await vault.write(() => saveRefusal('r1', 'f', 'B', 'why'));
		expect(await vault.read(() => readRefusal('r1', 'f'))).toEqual({ code: 'B', detail: 'why' });
		await vault.write(() => clearRefusals('r1'));
		expect(await vault.read(() => readRefusal('r1', 'f'))).toBeUndefined();
	});

	it('keeps items, and tells a writer that somebody was faster', async () => {
		const set = async (value: string, version: number) =>
			await vault.write(() => compareAndSetItem('s', 'n', value, version));
		expect(await set('one', 0)).toBe(true);
		expect(await set('two', 0)).toBe(false);
		expect(await set('two', 1)).toBe(true);
		await vault.write(() => putItem('s', 'n', 'three'));
		expect(await vault.read(() => readItem('s', 'n'))).toMatchObject({
			value: 'three',
			version: 3,
		});
		await vault.write(() => deleteItem('s', 'n'));
		expect(await vault.read(() => readItem('s', 'n'))).toBeUndefined();
	});
});
