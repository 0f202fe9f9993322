import { chainMemory } from '../../../../nodes/shared/tokenChain/memory';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import {
	connect,
	CREDENTIAL_A,
	failureOf,
	forgetMemory,
	HOOK,
	passTime,
	presentedBy,
} from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';
import { awayFromMidnight } from '../../../support/awayFromMidnight';

const bench = useChain();
let first: OpenedChain;
/** The vault as another process of the same n8n has it. */
let second: OpenedChain;

beforeEach(async () => {
	first = await bench.open();
	second = await bench.open();
});

async function token(of: OpenedChain, authorization: ReturnType<typeof connect>) {
	return await of.chain.getToken(authorization, 'normal');
}

/** The service accepts what `newcomer` has brought, by a refresh of its own. */
async function proved(owner: ReturnType<typeof connect>, newcomer: ReturnType<typeof connect>) {
	await passTime(bench.simulator, first, owner, 601);
	await token(first, newcomer);
}

describe('the duplicate guard', () => {
	const CREDENTIAL_B = {
		...CREDENTIAL_A,
		credentialId: 'credential-b',
		credentialName: 'Exact Online B',
	};

	it('refuses a second credential, names the first, and lets the first go on working', async () => {
		await awayFromMidnight();
		bench.simulator.configure({ replacedLogInAnswer: 'oldToken' });
		const a = connect(bench.simulator);
		await token(first, a);
		const b = connect(bench.simulator, CREDENTIAL_B);
		const error = await failureOf(token(second, b));
		expect(error).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
		// What happened in plain words; ids and addresses after what to do, and the day on which the kept pair lapses.
		expect(error.message).toBe(
			'Exact Online allows one connection per app and user, and the credential "Exact Online A" has this one.',
		);
		expect(error.repair).toContain('Take Over');
		const identifier = `${a.clientId}#${bench.simulator.world.users[0]!.userId}`;
		expect(error.repair).toContain(`The connection is ${identifier} at `);
		expect(error.repair).toContain("the credential's id credential-a.");
		const lapses = new Date(Date.now() + 30 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
		expect(error.repair).toContain(`lapse on ${lapses}`);
		forgetMemory();
		await expect(token(first, a)).resolves.toMatchObject({ accessToken: a.pair.accessToken });
		await passTime(bench.simulator, first, a, 601);
		// The own pair first, which that log-in has killed; then the pair that it brought.
		await expect(token(first, a)).resolves.toMatchObject({ generation: 2 });
		expect(bench.simulator.counters).toMatchObject({ oldTokenUses: 1, tokenPosts: 2 });
	});

	it('does not name the owner to another n8n instance', async () => {
		await token(first, connect(bench.simulator));
		const elsewhere = connect(bench.simulator, { ...CREDENTIAL_A, instanceId: 'instance-2' });
		const error = await failureOf(token(second, elsewhere));
		expect(error.message).toContain('another n8n instance');
		expect(error.message + error.repair).not.toMatch(/Exact Online A|credential-a/);
	});

	it('serves both when the second says Share', async () => {
		const a = connect(bench.simulator);
		await token(first, a);
		const b = connect(bench.simulator, { ...CREDENTIAL_B, duplicatePolicy: 'share' });
		await expect(token(second, b)).resolves.toMatchObject({ accessToken: b.pair.accessToken });
		await passTime(bench.simulator, first, a, 601);
		await expect(token(second, b)).resolves.toMatchObject({ generation: 2 });
		forgetMemory();
		await expect(token(first, a)).resolves.toMatchObject({ generation: 2 });
		await expect(token(second, b)).resolves.toMatchObject({ generation: 2 });
		// That of the first was never accepted: what it is worth was asked once.
		expect(bench.simulator.counters).toMatchObject({ tokenPosts: 2, oldTokenUses: 1 });
	});

	it('takes over once: the first is refused from then on, and both saying it do not take turns', async () => {
		const a = connect(bench.simulator);
		await token(first, a);
		await proved(a, a);
		const b = connect(bench.simulator, { ...CREDENTIAL_B, duplicatePolicy: 'takeOver' });
		await token(second, b);
		forgetMemory();
		await token(first, a);
		await proved(a, b);
		forgetMemory();
		expect(await failureOf(token(first, a))).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
		const aTakesBack = presentedBy(a, { duplicatePolicy: 'takeOver' });
		await token(first, aTakesBack);
		forgetMemory();
		await failureOf(token(second, b));
		await token(first, aTakesBack);
		const { attempts } = await first.chain.status(aTakesBack, 100);
		const takeOvers = attempts.filter(({ kind }) => kind === 'takeOver');
		expect(takeOvers.map(({ outcome }) => outcome)).toEqual(['noted', 'noted']);
	});

	it.each([
		['a credential that is known', CREDENTIAL_A],
		['another such one', HOOK],
	])(
		'a take-over by one that only the hook presents, from %s, is an event too',
		async (_, from) => {
			const a = connect(bench.simulator, from);
			await token(first, a);
			await proved(a, a);
			const b = connect(bench.simulator, { ...HOOK, duplicatePolicy: 'takeOver' });
			await token(second, b);
			const takeOvers = async () => {
				const { attempts } = await first.chain.status(b, 100);
				return attempts.filter(({ kind }) => kind === 'takeOver').map(({ outcome }) => outcome);
			};
			expect(await takeOvers()).toEqual([]);
			await proved(a, b);
			forgetMemory();
			expect(await failureOf(token(first, a))).toMatchObject({
				code: 'EXACT_DUPLICATE_IDENTIFIER',
			});
			await token(second, b);
			expect(await takeOvers()).toEqual(['noted']);
		},
	);

	it('the first registration is no take-over, whatever the credential says', async () => {
		const a = connect(bench.simulator, { ...HOOK, duplicatePolicy: 'takeOver' });
		await token(first, a);
		await proved(a, a);
		const { attempts } = await first.chain.status(a, 100);
		expect(attempts.map(({ kind }) => kind)).toEqual(['refresh']);
	});

	it('refuses the former owner at once, although its token was in memory', async () => {
		const a = connect(bench.simulator);
		await token(first, a);
		const b = connect(bench.simulator, { ...CREDENTIAL_B, duplicatePolicy: 'takeOver' });
		await token(first, b);
		await token(first, a);
		await proved(a, b);
		expect(await failureOf(token(first, a))).toMatchObject({ code: 'EXACT_DUPLICATE_IDENTIFIER' });
	});

	it('welcomes a copied credential and a reconnect of the owner', async () => {
		const a = connect(bench.simulator);
		await token(first, a);
		forgetMemory();
		await token(first, presentedBy(a, { credentialId: 'copy', credentialName: 'Copy' }));
		const reconnected = connect(bench.simulator);
		const { accessToken } = reconnected.pair;
		await expect(token(first, reconnected)).resolves.toMatchObject({ accessToken });
	});

	it('lets two users of one credential have a chain each', async () => {
		await token(first, connect(bench.simulator, CREDENTIAL_A, { user: 0 }));
		await token(first, connect(bench.simulator, CREDENTIAL_A, { user: 1 }));
		expect(Object.keys(bench.simulator.chains())).toHaveLength(2);
	});

	it('keeps a release that is made while a refresh is under way', async () => {
		const a = connect(bench.simulator);
		await token(first, a);
		await proved(a, a);
		const b = connect(bench.simulator, CREDENTIAL_B);
		await failureOf(token(first, b));
		await passTime(bench.simulator, first, a, 601);
		const hold = bench.simulator.hold('tokenProcessed');
		const refreshing = token(first, a);
		const held = await hold.waiting();
		await second.chain.release(a);
		held.release();
		await refreshing;
		forgetMemory();
		await expect(token(second, b)).resolves.toMatchObject({ generation: 3 });
		const { view } = await second.chain.status(b, 0);
		expect(view.record.owner?.credentialId).toBe('credential-b');
	});

	it('asks again the moment the overlap ends, also for an authorization it has just agreed to', async () => {
		const a = connect(bench.simulator);
		await token(first, a);
		await proved(a, a);
		const b = connect(bench.simulator, HOOK);
		await token(first, b);
		await proved(a, b);
		await first.vault.write(() =>
			query(`UPDATE ${TABLES.authorization} SET first_seen_at = first_seen_at - 45000`),
		);
		forgetMemory();
		await token(first, presentedBy(a, HOOK));
		const [known] = [...chainMemory().authorizations.values()];
		expect(known!.checkUntil - performance.now()).toBeLessThanOrEqual(15_001);
	});

	it('through the hook: serves both until the later is proved, and refuses it then if the earlier is still used', async () => {
		const a = connect(bench.simulator);
		await token(first, a);
		const b = connect(bench.simulator, HOOK);
		await token(first, b);
		await first.vault.write(() =>
			query(`UPDATE ${TABLES.authorization} SET first_seen_at = first_seen_at - 61000`),
		);
		forgetMemory();
		await token(first, presentedBy(a, HOOK));
		forgetMemory();
		await expect(token(first, b)).resolves.toMatchObject({ accessToken: b.pair.accessToken });
		await proved(a, b);
		forgetMemory();
		await token(first, presentedBy(a, HOOK));
		forgetMemory();
		expect(await failureOf(token(first, b))).toMatchObject({
			code: 'EXACT_DUPLICATE_IDENTIFIER',
		});
		// Node code that knows the owner's id clears the mark: it was a reconnect.
		await token(first, presentedBy(b, CREDENTIAL_A));
		await token(first, b);
	});
});
