import { connect, expiredConnect, passTimeInVault } from '../../../support/chain/chainFixture';
import { useChain } from '../../../support/chain/useChain';

// The store's clock is neither that of the worker nor that of the n8n that has noted the log-in.
const bench = useChain('postgres');

const ME = { credentialId: 'credential-a', paths: ['current/Me'] };

it.each([-12, -5, 5, 12])(
	'on a worker whose clock is %i minutes wrong a new log-in goes on over the end of its token',
	async (minutes) => {
		const worker = await bench.start({ clockShiftMs: minutes * 60_000 });
		const { simulator } = bench;
		// First used after its token has ended.
		const ended = expiredConnect(simulator);
		await expect(worker.request({ ...ME, authorization: ended })).resolves.toEqual(['ok']);
		expect(simulator.counters).toMatchObject({ tokenPosts: 1, tooEarly: 0 });
		// Another one, used while its token lives, and again when that has ended.
		const [, user] = simulator.world.users;
		const young = connect(simulator, { ...ended.presenter, credentialId: 'young' }, { user: 1 });
		simulator.ageChain(young.clientId, user!.userId, 400);
		const order = { ...ME, authorization: { ...young, issuedAt: Date.now() - 400_000 } };
		await expect(worker.request(order)).resolves.toEqual(['ok']);
		simulator.ageChain(young.clientId, user!.userId, 250);
		const { vault } = await bench.open();
		await passTimeInVault(vault, 250);
		await worker.passTime(250);
		await expect(worker.request(order)).resolves.toEqual(['ok']);
		expect(simulator.counters.refreshesGranted).toBe(2);
		// By a clock that is ahead a young token looks old: that is found out once.
		expect(simulator.counters.tooEarly).toBe(minutes > 0 ? 1 : 0);
		expect(simulator.counters.oldTokenUses).toBe(0);
	},
);
