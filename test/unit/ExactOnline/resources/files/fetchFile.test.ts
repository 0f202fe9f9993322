import type { OperationCall } from '../../../../../nodes/ExactOnline/resources/operation';
import { fetchFile } from '../../../../../nodes/ExactOnline/resources/files/fetchFile';
import { ExactOnlineClient } from '../../../../../nodes/ExactOnline/api/exactOnlineClient';
import { executeContext } from '../../../../support/n8nContext';
import { ExactServer } from '../../api/support/exactServer';
import { FakeTokenSource } from '../../api/support/fakes';

const server = new ExactServer();

beforeAll(async () => await server.start());
afterAll(async () => await server.stop());

async function fetched(
	FileName: string,
	type: string,
	body: string,
	Url = `${server.baseUrl}/docs/SysAttachment.aspx?ID=1`,
) {
	server.answer([{ status: 200, headers: { 'content-type': type }, body }]);
	const source = new FakeTokenSource(server.baseUrl, 'app');
	const { context } = executeContext({ parameters: { outputField: 'data' } });
	const call = { context, itemIndex: 0, source, client: new ExactOnlineClient(source) };
	return await fetchFile(call as unknown as OperationCall, { Url, FileName, ID: '1' });
}

// Red before: the page was the file, under its name.
it.each([
	['invoice.pdf', 'text/html; charset=utf-8', '<html>Log in</html>'],
	['scan', 'text/html', 'Log in'],
	['scan', '', '<script>location = "/login"</script>'],
])('a web page in place of %s is an error: %j %s', async (...answer) => {
	await expect(fetched(...answer)).rejects.toMatchObject({
		code: 'EXACT_UNEXPECTED_ANSWER',
		message: expect.stringContaining('a web page'),
	});
});

it.each([
	['page.html', 'text/html'],
	['invoice.pdf', 'application/pdf'],
	['invoice.pdf', ''],
])('%s comes as it is', async (name, type) => {
	const { data } = await fetched(name, type, 'abc');
	expect(data).toMatchObject({ fileName: name, data: Buffer.from('abc').toString('base64') });
});

// Red before: a TypeError without a code.
it('an address that is none is an error with a code', async () => {
	const none = fetched('invoice.pdf', 'application/pdf', 'abc', 'https://');
	await expect(none).rejects.toMatchObject({ code: 'EXACT_UNEXPECTED_ANSWER' });
});

// Red before: the file was asked for, and its connection stayed open with what nobody read.
it('a field that cannot be evaluated fails before the file is asked for', async () => {
	server.answer([{ status: 200, headers: { 'content-type': 'application/pdf' }, body: 'abc' }]);
	const source = new FakeTokenSource(server.baseUrl, 'app');
	const { context } = executeContext({ parameters: { outputField: 'data' } });
	context.getNodeParameter = () => {
		throw new Error('invalid syntax');
	};
	const call = { context, itemIndex: 0, source, client: new ExactOnlineClient(source) };
	const row = { Url: `${server.baseUrl}/docs/SysAttachment.aspx?ID=1`, FileName: 'a.pdf', ID: '1' };
	const fetching = fetchFile(call as unknown as OperationCall, row);
	await expect(fetching).rejects.toThrow('invalid syntax');
	expect(server.requests).toEqual([]);
});
