import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { connect, failureOf, passTime } from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';

const bench = useChain();
let opened: OpenedChain;

beforeEach(async () => {
	opened = await bench.open();
});

/** A reconnect that is first used when its window is open and its access token still good. */
async function reconnectUsedLate(): Promise<Authorization> {
	await opened.chain.getToken(
		{ ...connect(bench.simulator), issuedAt: Date.now() - 560_000 },
		'normal',
	);
	const reconnected = connect(bench.simulator);
	// As if both log-ins had been ten minutes ago, one after the other.
	await opened.vault.write(() =>
		query(`UPDATE ${TABLES.record} SET origin_at = origin_at - 60000`),
	);
	bench.simulator.ageChain(reconnected.clientId, bench.simulator.world.users[0]!.userId, 575);
	return { ...reconnected, issuedAt: Date.now() - 575_000 };
}

it('an authorization in doubt is still in doubt once it has joined the record of its identity', async () => {
	const reconnected = await reconnectUsedLate();
	// The request under the provisional record, and the probe under that of the identity.
	bench.simulator.faults.token.push({ kind: 'lostAnswer' }, { kind: 'reset' });
	await expect(opened.chain.getToken(reconnected, 'normal')).resolves.toMatchObject({
		accessToken: reconnected.pair.accessToken,
		generation: 2,
	});
	expect(bench.simulator.counters.tokenPosts).toBe(2);
	await passTime(bench.simulator, opened, reconnected, 30);
	expect(await failureOf(opened.chain.getToken(reconnected, 'normal'))).toMatchObject({
		code: 'EXACT_TOKEN_IN_DOUBT',
		retryable: true,
	});
	expect(bench.simulator.counters.tokenPosts).toBe(2);
});
