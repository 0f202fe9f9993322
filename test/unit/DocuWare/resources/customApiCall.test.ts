import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { HttpTransportError } from '../../../../nodes/shared/http';
import { FakeSession, type FakeAnswer } from './support/fakeSession';
import { runOperation, type OperationRun } from './support/runOperation';
import type { NodeSettings, StandIn } from '../../../support/n8nContext';

const platform = 'https://acme.docuware.cloud/DocuWare/Platform';

/** Runs a Custom API Call with these parameters. */
async function call(
	answers: FakeAnswer[],
	parameters: NonNullable<NodeSettings['parameters']>,
	more: { settings?: NodeSettings; prepare?: (standIn: StandIn) => void } = {},
): Promise<OperationRun & { session: FakeSession }> {
	const session = new FakeSession(answers);
	const run = await runOperation(
		session,
		{
			...more.settings,
			parameters: { resource: 'customApiCall', operation: 'call', ...parameters },
		},
		more.prepare,
	);
	return { ...run, session };
}

const pairs = (...entries: Array<[string, string]>) => ({
	entries: entries.map(([name, value]) => ({ name, value })),
});

describe('the request of a Custom API Call', () => {
	it('sends method, path, query and headers', async () => {
		const { session } = await call([{}], {
			path: '/FileCabinets?a=b',
			queryParameters: pairs(['OrgId', '1'], ['', 'left out']),
			headers: pairs(['accept', 'application/xml'], ['X-Extra', '1']),
		});
		expect(session.requests[0]).toMatchObject({
			method: 'GET',
			url: `${platform}/FileCabinets?a=b&OrgId=1`,
			headers: { Accept: 'application/xml', 'X-Extra': '1' },
			timeoutMs: 120_000,
		});
		expect(Object.keys(session.requests[0]?.headers ?? {})).toHaveLength(2);
		expect(session.requests[0]?.body).toBeUndefined();
	});

	it('asks for JSON in every format, so that a dead session is told by a 401', async () => {
		for (const responseFormat of ['json', 'text', 'file']) {
			const { session } = await call([{}], { path: 'Organizations', responseFormat });
			expect(session.requests[0]?.headers?.Accept).toContain('application/json');
		}
	});

	it('sends JSON as it was typed', async () => {
		const typed = '{ "$type": "StampPlacement", "Id": 12345678901234567890 }';
		const { session } = await call([{}], {
			path: 'x',
			method: 'POST',
			bodyType: 'json',
			jsonBody: typed,
		});
		expect(session.requests[0]).toMatchObject({
			body: typed,
			headers: { 'Content-Type': 'application/json' },
		});
	});

	it('sends JSON of an expression, which is an object already', async () => {
		const { session } = await call(
			[{}],
			{ path: 'x', method: 'PUT', bodyType: 'json', jsonBody: '={{ $json.body }}' },
			{ settings: { items: [{ json: { body: { $type: 'A', Field: [] } } }] } },
		);
		expect(session.requests[0]?.body).toBe('{"$type":"A","Field":[]}');
	});

	it('says where JSON cannot be read', async () => {
		const run = call([{}], { path: 'x', method: 'POST', bodyType: 'json', jsonBody: '{"a":}' });
		await expect(run).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: expect.stringContaining('JSON'),
		});
	});

	it('sends forms and raw texts', async () => {
		const form = await call([{}], {
			path: 'x',
			method: 'POST',
			bodyType: 'form',
			formFields: pairs(['a', 'ü & +']),
		});
		expect(form.session.requests[0]).toMatchObject({
			body: 'a=%C3%BC+%26+%2B',
			headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
		});
		const raw = await call([{}], {
			path: 'x',
			method: 'POST',
			bodyType: 'raw',
			rawBody: '<a/>',
			rawContentType: 'application/xml',
		});
		expect(raw.session.requests[0]).toMatchObject({
			body: '<a/>',
			headers: { 'Content-Type': 'application/xml' },
		});
	});

	it('opens stored binary data anew for each time it is sent', async () => {
		const { session } = await call(
			[{}],
			{ path: 'x', method: 'POST', bodyType: 'binary' },
			{
				settings: {
					items: [
						{
							binary: {
								data: {
									data: 'filesystem',
									id: 'f1',
									mimeType: 'application/pdf',
									fileName: 'Ä "b".pdf',
								},
							},
						},
					],
				},
				prepare: ({ stored }) => void stored.set('f1', Buffer.from('%PDF')),
			},
		);
		const { headers, body } = session.requests[0] ?? {};
		expect(headers).toMatchObject({
			'Content-Type': 'application/pdf',
			'Content-Length': '4',
			'Content-Disposition': `file; filename="A _b_.pdf"; filename*=UTF-8''%C3%84%20_b_.pdf`,
		});
		const open = body as () => Promise<Readable>;
		expect((await buffer(await open())).toString()).toBe('%PDF');
		expect((await buffer(await open())).toString()).toBe('%PDF');
	});

	it('sends binary data that n8n keeps in memory', async () => {
		const data = Buffer.from('text').toString('base64');
		const { session } = await call(
			[{}],
			{ path: 'x', method: 'POST', bodyType: 'binary', inputDataFieldName: 'file' },
			{ settings: { items: [{ binary: { file: { data, mimeType: 'text/plain' } } }] } },
		);
		expect(session.requests[0]?.body).toEqual(Buffer.from('text'));
	});

	it.each([
		'Authorization',
		'cookie',
		'Host',
		'Content-Length',
		'transfer-encoding',
		'Connection',
		'TE',
		'trailer',
		'Upgrade',
		'Keep-Alive',
		'Proxy-Authorization',
		'Proxy-Connection',
		'Expect',
	])('refuses the header %s', async (name) => {
		const run = call([{}], { path: 'x', headers: pairs([name, 'x']) });
		await expect(run).rejects.toMatchObject({ code: 'DOCUWARE_INVALID_PARAMETER' });
	});

	it.each([
		['X-Bad Name', 'x'],
		['X-Split', 'a\r\nCookie: b'],
		['X-Wide', '€'],
	])('refuses the header %j: %j', async (name, value) => {
		const run = call([{}], { path: 'x', headers: pairs([name, value]) });
		await expect(run).rejects.toMatchObject({ code: 'DOCUWARE_INVALID_PARAMETER' });
	});

	it.each([
		'Account/Logon',
		'/DocuWare/Platform/account/LogOff',
		'https://acme.docuware.cloud/DocuWare/Platform/Account/TokenLogOn?x=1',
		'Organization/LoginToken',
		'Organizations/1/logintoken/',
		'Account%2FLogon',
		'%41ccount/Logon',
		'%2541ccount%252fLogon',
		'/Account\\LogOff',
		'Account;x=1/Logon',
		'Account./LogOff',
		'Organization/LoginToken%20',
		"Organizations('%2F%2F')/LoginToken",
		"Organizations('%2F%2FLoginToken%2F')",
	])('leaves %s to the Session operations', async (path) => {
		await expect(call([{}], { path })).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			repair: expect.stringContaining('Session'),
		});
	});

	it.each([
		'FileCabinets/../Account/Logon',
		'FileCabinets/%2e%2e/x',
		'FileCabinets//Documents',
		'FileCabinets/%2f/Documents',
		'FileCabinets/a\u0007b',
		'FileCabinets#x',
		'FileCabinets?q=100%',
		'FileCabinets/undefined/Documents',
		'FileCabinets/..;/Account/LogOff',
		'FileCabinets/..%3Ba=1/Account/LogOff',
		'FileCabinets/..%20/Account/LogOff',
		'https://acme.docuware.cloud/DocuWare/Platform//Organizations',
		"x('a%2F%2F..%2F..%2FAccount%2FLogon')",
	])('sends nothing to %j', async (path) => {
		const session = new FakeSession([{}]);
		const run = runOperation(session, {
			parameters: { resource: 'customApiCall', operation: 'call', path },
		});
		await expect(run).rejects.toMatchObject({ code: 'DOCUWARE_INVALID_PARAMETER' });
		expect(session.requests).toEqual([]);
	});

	it('refuses another server and an empty path', async () => {
		await expect(call([{}], { path: 'https://evil.example/' })).rejects.toMatchObject({
			code: 'DOCUWARE_FOREIGN_HOST',
		});
		await expect(call([{}], { path: ' ' })).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
		});
	});
});

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

	it('goes on along next links, up to the limit, and says if there was more', async () => {
		const page = (id: number) => ({
			body: {
				Thing: [{ Id: id }],
				Links: [{ rel: 'next', href: `/DocuWare/Platform/x?Start=${id}` }],
			},
		});
		const options = { followNext: true, itemsProperty: 'Thing', maxPages: 2 };
		const { rows, hints, session } = await call([page(1), page(2), page(3)], {
			path: 'x',
			queryParameters: pairs(['OrgId', '1']),
			options,
		});
		expect(rows.map((row) => row.json)).toEqual([{ Id: 1 }, { Id: 2 }]);
		expect(session.requests.map(({ url }) => url)).toEqual([
			`${platform}/x?OrgId=1`,
			`${platform}/x?Start=1`,
		]);
		expect(hints).toMatchObject([{ type: 'warning' }]);
	});

	it('ends at a page that is empty or says so, whatever its link says', async () => {
		const Links = [{ rel: 'next', href: '/DocuWare/Platform/x?Start=9' }];
		const options = { followNext: true, itemsProperty: 'Thing' };
		for (const last of [
			{ Thing: [] },
			{ Thing: [1], HasMore: false },
			{ Thing: [1], Count: { HasMore: false } },
		]) {
			const { session } = await call([{ body: { ...last, Links } }], { path: 'x', options });
			expect(session.requests).toHaveLength(1);
		}
	});

	// Red before: the list ended there in silence.
	it.each([
		['nothing', { body: '' }],
		['something else', { body: { status: 'maintenance' } }],
	])('says so where %s comes in place of a further page', async (_what, other) => {
		const Links = [{ rel: 'next', href: '/DocuWare/Platform/x?Start=1' }];
		const options = { followNext: true, itemsProperty: 'Thing' };
		const answers = [{ body: { Thing: [{ Id: 1 }], Links } }, other];
		await expect(call(answers, { path: 'x', options })).rejects.toMatchObject({
			code: expect.stringMatching(/^DOCUWARE_/) as string,
		});
	});

	it('notices a page that leads back to the first one', async () => {
		const page = (href: string) => ({ body: { Thing: [1], Links: [{ rel: 'next', href }] } });
		const answers = [page('/DocuWare/Platform/x?Start=1'), page('/DocuWare/Platform/x')];
		const options = { followNext: true, itemsProperty: 'Thing' };
		const session = new FakeSession([...answers, ...answers]);
		const run = runOperation(session, {
			parameters: { resource: 'customApiCall', operation: 'call', path: 'x', options },
		});
		await expect(run).rejects.toMatchObject({ code: 'DOCUWARE_UNEXPECTED_ANSWER' });
		expect(session.requests).toHaveLength(2);
	});

	const search = {
		path: 'FileCabinets/a/Query/DialogExpression?DialogId=1',
		method: 'POST',
		bodyType: 'json',
		options: { followNext: true, itemsProperty: 'Items' },
	};

	it('goes on in a posted search along its links, by GET', async () => {
		const Links = [
			{ rel: 'next', href: '/DocuWare/Platform/FileCabinets/a/Documents?q=x&start=2' },
		];
		const answers = [{ body: { Items: [1, 2], Links } }, { body: { Items: [3] } }];
		const { rows, session } = await call(answers, { ...search, jsonBody: '{"Start":0}' });
		expect(rows.map((row) => row.json.data)).toEqual([1, 2, 3]);
		expect(session.requests[1]).toMatchObject({
			method: 'GET',
			url: `${platform}/FileCabinets/a/Documents?q=x&start=2`,
			headers: { Accept: 'application/json' },
		});
		expect(session.requests[1]).not.toHaveProperty('body');
		expect(session.requests[1]?.headers).not.toHaveProperty('Content-Type');
	});

	it.each([
		[
			'in its body',
			'{"Condition":[],"Start":4}',
			['', ''],
			['{"Condition":[],"Start":4}', '{"Condition":[],"Start":6}'],
		],
		[
			'in its address',
			'{"Condition":[]}',
			['', '&Start=2'],
			['{"Condition":[]}', '{"Condition":[]}'],
		],
	])(
		'goes on in a posted search without links by a higher start %s',
		async (_where, jsonBody, ends, bodies) => {
			const answers = [
				{ body: { Items: [1, 2], Count: { HasMore: true } } },
				{ body: { Items: [3], Count: { HasMore: false } } },
			];
			const { rows, session } = await call(answers, { ...search, jsonBody });
			expect(rows).toHaveLength(3);
			expect(session.requests.map(({ body }) => body)).toEqual(bodies);
			expect(session.requests.map(({ url }) => url)).toEqual(
				ends.map((end) => `${platform}/FileCabinets/a/Query/DialogExpression?DialogId=1${end}`),
			);
		},
	);

	it('ends where a search ignores the higher start', async () => {
		const same = { body: { Items: [1], Count: { HasMore: true } } };
		await expect(call([same, same, same], { ...search, jsonBody: '{}' })).rejects.toMatchObject({
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
		});
	});

	it.each([
		['a posted search', { ...search, jsonBody: '{}', options: { followNext: true } }],
		['a page', { path: 'x', options: { followNext: true } }],
	])('of %s with several lists is not taken for all where there is more', async (_of, asked) => {
		const table = { Headers: [{ FieldName: 'A' }], Rows: [{ Items: ['1'] }] };
		await expect(call([{ body: { ...table, HasMore: true } }], asked)).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: expect.stringContaining('more'),
		});
		const { rows } = await call([{ body: { ...table, HasMore: false } }], asked);
		expect(rows).toHaveLength(1);
		const named = { ...asked, options: { ...asked.options, itemsProperty: 'Rows' } };
		const answers = [
			{ body: { ...table, HasMore: true } },
			{ body: { ...table, Rows: [{ Items: ['2'] }], HasMore: false } },
		];
		expect((await call(answers, named)).rows).toHaveLength(2);
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

	it('says after a write whose answer cannot be read that the change was made', async () => {
		const torn = { body: '{"Id": 1, "Na', headers: { 'content-type': 'application/json' } };
		for (const answer of [torn, html]) {
			await expect(call([answer], { path: 'x', method: 'POST' })).rejects.toMatchObject({
				code: 'DOCUWARE_UNEXPECTED_ANSWER',
				message: expect.stringContaining('the change was made'),
				repair: expect.stringContaining('before running this again'),
			});
		}
	});

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

	it('follows no next link unasked, and none after a POST', async () => {
		const body = { Links: [{ rel: 'next', href: '/DocuWare/Platform/x?Start=1' }] };
		const { session } = await call([{ body }], { path: 'x' });
		expect(session.requests).toHaveLength(1);
		const options = { followNext: true };
		await expect(call([{ body }], { path: 'x', method: 'POST', options })).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
		});
	});
});
