import { answerError } from '../../../../nodes/ExactOnline/wire/answerError';
import { readServiceError } from '../../../../nodes/ExactOnline/wire/serviceError';

const asked = { method: 'POST', endpoint: 'crm/Accounts', division: 42 };

function errorOf(status: number, body = '', headers: Record<string, string> = {}) {
	return answerError(status, headers, readServiceError(body, []), asked);
}

const odata = (value: string) =>
	JSON.stringify({ error: { code: '', message: { lang: '', value } } });

it.each([
	[409, '', 'EXACT_CONFLICT', 'Read the record again'],
	[413, '', 'EXACT_TOO_LARGE', '9.5 MB'],
	[403, '<html><body>Your IP address is blocked</body></html>', 'EXACT_FORBIDDEN', 'IP addresses'],
	[403, odata('Request denied: division scope'), 'EXACT_FORBIDDEN', 'Manage divisions'],
	[403, odata('Your licence expired.'), 'EXACT_FORBIDDEN', 'Renew the licence'],
	[403, odata('License Expired'), 'EXACT_FORBIDDEN', 'Renew the licence'],
	[403, odata('Forbidden'), 'EXACT_FORBIDDEN', 'rights'],
])('status %i with %j is %s and leads to the cure', (status, body, code, cure) => {
	expect(errorOf(status, body)).toMatchObject({ code, repair: expect.stringContaining(cure) });
});

// Red before: 9.5 MB counted before the encoding, which are 12.7 MB of what is sent.
it('a 413 says how large a body and a file may be', () => {
	expect(errorOf(413).repair).toBe(
		'Send less at once. A body of at most 9.5 MB is safe in every region, and a file of at most 7.1 MB, since it is sent in base64.',
	);
});

it('says where a redirect leads, without its query', () => {
	const { message } = errorOf(302, '', { location: 'https://login.example/x?code=secret' });
	expect(message).toContain('a redirect to https://login.example/x');
	expect(message).not.toContain('secret');
});

it.each([
	['<html><h1>Not Found</h1></html>', true, 'A web page says that '],
	[odata('Not found'), false, 'Exact Online has not found what was asked for: '],
])('a 404 with %s may pass: %s', (body, retryable, words) => {
	const error = errorOf(404, body);
	expect(error).toMatchObject({ code: 'EXACT_NOT_FOUND', retryable });
	expect(error.message.startsWith(words)).toBe(true);
});
