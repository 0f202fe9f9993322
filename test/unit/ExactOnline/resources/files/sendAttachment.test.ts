import { ExactOnlineClient } from '../../../../../nodes/ExactOnline/api/exactOnlineClient';
import type { OperationCall } from '../../../../../nodes/ExactOnline/resources/operation';
import { sendAttachment } from '../../../../../nodes/ExactOnline/resources/files/sendAttachment';
import { ExactServer } from '../../api/support/exactServer';
import { FakeTokenSource } from '../../api/support/fakes';

const server = new ExactServer();

beforeAll(async () => await server.start());
afterAll(async () => await server.stop());

// Red before: the error did not say that the file is there, and then that it is where nobody knows.
it.each([
	['{"d":{"ID":"1', 'EXACT_UNEXPECTED_ANSWER', /made the change, but .*POST/],
	['<html>Log in</html>', 'EXACT_WRITE_UNCONFIRMED', /not known .*POST .*a web page/],
])('after %s in answer to a file it says what is known of it', async (body, code, words) => {
	server.answer([{ status: 201, body }]);
	const source = new FakeTokenSource(server.baseUrl, 'app');
	const call = { source, client: new ExactOnlineClient(source) } as unknown as OperationCall;
	const file = { name: 'a.pdf', content: Buffer.from('abc') };
	await expect(sendAttachment(call, 1, 'document', file)).rejects.toMatchObject({
		code,
		message: expect.stringMatching(words) as string,
	});
	expect(server.requests.at(-1)?.body).toContain('"Attachment":"YWJj"');
});
