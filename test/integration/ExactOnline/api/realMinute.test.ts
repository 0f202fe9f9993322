import { ExactOnlineSimulator, FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { connect } from '../../../support/chain/chainFixture';
import { ChainProcess } from '../../../support/chain/chainProcess';
import { startChainStores } from '../../../support/chain/chainStore';

const MINUTE_MS = 60_000;

/** More than one minute takes, and less than two do. */
const CALLS_OF_EACH = 35;

// The one test that waits for a minute as long as Exact's; the others have shorter ones.
it('two workers stay within sixty calls of a real minute, and go on in the next one', async () => {
	const stores = await startChainStores('sqlite');
	const store = await stores.create();
	const simulator = await ExactOnlineSimulator.start();
	const workers = await Promise.all([ChainProcess.start(store), ChainProcess.start(store)]);
	try {
		expect(simulator.switches).toMatchObject({ minutelyLimit: 60, minuteSeconds: 60 });
		const authorization = connect(simulator);
		const paths = Array.from({ length: CALLS_OF_EACH }, () => 'crm/Accounts');
		const order = { authorization, credentialId: 'credential-a', division: FIRST_DIVISION, paths };
		const outcomes = await Promise.all(workers.map(async (one) => await one.request(order)));
		expect(outcomes.flat()).toEqual(Array.from({ length: 2 * CALLS_OF_EACH }, () => 'ok'));
		expect(simulator.counters.rateLimited).toBe(0);
		const minutes = new Map<number, number>();
		for (const { path, receivedAt } of simulator.log.entries) {
			if (!path.includes(`/${FIRST_DIVISION}/`)) continue;
			const minute = Math.floor(receivedAt / MINUTE_MS);
			minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
		}
		expect(minutes.size).toBeGreaterThan(1);
		expect(Math.max(...minutes.values())).toBeLessThanOrEqual(60);
	} finally {
		for (const worker of workers) await worker.end();
		await simulator.close();
		await store.close();
		await stores.close();
	}
}, 110_000);
