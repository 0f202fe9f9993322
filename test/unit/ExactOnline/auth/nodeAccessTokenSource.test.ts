import { NodeAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { ConnectorError } from '../../../../nodes/shared/errors';
import type { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';

function authorization(refreshToken: string): Authorization {
	return {
		host: 'https://start.exactonline.nl',
		clientId: 'app',
		clientSecret: 'secret',
		pair: { accessToken: `access-${refreshToken}`, refreshToken, lifeMs: 600_000 },
		issuedAt: null,
		ignoreSslIssues: false,
		presenter: {
			credentialId: 'c',
			credentialName: 'C',
			instanceId: 'i',
			duplicatePolicy: 'refuse',
		},
	};
}

/** A chain that serves one authorization and calls every other one lost. */
function chainServing(refreshToken: string) {
	const getToken = jest.fn(async (presented: Authorization) => {
		if (presented.pair.refreshToken !== refreshToken) {
			throw new ConnectorError('EXACT_OLD_REFRESH_TOKEN', 'old', { repair: 'Connect' });
		}
		const { accessToken } = presented.pair;
		return await Promise.resolve({
			accessToken,
			generation: 2,
			recordId: 'r',
			validUntil: Infinity,
		});
	});
	const replaceRefused = jest.fn(async () => await Promise.resolve(undefined));
	return { getToken, replaceRefused };
}

function source(chain: ReturnType<typeof chainServing>, stored: () => Authorization) {
	const read = jest.fn(async () => await Promise.resolve(stored()));
	const built = new NodeAccessTokenSource(
		chain as unknown as TokenChain,
		authorization('first'),
		read,
	);
	return { built, read };
}

afterEach(() => jest.restoreAllMocks());

it('looks for a reconnect when the chain is lost, and goes on with it', async () => {
	const chain = chainServing('second');
	const { built } = source(chain, () => authorization('second'));
	await expect(built.getAccessToken('normal')).resolves.toMatchObject({
		accessToken: 'access-second',
	});
	expect(built.authorization.pair.refreshToken).toBe('second');
});

it('reports the lost chain where nobody has connected anew', async () => {
	const chain = chainServing('another');
	const { built, read } = source(chain, () => authorization('first'));
	await expect(built.getAccessToken('normal')).rejects.toMatchObject({
		code: 'EXACT_OLD_REFRESH_TOKEN',
	});
	expect(read.mock.calls.length).toBeGreaterThan(1);
	expect(chain.getToken).toHaveBeenCalledTimes(1);
});

it('looks for a reconnect when a young token is refused', async () => {
	const chain = chainServing('second');
	const refused = { accessToken: 'access-first', generation: 1, validUntil: Infinity };
	const { built } = source(chain, () => authorization('second'));
	await expect(built.replaceRefusedToken(refused, 'normal')).resolves.toMatchObject({
		accessToken: 'access-second',
	});
	const unchanged = source(chainServing('first'), () => authorization('first'));
	await expect(unchanged.built.replaceRefusedToken(refused, 'normal')).resolves.toBeUndefined();
});

it('presents what the credential holds now, also in an item that runs for minutes', async () => {
	const chain = chainServing('first');
	const { built, read } = source(chain, () => authorization('first'));
	const now = performance.now();
	await built.getAccessToken('normal');
	expect(read).not.toHaveBeenCalled();
	jest.spyOn(performance, 'now').mockReturnValue(now + 21_000);
	await built.getAccessToken('normal');
	expect(read).toHaveBeenCalledTimes(1);
});
