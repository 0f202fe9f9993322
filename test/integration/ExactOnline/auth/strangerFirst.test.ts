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
	passTime,
} from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';

const STRANGER = { ...CREDENTIAL_A, credentialId: 'stranger', duplicatePolicy: 'share' as const };

const bench = useChain();
let opened: OpenedChain;

beforeEach(async () => {
	opened = await bench.open();
});

async function token(authorization: Authorization, of = opened) {
	return await of.chain.getToken(authorization, 'normal');
}

async function letPass(authorization: Authorization, seconds: number) {
	await passTime(bench.simulator, opened, authorization, seconds);
}

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
