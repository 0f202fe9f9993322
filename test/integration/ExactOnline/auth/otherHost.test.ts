import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { connect, failureOf, forgetMemory, passTime } from '../../../support/chain/chainFixture';
import { useChain } from '../../../support/chain/useChain';

const bench = useChain();

// Red under a planted mutation: the fingerprint of an authorization without its host.
it('no token of a record goes to another host than the one it was registered with', async () => {
	const received: string[] = [];
	const stranger = createServer((request, response) => {
		let body = '';
		request.setEncoding('utf8').on('data', (part: string) => (body += part));
		request.on('end', () => {
			received.push(`${request.url} ${request.rawHeaders.join(' ')} ${body}`);
			response.writeHead(401).end();
		});
	});
	await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
	try {
		const { chain, vault } = await bench.open();
		const authorization = connect(bench.simulator);
		await chain.getToken(authorization, 'normal');
		await passTime(bench.simulator, { vault }, authorization, 601);
		const { accessToken } = await chain.getToken(authorization, 'normal');
		const userId = bench.simulator.world.users[0]!.userId;
		const live = bench.simulator.liveRefreshToken(authorization.clientId, userId)!;
		expect(live).not.toBe(authorization.pair.refreshToken);

		const { port } = stranger.address() as AddressInfo;
		const moved = { ...authorization, host: `http://127.0.0.1:${port}` };
		await failureOf(chain.getToken(moved, 'normal'));
		await failureOf(chain.refreshNow(moved));

		expect(received.length).toBeGreaterThan(0);
		expect(received.join('\n')).not.toContain(accessToken);
		expect(received.join('\n')).not.toContain(live);
		expect((await chain.getToken(authorization, 'normal')).accessToken).toBe(accessToken);
	} finally {
		stranger.closeAllConnections();
		await new Promise<void>((resolve) => stranger.close(() => resolve()));
	}
});

it.each([
	['in capitals', (id: string) => id.toUpperCase()],
	['in braces', (id: string) => `{${id}}`],
])(
	'a client id written %s is no new log-in: what Connect brought is not spent once more',
	async (_how, written) => {
		const { chain, vault } = await bench.open();
		const authorization = connect(bench.simulator);
		await chain.getToken(authorization, 'normal');
		await passTime(bench.simulator, { vault }, authorization, 601);
		const { accessToken } = await chain.getToken(authorization, 'normal');
		forgetMemory();
		const otherwise = { ...authorization, clientId: written(authorization.clientId) };
		await expect(chain.getToken(otherwise, 'normal')).resolves.toMatchObject({ accessToken });
		expect(bench.simulator.counters).toMatchObject({ tokenPosts: 1, oldTokenUses: 0 });
	},
);
