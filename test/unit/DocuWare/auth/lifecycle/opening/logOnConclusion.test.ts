import { endWithoutSession } from '../../../../../../nodes/DocuWare/auth/lifecycle/opening/logOnConclusion';
import type { OpeningMeans } from '../../../../../../nodes/DocuWare/auth/lifecycle/opening/openingMeans';

const PASSWORD: OpeningMeans = { kind: 'password' };

const STORED: OpeningMeans = {
	kind: 'storedToken',
	token: { value: 'secret', usage: 'Multi', expiresAt: null, spent: false },
};

const refused = <Cause extends string>(cause: Cause, detail: string) =>
	({ kind: 'refused', cause, detail }) as const;

describe('what the log says of a log-on without a session', () => {
	it.each([
		[refused('logInData', 'wrong'), PASSWORD, 'configuration', 'wrong'],
		[refused('noReason', ''), PASSWORD, 'configuration', 'HTTP 401'],
		[refused('noReason', ''), STORED, 'lost', 'the login token was refused'],
		[{ ...refused('noReason', 'a proxy'), isVague: true }, STORED, 'configuration', 'a proxy'],
		[{ kind: 'noToken', detail: 'Sign in' }, STORED, 'unknown', 'HTTP 200 without a token'],
		[refused('other', 'The user is locked'), STORED, 'configuration', 'The user is locked'],
		[{ kind: 'noLicence', detail: 'full' }, PASSWORD, 'refused', 'no free licence'],
		[{ kind: 'gone', detail: '' }, PASSWORD, 'refused', 'HTTP 410'],
		[{ kind: 'throttled', retryAfterMs: 1, detail: '' }, STORED, 'refused', 'HTTP 429'],
		[
			{ kind: 'client', cause: 'logInData', detail: 'invalid_client' },
			PASSWORD,
			'configuration',
			'invalid_client',
		],
		[{ kind: 'noCookies', detail: '' }, PASSWORD, 'unknown', 'HTTP 200 without session cookies'],
		[{ kind: 'failed', status: 404, detail: '' }, PASSWORD, 'refused', 'HTTP 404'],
		[{ kind: 'failed', status: 403, detail: '' }, PASSWORD, 'unknown', 'HTTP 403'],
		[{ kind: 'failed', status: 503, detail: '' }, STORED, 'unknown', 'HTTP 503'],
	] as const)('after %j', (answer, means, outcome, detail) => {
		expect(endWithoutSession(answer, means)).toEqual({ outcome, detail });
	});
});
