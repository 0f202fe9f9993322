import { answerError } from '../../../../nodes/DocuWare/platform/answerError';
import { unreadableAnswer } from '../../../../nodes/DocuWare/platform/strangeAnswers';

const read = { method: 'GET', path: 'FileCabinets/a' };
const write = { method: 'POST', path: 'FileCabinets/a/Documents' };

describe('answerError', () => {
	it.each([
		[400, 'DOCUWARE_BAD_REQUEST'],
		[401, 'DOCUWARE_UNAUTHORIZED'],
		[403, 'DOCUWARE_FORBIDDEN'],
		[404, 'DOCUWARE_NOT_FOUND'],
		[405, 'DOCUWARE_BAD_REQUEST'],
		[406, 'DOCUWARE_BAD_REQUEST'],
		[409, 'DOCUWARE_LOCKED'],
		[410, 'DOCUWARE_GONE'],
		[413, 'DOCUWARE_TOO_LARGE'],
		[415, 'DOCUWARE_BAD_REQUEST'],
		[422, 'DOCUWARE_VALIDATION'],
		[423, 'DOCUWARE_LOCKED'],
		[429, 'DOCUWARE_THROTTLED'],
		[302, 'DOCUWARE_UNEXPECTED_ANSWER'],
		[418, 'DOCUWARE_UNEXPECTED_ANSWER'],
		[408, 'DOCUWARE_SERVER_ERROR'],
		[500, 'DOCUWARE_SERVER_ERROR'],
		[503, 'DOCUWARE_SERVER_ERROR'],
	])('gives status %i the code %s', (status, code) => {
		const error = answerError(status, '', read);
		expect(error).toMatchObject({ code, httpStatus: status, serviceMessage: undefined });
		expect(error.repair).not.toBe('');
	});

	it("shows the server's own message", () => {
		const body = JSON.stringify({ Message: "'x' is not valid cabinet id", StatusCode: 422 });
		expect(answerError(422, body, read)).toMatchObject({
			message:
				"DocuWare refused a value of the request for reading the file cabinet: 'x' is not valid cabinet id (GET FileCabinets/a)",
			serviceMessage: "'x' is not valid cabinet id",
		});
	});

	it.each([
		['GET', 'FileCabinets', 'The list of file cabinets was not found (GET FileCabinets).'],
		[
			'GET',
			'FileCabinets/a/Documents/5',
			'Document 5 was not found (GET FileCabinets/a/Documents/5).',
		],
		[
			'PUT',
			'FileCabinets/a/Documents/5/Fields',
			'Document 5 was not found (PUT FileCabinets/a/Documents/5/Fields).',
		],
		[
			'GET',
			'FileCabinets/a/Sections/5-7/Data',
			'Section 5-7 was not found (GET FileCabinets/a/Sections/5-7/Data).',
		],
		['GET', 'FileCabinets/b_a', 'The document tray was not found (GET FileCabinets/b_a).'],
		['GET', 'Organization/UserGroups', 'The user was not found (GET Organization/UserGroups).'],
		['GET', 'Anything/Else', 'GET Anything/Else was not found.'],
	])('says of %s %s first what was asked, in plain words', (method, path, message) => {
		expect(answerError(404, '', { method, path }).message).toBe(message);
	});

	it.each([
		['POST', 'FileCabinets/a/Documents', 'storing a document'],
		['POST', 'FileCabinets/a/Query/DialogExpression', 'searching documents'],
		['DELETE', 'FileCabinets/a/Documents/5', 'deleting document 5'],
		['POST', 'FileCabinets/a/Task/Transfer', 'copying or moving documents'],
		['POST', 'TrashBin/BatchRestore', 'restoring from the trash bin'],
		['POST', 'FileCabinets/a/Unknown/Thing', 'POST FileCabinets/a/Unknown/Thing'],
	])('names the deed of %s %s', (method, path, words) => {
		const { message } = answerError(403, '{"Message":"No right"}', { method, path });
		expect(message).toMatch(/^DocuWare does not allow the request /);
		expect(message).toContain(words);
		expect(message).toContain(`${method} ${path}`);
	});

	it('brings a page down to its text', () => {
		const page =
			'<!DOCTYPE html><html><head><title>x</title></head><body><p>Not here.</p></body></html>';
		expect(answerError(404, page, read).serviceMessage).toBe('Not here.');
	});

	it.each([
		['Basic realm="x"', '', true],
		['Negotiate', '<html><body>Authorization Required</body></html>', true],
		['Basic realm="traefik"', '401 Unauthorized\n', true],
		['Basic realm="kong"', '{"message":"Unauthorized"}', true],
		['Bearer', '', false],
		['Basic', '{"Message":"No session"}', false],
		['Basic', '<?xml version="1.0"?><Error><Message>No session</Message></Error>', false],
		['Basic', '<html><meta content="0;url=/DocuWare/Platform/LoginRedirect"></html>', false],
	])('tells a proxy that asks for %s from DocuWare (%j): %s', (scheme, body, isProxy) => {
		const error = answerError(401, body, read, { 'www-authenticate': scheme });
		expect(error.code).toBe('DOCUWARE_UNAUTHORIZED');
		expect(error.message.includes('A proxy or web server before DocuWare')).toBe(isProxy);
	});

	it('says where a redirect leads, without what may be secret', () => {
		const headers = { location: 'https://user:pw@login.example/sign-in?token=abc#x' };
		const { message, repair } = answerError(302, '', read, headers);
		expect(message).toContain('a redirect to https://login.example/sign-in');
		expect(message).not.toMatch(/pw|token/);
		expect(repair).toContain('correct Server');
	});

	it.each([
		[401, '{"Message":"Your DocuWare license has expired."}', {}],
		[403, '<html><body><p>Die Lizenz ist seit gestern abgelaufen</p></body></html>', {}],
		[402, '', { 'x-reason': 'LicenceExpired' }],
		[403, '{"Message":"Expired licence"}', {}],
	])('with status %i and %j %j is a licence to renew', (status, body, headers) => {
		const error = answerError(status, body, read, headers);
		expect(error.message).toContain('licence has expired');
		expect(error.repair).toMatch(/renew/);
		expect(error.repair).not.toMatch(/two minutes|120|password/);
	});

	it.each([
		'{"Message":"No license is available. Your session has expired."}',
		'{"Message":"The license will never expire"}',
	])('with %s is none', (body) => {
		expect(answerError(403, body, read).message).not.toContain('licence has expired');
	});

	it('tells a page of an IP filter, and http at a port for https', () => {
		const page = '<html><body>Access denied by rule 42</body></html>';
		expect(answerError(403, page, read)).toMatchObject({
			code: 'DOCUWARE_FORBIDDEN',
			message: expect.stringContaining('IP filter'),
		});
		expect(answerError(403, '{"Message":"No right"}', read).message).not.toContain('IP filter');
		const nginx = '<html>400 The plain HTTP request was sent to HTTPS port</html>';
		expect(answerError(400, nginx, read).repair).toContain('https://');
	});

	it('says of a 401 and a 409 only what happened', () => {
		expect(answerError(401, '', read).message).not.toContain('new log-on');
		expect(answerError(409, '', read).message).toContain('conflicts');
	});

	it('never calls a failed write retryable, and says how to check it', () => {
		expect(answerError(500, '', read).retryable).toBe(true);
		const failed = answerError(500, '', write);
		expect(failed.retryable).toBe(false);
		expect(failed.repair).toContain('before sending it again');
	});

	it('tells a result that is too large from a wrong value', () => {
		const body = '{"Message":"exceeds the system limit of 10000 per request"}';
		expect(answerError(422, body, read).repair).toContain('next links');
		expect(answerError(422, '{}', read).repair).toContain('Correct the ID');
	});
});

describe('unreadableAnswer', () => {
	it('shows the start of what came, without secrets', () => {
		const error = unreadableAnswer(read, 'token=abcdef123456 and more', 'JSON');
		expect(error.code).toBe('DOCUWARE_UNEXPECTED_ANSWER');
		expect(error.message).not.toContain('abcdef123456');
		expect(error.message).toContain('and more');
	});
});
