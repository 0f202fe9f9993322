import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { N8nClient } from '../../../support/n8n/n8nClient';

/** An n8n that answers with these statuses, one after another; what it was asked is noted. */
async function answering<T>(
	statuses: number[],
	use: (client: N8nClient) => Promise<T>,
): Promise<string[]> {
	const asked: string[] = [];
	const left = [...statuses];
	const server = createServer((request, response) => {
		asked.push(`${request.method} ${request.url}`);
		request.resume();
		response.writeHead(left.shift() ?? 500).end('{}');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		await use(new N8nClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
	} finally {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
	return asked;
}

const setUp = 'POST /rest/owner/setup';
const logIn = 'POST /rest/login';
const enter = async (client: N8nClient) => await client.setUpOwnerOrLogIn();

it.each([
	['creates the owner of a new n8n', [200], [setUp]],
	['logs in where there is an owner', [400, 200], [setUp, logIn]],
	['waits for an n8n whose database has not answered yet', [503, 200], [setUp, setUp]],
	['waits before it logs in, too', [400, 503, 200], [setUp, logIn, logIn]],
])('%s', async (_what, statuses, requests) => {
	expect(await answering(statuses, enter)).toEqual(requests);
});

it('passes on what else n8n answers', async () => {
	await expect(answering([500], enter)).rejects.toThrow('/rest/owner/setup was answered 500');
	await expect(answering([400, 401], enter)).rejects.toThrow('/rest/login was answered 401');
});
