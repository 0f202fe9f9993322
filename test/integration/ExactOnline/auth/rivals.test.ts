import { exactChainPolicy } from '../../../../nodes/ExactOnline/auth/chainPolicy';
import { decideAccess } from '../../../../nodes/shared/tokenChain/access';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import {
	connect,
	CREDENTIAL_B,
	failureOf,
	forgetMemory,
	HOOK,
	passTime,
} from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { chainUse } from '../../../support/chain/chainUse';
import { useChain } from '../../../support/chain/useChain';

const SHARING = { ...CREDENTIAL_B, duplicatePolicy: 'share' as const };

const bench = useChain();
let opened: OpenedChain;

beforeEach(async () => {
	opened = await bench.open();
});

const { token, letPass, provedConnection } = chainUse(bench, () => opened, { forgets: true });

/** A leaked access token, with an invented refresh token, client secret and a later time. */
function forged(leaked: string, owner: Authorization, claim = {}): Authorization {
	return {
		...owner,
		pair: { ...owner.pair, accessToken: leaked, refreshToken: 'invented' },
		clientSecret: 'invented',
		issuedAt: Date.now() + 3_600_000,
		presenter: SHARING,
		...claim,
	};
}

async function rivals() {
	return await opened.vault.read(() => query(`SELECT state, note FROM ${TABLES.rival}`));
}

