import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { storeDocument } from '../../../../nodes/DocuWare/api/files/storeDocument';
import type { StoreOrder } from '../../../../nodes/DocuWare/api/files/storeOrder';
import { PlatformClient } from '../../../../nodes/DocuWare/api/platformClient';
import { HttpTransportError, openBody } from '../../../../nodes/shared/http';
import { FakeSession, type FakeAnswer } from '../resources/support/fakeSession';

const MB = 1_000_000;

/** Where the next part goes. */
const more = (number: number, written?: number): FakeAnswer => ({
	body: {
		FileChunk: {
			Finished: false,
			...(written !== undefined && { BytesWritten: written }),
			Links: [{ rel: 'next', href: `/DocuWare/Platform/Chunk/${number}` }],
		},
	},
});

const stored = (size?: number): FakeAnswer => ({
	body: { Id: 4711, ...(size !== undefined && { FileSize: size }) },
});

function lost(requestSent = true): HttpTransportError {
	return new HttpTransportError('HTTP_CONNECTION_LOST', 'The connection broke.', {
		kind: requestSent ? 'reset' : 'connect',
		requestSent,
		repair: 'Try again.',
	});
}

function orderOf(size: number, changes: Partial<StoreOrder> = {}): StoreOrder {
	const content = Buffer.alloc(size, 'x');
	return {
		path: 'FileCabinets/c/Documents',
		query: [['StoreDialogId', 'd']],
		indexData: '{"Fields":[]}',
		files: [{ fileName: 'scan.pdf', mediaType: 'application/pdf', content, size }],
		modifiedAt: undefined,
		partsAbove: MB,
		signal: undefined,
		...changes,
	};
}

/** What was sent, as a test looks at it: addresses, and sizes of the bodies. */
async function sentIn(session: FakeSession) {
	return await Promise.all(
		session.requests.map(async ({ url, body, headers = {} }) => {
			const bytes = await buffer((await openBody(body)) as Readable);
			expect(headers['Content-Length']).toBe(String(bytes.length));
			const text = bytes.toString('latin1');
			return {
				path: new URL(url).pathname.split('/Platform/')[1],
				query: new URL(url).search,
				hasIndex: text.includes('name="document"'),
				bytes: (/\r\n\r\n(x+)\r\n--/.exec(text)?.[1] ?? '').length,
				headers,
			};
		}),
	);
}

async function storeWith(answers: Array<FakeAnswer | Error>, order: StoreOrder) {
	const session = new FakeSession(answers);
	const outcome = await storeDocument(new PlatformClient(session), order).catch(
		(error: unknown) => error,
	);
	return { session, outcome };
}

