import {
	docuWareChainPolicy,
	docuWareTokenChain,
} from '../../../nodes/DocuWare/auth/tokenChain/chainPolicy';
import { ConnectorError } from '../../../nodes/shared/errors';
import { TokenChain } from '../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization, Presenter } from '../../../nodes/shared/tokenChain/types';
import { query } from '../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import type { DocuWareSimulator } from '../../simulators/DocuWare';
import { connect } from './support/connect';
import { useDocuWare } from './support/useDocuWare';

const CONNECTABLE = { version: '7.12', autoConsent: 'api' } as const;
const OWN: Presenter = {
	credentialId: 'own',
	credentialName: null,
	instanceId: 'i',
	duplicatePolicy: 'share',
};
const STRANGER: Presenter = { ...OWN, credentialId: 'stranger' };
const MINUTE = 60_000;

const bench = useDocuWare();

/** A log-in of a user, as a credential holds it. */
async function logIn(
	simulator: DocuWareSimulator,
	presenter: Presenter,
	user = 'api',
): Promise<Authorization> {
	simulator.configure({ autoConsent: user });
	const { credential } = await connect(simulator);
	const data = credential.oauthTokenData as Record<string, string>;
	return {
		host: simulator.identityUrl.replace(/\/$/, ''),
		clientId: String(credential.clientId),
		clientSecret: String(credential.clientSecret),
		pair: {
			accessToken: data.access_token!,
			refreshToken: data.refresh_token!,
			lifeMs: 60 * MINUTE,
		},
		issuedAt: Date.now(),
		ignoreSslIssues: false,
		allowHttp: true,
		presenter,
	};
}

/** Time passes for every pair, in the vault; and this process is started anew. */
async function pass(minutes: number): Promise<void> {
	const vault = await openVault();
	const by = minutes * MINUTE;
	await vault.write(function* () {
		yield* query(
			`UPDATE ${TABLES.record} SET requested_at = requested_at - $1,
			received_at = received_at - $1`,
			[by],
		);
		yield* query(
			`UPDATE ${TABLES.rival} SET claimed_at = claimed_at - $1, added_at = added_at - $1,
			tried_at = tried_at - $1`,
			[by],
		);
		yield* query(
			`UPDATE ${TABLES.attempt} SET started_at = started_at - $1,
			finished_at = finished_at - $1`,
			[by],
		);
	});
	await bench.restart();
}

async function token(authorization: Authorization): Promise<string> {
	const chain = await docuWareTokenChain();
	return (await chain.getToken(authorization, 'normal')).accessToken;
}

async function refreshNow(authorization: Authorization): Promise<string> {
	const chain = await docuWareTokenChain();
	return (await chain.refreshNow(authorization)).accessToken;
}

/** The user of a token, by the service. */
async function userOf(authorization: Authorization, accessToken: string): Promise<unknown> {
	const named = await docuWareChainPolicy.whoAmI(authorization, accessToken);
	return named === 'unauthorized' ? named : named.userName;
}

/** The chains of an Identity Service whose userinfo does not answer. */
async function silentChain(): Promise<TokenChain> {
	const silent = {
		...docuWareChainPolicy,
		whoAmI: async () => {
			throw new ConnectorError('DOCUWARE_IDENTITY_UNAVAILABLE', 'down', { repair: '' });
		},
	};
	return new TokenChain(await openVault(), silent, { ownerAlways: true, ownerFromHook: true });
}