describe('a forged pair', () => {
	it('with a claimed life of an instant has no more answers than any other, and holds the owner up no more', async () => {
		const owner = await provedConnection();
		const { accessToken: leaked } = await token(owner);
		// n8n lets anybody write `expires_in` into a credential.
		const pair = { ...owner.pair, accessToken: leaked, refreshToken: 'invented', lifeMs: 3_000 };
		await token(forged(leaked, owner, { pair }));
		await letPass(owner, 601);
		await token(owner);
		await letPass(owner, 530);
		const before = bench.simulator.counters.tokenPosts;
		for (const number of [1, 2, 3, 4, 5, 6]) {
			if (number % 2 === 1) await letPass(owner, 19);
			await failureOf(token(forged(leaked, owner, { pair, clientSecret: `invented ${number}` })));
		}
		expect(bench.simulator.counters.tokenPosts).toBe(before + 2);
		await letPass(owner, 30);
		await expect(token(owner)).resolves.toMatchObject({ generation: 4 });
	});

	it('with an invented client secret gets nothing beyond the token it came with, and costs nobody', async () => {
		const owner = await provedConnection();
		const { accessToken: leaked } = await token(owner);
		const forger = forged(leaked, owner);
		await expect(token(forger)).resolves.toMatchObject({ accessToken: leaked });
		await letPass(owner, 601);
		const next = await token(owner);
		expect(next).toMatchObject({ generation: 3 });
		forgetMemory();
		expect(await failureOf(token(forger))).toMatchObject({ code: 'EXACT_INVALID_CLIENT' });
		await expect(token(owner)).resolves.toMatchObject({ accessToken: next.accessToken });
		expect(await rivals()).toMatchObject([{ state: 'waiting' }]);
	});

	it('with the right client secret costs one refused request and is set aside, not deleted', async () => {
		const owner = await provedConnection();
		const { accessToken: leaked } = await token(owner);
		const { clientSecret } = owner;
		const forger = forged(leaked, owner, { clientSecret });
		await token(forger);
		await letPass(owner, 601);
		const next = await token(owner);
		const refused = bench.simulator.counters.tokenPosts;
		await failureOf(token(forger));
		forgetMemory();
		await failureOf(token(forger));
		expect(bench.simulator.counters.tokenPosts).toBe(refused + 1);
		expect(await rivals()).toMatchObject([{ state: 'setAside' }]);
		await expect(token(owner)).resolves.toMatchObject({ accessToken: next.accessToken });
	});

	it('with ever new client secrets does not use up the answers that the owner needs', async () => {
		const owner = await provedConnection();
		const { accessToken: leaked } = await token(owner);
		await token(forged(leaked, owner));
		await letPass(owner, 601);
		await token(owner);
		const before = bench.simulator.counters.tokenPosts;
		for (const number of [1, 2, 3, 4, 5, 6]) {
			forgetMemory();
			const error = await failureOf(
				token(forged(leaked, owner, { clientSecret: `invented ${number}` })),
			);
			expect(error.code).toBe(
				number <= 2 ? 'EXACT_INVALID_CLIENT' : 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE',
			);
		}
		expect(bench.simulator.counters.tokenPosts).toBe(before + 2);
		for (const number of [7, 8, 9]) {
			forgetMemory();
			const person = forged(leaked, owner, { clientSecret: `invented ${number}` });
			await failureOf(opened.chain.refreshNow(person));
		}
		expect(bench.simulator.counters.tokenPosts).toBe(before + 3);
		await letPass(owner, 601);
		await expect(token(owner)).resolves.toMatchObject({ generation: 4 });
	});

	it("with another user's refresh token never takes the place of the owner's pair", async () => {
		const owner = await provedConnection();
		const { accessToken: leaked } = await token(owner);
		const { pair } = connect(bench.simulator, SHARING, { user: 1 });
		const forger = forged(leaked, owner, {
			clientSecret: owner.clientSecret,
			pair: { ...pair, accessToken: leaked },
			issuedAt: Date.now(),
		});
		await token(forger);
		const other = bench.simulator.world.users[1]!;
		bench.simulator.ageChain(owner.clientId, other.userId, 601);
		await letPass(owner, 601);
		expect(await failureOf(token(forger))).toMatchObject({ code: 'EXACT_MIXED_LOG_IN' });
		expect(await rivals()).toMatchObject([{ state: 'setAside' }]);
		const { accessToken } = await token(owner);
		const { userId } = bench.simulator.world.users[0]!;
		await expect(exactChainPolicy.whoAmI(owner, accessToken)).resolves.toMatchObject({ userId });
	});

	it('with ever new refresh tokens does not push an untried log-in out, and delays it by one token life', async () => {
		const owner = await provedConnection();
		const { accessToken: leaked } = await token(owner);
		const untried = connect(bench.simulator, CREDENTIAL_B);
		for (let number = 0; number < 24; number += 1) {
			const pair = { ...owner.pair, accessToken: leaked, refreshToken: `invented ${number}` };
			await token(forged(leaked, owner, { clientSecret: owner.clientSecret, pair }));
			if (number === 11) await failureOf(token(untried));
		}
		expect(await rivals()).toHaveLength(20);
		forgetMemory();
		// Its own pair is old; then the one that claims the latest time, which is invented; then the true one.
		await letPass(owner, 601);
		await failureOf(token(owner));
		await letPass(owner, 601);
		await expect(token(owner)).resolves.toMatchObject({ generation: 3 });
		expect(bench.simulator.counters).toMatchObject({ oldTokenUses: 1, tokenPosts: 4 });
	}, 30_000);

	it('that says Take Over changes nothing, however often it asks', async () => {
		const owner = await provedConnection();
		const { accessToken: leaked } = await token(owner);
		const presenter = { ...CREDENTIAL_B, duplicatePolicy: 'takeOver' as const };
		const forger = forged(leaked, owner, { presenter });
		await token(forger);
		forgetMemory();
		await token(forger);
		await expect(token(owner)).resolves.toMatchObject({ generation: 2 });
		const { view } = await opened.chain.status(owner, 0);
		expect(view.record.owner?.credentialId).toBe('credential-a');
	});
});

