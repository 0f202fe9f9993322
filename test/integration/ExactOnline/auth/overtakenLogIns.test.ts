import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import {
	connect,
	CREDENTIAL_A,
	CREDENTIAL_B,
	failureOf,
	HOOK,
} from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { chainUse } from '../../../support/chain/chainUse';
import { useChain } from '../../../support/chain/useChain';

const SHARE = { ...CREDENTIAL_B, duplicatePolicy: 'share' as const };
const bench = useChain();
let opened: OpenedChain;
let second: OpenedChain;

beforeEach(async () => {
	opened = await bench.open();
	second = await bench.open();
});

const { token, letPass } = chainUse(bench, () => opened, { forgets: true });

/** It has a token again within two token lives, and goes on from there. */
async function goesOn(authorization: Authorization) {
	const outcomes: string[] = [];
	for (let n = 0; n < 5; n += 1) {
		await letPass(authorization, 601);
		outcomes.push(
			await token(authorization, n % 2 === 0 ? opened : second).then(
				() => 'ok',
				(error: { code: string; message: string }) => `${error.code}`,
			),
		);
	}
	expect(outcomes.slice(2)).toEqual(['ok', 'ok', 'ok']);
}

describe.each([
	['node code', CREDENTIAL_A, CREDENTIAL_B],
	['the hook', HOOK, HOOK],
	['the hook first, a node after', HOOK, CREDENTIAL_B],
	['a node first, the hook after', CREDENTIAL_A, HOOK],
] as const)('%s', (_name, a, b) => {
	it('Connect twice in a row before any refresh', async () => {
		await token(connect(bench.simulator, a));
		await token(connect(bench.simulator, a));
		await goesOn(connect(bench.simulator, a));
	});

	it('first never refreshed, then another log-in that runs once', async () => {
		bench.simulator.configure({ replacedLogInAnswer: 'oldToken' });
		const first = connect(bench.simulator, a);
		await token(first);
		await token(connect(bench.simulator, b)).catch(() => undefined);
		await goesOn(first);
	});

	it('first never refreshed, another log-in that runs, then Connect in the first', async () => {
		await token(connect(bench.simulator, a));
		await token(connect(bench.simulator, b)).catch(() => undefined);
		await goesOn(connect(bench.simulator, a));
	});
});

describe.each([
	['node code', CREDENTIAL_A, CREDENTIAL_B],
	['a node first, the hook after', CREDENTIAL_A, HOOK],
] as const)('%s', (_name, a, b) => {
	it('first never refreshed, connected again, then another log-in that runs once', async () => {
		bench.simulator.configure({ replacedLogInAnswer: 'oldToken' });
		await token(connect(bench.simulator, a));
		const again = connect(bench.simulator, a);
		await token(again);
		await token(connect(bench.simulator, b)).catch(() => undefined);
		await goesOn(again);
	});

	it('first proved, connected again, then another log-in that runs once', async () => {
		const first = connect(bench.simulator, a);
		await token(first);
		await letPass(first, 601);
		await token(first);
		const again = connect(bench.simulator, a);
		await token(again);
		await token(connect(bench.simulator, b)).catch(() => undefined);
		await goesOn(again);
	});
});

it('what the hook alone has seen connected again is not known as one credential: overtaken, it asks for Connect', async () => {
	bench.simulator.configure({ replacedLogInAnswer: 'oldToken' });
	await token(connect(bench.simulator, HOOK));
	const again = connect(bench.simulator, HOOK);
	await token(again);
	const other = connect(bench.simulator, HOOK);
	await token(other);
	await letPass(other, 601);
	const error = await failureOf(token(again));
	expect(error).toMatchObject({ code: 'EXACT_OLD_REFRESH_TOKEN' });
	expect(error.repair).toContain('press Connect');
	const healed = connect(bench.simulator, HOOK);
	await goesOn(healed);
});

it('both go on where the second shares, and the first was never refreshed', async () => {
	bench.simulator.configure({ replacedLogInAnswer: 'oldToken' });
	const first = connect(bench.simulator);
	await token(first);
	const other = connect(bench.simulator, SHARE);
	await token(other);
	for (let n = 0; n < 4; n += 1) {
		await letPass(other, 601);
		await token(n % 2 === 0 ? other : first, second).catch(() => undefined);
		await token(first).catch(() => undefined);
	}
	const { accessToken } = await token(first);
	await expect(token(other)).resolves.toMatchObject({ accessToken });
});

it('a reconnect that only the hook has used before another log-in ended it goes on once a node presents it', async () => {
	bench.simulator.configure({ replacedLogInAnswer: 'oldToken' });
	await token(connect(bench.simulator));
	const again = connect(bench.simulator);
	const byHook = { ...again, presenter: HOOK };
	await token(byHook);
	const other = connect(bench.simulator, CREDENTIAL_B);
	expect(await failureOf(token(other))).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
	await letPass(again, 601);
	await token(byHook).catch(() => undefined);
	await letPass(again, 601);
	expect(await failureOf(token(byHook))).toMatchObject({ code: 'EXACT_OLD_REFRESH_TOKEN' });
	await goesOn(again);
});
