import { DOCUMENT, documentWith, ofDocument, runDocument as run } from './support/runDocument';

describe('the answer to a change', () => {
	it('says that the change was made where the answer cannot be read', async () => {
		await expect(run('unclip', [DOCUMENT, { body: '{"Items":[' }])).rejects.toMatchObject({
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
			message: expect.stringContaining('the change was made'),
		});
	});

	// Red before: only a page that begins with its first tags was no word that the change was made.
	it.each([
		['done', 'a text came in place'],
		['<script>location = "/login"</script>', 'a web page came in place'],
		['\uFEFF<!-- a --><title>Log in</title><p>Log in', 'a web page came in place.*: Log in'],
		['<meta http-equiv="refresh" content="0;url=/login">', 'a web page came in place'],
		[
			'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"></html>',
			'a web page came in place',
		],
	])('says that it is not known where %j comes', async (body, words) => {
		await expect(run('unclip', [DOCUMENT, { body }])).rejects.toMatchObject({
			code: 'DOCUWARE_WRITE_UNCONFIRMED',
			message: expect.stringMatching(words),
		});
	});

	const lock = async (body: string, type: string) => {
		const headers = { 'content-type': type };
		const linked = documentWith({ lock: '/DocuWare/Platform/Locks/18' });
		return await run('lock', [linked, { body, headers }], { ...ofDocument, lockMinutes: 90 });
	};

	// Red before: anything but a few words was no word of success, and none was one that is called a page.
	it.each([
		['OK', 'text/html'],
		['True', 'text/plain; charset=utf-8'],
		['5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a02', 'text/plain'],
		['{5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a02}', 'text/plain'],
		// Red before: one id in 190 has a word of failure in its digits.
		['5b1d0c6e-7bad-4b7f-9e0a-0d6a3c1f1a02', 'text/plain'],
		['{5BAD0C6E-7A83-4B7F-9E0A-0D6A3C1F1BAD}', 'text/plain'],
		['5bad0c6e7a834b7f9e0a0d6a3c1f1a02', 'text/plain'],
		['2026-11-27T10:00:00Z', 'text/plain'],
		['11/27/2026 10:00:00 AM', 'text/plain'],
		['27.11.2026 10:00', 'text/plain'],
		['Removed', 'text/plain'],
	])('takes %s as %s for a word of success', async (body, type) => {
		expect((await lock(body, type)).rows[0]?.json).toMatchObject({ locked: true });
	});

	// Red before: an error object without a status, as another server than DocuWare's own code makes it, was taken for success.
	it.each([
		['Blocked by policy 7', 'text/html'],
		['Removed', 'text/html'],
		['Blocked', 'text/plain'],
		['Forbidden.', 'text/plain'],
		['False', 'text/plain'],
		['bad5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a02-denied', 'text/plain'],
		['false', 'application/json'],
		['Please log in', 'text/plain'],
		['{"Message":"An error has occurred."}', 'application/json'],
		['{"Message":"x","ExceptionMessage":"y","ExceptionType":"z"}', 'application/json'],
		['{"Message":"x","StatusCode":"503","Other":1}', 'application/json'],
		['<?xml version="1.0"?><Error xmlns="http://x"><Message>Full.</Message></Error>', 'text/xml'],
	])('says that it is not known where %s comes as %s', async (body, type) => {
		await expect(lock(body, type)).rejects.toMatchObject({ code: 'DOCUWARE_WRITE_UNCONFIRMED' });
	});

	it('knows a failure with a long stack trace', async () => {
		const StackTrace = 'at x '.repeat(80_000);
		const failure = JSON.stringify({ StackTrace, Message: 'x', StatusCode: 500 });
		await expect(lock(failure, 'application/json')).rejects.toMatchObject({
			code: 'DOCUWARE_WRITE_UNCONFIRMED',
		});
	});

	it.each(['{"Message":"Locked.","StatusCode":200}', '{"Message":"Locked.","Id":18}'])(
		'takes %s for no failure',
		async (body) => {
			expect((await lock(body, 'application/json')).rows).toHaveLength(1);
		},
	);
});
