import { authorizationFingerprint } from '../../../../nodes/shared/tokenChain/fingerprints';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { prune } from '../../../../nodes/shared/vault/pruning';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import {
	connect,
	CREDENTIAL_A,
	CREDENTIAL_B,
	failureOf,
	forgetMemory,
	passTime,
} from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { ENGINES } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';
import { ageVault } from '../../../support/vault/ageVault';

describe.each(ENGINES)('pruning on %s', (engine) => {
	const bench = useChain(engine);
	let opened: OpenedChain;
	let owner: Authorization;

	beforeEach(async () => {
		opened = await bench.open();
		owner = connect(bench.simulator);
		await token(owner);
		await passTime(bench.simulator, opened, owner, 601);
		forgetMemory();
		await token(owner);
	});
	afterEach(() => jest.restoreAllMocks());

	async function token(authorization: Authorization) {
		return await opened.chain.getToken(authorization, 'normal');
	}

	async function rows(table: string) {
		return await opened.vault.read(() => query(`SELECT * FROM ${table}`));
	}

	/** Days pass without use, and then one look by a process. */
	async function lookAfter(days: number): Promise<void> {
		await ageVault(opened.vault, days);
		forgetMemory();
		await prune(opened.vault);
	}

	async function sealed(): Promise<boolean[]> {
		return (await rows(TABLES.record)).map((row) => row.sealed !== '');
	}

	it('empties a record that nobody has used for 90 days, in the second look; a tombstone stays', async () => {
		await lookAfter(89);
		await lookAfter(2);
		expect(await sealed()).toEqual([true]);
		await lookAfter(0.9);
		expect(await sealed()).toEqual([true]);
		await lookAfter(0.2);
		expect(await sealed()).toEqual([false]);
		const [record] = await rows(TABLES.record);
		expect(record).toMatchObject({
			state: 'broken',
			broken_code: 'EXACT_REFRESH_TOKEN_EXPIRED',
			owner_credential_id: 'credential-a',
		});
		expect(await rows(TABLES.attempt)).toEqual([]);
		expect(await rows(TABLES.authorization)).toHaveLength(1);
		expect((await rows(TABLES.proof)).length).toBeGreaterThan(0);
		const posts = bench.simulator.counters.tokenPosts;
		expect(await failureOf(token(owner))).toMatchObject({ code: 'EXACT_REFRESH_TOKEN_EXPIRED' });
		expect(bench.simulator.counters.tokenPosts).toBe(posts);
		await lookAfter(401);
		await lookAfter(1.1);
		for (const table of [TABLES.record, TABLES.authorization, TABLES.proof]) {
			expect(await rows(table)).toEqual([]);
		}
	});

	it('begins to count anew where a marked record is used again', async () => {
		await lookAfter(91);
		// As after a log-in of the owner that this process has not seen: a use is a change of the record.
		await opened.vault.write(() => query(`UPDATE ${TABLES.record} SET updated_at = ${Date.now()}`));
		await lookAfter(1.1);
		await lookAfter(90);
		expect(await sealed()).toEqual([true]);
		await lookAfter(1.1);
		expect(await sealed()).toEqual([false]);
	});

	it('takes nothing for old by a store clock that is more than a day off', async () => {
		await lookAfter(91);
		await ageVault(opened.vault, 2);
		const now = Date.now();
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + 25 * 3_600_000);
		await prune(opened.vault);
		expect(await sealed()).toEqual([true]);
		clock.mockRestore();
		await prune(opened.vault);
		expect(await sealed()).toEqual([false]);
	});

	it('keeps a pair of unknown age for 400 days, and a provisional record has a tombstone too', async () => {
		bench.simulator.faults.api.push({
			kind: 'status',
			status: 503,
			where: { path: 'Me' },
			times: Infinity,
		});
		const unknown = { ...connect(bench.simulator, CREDENTIAL_A, { user: 1 }), issuedAt: null };
		await failureOf(token(unknown));
		bench.simulator.faults.api.clear();
		expect(await sealed()).toEqual([true, true]);
		await lookAfter(91);
		await lookAfter(1.1);
		const find = async () =>
			(await rows(TABLES.record)).map(({ provisional, sealed: text }) => [
				Number(provisional),
				text !== '',
			]);
		expect(new Set(await find())).toEqual(
			new Set([
				[0, false],
				[1, true],
			]),
		);
		await lookAfter(310);
		await lookAfter(1.1);
		expect((await find()).every(([, isSealed]) => isSealed === false)).toBe(true);
		expect(await failureOf(token(unknown))).toMatchObject({ code: 'EXACT_REFRESH_TOKEN_EXPIRED' });
	});

	it('removes the signpost of a merged record; what it pointed to stays as it is', async () => {
		const again = connect(bench.simulator);
		await token(again);
		expect(await rows(TABLES.record)).toHaveLength(2);
		// As earlier versions left it: the log-in is found by way of the signpost.
		await opened.vault.write(() =>
			query(
				`UPDATE ${TABLES.authorization} SET record_id =
					(SELECT id FROM ${TABLES.record} WHERE state = 'merged')
				WHERE fingerprint = $1`,
				[authorizationFingerprint(opened.vault, again)],
			),
		);
		await ageVault(opened.vault, 91);
		await prune(opened.vault);
		await ageVault(opened.vault, 1.1);
		const at = Date.now();
		await opened.vault.write(() =>
			query(`UPDATE ${TABLES.record} SET updated_at = ${at} WHERE state <> 'merged'`),
		);
		await prune(opened.vault);
		expect(await rows(TABLES.record)).toHaveLength(1);
		const [left] = await rows(TABLES.record);
		expect((await rows(TABLES.authorization)).map((row) => row.record_id)).toEqual([
			left?.id,
			left?.id,
		]);
	});

	it('gives a tombstone its life back at a new Connect; its owner and the guard stay', async () => {
		await lookAfter(91);
		await lookAfter(1.1);
		const other = connect(bench.simulator, CREDENTIAL_B);
		expect(await failureOf(token(other))).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
		const again = connect(bench.simulator);
		await token(again);
		await passTime(bench.simulator, opened, again, 601);
		forgetMemory();
		await token(again);
		await passTime(bench.simulator, opened, again, 601);
		forgetMemory();
		await token(again);
		const live = (await rows(TABLES.record)).filter(({ state }) => state === 'active');
		expect(live).toMatchObject([{ owner_credential_id: 'credential-a', broken_code: null }]);
		expect(bench.simulator.counters.oldTokenUses).toBe(0);
		forgetMemory();
		await expect(token(owner)).resolves.toMatchObject({
			accessToken: (await token(again)).accessToken,
		});
		expect(await failureOf(token(other))).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
	});
});