describe('an older log-in that is first used later', () => {
	it.each([
		['with the times that n8n notes', 0],
		['without any (n8n before 2.36)', null],
		['within one second of the live one', 1],
	])('does not replace the live pair: %s', async (_name, offset) => {
		const older = connect(bench.simulator, SHARING);
		const owner = connect(bench.simulator);
		const at = Date.now();
		const issuedAt = offset === null ? null : at;
		await token({ ...owner, issuedAt });
		await token({ ...older, issuedAt: offset === null ? null : at - 60_000 + offset * 60_400 });
		await letPass(owner, 601);
		await expect(token(owner)).resolves.toMatchObject({ generation: 2 });
		forgetMemory();
		await failureOf(token(older));
		await letPass(owner, 601);
		await expect(token(owner)).resolves.toMatchObject({ generation: 3 });
	});

	it('presented as a duplicate is refused, and its pair is kept aside', async () => {
		const older = { ...connect(bench.simulator, CREDENTIAL_B), issuedAt: null };
		const owner = { ...connect(bench.simulator), issuedAt: null };
		await token(owner);
		expect(await failureOf(token(older))).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
		await letPass(owner, 601);
		await expect(token(owner)).resolves.toMatchObject({ generation: 2 });
		expect(await rivals()).toMatchObject([{ state: 'waiting' }]);
	});
});

describe('the first credential', () => {
	it('goes on with it where its own new log-in was ended by a later one elsewhere', async () => {
		await provedConnection();
		const again = connect(bench.simulator);
		await token(again);
		const second = connect(bench.simulator, CREDENTIAL_B);
		await failureOf(token(second));
		await letPass(again, 601);
		await failureOf(token(again));
		await letPass(again, 601);
		await expect(token(again)).resolves.toMatchObject({ generation: 3 });
	});

	it('heals the moment a second one has run, after its own token has ended', async () => {
		bench.simulator.configure({ tooEarlyCheckedFirst: false });
		const owner = await provedConnection();
		const second = connect(bench.simulator, CREDENTIAL_B);
		await failureOf(token(second));
		// The record's own token ends; that of the second log-in is young.
		await opened.vault.write(() =>
			query(`UPDATE ${TABLES.record} SET requested_at = requested_at - 601000,
				received_at = received_at - 601000`),
		);
		forgetMemory();
		const { accessToken } = second.pair;
		await expect(token(owner)).resolves.toMatchObject({ accessToken });
		await letPass(owner, 601);
		await expect(token(owner)).resolves.toMatchObject({ generation: 3 });
	});
});

describe('another client secret than the accepted one', () => {
	it('through the hook is served the present token once, then only by a refresh of its own', async () => {
		const owner = await provedConnection();
		const other = { ...owner, clientSecret: 'another', presenter: HOOK };
		await expect(token(other)).resolves.toMatchObject({ generation: 2 });
		await letPass(owner, 601);
		await expect(token(owner)).resolves.toMatchObject({ generation: 3 });
		forgetMemory();
		const error = await failureOf(token(other));
		expect(error.retryable).toBe(true);
		// When the window of the pair that was just received opens.
		const opensInMs = (error.retryAt ?? 0) - Date.now();
		expect(opensInMs).toBeGreaterThan(500_000);
		expect(opensInMs).toBeLessThan(600_000);
		const moment = new Date(error.retryAt ?? 0).toISOString().slice(0, 19).replace('T', ' ');
		expect(error.repair).toContain(moment);
		await letPass(owner, 575);
		expect(await failureOf(token(other))).toMatchObject({ code: 'EXACT_INVALID_CLIENT' });
		forgetMemory();
		expect(await failureOf(token(other))).toMatchObject({ code: 'EXACT_INVALID_CLIENT' });
		await expect(token(owner)).resolves.toMatchObject({ generation: expect.any(Number) });
	});

	it('at a service with log-ins side by side gets nothing before its own refresh', () => {
		const proof = (kind: 'authorization' | 'secret', subject: string) => ({
			...{ kind, subject, detail: null, notedAt: 1 },
		});
		const { access } = decideAccess({
			fingerprint: 'a',
			secretFingerprint: 'other',
			presenter: { credentialId: null, instanceId: null },
			record: { provisional: false, generation: 2, meta: {} },
			proofs: [proof('authorization', 'a'), proof('secret', 's')],
			rival: undefined,
			refusal: undefined,
			isOwners: false,
			isOwnerProved: false,
			sideBySide: true,
			lifeMs: 1_000,
			now: 2,
		});
		expect(access).toEqual({ from: 'ownRefresh' });
	});
});

