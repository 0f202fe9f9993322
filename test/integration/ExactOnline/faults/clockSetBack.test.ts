import { query } from '../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import {
	connect,
	failureOf,
	forgetMemory,
	passTimeInVault,
} from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { chainUse } from '../../../support/chain/chainUse';
import { useChain } from '../../../support/chain/useChain';

/** By so much the store's clock was ahead until it was set right. */
const DAY_SECONDS = 86_400;

const bench = useChain();
let opened: OpenedChain;

beforeEach(async () => {
	opened = await bench.open();
});

const { token, letPass, provedConnection } = chainUse(bench, () => opened, { forgets: true });

/** The clock is set right, and n8n is started anew: all that the vault has noted lies in the future. */
async function setClockBack(): Promise<void> {
	await passTimeInVault(opened.vault, -DAY_SECONDS);
	forgetMemory();
}

function posts(): number {
	return bench.simulator.counters.tokenPosts;
}

it('a token that has ended meanwhile is renewed at its next use', async () => {
	const authorization = await provedConnection();
	await letPass(authorization, 601);
	await setClockBack();
	await expect(token(authorization)).resolves.toMatchObject({ generation: 3 });
	await letPass(authorization, 601);
	await expect(token(authorization)).resolves.toMatchObject({ generation: 4 });
	expect(bench.simulator.counters.tooEarly).toBe(0);
});

it('a token that still lives costs one answer, and is used until it ends', async () => {
	const authorization = await provedConnection();
	await setClockBack();
	await expect(token(authorization)).resolves.toMatchObject({ generation: 2 });
	forgetMemory();
	await expect(token(authorization)).resolves.toMatchObject({ generation: 2 });
	expect(bench.simulator.counters.tooEarly).toBe(1);
	// Time passes but for what the vault had noted before.
	const userId = bench.simulator.world.users[0]!.userId;
	bench.simulator.ageChain(authorization.clientId, userId, 601);
	await opened.vault.write(() =>
		query(
			`UPDATE ${TABLES.attempt} SET started_at = started_at - 601000, finished_at = finished_at - 601000
			WHERE outcome = 'tooEarly'`,
		),
	);
	forgetMemory();
	await expect(token(authorization)).resolves.toMatchObject({ generation: 3 });
});

it.each([
	['tooEarly', 1],
	['proxyPage', 2],
])('what was answered %s meanwhile holds no further request up', async (name, times) => {
	const authorization = await provedConnection();
	await letPass(authorization, 601);
	bench.simulator.faults.token.push({ kind: 'answer', name, times });
	await token(authorization).catch(() => undefined);
	await setClockBack();
	await expect(token(authorization)).resolves.toMatchObject({ generation: 3 });
	expect(posts()).toBe(times + 2);
});

it('a log-in that waits beside the record, and was tried meanwhile, is tried again', async () => {
	const owner = await provedConnection();
	const again = connect(bench.simulator);
	await token(again);
	await letPass(again, 601);
	const before = posts();
	bench.simulator.faults.token.push({ kind: 'answer', name: 'proxyPage' });
	await failureOf(token(again));
	expect(posts()).toBeGreaterThan(before);
	await setClockBack();
	await expect(token(again)).resolves.toMatchObject({ generation: 3 });
	await expect(token(owner)).resolves.toMatchObject({ generation: 3 });
});
