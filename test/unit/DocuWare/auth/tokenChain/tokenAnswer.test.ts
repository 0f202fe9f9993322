import { readTokenAnswer } from '../../../../../nodes/DocuWare/auth/tokenChain/tokenAnswer';

const NO_LICENCE = 'None of the registered licenses are available for client [api]';

describe('readTokenAnswer', () => {
	const read = (status: number, body: unknown) =>
		readTokenAnswer(
			{ status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) },
			'spent',
			['spent'],
		);

	it('takes the rotated token, or leaves the old one in force', () => {
		expect(read(200, { access_token: 'a', refresh_token: 'n', expires_in: '60' })).toMatchObject({
			kind: 'granted',
			pair: { accessToken: 'a', refreshToken: 'n', lifeMs: 60_000 },
		});
		for (const none of [
			{},
			{ refresh_token: '' },
			{ refresh_token: ' ' },
			{ refresh_token: null },
		]) {
			const answer = read(200, { access_token: 'a', ...none });
			expect(answer).toMatchObject({ kind: 'granted', pair: { refreshToken: 'spent' } });
		}
	});

	it.each([201, 299])('takes it with every status of success (%i)', (status) => {
		expect(read(status, { access_token: 'a', refresh_token: 'n' })).toMatchObject({
			kind: 'granted',
			pair: { refreshToken: 'n' },
		});
	});

	it.each([
		[302, { access_token: 'a', refresh_token: 'n' }, 'unknown'],
		[400, { error: 'invalid_grant' }, 'lost'],
		// A licence says nothing of the token, and must not end the connection.
		[400, { error: 'invalid_grant', error_description: 'license_expired' }, 'unknown'],
		[400, { error: 'invalid_grant', error_description: NO_LICENCE }, 'unknown'],
		[400, { error: 'invalid_client' }, 'configuration'],
		[429, '', 'refused'],
		[400, { error: 'invalid_request' }, 'refused'],
		[403, '<html>Blocked by policy</html>', 'unknown'],
		[400, 'Bad Request', 'unknown'],
		[400, { error: 'something_new' }, 'unknown'],
		[500, { error: 'invalid_grant' }, 'unknown'],
		[200, { access_token: ' ', refresh_token: 'n' }, 'unknown'],
		[200, '<html>', 'unknown'],
		[503, '', 'unknown'],
		[400, '', 'unknown'],
	])('tells %s %j', (status, body, kind) => {
		expect(read(status, body).kind).toBe(kind);
	});

	it.each([
		['Bad Request', true],
		[{ error: 'something_new' }, true],
		['<html>Bad Request</html>', false],
	])('says whether the service may have meant the token: %j', (body, mayMeanToken) => {
		expect(read(400, body)).toMatchObject({ kind: 'unknown', mayMeanToken });
	});
});
