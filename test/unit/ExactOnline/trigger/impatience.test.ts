import { setTimeout as delay } from 'node:timers/promises';
import { pauseBeforeAsking } from '../../../../nodes/ExactOnline/auth/identityPauses';
import type {
	AccessToken,
	AccessTokenSource,
} from '../../../../nodes/ExactOnline/auth/accessTokenSource';
import { impatientClock, impatientSource } from '../../../../nodes/ExactOnline/trigger/impatience';
import { ConnectorError } from '../../../../nodes/shared/errors';
import { processState } from '../../../../nodes/shared/process/processState';
import { deferred, type Deferred } from '../../../support/deferred';

const ends: Deferred[] = [];

jest.mock('node:timers/promises', () => ({
	setTimeout: jest.fn(async () => {
		const end = deferred();
		ends.push(end);
		await end.promise;
	}),
}));

const CLIENT = {
	...{ host: 'https://start.exactonline.nl', clientId: 'app', clientSecret: '' },
	ignoreSslIssues: false,
};

const told = (httpStatus: number) =>
	new ConnectorError('EXACT_IDENTITY_UNAVAILABLE', 'It did not say.', { repair: '', httpStatus });

/** Pauses of the question whose a log-in is, and a poll that asks for a token meanwhile. */
function begin(userId?: string) {
	const brought = deferred();
	const token = { accessToken: 'token' } as AccessToken;
	const source: AccessTokenSource = {
		...{ baseUrl: CLIENT.host, ignoreSslIssues: false, clientId: CLIENT.clientId, userId },
		getAccessToken: async () => {
			await brought.promise;
			return token;
		},
		replaceRefusedToken: async () => await Promise.resolve(undefined),
	};
	const asked = impatientSource(source, impatientClock()).getAccessToken('normal');
	return { asked, brought, token };
}

afterEach(() => {
	for (const end of ends.splice(0)) end.resolve();
	jest.mocked(delay).mockClear();
});

it.each([
	['for a limit, however short', 1, 429, 'EXACT_RATE_LIMIT_MINUTE'],
	['long for anything else', 9_000, 503, 'EXACT_IDENTITY_UNAVAILABLE'],
])('a poll does not wait %s', async (_what, ms, status, code) => {
	const { asked } = begin();
	const pausing = pauseBeforeAsking(CLIENT, { ms, error: told(status) });
	await expect(asked).rejects.toMatchObject({ code });
	await expect(begin().asked).rejects.toMatchObject({ code });
	expect(delay).toHaveBeenCalledTimes(1);
	ends[0]?.resolve();
	await pausing;
	expect(processState('exactIdentityPauses1', () => new Map()).size).toBe(0);
});

it.each([
	['a short pause', 4_000, 503, undefined],
	['a pause of another log-in', 9_000, 429, 'known'],
])('a poll waits through %s', async (_what, ms, status, userId) => {
	const { asked, brought, token } = begin(userId);
	const pausing = pauseBeforeAsking(CLIENT, { ms, error: told(status) });
	brought.resolve();
	expect(await asked).toBe(token);
	ends[0]?.resolve();
	await pausing;
	expect(processState('exactIdentityPauses1', () => new Map()).size).toBe(0);
});
