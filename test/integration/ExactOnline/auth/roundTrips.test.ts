import { connect, passTime } from '../../../support/chain/chainFixture';
import { openChain } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';
import { startTcpProxy } from '../../../support/postgres/tcpProxy';

const bench = useChain('postgres');

/** What may go to the database and back for one refresh, from the call until the new token is there. */
const MOST_ROUND_TRIPS = 8;

it('a refresh on PostgreSQL takes at most eight round trips, the first one of a log-in too', async () => {
	const { simulator, store } = bench;
	if (store.location.engine !== 'postgres') throw new Error('no PostgreSQL');
	const url = new URL(store.location.url);
	const proxy = await startTcpProxy(url.hostname, Number(url.port));
	url.hostname = '127.0.0.1';
	url.port = String(proxy.port);
	const opened = await openChain({ ...store, location: { engine: 'postgres', url: url.href } });
	try {
		const authorization = connect(simulator);
		await opened.chain.getToken(authorization, 'normal');
		const counts: number[] = [];
		for (let refreshes = 0; refreshes < 4; refreshes += 1) {
			const { accessTokenLifeSeconds } = simulator.switches;
			await passTime(simulator, opened, authorization, accessTokenLifeSeconds + 1);
			const before = proxy.turns;
			await opened.chain.getToken(authorization, 'normal');
			counts.push(proxy.turns - before);
		}
		expect(simulator.counters).toMatchObject({ tooEarly: 0, oldTokenUses: 0 });
		// The second one also notes that the credential was proved, and the log of attempts is pruned beside it.
		for (const count of [counts[0], counts[3]]) {
			expect(count).toBeLessThanOrEqual(MOST_ROUND_TRIPS);
			// Whoever counts nothing would be below any limit.
			expect(count).toBeGreaterThan(2);
		}
	} finally {
		await opened.close();
		await proxy.close();
	}
});
