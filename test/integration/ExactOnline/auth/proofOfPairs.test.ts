import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import {
	connect,
	CREDENTIAL_A,
	failureOf,
	forgetMemory,
	HOOK,
} from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { chainUse } from '../../../support/chain/chainUse';
import { useChain } from '../../../support/chain/useChain';

const CREDENTIAL_B = { ...CREDENTIAL_A, credentialId: 'credential-b', credentialName: 'B' };
const STRANGER = { ...CREDENTIAL_A, credentialId: 'stranger', duplicatePolicy: 'share' as const };

const bench = useChain();
let opened: OpenedChain;
/** The vault as another process of the same n8n has it. */
let second: OpenedChain;

beforeEach(async () => {
	opened = await bench.open();
	second = await bench.open();
});

const { token, letPass } = chainUse(bench, () => opened, { forgets: false });

async function records() {
	return await opened.vault.read(() =>
		query(
			`SELECT owner_credential_id AS owner, state, broken_code AS code, generation
			FROM ${TABLES.record} WHERE state <> 'merged' ORDER BY identity`,
		),
	);
}

/** A leaked access token with an invented refresh token, by somebody who knows the client secret. */
function leaked(from: Authorization, presenter = STRANGER): Authorization {
	return { ...from, pair: { ...from.pair, refreshToken: 'invented' }, presenter };
}

describe('whoever was first with a leaked token and the right client secret', () => {
	it('gets nothing any more once the service has accepted the pair of the owner', async () => {
		const earlier = connect(bench.simulator);
		const stranger = leaked(earlier);
		await token(stranger);
		const owner = connect(bench.simulator, { ...CREDENTIAL_B, duplicatePolicy: 'share' });
		await token(owner);
		await letPass(owner, 601);
		const accepted = await token(owner);
		for (const restart of [false, true]) {
			if (restart) forgetMemory();
			for (const of of [opened, second]) {
				const error = await failureOf(token(stranger, of));
				expect(error.repair).toContain('press Connect');
			}
			await expect(token(owner)).resolves.toMatchObject({ accessToken: accepted.accessToken });
		}
		await failureOf(opened.chain.refreshNow(stranger));
		await failureOf(opened.chain.renewWhereDue(stranger));
	});

	it('does not get a token from memory that another process has fetched for the owner', async () => {
		const stranger = leaked(connect(bench.simulator));
		const { accessToken } = await token(stranger, second);
		const owner = connect(bench.simulator, { ...CREDENTIAL_B, duplicatePolicy: 'share' });
		await token(owner);
		await letPass(owner, 571);
		const { accessToken: next } = await opened.chain.renewWhereDue(owner);
		forgetMemory();
		await token(owner, second);
		const got = await token(stranger, second).catch(() => undefined);
		expect(got?.accessToken).not.toBe(next);
		expect([undefined, accessToken]).toContain(got?.accessToken);
	});

	it('cannot have the owner’s refresh token spent for it, nor hold the registration against the owner', async () => {
		bench.simulator.configure({ unknownTokenAnswer: 'brokenChain' });
		const stranger = leaked(connect(bench.simulator));
		await token(stranger);
		const owner = connect(bench.simulator, CREDENTIAL_B);
		expect(await failureOf(token(owner))).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
		await letPass(owner, 601);
		const before = bench.simulator.counters.tokenPosts;
		await failureOf(token(stranger));
		// Only what it has invented itself was sent.
		expect(bench.simulator.counters.tokenPosts).toBe(before + 1);
		forgetMemory();
		await expect(token(owner)).resolves.toMatchObject({ generation: 2 });
		forgetMemory();
		const error = await failureOf(token(stranger));
		expect(error).toMatchObject({ code: 'EXACT_LOG_IN_OVERTAKEN' });
		expect(error.repair).toContain('press Connect');
		await token(owner);
		expect(await records()).toMatchObject([{ owner: 'credential-b', state: 'active' }]);
	});
});

