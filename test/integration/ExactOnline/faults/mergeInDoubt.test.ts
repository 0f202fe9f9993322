import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
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
	bench.simulator.ageChain(reconnected.clientId, bench.simulator.world.users[0]!.userId, 575);
	return { ...reconnected, issuedAt: Date.now() - 575_000 };
}

it('an authorization in doubt is still in doubt once it has joined the record of its identity', async () => {
	const reconnected = await reconnectUsedLate();
	// The request under the provisional record; its pair then stands beside that of the identity.
	bench.simulator.faults.token.push({ kind: 'lostAnswer' });
	await expect(opened.chain.getToken(reconnected, 'normal')).resolves.toMatchObject({
		accessToken: reconnected.pair.accessToken,
	});
	expect(bench.simulator.counters.tokenPosts).toBe(1);
	await passTime(bench.simulator, opened, reconnected, 30);
	expect(await failureOf(opened.chain.getToken(reconnected, 'normal'))).toMatchObject({
		retryable: true,
	});
	expect(bench.simulator.counters.tokenPosts).toBe(1);
});
