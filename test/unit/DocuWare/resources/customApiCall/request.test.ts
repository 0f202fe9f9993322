import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { FakeSession } from '../support/fakeSession';
import { runOperation } from '../support/runOperation';
import { call, pairs, platform } from './support/call';

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