describe('a stranger who was first with a leaked access token', () => {
	it('and an invented refresh token: does not hold up the user whose own log-in was accepted', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const { pair, ...rest } = await logIn(simulator, STRANGER);
		await token({ ...rest, pair: { ...pair, refreshToken: 'invented' } });
		await pass(20);
		const own = await logIn(simulator, OWN);
		await token(own);
		await refreshNow(own);
		await pass(41);
		await expect(userOf(own, await token(own))).resolves.toBe('api');
	});

	it('beside a live refresh token of his own: never gives the user his token, whatever userinfo says', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const leaked = await logIn(simulator, STRANGER);
		const his = await logIn(simulator, STRANGER, 'peggy.jenkins');
		const { accessToken } = leaked.pair;
		await token({ ...his, pair: { ...his.pair, accessToken } });
		const own = await logIn(simulator, OWN);
		await token(own);
		await refreshNow(own);
		await pass(61);
		const got = await (await silentChain()).getToken(own, 'normal');
		await expect(userOf(own, got.accessToken)).resolves.toBe('api');
	});

	it('with the app’s other client secret: does not have the user’s refresh token spent for him', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		simulator.world.apps[0]!.clientSecrets.push('the second secret');
		const { pair, ...rest } = await logIn(simulator, STRANGER);
		const stranger = { ...rest, pair: { ...pair, refreshToken: 'invented' } };
		await token(stranger);
		const own = await logIn(simulator, OWN);
		await token(own);
		await refreshNow(own);
		await pass(61);
		const other = { ...stranger, clientSecret: 'the second secret' };
		const { rotated } = simulator.counters.refreshTokens;
		const got = await token(other).catch(() => undefined);
		expect(simulator.counters.refreshTokens.rotated).toBe(rotated);
		expect(got).toBeUndefined();
	});

	it('beside a live refresh token of his own, with the app’s other secret: nothing is spent for him', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		simulator.world.apps[0]!.clientSecrets.push('the second secret');
		const leaked = await logIn(simulator, STRANGER);
		const his = await logIn(simulator, STRANGER, 'peggy.jenkins');
		const { accessToken } = leaked.pair;
		const mixed = { ...his, pair: { ...his.pair, accessToken } };
		await token(mixed);
		await pass(61);
		await (await silentChain()).getToken(mixed, 'normal');
		const own = await logIn(simulator, OWN);
		await token(own);
		await pass(61);
		const got = await token({ ...mixed, clientSecret: 'the second secret' }).catch(() => undefined);
		expect(got === undefined ? undefined : await userOf(own, got)).not.toBe('api');
	});

	it('with the same client secret: gets nothing either', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const { pair, ...rest } = await logIn(simulator, STRANGER);
		const stranger = { ...rest, pair: { ...pair, refreshToken: 'invented' } };
		await token(stranger);
		const own = await logIn(simulator, OWN);
		await token(own);
		await refreshNow(own);
		await pass(61);
		const got = await token(stranger).catch(() => undefined);
		expect(got).toBeUndefined();
		await expect(userOf(own, await token(own))).resolves.toBe('api');
	});
});

describe('Connect pressed again in one credential', () => {
	it.each([
		['before the first log-in was ever refreshed', false],
		['after the first log-in was proved', true],
	])('goes on without a pause, refresh after refresh: %s', async (_name, isProved) => {
		const simulator = await bench.simulator(CONNECTABLE);
		const first = await logIn(simulator, OWN);
		await token(first);
		if (isProved) {
			await pass(61);
			await token(first);
		}
		const again = await logIn(simulator, OWN);
		await token(again);
		for (let n = 0; n < 4; n += 1) {
			await pass(61);
			await expect(userOf(again, await token(again))).resolves.toBe('api');
			await bench.restart();
			await expect(userOf(again, await token(again))).resolves.toBe('api');
		}
		expect(simulator.counters.refreshTokens.rotated).toBeLessThanOrEqual(6);
	});
});

describe('two credentials of one user, each connected by itself', () => {
	const OTHER: Presenter = { ...OWN, credentialId: 'other' };
	it.each([
		['in turns', [0, 1]],
		['the second one alone after its start', [1]],
		['the first one alone after the start of the second', [0]],
	])('both go on: %s', async (_name, order) => {
		const simulator = await bench.simulator(CONNECTABLE);
		const one = await logIn(simulator, OWN);
		await token(one);
		await pass(10);
		const other = await logIn(simulator, OTHER);
		await token(other);
		await refreshNow(other);
		for (let n = 0; n < 12; n += 1) {
			await pass(25);
			const user = [one, other][order[n % order.length]!]!;
			await expect(userOf(user, await token(user))).resolves.toBe('api');
		}
		for (const user of [one, other]) {
			await expect(userOf(user, await token(user))).resolves.toBe('api');
		}
	});
});

it('three credentials of one user, connected one after the other, all go on', async () => {
	const simulator = await bench.simulator(CONNECTABLE);
	const all: Authorization[] = [];
	for (const credentialId of ['one', 'two', 'three']) {
		all.push(await logIn(simulator, { ...OWN, credentialId }));
		await token(all.at(-1)!);
		await pass(3);
	}
	const failed: string[] = [];
	for (let n = 1; n <= 12; n += 1) {
		await pass(15);
		for (const [index, one] of all.entries()) {
			await token(one).catch(() => failed.push(`${n * 15} min: ${index}`));
		}
	}
	expect(failed).toEqual([]);
});
