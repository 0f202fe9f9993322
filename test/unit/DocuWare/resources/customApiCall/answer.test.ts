import { Readable } from 'node:stream';
import { HttpTransportError } from '../../../../../nodes/shared/http';
import { FakeSession, type FakeAnswer } from '../support/fakeSession';
import { runOperation } from '../support/runOperation';
import { call, pairs } from './support/call';

describe('the answer of a Custom API Call', () => {
	const json = async (answer: FakeAnswer, options = {}) =>
		(await call([answer], { path: 'x', options })).rows.map((row) => row.json);

	it('is one item per object', async () => {
		expect(await json({ body: { Id: 1 } })).toEqual([{ Id: 1 }]);
		expect(await json({ body: [{ Id: 1 }, 'b'] })).toEqual([{ Id: 1 }, { data: 'b' }]);
		expect(await json({ body: '"text"' })).toEqual([{ data: 'text' }]);
		expect(await json({ status: 204, body: '' })).toEqual([{}]);
	});

	it('is one item per entry of the list that is named', async () => {
		const options = { itemsProperty: 'Thing' };
		expect(await json({ body: { Thing: [{ Id: 1 }, { Id: 2 }] } }, options)).toHaveLength(2);
		expect(await json({ body: { Count: 0 } }, options)).toEqual([]);
	});

	it('can carry status and headers', async () => {
		const answer = { status: 404, body: { Message: 'No.' }, headers: { 'x-a': '1' } };
		const options = { fullResponse: true, neverError: true };
		expect(await json(answer, options)).toEqual([
			{ statusCode: 404, statusMessage: '', headers: { 'x-a': '1' }, body: { Message: 'No.' } },
		]);
	});

	it('is an error where JSON was expected, unless the user wants none', async () => {
		await expect(json({ body: 'plain' })).rejects.toMatchObject({
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
		});
		expect(await json({ body: 'plain' }, { neverError: true })).toEqual([{ data: 'plain' }]);
		await expect(json({ status: 302, body: '' })).rejects.toMatchObject({
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
		});
	});

	it('can be a text', async () => {
		const { rows } = await call([{ body: 'a,b' }], { path: 'x', responseFormat: 'text' });
		expect(rows).toEqual([{ json: { data: 'a,b' } }]);
	});

	it('can be a file, with a name that is safe', async () => {
		const { rows, session } = await call(
			[
				{
					body: '%PDF',
					headers: {
						'content-type': 'application/pdf; charset=x',
						'content-disposition': 'attachment; filename="../../etc/p.pdf"',
					},
				},
			],
			{ path: 'x', responseFormat: 'file', outputDataFieldName: 'document' },
		);
		expect(session.requests[0]?.responseType).toBe('stream');
		expect(rows).toEqual([
			{
				json: {},
				binary: {
					document: {
						data: Buffer.from('%PDF').toString('base64'),
						mimeType: 'application/pdf',
						fileName: 'p.pdf',
					},
				},
			},
		]);
	});

	it('names the file after RFC 5987 where that is given, and in any case somehow', async () => {
		const name = async (disposition: string) => {
			const headers = { 'content-disposition': disposition };
			const { rows } = await call([{ body: 'x', headers }], { path: 'x', responseFormat: 'file' });
			return rows[0]?.binary?.data?.fileName;
		};
		expect(await name(`attachment; filename="a.pdf"; filename*=UTF-8''%C3%84.pdf`)).toBe('Ä.pdf');
		expect(await name(`attachment; filename="a.pdf"; filename*=UTF-8''%FF.pdf`)).toBe('a.pdf');
		expect(await name('attachment; filename=bare.pdf')).toBe('bare.pdf');
		expect(await name('attachment; filename=".."')).toBe('_');
		expect(await name('inline')).toBeUndefined();
	});

	const html = {
		body: '<!DOCTYPE html><html><body>Log in at the proxy</body></html>',
		headers: { 'content-type': 'text/html' },
	};

	it.each(['json', 'text', 'file'])(
		'is an error where a page comes in place of %s',
		async (responseFormat) => {
			await expect(call([html], { path: 'x', responseFormat })).rejects.toMatchObject({
				code: 'DOCUWARE_UNEXPECTED_ANSWER',
			});
			const options = { neverError: true };
			await expect(call([html], { path: 'x', responseFormat, options })).resolves.toBeDefined();
			const own = { headers: pairs(['Accept', 'text/html']) };
			const isPage = responseFormat !== 'json';
			const asked = call([html], { path: 'x', responseFormat, ...own });
			if (isPage) await expect(asked).resolves.toBeDefined();
			else await expect(asked).rejects.toBeDefined();
		},
	);

	it('is a page where the documentation is asked for, and a file where a page is one', async () => {
		const path = 'Documentation/authentication';
		await expect(call([html], { path, responseFormat: 'text' })).resolves.toBeDefined();
		const headers = { ...html.headers, 'content-disposition': 'attachment; filename=a.html' };
		const { rows } = await call([{ ...html, headers }], { path: 'x', responseFormat: 'file' });
		expect(rows[0]?.binary?.data?.fileName).toBe('a.html');
	});

	// Red before: a document that is HTML was called a page, although the text of it was asked for.
	it.each([
		[{ 'content-type': 'text/html', 'content-disposition': 'attachment; filename=a.html' }],
		[{ 'content-type': 'text/plain' }],
		[{ 'content-type': 'text/xml' }],
	])('is the text of a document that is HTML: %j', async (headers) => {
		const answer = { ...html, headers };
		const { rows } = await call([answer], { path: 'x', responseFormat: 'text' });
		expect(rows).toEqual([{ json: { data: html.body } }]);
		await expect(call([answer], { path: 'x' })).rejects.toMatchObject({
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
		});
	});

	it('is JSON whatever a server calls it', async () => {
		const headers = { 'content-type': 'text/html; charset=utf-8' };
		expect(await json({ body: { Id: 1 }, headers })).toEqual([{ Id: 1 }]);
	});

	it('says how a page is asked for that is wanted', async () => {
		await expect(call([html], { path: 'x', responseFormat: 'text' })).rejects.toMatchObject({
			message: expect.stringContaining('a web page'),
			repair: expect.stringContaining('text/html'),
		});
	});

	it.each(['json', 'text', 'file'])('a page that nothing announces is one: %s', async (format) => {
		const page = { body: '<script>location = "/login"</script>' };
		const responseFormat = { path: 'x', responseFormat: format };
		await expect(call([page], responseFormat)).rejects.toMatchObject({
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
		});
		await expect(call([page], { ...responseFormat, method: 'POST' })).rejects.toMatchObject({
			code: 'DOCUWARE_WRITE_UNCONFIRMED',
		});
	});

	it('says after a write whose answer cannot be read that the change was made', async () => {
		const torn = { body: '{"Id": 1, "Na', headers: { 'content-type': 'application/json' } };
		// Functions may answer with a text, as that which makes login tokens does.
		const text = { body: 'a token', headers: { 'content-type': 'text/plain' } };
		for (const answer of [torn, text])
			await expect(call([answer], { path: 'x', method: 'POST' })).rejects.toMatchObject({
				code: 'DOCUWARE_UNEXPECTED_ANSWER',
				message: expect.stringContaining('the change was made'),
				repair: expect.stringContaining('before running this again'),
			});
		// Red before: a text, which a proxy may have sent, was said to prove it.
		await expect(call([text], { path: 'x', method: 'POST' })).rejects.toMatchObject({
			message: expect.stringContaining('only where DocuWare itself has answered: a token'),
			repair: expect.stringContaining('whether the change was made'),
		});
	});

	it('is an error where an error object comes with a success, unless the user wants none', async () => {
		const body = { Message: 'No free licence.', StatusCode: 503 };
		for (const [method, code] of [
			['GET', 'DOCUWARE_SERVER_ERROR'],
			['POST', 'DOCUWARE_WRITE_UNCONFIRMED'],
		])
			await expect(call([{ body }], { path: 'x', method })).rejects.toMatchObject({
				code,
				message: expect.stringContaining('No free licence.'),
			});
		expect(await json({ body }, { neverError: true })).toEqual([body]);
	});

	// Red before: it was the text or the file that was asked for, and a file with such content was refused as JSON.
	it.each(['json', 'text', 'file'])(
		'is an error object, but for one that is a file: %s',
		async (responseFormat) => {
			const body = '{"Message":"No free licence.","StatusCode":503}';
			const headers = { 'content-type': 'application/json' };
			const parameters = { path: 'x', responseFormat };
			for (const [method, code] of [
				['GET', 'DOCUWARE_SERVER_ERROR'],
				['POST', 'DOCUWARE_WRITE_UNCONFIRMED'],
			]) {
				const asked = call([{ body, headers }], { ...parameters, method });
				await expect(asked).rejects.toMatchObject({ code });
			}
			const named = { ...headers, 'content-disposition': 'attachment; filename=a.json' };
			expect((await call([{ body, headers: named }], parameters)).rows).toHaveLength(1);
			const options = { neverError: true };
			const any = await call([{ body, headers }], { ...parameters, options });
			expect(any.rows).toHaveLength(1);
		},
	);

	it.each(['json', 'text', 'file'])(
		'says that a write is in doubt where a page comes in place of %s',
		async (responseFormat) => {
			const asked = call([html], { path: 'x', method: 'POST', responseFormat });
			await expect(asked).rejects.toMatchObject({
				code: 'DOCUWARE_WRITE_UNCONFIRMED',
				repair: expect.stringContaining('before running this again'),
			});
		},
	);

	it.each([
		['POST', 'DOCUWARE_UNEXPECTED_ANSWER'],
		['GET', 'HTTP_CONNECTION_LOST'],
	])('is an error where a file of a %s ends early', async (method, code) => {
		const session = new FakeSession([]);
		const torn = new HttpTransportError('HTTP_CONNECTION_LOST', 'It broke.', {
			kind: 'reset',
			requestSent: true,
			answered: 200,
			repair: 'Try again.',
		});
		const body = new Readable({ read: () => void body.destroy(torn) });
		const answer = { status: 200, statusText: '', headers: {}, setCookie: [], body, url: '' };
		session.request = (async () => await Promise.resolve(answer)) as never;
		const run = runOperation(session, {
			parameters: {
				resource: 'customApiCall',
				operation: 'call',
				path: 'x',
				method,
				responseFormat: 'file',
			},
		});
		await expect(run).rejects.toMatchObject({ code });
	});

	it.each(['json', 'text'])(
		'is binary data where it is binary, also as %s',
		async (responseFormat) => {
			const headers = {
				'content-type': 'application/pdf',
				'content-disposition': 'attachment; filename=a.pdf',
			};
			const session = new FakeSession([]);
			const bytes = Buffer.from([0x25, 0x50, 0x00, 0xff]);
			session.request = (async () =>
				await Promise.resolve({
					status: 200,
					statusText: '',
					headers,
					setCookie: [],
					body: bytes,
					url: '',
				})) as never;
			const { rows } = await runOperation(session, {
				parameters: { resource: 'customApiCall', operation: 'call', path: 'x', responseFormat },
			});
			expect(rows).toEqual([
				{
					json: {},
					binary: {
						data: {
							data: bytes.toString('base64'),
							mimeType: 'application/pdf',
							fileName: 'a.pdf',
						},
					},
				},
			]);
		},
	);
});
