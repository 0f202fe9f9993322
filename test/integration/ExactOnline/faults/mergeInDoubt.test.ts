import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { ExactOnlineSimulator } from '../../../simulators/ExactOnline';
import type { TestVault } from '../../../support/chain/chainFixture';
import {
	connect,
	failureOf,
	forgetMemory,
	openTestVault,
	passTime,
} from '../../../support/chain/chainFixture';

let simulator: ExactOnlineSimulator;
let opened: TestVault;

beforeEach(async () => {
	simulator = await ExactOnlineSimulator.start();
	opened = await openTestVault();
});

afterEach(async () => {
	await opened.close();
	await simulator.close();
	forgetMemory();
});

/** A reconnect that is first used when its window is open and its access token still good. */
async function reconnectUsedLate(): Promise<Authorization> {
	await opened.chain.getToken({ ...connect(simulator), issuedAt: Date.now() - 560_000 }, 'normal');
	const reconnected = connect(simulator);
	// As if both log-ins had been ten minutes ago, one after the other.
	await opened.vault.write(() =>
		query(`UPDATE ${TABLES.record} SET origin_at = origin_at - 60000`),
	);
	simulator.ageChain(reconnected.clientId, simulator.world.users[0]!.userId, 575);
	return { ...reconnected, issuedAt: Date.now() - 575_000 };
}

it('an authorization in doubt is still in doubt once it has joined the record of its identity', async () => {
	const reconnected = await reconnectUsedLate();
	// The request under the provisional record, and the probe under that of the identity.
	simulator.faults.token.push({ kind: 'lostAnswer' }, { kind: 'reset' });
	await expect(opened.chain.getToken(reconnected, 'normal')).resolves.toMatchObject({
		accessToken: reconnected.pair.accessToken,
		generation: 2,
	});
	expect(simulator.counters.tokenPosts).toBe(2);
	await passTime(simulator, opened, reconnected, 30);
	expect(await failureOf(opened.chain.getToken(reconnected, 'normal'))).toMatchObject({
		code: 'EXACT_TOKEN_IN_DOUBT',
		retryable: false,
	});
	expect(simulator.counters.tokenPosts).toBe(2);
});
