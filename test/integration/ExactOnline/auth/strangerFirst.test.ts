import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { listRecords, updateRecord } from '../../../../nodes/shared/vault/rows/records';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import {
	connect,
	CREDENTIAL_A,
	CREDENTIAL_B,
	failureOf,
	forgetMemory,
	HOOK,
} from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { chainUse } from '../../../support/chain/chainUse';
import { useChain } from '../../../support/chain/useChain';

const STRANGER = { ...CREDENTIAL_A, credentialId: 'stranger', duplicatePolicy: 'share' as const };

const bench = useChain();
let opened: OpenedChain;

beforeEach(async () => {
	opened = await bench.open();
});

const { token, letPass } = chainUse(bench, () => opened, { forgets: false });

/** A leaked access token with an invented refresh token, by somebody who knows the client secret. */
function leaked(from: Authorization, presenter: typeof STRANGER | typeof HOOK = STRANGER) {
	return { ...from, pair: { ...from.pair, refreshToken: 'invented' }, presenter };
}

describe('a stranger who was first with a leaked token and an invented refresh token', () => {
	it('does not get the live token of the log-in that the user makes afterwards, once the service has refused his own', async () => {
		bench.simulator.configure({ unknownTokenAnswer: 'brokenChain' });
		const stranger = leaked(connect(bench.simulator));
		await token(stranger);
		await letPass(stranger, 300);
		const owner = connect(bench.simulator, CREDENTIAL_B);
		await failureOf(token(owner));
		// The stranger's ends; the owner's is young.
		await opened.vault.write(() =>
			query(`UPDATE ${TABLES.record} SET requested_at = requested_at - 301000,
				received_at = received_at - 301000`),
		);
		forgetMemory();
		const got = await token(stranger).catch(() => undefined);
		expect(bench.simulator.counters.tokenPosts).toBe(1);
		expect(got?.accessToken).not.toBe(owner.pair.accessToken);
	});
});

describe('a stranger who was first with a leaked token and ever new invented client secrets', () => {
	it.each([
		['by the life that the service tells', 600_000, 0],
		['by a claimed life of an instant', 1_000, 0],
		['by a claimed life of ten years', 315_360_000_000, 0],
		['with two more invented refresh tokens', 600_000, 2],
	])('does not hold the user up for ever (%s)', async (_, lifeMs, more) => {
		const user = connect(bench.simulator);
		const stranger = leaked({ ...user, pair: { ...user.pair, lifeMs } });
		await token(stranger);
		const beside = Array.from({ length: more }, (_one, n) => ({
			...stranger,
			pair: { ...stranger.pair, refreshToken: `invented beside ${n}` },
		}));
		for (const one of beside) await token(one);
		const again = connect(bench.simulator, { ...CREDENTIAL_B, duplicatePolicy: 'takeOver' });
		await token(again);
		const served: boolean[] = [];
		let invented = 0;
		for (let life = 0; life < 3; life += 1) {
			await letPass(again, 601);
			// He comes first each time.
			for (const one of [stranger, stranger, stranger, ...beside]) {
				forgetMemory();
				invented += 1;
				const clientSecret = `invented ${invented}`;
				await token({ ...one, clientSecret }).catch(() => undefined);
			}
			forgetMemory();
			served.push(
				await token(again).then(
					() => true,
					() => false,
				),
			);
		}
		expect(served).toEqual([true, true, true]);
		// Whatever counted as a new log-in of the former owner's credential does so no longer.
		const marked = await opened.vault.read(() =>
			query(`SELECT id FROM ${TABLES.rival} WHERE reconnect = 1`),
		);
		expect(marked).toEqual([]);
		expect(bench.simulator.counters.tokenPosts).toBeLessThanOrEqual(2 + 3);
	});
});

describe('a stranger who was first with a leaked token, an old refresh token of his own and the client secret', () => {
	/** Whose the access token is, as the service knows it. */
	async function userOf(accessToken: string): Promise<string> {
		const address = `${bench.simulator.url}/api/v1/current/Me?$select=UserID`;
		const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' };
		return await (await fetch(address, { headers })).text();
	}

	it('counts as the first log-in of the user, until the own credential of that user takes over', async () => {
		bench.simulator.configure({ replacedLogInAnswer: 'oldToken', tooEarlyCheckedFirst: false });
		const [user] = bench.simulator.world.users;
		const own = connect(bench.simulator, STRANGER, { user: 1 });
		// A later log-in of his own has made it old.
		connect(bench.simulator, STRANGER, { user: 1 });
		const victims = connect(bench.simulator);
		const { accessToken } = victims.pair;
		const stranger = { ...own, pair: { ...own.pair, accessToken } };
		expect((await token(stranger)).accessToken).toBe(accessToken);
		const owner = connect(bench.simulator, CREDENTIAL_B);
		expect(await failureOf(token(owner))).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
		await letPass(owner, 601);
		// The limit: the service calls his token one that it has issued, and he goes on with the pair of the user.
		const got = await token(stranger);
		expect(bench.simulator.counters).toMatchObject({ oldTokenUses: 1, tokenPosts: 2 });
		expect(await userOf(got.accessToken)).toContain(user!.userId);
		await opened.chain.takeOver(owner);
		expect((await token(owner)).accessToken).toBe(got.accessToken);
		expect(await failureOf(token(stranger))).toMatchObject({ code: 'EXACT_LOG_IN_OVERTAKEN' });
		await letPass(owner, 601);
		await token(owner);
		forgetMemory();
		expect(await failureOf(token(stranger))).toMatchObject({ code: 'EXACT_LOG_IN_OVERTAKEN' });
	});
});

describe('a store that fell back to the time when a stranger was first', () => {
	it('is not healed into giving the pair of the owner to the stranger, nor proves it', async () => {
		const stranger = leaked(connect(bench.simulator), HOOK);
		await token(stranger);
		const [earlier] = await opened.vault.read(() => listRecords('exactonline'));
		const owner = connect(bench.simulator, HOOK);
		await token(owner);
		await letPass(owner, 601);
		await token(owner);
		await letPass(owner, 601);
		const { accessToken } = await token(owner);
		// As a restored copy: the record as it was, and nothing of what came after.
		await opened.vault.write(function* () {
			yield* updateRecord(earlier!);
			for (const table of [TABLES.attempt, TABLES.proof, TABLES.rival]) {
				yield* query(`DELETE FROM ${table}`);
			}
		});
		await opened.vault.write(() =>
			query(`UPDATE ${TABLES.record} SET requested_at = requested_at - 1202000,
				received_at = received_at - 1202000`),
		);
		forgetMemory();
		const got = await token(stranger).catch(() => undefined);
		expect(got?.accessToken).not.toBe(accessToken);
		await letPass(owner, 601);
		forgetMemory();
		const later = await token(stranger).catch(() => undefined);
		expect(later).toBeUndefined();
	});
});