describe('a file in parts', () => {
	it('goes to the address that each answer names, in parts that grow, the index data in the first', async () => {
		const answers = [more(1, 3 * MB), more(2, 9 * MB), stored()];
		const { session, outcome } = await storeWith(answers, orderOf(12 * MB));
		expect(outcome).toMatchObject({ Id: 4711 });
		const sent = await sentIn(session);
		expect(sent).toMatchObject([
			{
				path: 'FileCabinets/c/Documents',
				query: '?StoreDialogId=d',
				hasIndex: true,
				bytes: 3 * MB,
			},
			{ path: 'Chunk/1', query: '', hasIndex: false, bytes: 6 * MB },
			{ path: 'Chunk/2', query: '', hasIndex: false, bytes: 3 * MB },
		]);
		for (const { headers } of sent) {
			expect(headers).toMatchObject({
				'X-File-Name': 'scan.pdf',
				'X-File-Size': String(12 * MB),
				'X-File-Type': 'application/pdf',
			});
		}
	});

	it('of the size that is allowed in one is sent in one', async () => {
		const { session } = await storeWith([stored()], orderOf(MB));
		expect(await sentIn(session)).toMatchObject([{ hasIndex: true, bytes: MB }]);
	});

	it('is made of smaller parts where one is too large', async () => {
		const answers = [{ status: 413 }, more(1), more(2), stored()];
		const { session, outcome } = await storeWith(answers, orderOf(4 * MB));
		expect(outcome).toMatchObject({ Id: 4711 });
		expect((await sentIn(session)).map(({ bytes }) => bytes / MB)).toEqual([3, 1.5, 1.5, 1]);
	});

	it('sends a part again whose connection broke', async () => {
		const answers = [more(1, 3 * MB), lost(), more(2, 9 * MB), stored(10 * MB)];
		const { session, outcome } = await storeWith(answers, orderOf(10 * MB));
		expect(outcome).toMatchObject({ Id: 4711 });
		expect((await sentIn(session)).map(({ path, bytes }) => [path, bytes / MB])).toEqual([
			['FileCabinets/c/Documents', 3],
			['Chunk/1', 6],
			['Chunk/1', 6],
			['Chunk/2', 1],
		]);
	});

	it('does not send a part again that a web page answers', async () => {
		const page: FakeAnswer = { body: '<!DOCTYPE html><html><title>Sign in</title></html>' };
		const { session, outcome } = await storeWith([more(1), page], orderOf(12 * MB));
		expect(session.requests).toHaveLength(2);
		expect(outcome).toMatchObject({ code: 'DOCUWARE_UPLOAD_INCOMPLETE' });
	});

	it('stops where the server has written a part twice', async () => {
		const answers = [more(1, 3 * MB), lost(), more(2, 15 * MB)];
		const { session, outcome } = await storeWith(answers, orderOf(12 * MB));
		expect(outcome).toMatchObject({
			code: 'DOCUWARE_UPLOAD_INCOMPLETE',
			message: expect.stringContaining('15000000'),
		});
		expect(session.requests).toHaveLength(3);
	});

	it('names a document that is not as long as the file after that', async () => {
		const answers = [more(1), lost(), more(2), stored(18 * MB)];
		const { outcome } = await storeWith(answers, orderOf(12 * MB));
		expect(outcome).toMatchObject({
			code: 'DOCUWARE_UPLOAD_INCOMPLETE',
			message: expect.stringContaining('the document 4711 now has 18000000 bytes'),
			repair: expect.stringContaining('Delete that document'),
		});
	});

	it.each([
		['third', [more(1, 3 * MB), more(2, 9 * MB), more(3, 12 * MB)]],
		['second', [more(1, 3 * MB), more(2, 6 * MB), more(3, 18 * MB)]],
	])('stops where the server has begun anew with the %s part', async (_part, answers) => {
		const { session, outcome } = await storeWith(answers, orderOf(30 * MB));
		expect(outcome).toMatchObject({
			code: 'DOCUWARE_UPLOAD_INCOMPLETE',
			message: expect.stringContaining('says that it has written'),
		});
		expect(session.requests).toHaveLength(3);
	});

	it('is whole where the server counts each part by itself', async () => {
		const answers = [more(1, 3 * MB), more(2, 6 * MB), more(3, 12 * MB), stored(30 * MB)];
		const { outcome } = await storeWith(answers, orderOf(30 * MB));
		expect(outcome).toMatchObject({ Id: 4711 });
	});

	it.each([
		['less than the file', 9 * MB, 'DOCUWARE_UPLOAD_INCOMPLETE'],
		['as much as the file', 12 * MB, undefined],
		['nothing that is said', 0, undefined],
	])('is looked at in the end: the document holds %s', async (_words, size, code) => {
		const { outcome } = await storeWith([more(1), more(2), stored(size)], orderOf(12 * MB));
		expect(outcome).toMatchObject(
			code === undefined
				? { Id: 4711 }
				: {
						code,
						message: expect.stringContaining(
							'the document 4711 now has 9000000 bytes instead of 12000000',
						),
					},
		);
	});

	it('that n8n cannot read on says that something was sent', async () => {
		const [file] = orderOf(12 * MB).files;
		const content = async () =>
			await Promise.resolve(
				Readable.from(
					(function* () {
						yield Buffer.alloc(4 * MB, 'x');
						throw new Error('The store is gone.');
					})(),
				),
			);
		const files = [{ ...file, content }] as StoreOrder['files'];
		const { outcome } = await storeWith([more(1)], orderOf(12 * MB, { files }));
		expect(outcome).toMatchObject({
			code: 'DOCUWARE_UPLOAD_INCOMPLETE',
			message: expect.stringMatching(/"scan\.pdf".*after 3000000 of 12000000.*The store is gone/),
			repair: expect.stringContaining('unfinished document'),
		});
	});

	it('is given up after some tries, with what was sent and where to look', async () => {
		const answers = [more(1), lost(), lost(), lost(), lost()];
		const { session, outcome } = await storeWith(answers, orderOf(12 * MB));
		expect(outcome).toMatchObject({
			code: 'DOCUWARE_UPLOAD_INCOMPLETE',
			message: expect.stringContaining('Of "scan.pdf" 3000000 of 12000000 bytes were sent'),
			repair: expect.stringContaining('unfinished document'),
		});
		expect(session.requests).toHaveLength(5);
	});

	it('does not send the last part again, since it may have made the document', async () => {
		const { session, outcome } = await storeWith([more(1), lost()], orderOf(4 * MB));
		expect(outcome).toMatchObject({
			code: 'DOCUWARE_WRITE_UNCONFIRMED',
			message: expect.stringContaining('last part of "scan.pdf"'),
		});
		expect(session.requests).toHaveLength(2);
	});

	it('sends the last part again where nothing of it left', async () => {
		const { outcome } = await storeWith([more(1), lost(false), stored()], orderOf(4 * MB));
		expect(outcome).toMatchObject({ Id: 4711 });
	});

	it('is sent from its start again where the server does not go on with it', async () => {
		const answers = [more(1), { status: 404 }, more(2), stored()];
		const { session, outcome } = await storeWith(answers, orderOf(4 * MB));
		expect(outcome).toMatchObject({ Id: 4711 });
		expect((await sentIn(session)).map(({ path, hasIndex }) => [path, hasIndex])).toEqual([
			['FileCabinets/c/Documents', true],
			['Chunk/1', false],
			['FileCabinets/c/Documents', true],
			['Chunk/2', false],
		]);
	});

	it.each<[string, Array<FakeAnswer | Error>, number]>([
		['once', [more(1), stored()], 0],
		['twice, since the server does not go on', [more(1), { status: 404 }, more(2), stored()], 1],
		['twice, since the first answer was lost', [lost(), more(1), stored(4 * MB)], 1],
		['once, though nothing had left at first', [lost(false), more(1), stored()], 0],
	])('that was begun %s says so', async (_words, answers, count) => {
		const warnings: string[] = [];
		const order = orderOf(4 * MB, { warn: (message) => warnings.push(message) });
		const { outcome } = await storeWith(answers, order);
		expect(outcome).toMatchObject({ Id: 4711 });
		expect(warnings).toEqual(
			Array.from({ length: count }, () =>
				expect.stringMatching(/"scan\.pdf" was begun twice.*unfinished document/),
			),
		);
	});

	it('is sent from its start again once only', async () => {
		const answers = [more(1), { status: 409 }, more(2), { status: 409 }];
		const { session, outcome } = await storeWith(answers, orderOf(4 * MB));
		expect(outcome).toMatchObject({ code: 'DOCUWARE_UPLOAD_INCOMPLETE' });
		expect(session.requests).toHaveLength(4);
	});

	it('is not sent again where the whole is refused', async () => {
		const answers = [more(1), { status: 422, body: { Message: 'COMPANY is mandatory.' } }];
		const { session, outcome } = await storeWith(answers, orderOf(4 * MB));
		expect(outcome).toMatchObject({
			code: 'DOCUWARE_VALIDATION',
			message: expect.stringContaining('COMPANY is mandatory.'),
		});
		expect(session.requests).toHaveLength(2);
	});

	it('says which document a server has made of the first part alone', async () => {
		const { outcome } = await storeWith([stored()], orderOf(4 * MB));
		expect(outcome).toMatchObject({
			code: 'DOCUWARE_UPLOAD_INCOMPLETE',
			message: expect.stringContaining('stored the document 4711 with them'),
			repair: expect.stringContaining('Send in Parts Above'),
		});
	});

	it.each([
		['waits for more after the end', [more(1), more(2)], 'still waits for more'],
		[
			'does not say where the rest goes',
			[{ body: { FileChunk: { Links: [] } } }],
			'does not say where the rest goes',
		],
	])('fails where the server %s', async (_name, answers, words) => {
		const { outcome } = await storeWith(answers, orderOf(4 * MB));
		expect(outcome).toMatchObject({
			code: 'DOCUWARE_UPLOAD_INCOMPLETE',
			message: expect.stringContaining(words),
		});
	});

	it('follows no link to another server', async () => {
		const chunk = { Links: [{ rel: 'next', href: 'https://evil.example/Chunk' }] };
		const answers = [{ body: { FileChunk: chunk } }];
		const { session, outcome } = await storeWith(answers, orderOf(4 * MB));
		expect(outcome).toMatchObject({
			code: 'DOCUWARE_UPLOAD_INCOMPLETE',
			message: expect.stringContaining('https://evil.example'),
		});
		expect(session.requests).toHaveLength(1);
	});

	it('fails with the file that has become shorter', async () => {
		const [file] = orderOf(4 * MB).files;
		const files = [{ ...file, content: Buffer.alloc(3 * MB, 'x') }] as StoreOrder['files'];
		const { outcome } = await storeWith([more(1)], orderOf(4 * MB, { files }));
		expect(outcome).toMatchObject({
			code: 'DOCUWARE_UPLOAD_INCOMPLETE',
			message: expect.stringMatching(
				/after 3000000 of 4000000 bytes were sent: .* only 3000000 bytes of/,
			),
		});
	});

	it('passes on a refusal of the first part as it is', async () => {
		const answers = [{ status: 422, body: { Message: 'COMPANY is mandatory.' } }];
		const { outcome } = await storeWith(answers, orderOf(4 * MB));
		expect(outcome).toMatchObject({ code: 'DOCUWARE_VALIDATION' });
	});

	it('ends with a cancel, and says what was sent', async () => {
		const stop = new AbortController();
		stop.abort();
		const aborted = new HttpTransportError('HTTP_ABORTED', 'Aborted.', {
			kind: 'aborted',
			requestSent: false,
			repair: '',
		});
		const order = orderOf(4 * MB, { signal: stop.signal });
		const { outcome } = await storeWith([more(1), aborted], order);
		expect(outcome).toMatchObject({
			code: 'DOCUWARE_CANCELLED',
			message: expect.stringContaining('3000000 of 4000000 bytes'),
		});
	});
});

