import { ExactOnlineClient } from '../../../../../nodes/ExactOnline/api/exactOnlineClient';
import type { OperationCall } from '../../../../../nodes/ExactOnline/resources/operation';
import { sendAttachment } from '../../../../../nodes/ExactOnline/resources/files/sendAttachment';
import { ExactServer } from '../../api/support/exactServer';
import { FakeTokenSource } from '../../api/support/fakes';

const server = new ExactServer();

beforeAll(async () => await server.start());
afterAll(async () => await server.stop());

// Red before: the error did not say that the file is there.
it.each(['{"d":{"ID":"1', '<html>Log in</html>'])(
	'after %s in answer to a file it says that the change was made',
	async (body) => {
		server.answer([{ status: 201, body }]);
		const source = new FakeTokenSource(server.baseUrl, 'app');
		const call = { source, client: new ExactOnlineClient(source) } as unknown as OperationCall;
		const file = { name: 'a.pdf', content: Buffer.from('abc') };
		await expect(sendAttachment(call, 1, 'document', file)).rejects.toMatchObject({
			code: 'EXACT_UNEXPECTED_ANSWER',
			message: expect.stringMatching(/made the change, but .*POST/) as string,
		});
		expect(server.requests.at(-1)?.body).toContain('"Attachment":"YWJj"');
	},
);