describe('a newcomer that is served from the pair it brought', () => {
	it('is not held up by a slow token endpoint while its token is good', async () => {
		bench.simulator.configure({ refreshWindowFraction: 0.95 });
		const owner = await provedConnection();
		const newcomer = connect(bench.simulator, SHARING);
		await token(newcomer);
		await letPass(owner, 575);
		const hold = bench.simulator.hold('tokenReceived');
		const { accessToken } = newcomer.pair;
		await expect(token(newcomer)).resolves.toMatchObject({ accessToken });
		(await hold.waiting()).release();
		await expect(opened.chain.renewWhereDue(newcomer)).resolves.toMatchObject({ generation: 3 });
	});

	it('waits at most 20 s for an answer where it has no usable token, and the answer is kept', async () => {
		const owner = await provedConnection();
		const newcomer = connect(bench.simulator, SHARING);
		await token(newcomer);
		await letPass(owner, 601);
		const hold = bench.simulator.hold('tokenReceived');
		const asked = failureOf(token(newcomer));
		const held = await hold.waiting();
		const error = await asked;
		expect(error).toMatchObject({ code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE', retryable: true });
		expect(error.retryAt).toBeGreaterThan(Date.now());
		held.release();
		await expect(token(newcomer)).resolves.toMatchObject({ generation: 3 });
	}, 40_000);

	it("waits no longer at its first use, while the owner's refresh holds the record", async () => {
		const owner = await provedConnection();
		await letPass(owner, 601);
		const hold = bench.simulator.hold('tokenReceived');
		const refreshed = token(owner);
		const held = await hold.waiting();
		const newcomer = connect(bench.simulator, SHARING);
		expect(await failureOf(token(newcomer))).toMatchObject({
			code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE',
			retryable: true,
		});
		held.release();
		await refreshed.catch(() => undefined);
		const { accessToken } = newcomer.pair;
		await expect(token(newcomer)).resolves.toMatchObject({ accessToken });
	}, 40_000);

	it('does not get a token again that the service has refused', async () => {
		bench.simulator.configure({ refreshWindowFraction: 0.95 });
		const owner = await provedConnection();
		const newcomer = connect(bench.simulator, SHARING);
		const refused = await token(newcomer);
		await passTime(bench.simulator, opened, owner, 575);
		const isDead = { ...refused, isDead: true };
		bench.simulator.configure({ tokenDelayMs: 1_000 });
		const replaced = opened.chain.replaceRefused(newcomer, isDead, 'normal');
		const meanwhile = await token(newcomer);
		expect(meanwhile.accessToken).not.toBe(refused.accessToken);
		expect((await replaced)?.accessToken).not.toBe(refused.accessToken);
		await expect(token(newcomer)).resolves.toMatchObject({ generation: 3 });
	});
});

// Red before: the owner was told that the service had refused too often, hour after hour.
it('copies of a log-in with ever new client secrets leave the accepted one its answer', async () => {
	const owner = await provedConnection();
	const served: boolean[] = [];
	for (let life = 0; life < 8; life += 1) {
		await letPass(owner, 601);
		for (let number = 0; number < 5; number += 1) {
			forgetMemory();
			const presenter = { ...owner.presenter, credentialId: `copy ${life} ${number}` };
			await token({ ...owner, clientSecret: `invented ${life} ${number}`, presenter }).catch(
				() => undefined,
			);
		}
		forgetMemory();
		served.push(
			await token(owner).then(
				() => true,
				() => false,
			),
		);
	}
	expect(served).not.toContain(false);
});