describe('a document in one request', () => {
	it('that is too large says how to send it', async () => {
		const order = orderOf(4 * MB, { partsAbove: Infinity });
		const { outcome } = await storeWith([{ status: 413 }], order);
		expect(outcome).toMatchObject({
			code: 'DOCUWARE_TOO_LARGE',
			repair: expect.stringContaining('Send in Parts Above'),
		});
	});

	it('without a file is a data record', async () => {
		const { session } = await storeWith([stored()], orderOf(0, { files: [] }));
		expect(session.requests).toMatchObject([
			{ method: 'POST', body: '{"Fields":[]}', headers: { 'Content-Type': 'application/json' } },
		]);
	});

	it('of several files holds them in their order, and the date of the first', async () => {
		const [file] = orderOf(5).files;
		const files = ['a.pdf', 'b.pdf'].map((fileName) => ({ ...file, fileName }));
		const order = orderOf(5, {
			files: files as StoreOrder['files'],
			modifiedAt: '2026-01-02T03:04:05.000Z',
		});
		const { session } = await storeWith([stored()], order);
		const [request] = session.requests;
		expect(request?.headers).toMatchObject({ 'X-File-ModifiedDate': '2026-01-02T03:04:05.000Z' });
		const text = String(await buffer((await openBody(request?.body)) as Readable));
		expect([...text.matchAll(/filename="([^"]*)"/g)].map(([, name]) => name)).toEqual([
			'document.json',
			'a.pdf',
			'b.pdf',
		]);
	});
});
