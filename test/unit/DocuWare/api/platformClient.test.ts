import { Readable } from 'node:stream';
import { PlatformClient } from '../../../../nodes/DocuWare/api/platformClient';
import { HttpTransportError, bodyText } from '../../../../nodes/shared/http';
import { FakeSession, type FakeAnswer } from '../resources/support/fakeSession';

const platform = 'https://acme.docuware.cloud/DocuWare/Platform';

function clientWith(...answers: Array<FakeAnswer | Error>): {
	client: PlatformClient;
	session: FakeSession;
} {
	const session = new FakeSession(answers);
	return { client: new PlatformClient(session), session };
}

function lost(requestSent: boolean, kind: 'reset' | 'aborted' = 'reset'): HttpTransportError {
	const options = { kind, requestSent, repair: 'Try again.' };
	return new HttpTransportError('HTTP_RESET', 'The connection broke.', options);
}

async function all<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
	const rows: T[] = [];
	for await (const page of pages) rows.push(...page);
	return rows;
}

describe('PlatformClient', () => {
	it('adds query parameters to those of the path, encoded', async () => {
		const { client, session } = clientWith({});
		await client.send({ method: 'get', path: 'FileCabinets?a=1', query: [['Name', 'A & B']] });
		expect(session.requests[0]).toMatchObject({
			method: 'GET',
			url: `${platform}/FileCabinets?a=1&Name=A+%26+B`,
		});
	});

	it('turns an error status into an error, unless every status is wanted', async () => {
		const failure = { status: 404, body: { Message: 'Nothing here.' } };
		const { client } = clientWith(failure, failure);
		await expect(client.send({ method: 'GET', path: 'x' })).rejects.toMatchObject({
			code: 'DOCUWARE_NOT_FOUND',
		});
		await expect(client.send({ method: 'GET', path: 'x', anyStatus: true })).resolves.toMatchObject(
			{ status: 404 },
		);
	});

	it('reads the message of a streamed error', async () => {
		const { client } = clientWith({ status: 403, body: { Message: 'No right.' } });
		const sent = client.send({ method: 'GET', path: 'x', responseType: 'stream' });
		await expect(sent).rejects.toMatchObject({
			code: 'DOCUWARE_FORBIDDEN',
			serviceMessage: 'No right.',
		});
	});

	it('does not claim to know what became of a write without an answer', async () => {
		const { client } = clientWith(lost(true), lost(false), lost(true));
		await expect(client.send({ method: 'POST', path: 'x' })).rejects.toMatchObject({
			code: 'DOCUWARE_WRITE_UNCONFIRMED',
		});
		await expect(client.send({ method: 'POST', path: 'x' })).rejects.toMatchObject({
			code: 'HTTP_RESET',
		});
		await expect(client.send({ method: 'GET', path: 'x' })).rejects.toMatchObject({
			code: 'HTTP_RESET',
		});
	});

	it('knows what became of a write whose answer began with a success', async () => {
		const torn = (answered: number) =>
			new HttpTransportError('HTTP_CONNECTION_LOST', 'The connection broke.', {
				kind: 'reset',
				requestSent: true,
				answered,
				repair: 'Try again.',
			});
		const { client } = clientWith(torn(201), torn(500), torn(200));
		await expect(client.send({ method: 'POST', path: 'x' })).rejects.toMatchObject({
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
			message: expect.stringContaining(
				'made the change of the request POST x, but its answer cannot be read: status 201',
			),
		});
		await expect(client.send({ method: 'POST', path: 'x' })).rejects.toMatchObject({
			code: 'DOCUWARE_WRITE_UNCONFIRMED',
		});
		await expect(client.send({ method: 'GET', path: 'x' })).rejects.toMatchObject({
			code: 'HTTP_CONNECTION_LOST',
		});
	});

	it('knows that a query that was posted has changed nothing', async () => {
		const query = async (answer: FakeAnswer | Error) =>
			await clientWith(answer).client.query({ path: 'Query/DialogExpression' }, { Start: 0 });
		await expect(query(lost(true))).rejects.toMatchObject({ code: 'HTTP_RESET' });
		await expect(query({ status: 503 })).rejects.toMatchObject({
			code: 'DOCUWARE_SERVER_ERROR',
			retryable: true,
		});
		await expect(query({ body: '<html></html>' })).rejects.toMatchObject({
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
			message: expect.not.stringContaining('change was made'),
		});
		await expect(query({ body: { Items: [] } })).resolves.toEqual({ Items: [] });
	});

	it('calls an aborted read cancelled', async () => {
		const { client } = clientWith(lost(true, 'aborted'));
		await expect(client.send({ method: 'GET', path: 'x' })).rejects.toMatchObject({
			code: 'DOCUWARE_CANCELLED',
		});
	});

	it('refuses an answer that is no JSON object', async () => {
		const { client } = clientWith({ body: '<html><body>Log in</body></html>' }, { body: '[1]' });
		for (let count = 0; count < 2; count++) {
			await expect(client.read({ path: 'Organizations' })).rejects.toMatchObject({
				code: 'DOCUWARE_UNEXPECTED_ANSWER',
			});
		}
	});

	it('follows next links, whatever their case, and only while rows are wanted', async () => {
		const next = (start: number) => [
			{ rel: 'Next', href: `/DocuWare/Platform/Things?Start=${start}` },
		];
		const { client, session } = clientWith(
			{ body: { Thing: [{ Id: 1 }], Links: next(1) } },
			{ body: { Thing: [{ Id: 2 }, 'no object'], Links: next(2) } },
			{ body: { Links: [] } },
		);
		const pages = client.pages({ path: 'Things', query: [['OrgId', '1']] }, 'Thing');
		expect((await pages.next()).value).toEqual([{ Id: 1 }]);
		expect(session.requests).toHaveLength(1);
		expect(await all(pages)).toEqual([{ Id: 2 }]);
		expect(session.requests.map(({ url }) => url)).toEqual([
			`${platform}/Things?OrgId=1`,
			`${platform}/Things?Start=1`,
			`${platform}/Things?Start=2`,
		]);
	});

	// Red before: it was parsed twice, to see that it is no error object.
	it('parses an answer once', async () => {
		const { client } = clientWith({ body: { Items: [{ Id: 1 }] } });
		const parse = jest.spyOn(JSON, 'parse');
		try {
			await client.query({ path: 'Query' }, {});
			expect(parse).toHaveBeenCalledTimes(1);
		} finally {
			parse.mockRestore();
		}
	});

	// Red before: it was a list without rows.
	it.each([{ status: 'maintenance' }, { Message: 'Later' }, { Thing: 'none' }, { Thing: {} }])(
		'takes no other answer for a page of a list: %j',
		async (other) => {
			const next = [{ rel: 'next', href: '/DocuWare/Platform/Things?Start=1' }];
			const first = { body: { Thing: [{ Id: 1 }], Links: next } };
			for (const answers of [[{ body: other }], [first, { body: other }]]) {
				const { client } = clientWith(...answers);
				await expect(all(client.pages({ path: 'Things' }, 'Thing'))).rejects.toMatchObject({
					code: 'DOCUWARE_UNEXPECTED_ANSWER',
					message: expect.stringMatching(/a list of Thing|asked for, but an error/) as string,
				});
			}
		},
	);

	it.each([{}, { Thing: null }, { Links: [], Count: { HasMore: false } }])(
		'takes %j for a list without rows',
		async (none) => {
			const { client } = clientWith({ body: none });
			expect(await all(client.pages({ path: 'Things' }, 'Thing'))).toEqual([]);
		},
	);

	it('ends at a page that is empty or says so, whatever its link says', async () => {
		const Links = [{ rel: 'next', href: '/DocuWare/Platform/Things?Start=9' }];
		for (const last of [{ Thing: [] }, { Thing: [{}], HasMore: false }]) {
			const { client, session } = clientWith({ body: { ...last, Links } });
			await all(client.pages({ path: 'Things' }, 'Thing'));
			expect(session.requests).toHaveLength(1);
		}
	});

	it('asks for a higher start where a page says that there is more, and links to nothing', async () => {
		const { client, session } = clientWith(
			{ body: { Thing: [{ Id: 1 }, { Id: 2 }], Count: { HasMore: true } } },
			{ body: { Thing: [{ Id: 3 }], Count: { HasMore: false } } },
		);
		const pages = client.pages({ path: 'Things', query: [['count', '2']] }, 'Thing');
		expect(await all(pages)).toHaveLength(3);
		expect(session.requests[1]?.url).toBe(`${platform}/Things?count=2&Start=2`);
	});

	it('sends nothing to another server that a link names', async () => {
		const { client, session } = clientWith({
			body: { Thing: [{ Id: 1 }], Links: [{ rel: 'next', href: 'https://evil.example/next' }] },
		});
		await expect(all(client.pages({ path: 'Things' }, 'Thing'))).rejects.toMatchObject({
			code: 'DOCUWARE_FOREIGN_HOST',
		});
		expect(session.requests).toHaveLength(1);
	});

	it.each([{ Thing: [] }, { Thing: [{ Id: 1 }], Count: { HasMore: false } }])(
		'ends a list where that is its end, whatever its link says: %j',
		async (page) => {
			const links = [{ rel: 'next', href: 'https://internal.example/next' }];
			const { client, session } = clientWith({ body: { ...page, Links: links } });
			expect(await all(client.pages({ path: 'Things' }, 'Thing'))).toEqual(page.Thing);
			expect(session.requests).toHaveLength(1);
		},
	);

	it('ends a list that leads back to itself', async () => {
		const page = { body: { Links: [{ rel: 'next', href: '/DocuWare/Platform/Things?Start=1' }] } };
		const { client, session } = clientWith(page, page, page);
		await expect(all(client.pages({ path: 'Things' }, 'Thing'))).rejects.toMatchObject({
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
		});
		expect(session.requests).toHaveLength(2);
	});
});

describe('bodyText', () => {
	it('reads no more of a stream than an error shows', async () => {
		let read = 0;
		const endless = Readable.from(
			(function* () {
				for (;;) {
					read += 1;
					yield Buffer.alloc(16 * 1024, 'x');
				}
			})(),
		);
		expect(await bodyText(endless)).toMatch(/^x+$/);
		expect(read).toBeLessThan(64);
		expect(endless.destroyed).toBe(true);
	});
});
