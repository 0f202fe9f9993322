import { HttpTransportError } from '../../../../../nodes/shared/http';
import type { FakeAnswer } from '../support/fakeSession';
import {
	at,
	CABINET,
	CHECKED_OUT,
	DOCUMENT,
	documentWith,
	KEPT,
	place,
	runDocument as run,
} from './support/runDocument';

function cabinet(VersionManagement: string): FakeAnswer {
	return { body: { Id: CABINET, VersionManagement, Fields: [], Links: [] } };
}

describe('Check Out', () => {
	it('puts the file out under the name that DocuWare gave it', async () => {
		const file: FakeAnswer = {
			body: '%PDF',
			headers: {
				'content-type': 'application/pdf',
				'content-disposition': `attachment; filename="${KEPT}"`,
			},
		};
		const { rows, last } = await run('checkOut', [DOCUMENT, file]);
		expect(last).toMatchObject({
			call: `POST ${at('Documents/18/CheckoutToFileSystem')}`,
			body: {},
		});
		expect(rows[0]?.json).toEqual({ checkedOut: true, ...place, fileName: KEPT });
		expect(rows[0]?.binary?.data).toMatchObject({ fileName: KEPT, mimeType: 'application/pdf' });
	});

	it('makes the name where the answer has another or none', async () => {
		const named = { 'content-disposition': 'attachment; filename=plain.pdf' };
		const other = await run('checkOut', [DOCUMENT, { body: 'x', headers: named }]);
		expect(other.rows[0]?.json.fileName).toBe(`18+${CABINET}+plain.pdf`);
		const none = await run('checkOut', [DOCUMENT, { body: 'x' }]);
		expect(none.rows[0]?.json.fileName).toBe(`18+${CABINET}+Invoice`);
	});

	it('fetches the file where the answer is links to it', async () => {
		const links: FakeAnswer = {
			body: { Links: [{ rel: 'content', href: '/DocuWare/Platform/Files/18' }] },
			headers: {
				'content-type': 'application/json; charset=utf-8',
				'content-disposition': `attachment; filename="${KEPT}"`,
			},
		};
		const file: FakeAnswer = { body: '%PDF', headers: { 'content-type': 'application/pdf' } };
		const { rows, last } = await run('checkOut', [DOCUMENT, links, file]);
		expect(last?.call).toBe('GET Files/18');
		expect(rows[0]?.binary?.data).toMatchObject({ fileName: KEPT, mimeType: 'application/pdf' });
	});

	it('keeps a file that is JSON itself, and a name beyond ASCII', async () => {
		const name = `18+${CABINET}+Angebot Ελλάς.json`;
		const file: FakeAnswer = {
			body: '{"Links":[]}',
			headers: {
				'content-type': 'application/json',
				'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
			},
		};
		const { rows, sent } = await run('checkOut', [DOCUMENT, file]);
		expect(sent).toHaveLength(2);
		expect(rows[0]?.binary?.data?.fileName).toBe(name);
		const data = Buffer.from(rows[0]?.binary?.data?.data ?? '', 'base64').toString('utf8');
		expect(data).toBe('{"Links":[]}');
	});

	it.each([
		[
			'application/vnd.docuware.platform.checkoutresult+json',
			'{"Links":[{"rel":"content","href":"/DocuWare/Platform/Files/18?a=1&b=2"}]}',
		],
		[
			'application/xml',
			'<CheckOutResult xmlns="http://dev.docuware.com/schema/public/services/platform"><s:Links xmlns:s="http://dev.docuware.com/schema/public/services"><s:Link rel="content" href="/DocuWare/Platform/Files/18?a=1&amp;b=2" /></s:Links></CheckOutResult>',
		],
	])('follows links that come as %s', async (type, body) => {
		const links: FakeAnswer = { body, headers: { 'content-type': type } };
		const { last } = await run('checkOut', [DOCUMENT, links, { body: '%PDF' }]);
		expect(last?.call).toBe('GET Files/18?a=1&b=2');
	});

	it.each([
		['application/json', '{"Links":[{"rel":"self","href":"/x"}]}', 'none leads to the file'],
		['application/json', '{"Info":"Later."}', 'neither the file nor links'],
	])('takes no %s for the file: %s', async (type, body, message) => {
		const answer: FakeAnswer = { body, headers: { 'content-type': type } };
		const pdf = documentWith({}, { ContentType: 'application/pdf' });
		await expect(run('checkOut', [pdf, answer])).rejects.toMatchObject({
			code: 'DOCUWARE_CHECK_OUT_UNFINISHED',
			message: expect.stringContaining(message),
		});
	});

	// Red before: a page was word enough that the document is checked out now.
	it.each([
		[{ 'content-type': 'text/html' }, '<html>Log in</html>'],
		[{ 'content-type': 'text/html; charset=utf-8' }, 'Blocked by policy 7'],
		[{}, '<script>location = "/login"</script>'],
		[{}, '\uFEFF<!-- a --><title>Log in</title>'],
	] as const)('says that it is not known what became of it: %j %s', async (headers, body) => {
		const run1 = run('checkOut', [DOCUMENT, { headers, body }]);
		await expect(run1).rejects.toMatchObject({
			code: 'DOCUWARE_WRITE_UNCONFIRMED',
			message: expect.stringMatching(/^It is not known whether .* a web page came in place/),
			repair: expect.stringMatching(/whether document 18 is checked out now\. If it is, run Undo/),
		});
	});

	it('says so too where no answer comes', async () => {
		const silent = new HttpTransportError('HTTP_CONNECTION_LOST', 'It broke.', {
			...{ kind: 'reset', requestSent: true, repair: 'Try again.' },
		});
		await expect(run('checkOut', [DOCUMENT, silent])).rejects.toMatchObject({
			code: 'DOCUWARE_WRITE_UNCONFIRMED',
			repair: expect.stringContaining('run Undo Check Out'),
		});
	});

	it.each([[{ 'content-type': 'text/html' }], [{}]])(
		'knows by the links that it is checked out where a page comes for the file: %j',
		async (headers) => {
			const links = { Links: [{ rel: 'content', href: '/DocuWare/Platform/Files/18' }] };
			const told: FakeAnswer = { body: links, headers: { 'content-type': 'application/json' } };
			const page: FakeAnswer = { body: '<h1>Log in</h1>', headers };
			await expect(run('checkOut', [DOCUMENT, told, page])).rejects.toMatchObject({
				code: 'DOCUWARE_CHECK_OUT_UNFINISHED',
				message: expect.stringContaining('a web page in place of the file'),
			});
		},
	);

	it('keeps a file that nothing is said of, as it is', async () => {
		const body = 'x'.repeat(10_000);
		const { rows } = await run('checkOut', [DOCUMENT, { body }]);
		const data = Buffer.from(rows[0]?.binary?.data?.data ?? '', 'base64').toString('utf8');
		expect(data).toBe(body);
	});

	it('keeps a name with percent signs as DocuWare gave it', async () => {
		const name = `18+${CABINET}+50%25 Rabatt.txt`;
		const headers = {
			'content-type': 'text/plain',
			'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
		};
		const { rows } = await run('checkOut', [DOCUMENT, { body: 'x', headers }]);
		expect(rows[0]?.json.fileName).toBe(name);
		expect(rows[0]?.binary?.data?.fileName).toBe(name);
	});

	// Red before: it was the file, without a type or behind the link.
	it('takes no error object for the file, be it of no type or behind the link', async () => {
		const failure = '{"Message":"No free licence.","StatusCode":503}';
		await expect(run('checkOut', [DOCUMENT, { body: failure }])).rejects.toMatchObject({
			code: 'DOCUWARE_WRITE_UNCONFIRMED',
		});
		const links: FakeAnswer = {
			body: { Links: [{ rel: 'content', href: '/DocuWare/Platform/Files/18' }] },
			headers: { 'content-type': 'application/json' },
		};
		const asJson = { body: failure, headers: { 'content-type': 'application/json' } };
		await expect(run('checkOut', [DOCUMENT, links, asJson])).rejects.toMatchObject({
			code: 'DOCUWARE_CHECK_OUT_UNFINISHED',
			message: expect.stringContaining('No free licence.'),
		});
	});

	// Red before: of a document that is JSON or XML itself it was the file.
	it.each([
		['application/json', '{"Message":"No free licence.","StatusCode":503}'],
		['application/xml', '<Error><Message>No free licence.</Message></Error>'],
	])('takes none for a file that is %s, unless it is called one', async (type, failure) => {
		const invoice = documentWith({}, { ContentType: type });
		const headers = { 'content-type': type };
		const doubtful = run('checkOut', [invoice, { body: failure, headers }]);
		await expect(doubtful).rejects.toMatchObject({
			code: 'DOCUWARE_WRITE_UNCONFIRMED',
			message: expect.stringContaining('No free licence.'),
		});
		const named = { ...headers, 'content-disposition': 'attachment; filename=a.txt' };
		const { rows } = await run('checkOut', [invoice, { body: failure, headers: named }]);
		const data = Buffer.from(rows[0]?.binary?.data?.data ?? '', 'base64').toString('utf8');
		expect(data).toBe(failure);
	});

	describe('of a document that is HTML', () => {
		const page = { body: '<html>mail</html>', headers: { 'content-type': 'text/html' } };
		const before = { ContentType: 'text/html', FileSize: 17 };
		const mail = documentWith({}, before);
		const after = (IsCheckedOut: boolean) => documentWith({}, { Flags: { IsCheckedOut } });

		it('takes it for what it is where it is called a file, or DocuWare says that it is checked out', async () => {
			const { rows } = await run('checkOut', [mail, page, after(true)]);
			expect(rows[0]?.json.checkedOut).toBe(true);
			expect(rows[0]?.binary?.data?.mimeType).toBe('text/html');
			const named = { ...page.headers, 'content-disposition': 'attachment; filename=mail.html' };
			const one = await run('checkOut', [mail, { ...page, headers: named }]);
			expect(one.rows[0]?.json.fileName).toBe(`18+${CABINET}+mail.html`);
		});

		// Red before: the links were counted as the page, and refused for their size.
		it.each([
			['application/json', '{"Links":[{"rel":"content","href":"/DocuWare/Platform/Files/18"}]}'],
			[
				'application/xml',
				'<CheckOutResult xmlns="http://dev.docuware.com/schema/public/services/platform"><Link rel="content" href="/DocuWare/Platform/Files/18" /></CheckOutResult>',
			],
		])('follows links to it that come as %s, whether they are named or not', async (type, body) => {
			const named = { 'content-disposition': `attachment; filename="18+${CABINET}+mail.html"` };
			for (const more of [{}, named]) {
				const links = { body, headers: { 'content-type': type, ...more } };
				const { rows, last } = await run('checkOut', [mail, links, page]);
				expect(last?.call).toBe('GET Files/18');
				const data = Buffer.from(rows[0]?.binary?.data?.data ?? '', 'base64').toString('utf8');
				expect(data).toBe(page.body);
				const logIn = { ...page, body: '<html>Log in</html>' };
				await expect(run('checkOut', [mail, links, logIn])).rejects.toMatchObject({
					code: 'DOCUWARE_CHECK_OUT_UNFINISHED',
					message: expect.stringContaining('19 bytes'),
				});
			}
		});

		// Red before: the size of all files was wanted of the one that came.
		it('takes one of several files of whatever size', async () => {
			const several = documentWith({}, { ...before, FileSize: 1_000, SectionCount: 2 });
			const { rows } = await run('checkOut', [several, page, after(true)]);
			const data = Buffer.from(rows[0]?.binary?.data?.data ?? '', 'base64').toString('utf8');
			expect(data).toBe(page.body);
		});

		// Red before: a page that the link led to was the file where no size was told of it.
		it.each([
			{ ContentType: 'text/html' },
			{ ContentType: 'text/html', FileSize: 17, SectionCount: 2 },
		])('takes no page behind a link for it where nothing tells its size: %j', async (told) => {
			const body = '{"Links":[{"rel":"content","href":"/DocuWare/Platform/Files/18"}]}';
			const links = { body, headers: { 'content-type': 'application/json' } };
			const answers = [documentWith({}, told), links];
			await expect(run('checkOut', [...answers, page])).rejects.toMatchObject({
				code: 'DOCUWARE_CHECK_OUT_UNFINISHED',
				message: expect.stringContaining('a web page in place of the file'),
				// Red before: it was to be tried again, which comes to the same.
				repair: expect.stringMatching(/^Run Undo Check Out\..*get the file by Download/),
			});
			const named = { ...page.headers, 'content-disposition': 'attachment; filename=mail.html' };
			const { rows } = await run('checkOut', [...answers, { ...page, headers: named }]);
			const data = Buffer.from(rows[0]?.binary?.data?.data ?? '', 'base64').toString('utf8');
			expect(data).toBe(page.body);
		});

		// Red before: any page was taken for the file.
		it('is in doubt where a page comes and it is not, and was not received where its size is another', async () => {
			const taken = documentWith({}, { ...before, Flags: { IsCheckedOut: true } });
			for (const answers of [
				[mail, page, after(false)],
				[mail, page, { status: 500, body: '' }],
				[taken, page, after(true)],
			])
				await expect(run('checkOut', answers)).rejects.toMatchObject({
					code: 'DOCUWARE_WRITE_UNCONFIRMED',
					repair: expect.stringContaining('run Undo Check Out'),
				});
			const logIn = { ...page, body: '<html>Log in</html>' };
			await expect(run('checkOut', [mail, logIn, after(true)])).rejects.toMatchObject({
				code: 'DOCUWARE_CHECK_OUT_UNFINISHED',
				message: expect.stringContaining('19 bytes'),
			});
		});
	});

	it('says that the document is checked out where its file does not come', async () => {
		const links: FakeAnswer = {
			body: { Links: [{ rel: 'content', href: '/DocuWare/Platform/Files/18' }] },
			headers: { 'content-type': 'application/json' },
		};
		const gone: FakeAnswer = { status: 500, body: { Message: 'Storage is down.' } };
		await expect(run('checkOut', [DOCUMENT, links, gone])).rejects.toMatchObject({
			code: 'DOCUWARE_CHECK_OUT_UNFINISHED',
			message: expect.stringContaining('Storage is down.'),
			repair: 'Run Undo Check Out, then Check Out again.',
		});
	});

	it('checks nothing out that n8n could not keep', async () => {
		const mode = process.env.N8N_DEFAULT_BINARY_DATA_MODE;
		process.env.N8N_DEFAULT_BINARY_DATA_MODE = 'database';
		try {
			const large = documentWith({}, { FileSize: 600 * 1024 * 1024 });
			await expect(run('checkOut', [large])).rejects.toMatchObject({
				code: 'DOCUWARE_FILE_TOO_LARGE',
			});
		} finally {
			if (mode === undefined) delete process.env.N8N_DEFAULT_BINARY_DATA_MODE;
			else process.env.N8N_DEFAULT_BINARY_DATA_MODE = mode;
		}
	});

	const refusal: FakeAnswer = { status: 422, body: { Message: 'Not possible.' } };

	it.each([
		['a cabinet without versions', DOCUMENT, 'Disable', 'DOCUWARE_NO_VERSION_MANAGEMENT'],
		['one that somebody has', CHECKED_OUT, 'Manual', 'DOCUWARE_LOCKED'],
		['any other reason', DOCUMENT, 'Manual', 'DOCUWARE_VALIDATION'],
	])('says why it was refused: %s', async (_case, document, status, code) => {
		await expect(run('checkOut', [document, refusal, cabinet(status)])).rejects.toMatchObject({
			code,
			message: expect.stringContaining('Not possible.'),
		});
	});

	it('keeps the refusal where the cabinet cannot be asked', async () => {
		const silent = { status: 500, body: '' };
		await expect(run('checkOut', [DOCUMENT, refusal, silent])).rejects.toMatchObject({
			code: 'DOCUWARE_VALIDATION',
		});
	});
});

describe('Undo Check Out', () => {
	it('gives the document back', async () => {
		const { last, rows } = await run('undoCheckOut', [CHECKED_OUT, DOCUMENT]);
		expect(last).toMatchObject({
			call: `PUT ${at('Operations/ProcessDocumentAction?DocId=18')}`,
			body: { DocumentAction: 'UndoCheckOut' },
		});
		expect(rows[0]?.json).toMatchObject({ documentId: 18 });
	});

	it('says that it is not checked out', async () => {
		const idle = documentWith({}, { Flags: { IsCheckedOut: false } });
		const refusal: FakeAnswer = { status: 409, body: { Message: 'Nothing to undo.' } };
		await expect(run('undoCheckOut', [idle, refusal, cabinet('Manual')])).rejects.toMatchObject({
			code: 'DOCUWARE_NOT_CHECKED_OUT',
		});
	});
});
