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
		const counts: number[] = [];
		// The log of attempts is pruned beside the refreshes of the first log-in.
		for (const app of [0, 1]) {
			const authorization = connect(simulator, undefined, { app });
			await opened.chain.getToken(authorization, 'normal');
			counts.length = 0;
			for (let refreshes = 0; refreshes < 3; refreshes += 1) {
				const { accessTokenLifeSeconds } = simulator.switches;
				await passTime(simulator, opened, authorization, accessTokenLifeSeconds + 1);
				const before = proxy.turns;
				await opened.chain.getToken(authorization, 'normal');
				counts.push(proxy.turns - before);
			}
		}
		expect(simulator.counters).toMatchObject({ tooEarly: 0, oldTokenUses: 0 });
		expect(counts).toHaveLength(3);
		// The first one also proves the log-in; the second one notes, once, that its credential has used it.
		for (const count of counts) {
			expect(count).toBeLessThanOrEqual(MOST_ROUND_TRIPS);
			// Whoever counts nothing would be below any limit.
			expect(count).toBeGreaterThan(2);
		}
	} finally {
		await opened.close();
		await proxy.close();
	}
});