describe('a first log-in that a later one has ended before its first refresh', () => {
	it('goes on with the live token of the later one, then with its pair, because the service knows it', async () => {
		bench.simulator.configure({ tooEarlyCheckedFirst: false, replacedLogInAnswer: 'oldToken' });
		const first = connect(bench.simulator);
		await token(first);
		const later = connect(bench.simulator, CREDENTIAL_B);
		await failureOf(token(later));
		forgetMemory();
		await opened.vault.write(() =>
			query(`UPDATE ${TABLES.record} SET requested_at = requested_at - 601000,
				received_at = received_at - 601000`),
		);
		await expect(token(first)).resolves.toMatchObject({ accessToken: later.pair.accessToken });
		await letPass(later, 601);
		forgetMemory();
		await expect(token(first)).resolves.toMatchObject({ generation: 2 });
		await expect(token(first, second)).resolves.toMatchObject({ generation: 2 });
		expect(await failureOf(token(later))).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
	});

	it('goes on where the later one was accepted first, after one refused request, with an accepted secret', async () => {
		bench.simulator.configure({ tooEarlyCheckedFirst: false, replacedLogInAnswer: 'oldToken' });
		const first = connect(bench.simulator);
		await token(first);
		const later = connect(bench.simulator, { ...CREDENTIAL_B, duplicatePolicy: 'share' });
		await token(later);
		await letPass(later, 601);
		const { accessToken } = await token(later);
		forgetMemory();
		await failureOf(token({ ...first, clientSecret: 'invented' }));
		await expect(token(first)).resolves.toMatchObject({ accessToken });
		forgetMemory();
		const wrong = await failureOf(token({ ...first, clientSecret: 'invented' }));
		expect(wrong).toMatchObject({ code: 'EXACT_OLD_REFRESH_TOKEN' });
		expect(wrong.repair).toContain('press Connect');
		expect(bench.simulator.counters.oldTokenUses).toBe(1);
	});

	/** The registration of the first log-in's credential has lapsed, and a later one's has taken its place. */
	async function lapsed() {
		bench.simulator.configure({ replacedLogInAnswer: 'brokenChain', tooEarlyCheckedFirst: false });
		const first = connect(bench.simulator);
		await token(first);
		const later = connect(bench.simulator, CREDENTIAL_B);
		await failureOf(token(later));
		await letPass(first, 601);
		const error = await failureOf(token(first));
		expect(error.repair).toContain('press Connect');
		forgetMemory();
		await token(later);
		expect(await records()).toMatchObject([{ owner: 'credential-b', state: 'active' }]);
		return later;
	}

	it('has its registration back with a press on Connect, where the service says of it what it says of an invented one', async () => {
		const later = await lapsed();
		const again = connect(bench.simulator);
		await token(again);
		await letPass(again, 601);
		await token(again);
		expect(await records()).toMatchObject([{ owner: 'credential-a', state: 'active' }]);
		expect(await failureOf(token(later))).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
	});

	it('but not where the administrator refuses every second credential', async () => {
		await lapsed();
		const again = connect(bench.simulator, { ...CREDENTIAL_A, duplicatesRefused: true });
		expect(await failureOf(token(again))).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
		await letPass(again, 601);
		expect(await failureOf(token(again))).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
		expect(await records()).toMatchObject([{ owner: 'credential-b', state: 'active' }]);
	});

	it('nor once its successor has released the identity and another credential has registered it', async () => {
		const later = await lapsed();
		await opened.chain.release(later);
		const third = connect(bench.simulator, { ...CREDENTIAL_B, credentialId: 'credential-c' });
		await token(third);
		await letPass(third, 601);
		await token(third);
		expect(await records()).toMatchObject([{ owner: 'credential-c' }]);
		const again = connect(bench.simulator);
		expect(await failureOf(token(again))).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
	});

	it('is ended by a take-over, also where it shares', async () => {
		const first = connect(bench.simulator, STRANGER);
		await token(first);
		const later = connect(bench.simulator, { ...CREDENTIAL_B, duplicatePolicy: 'takeOver' });
		await token(later);
		await letPass(later, 601);
		await token(later);
		await failureOf(token(first));
		forgetMemory();
		await failureOf(token(first));
		await token(later);
	});
});

describe('the access token of one user with the live refresh token of another', () => {
	const MIXERS = [
		['by node code', STRANGER],
		['through the hook', HOOK],
	] as const;

	/** A member with a log-in of his own, and a token of somebody else. */
	function mixed(victim: Authorization, presenter: typeof STRANGER | typeof HOOK): Authorization {
		const own = connect(bench.simulator, presenter, { user: 1 });
		return { ...own, pair: { ...own.pair, accessToken: victim.pair.accessToken } };
	}

	it.each(MIXERS)('does not become the pair of that user: %s', async (_name, presenter) => {
		const owner = connect(bench.simulator);
		await token(owner);
		await letPass(owner, 601);
		const { accessToken } = await token(owner);
		const mixer = mixed({ ...owner, pair: { ...owner.pair, accessToken } }, presenter);
		await token(mixer);
		bench.simulator.ageChain(mixer.clientId, bench.simulator.world.users[1]!.userId, 601);
		await letPass(owner, 601);
		await expect(token(owner)).resolves.toMatchObject({ generation: 3 });
		await letPass(owner, 601);
		// The service accepts it, and says that it is somebody else's.
		await failureOf(token(mixer));
		forgetMemory();
		await expect(token(owner)).resolves.toMatchObject({ generation: 4 });
		forgetMemory();
		expect(await failureOf(token(mixer))).toMatchObject({ code: 'EXACT_MIXED_LOG_IN' });
	});

	it.each(MIXERS)(
		'does not make its bearer that user by being first: %s',
		async (_name, presenter) => {
			const mixer = mixed(connect(bench.simulator), presenter);
			await token(mixer);
			bench.simulator.ageChain(mixer.clientId, bench.simulator.world.users[1]!.userId, 601);
			const owner = connect(bench.simulator, { ...CREDENTIAL_B, duplicatePolicy: 'share' });
			await token(owner);
			await letPass(owner, 601);
			await failureOf(token(mixer));
			forgetMemory();
			const live = await token(owner);
			forgetMemory();
			await failureOf(token(mixer));
			await expect(token(owner)).resolves.toMatchObject({ accessToken: live.accessToken });
			expect(await opened.chain.status(owner, 0)).toMatchObject({
				view: { record: { state: 'active' } },
			});
		},
	);
});
