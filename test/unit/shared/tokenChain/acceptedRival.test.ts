import { setImmediate as loopTurn } from 'node:timers/promises';

import { exactChainPolicy } from '../../../../nodes/ExactOnline/auth/chainPolicy';
import { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization, ChainPolicy } from '../../../../nodes/shared/tokenChain/types';
import type { VaultRecord } from '../../../../nodes/shared/vault/rows/records';
import { listRecords, updateRecord } from '../../../../nodes/shared/vault/rows/records';
import {
	forgetMemory,
	passTimeInMemory,
	passTimeInVault,
} from '../../../support/chain/chainFixture';
import type { FaultyVault } from '../vault/spending/support/faultyVault';
import { openFaultyVault } from '../vault/spending/support/faultyVault';

/** The access token has ended. */
const OVER_SECONDS = 601;

let test: FaultyVault;
let chain: TokenChain;
/** What the service's word on whose a token is waits for. */
let named: Promise<void>;
/** Told when it is asked. */
let onAsked: () => void;

function pairOf(name: string) {
	return { accessToken: `access-${name}`, refreshToken: `refresh-${name}`, lifeMs: 600_000 };
}

/** A press on Connect in the one credential. */
function connected(name: string): Authorization {
	return {
		host: 'https://host',
		clientId: 'app',
		clientSecret: 'secret',
		pair: pairOf(name),
		issuedAt: Date.now(),
		ignoreSslIssues: false,
		presenter: {
			credentialId: 'credential',
			credentialName: null,
			instanceId: 'instance',
			duplicatePolicy: 'refuse',
		},
	};
}

beforeEach(async () => {
	test = await openFaultyVault();
	named = Promise.resolve();
	onAsked = () => {};
	const policy: ChainPolicy = {
		...exactChainPolicy,
		requestTokens: async (_client, refreshToken) => {
			const now = performance.now();
			const pair = pairOf(`after ${refreshToken}`);
			return await Promise.resolve({ kind: 'granted', pair, requestedAt: now, receivedAt: now });
		},
		whoAmI: async () => {
			onAsked();
			await named;
			return { userId: 'user', userName: null };
		},
	};
	chain = new TokenChain(test.vault, policy, { ownerAlways: false, ownerFromHook: false });
});

afterEach(async () => {
	jest.useRealTimers();
	forgetMemory();
	await test.vault.close();
});

async function stored(): Promise<VaultRecord> {
	const [record] = await test.vault.read(() => listRecords('exactonline'));
	return record!;
}

it('the pair of an accepted rival comes in again where the store falls back to before', async () => {
	await chain.getToken(connected('first'), 'normal');
	const again = connected('again');
	await chain.getToken(again, 'normal');
	await passTimeInVault(test.vault, OVER_SECONDS);
	passTimeInMemory(OVER_SECONDS);
	const before = await stored();
	await chain.getToken(again, 'normal');
	const accepted = test.vault.openSecret(await stored());
	expect(accepted).toMatchObject({ refreshToken: 'refresh-after refresh-again' });
	await test.vault.write(() => updateRecord(before));
	await expect(test.vault.heal(await stored())).resolves.toBe(true);
	expect(test.vault.openSecret(await stored())).toEqual(accepted);
});

it('is served after 5 s where the service does not say whose its new token is, and that counts when it comes', async () => {
	await chain.getToken(connected('first'), 'normal');
	const again = connected('again');
	await chain.getToken(again, 'normal');
	await passTimeInVault(test.vault, OVER_SECONDS);
	passTimeInMemory(OVER_SECONDS);
	let say = () => {};
	named = new Promise((resolve) => (say = resolve));
	const asked = new Promise<void>((resolve) => (onAsked = resolve));
	jest.useFakeTimers({
		doNotFake: ['Date', 'performance', 'nextTick', 'queueMicrotask', 'setImmediate', 'hrtime'],
	});
	const served = chain.getToken(again, 'normal');
	await asked;
	jest.advanceTimersByTime(5_000);
	await expect(served).resolves.toMatchObject({ accessToken: 'access-after refresh-again' });
	expect((await stored()).generation).toBe(1);
	say();
	while ((await stored()).generation === 1) await loopTurn();
	expect(test.vault.openSecret(await stored())).toMatchObject({
		refreshToken: 'refresh-after refresh-again',
	});
});
