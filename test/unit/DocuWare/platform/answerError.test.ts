import { answerError, unreadableAnswer } from '../../../../nodes/DocuWare/platform/answerError';

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
			message: "DocuWare refused a value of GET FileCabinets/a: 'x' is not valid cabinet id",
			serviceMessage: "'x' is not valid cabinet id",
		});
	});

	it('brings a page down to its text', () => {
		const page =
			'<!DOCTYPE html><html><head><title>x</title></head><body><p>Not here.</p></body></html>';
		expect(answerError(404, page, read).serviceMessage).toBe('Not here.');
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
