import type { IDataObject } from 'n8n-workflow';
import {
	customRequest,
	needsDivision,
} from '../../../../nodes/ExactOnline/resources/customApiCall/customRequest';
import { list } from '../api/support/exactServer';
import { executeContext, locator } from '../../../support/n8nContext';
import { useExactNode } from './support/exactNode';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const { node, server } = useExactNode();

async function run(parameters: IDataObject, nodeType?: string): Promise<IDataObject[]> {
	const { context } = executeContext({
		description: node.description,
		nodeType,
		credentials: { exactOnlineOAuth2Api: { id: 'cred-1' } },
		parameters: {
			resource: 'customApiCall',
			operation: 'call',
			division: locator('3100007'),
			...parameters,
		},
	});
	const [output] = await node.execute.call(context);
	return (output ?? []).map(({ json }) => json);
}

it('sends a GET below the division, with encoded query, and gives the rows', async () => {
	server.answer([list([{ __metadata: {}, ID: 'a', Created: '/Date(0)/' }])]);
	const rows = await run({
		method: 'GET',
		path: 'crm/Contacts',
		queryParameters: { parameters: [{ name: '$filter', value: "LastName eq 'D&B'" }] },
	});
	expect(rows).toEqual([{ ID: 'a', Created: '1970-01-01T00:00:00' }]);
	const [request] = server.requests;
	expect(request?.rawTarget).toBe(
		'/api/v1/3100007/crm/Contacts?$filter=LastName%20eq%20%27D%26B%27',
	);
	expect(request?.headers.accept).toBe('application/json');
});

it('follows the links to all pages', async () => {
	server.answer([
		list([{ ID: 1 }], `${server.baseUrl}/api/v1/3100007/crm/Contacts?$skiptoken=1`),
		list([{ ID: 2 }]),
	]);
	const rows = await run({ method: 'GET', path: 'crm/Contacts', allPages: true });
	expect(rows).toEqual([{ ID: 1 }, { ID: 2 }]);
});

it('takes a path from the host on, and puts the division where it is asked for', async () => {
	server.answer([list([]), list([])]);
	await run({ method: 'GET', path: '/api/v1/beta/{division}/payroll/PayrollComponents' });
	await run({ method: 'GET', path: '/api/v1/current/Me' });
	expect(server.requests.map(({ target }) => target)).toEqual([
		'/api/v1/beta/3100007/payroll/PayrollComponents',
		'/api/v1/current/Me',
	]);
});

it('sends a body and headers of the user, and gives the full response when asked', async () => {
	server.answer([{ status: 201, body: JSON.stringify({ d: { ID: 'new' } }) }]);
	const [output] = await run({
		method: 'POST',
		path: 'crm/Accounts',
		body: '{"Name":"New"}',
		options: {
			fullResponse: true,
			headers: { headers: [{ name: 'Prefer', value: 'return=representation' }] },
		},
	});
	expect(output).toMatchObject({ status: 201, body: { d: { ID: 'new' } } });
	const [request] = server.requests;
	expect(request).toMatchObject({ method: 'POST', body: '{"Name":"New"}' });
	expect(request?.headers).toMatchObject({
		prefer: 'return=representation',
		'content-type': 'application/json',
	});
});

it.each([
	['a number', '340', { data: 340 }],
	['a text', 'plain words', { data: 'plain words' }],
	['nothing', '', { status: 200 }],
	['an object without an envelope', '{"a":1}', { a: 1 }],
])('gives %s back as it came', async (_name, body, expected) => {
	server.answer([{ status: 200, body }]);
	await expect(run({ method: 'GET', path: 'crm/Accounts/$count' })).resolves.toEqual([expected]);
});

it.each([
	['torn JSON', { 'Content-Type': 'application/json' }, '{"d":{"results":[{"ID":"a"},{"ID'],
	['torn JSON without a type', {}, '{"d":{"results":[{"ID":"a"},{"ID'],
	['a page', { 'Content-Type': 'text/html' }, 'Please log in'],
	[
		'a page that calls itself something else',
		{ 'Content-Type': 'text/plain' },
		'<html>Log in</html>',
	],
])(
	'is an error where %s comes, after a write with the word of what became of it',
	async (what, headers, body) => {
		server.answer([{ status: 200, headers, body }]);
		await expect(run({ method: 'GET', path: 'crm/Accounts' })).rejects.toThrow(
			/although the request succeeded.*EXACT_UNEXPECTED_ANSWER/,
		);
		await expect(run({ method: 'POST', path: 'crm/Accounts', body: '{}' })).rejects.toThrow(
			what.startsWith('torn')
				? /made the change, but .* POST crm\/Accounts.*EXACT_UNEXPECTED_ANSWER/
				: /not known .*: POST crm\/Accounts.*EXACT_WRITE_UNCONFIRMED/,
		);
	},
);

it('gives a page back that is no part of the API, and XML', async () => {
	const headers = { 'Content-Type': 'text/html' };
	server.answer([{ status: 200, headers, body: '<html>Docs</html>' }]);
	await expect(run({ path: '/docs/HlpRestAPIResources.aspx' })).resolves.toEqual([
		{ data: '<html>Docs</html>' },
	]);
	server.answer([{ status: 200, body: '<?xml version="1.0"?><edmx/>' }]);
	await expect(run({ path: 'crm/$metadata' })).resolves.toEqual([
		{ data: '<?xml version="1.0"?><edmx/>' },
	]);
});

it('gives binary content as binary data', async () => {
	const bytes = Buffer.from([0x25, 0x50, 0x44, 0x46, 0x00, 0xff, 0xfe]);
	const headers = {
		'Content-Type': 'application/pdf',
		'Content-Disposition': 'attachment; filename="a.pdf"',
	};
	for (const fullResponse of [false, true]) {
		server.answer([{ status: 200, headers, body: bytes }]);
		const { context } = executeContext({
			description: node.description,
			credentials: { exactOnlineOAuth2Api: { id: 'cred-1' } },
			parameters: {
				resource: 'customApiCall',
				operation: 'call',
				path: '/docs/SysAttachment.aspx',
				options: { fullResponse },
			},
		});
		const [output] = await node.execute.call(context);
		expect(output?.[0]?.binary).toEqual({
			data: { data: bytes.toString('base64'), mimeType: 'application/pdf', fileName: 'a.pdf' },
		});
		expect(output?.[0]?.json).toEqual(
			fullResponse ? { status: 200, headers: expect.any(Object) } : {},
		);
	}
});

it('follows expanded collections beyond their first page, with all pages or one', async () => {
	const next = `${server.baseUrl}/api/v1/3100007/crm/Lines?$skiptoken=1`;
	for (const allPages of [false, true]) {
		server.answer(({ target }) =>
			target.includes('Lines')
				? list([{ n: 2 }])
				: list([{ Lines: { results: [{ n: 1 }], __next: next } }]),
		);
		await expect(run({ path: 'crm/Contacts', allPages })).resolves.toEqual([
			{ Lines: [{ n: 1 }, { n: 2 }] },
		]);
	}
});

it('is refused to an AI agent, and nothing is sent', async () => {
	server.answer([]);
	await expect(run({ method: 'GET', path: 'crm/Contacts' }, 'exactOnlineTool')).rejects.toThrow(
		'[EXACT_NOT_FOR_AI]',
	);
	expect(server.requests).toEqual([]);
});

describe('what is not accepted', () => {
	const base = 'https://start.exactonline.nl';
	const fields = { method: 'GET', path: 'crm/Accounts', query: {}, headers: {}, body: '{}' };

	it.each(['', 'https://evil.example/x', '//evil.example/x', '\\\\evil.example', 'javascript:x'])(
		'the path %p',
		(path) => {
			expect(() => customRequest(base, { ...fields, path }, 1)).toThrow(
				expect.objectContaining({ code: 'EXACT_INVALID_PATH' }),
			);
		},
	);

	it.each([
		['crm/../Accounts', '. or ..'],
		['crm/%2e%2E/Accounts', '. or ..'],
		['/api/v1/..%2f..%2fdocs', '. or ..'],
		['crm/./Accounts', '. or ..'],
		['crm//Accounts', 'between two slashes'],
		['crm%2F%2FAccounts', 'between two slashes'],
		["crm/Accounts(Code='a//b')", 'between two slashes'],
		["crm/'%2F%2FAccounts'", 'between two slashes'],
		["crm/Accounts(Code='a%2F%2Fb'/x%2F%2Fy)", 'between two slashes'],
		["crm/Accounts(Code='a%2F..%2Fb')", '. or ..'],
		["crm/Accounts(Code='%2F%2F..%2F..%2Fb')", '. or ..'],
		['crm/Acc\u0000ounts', 'control character'],
		['crm/Acc\nounts', 'control character'],
		['crm/Accounts#x', '%23'],
		["crm/Accounts?$filter=Name eq '100%'", '%25'],
		['{Division}/{id}/crm/Accounts', 'placeholder'],
		["crm/Accounts(guid'undefined')", 'empty value'],
		['crm/undefined', 'empty value'],
		['crm/Accounts?$top=undefined', 'empty value'],
	])('the path %j, because of %s', (path, why) => {
		expect(() => customRequest(base, { ...fields, path }, 1)).toThrow(
			expect.objectContaining({
				code: 'EXACT_INVALID_PATH',
				message: expect.stringContaining(why),
			}),
		);
	});

	it.each([
		['api/v1/{division}/crm/Accounts', '/api/v1/1/crm/Accounts'],
		['{division}/crm/Accounts', '/api/v1/1/crm/Accounts'],
		['beta/{DIVISION}/payroll/x', '/api/v1/beta/1/payroll/x'],
		['current/Me', '/api/v1/current/Me'],
		['crm/Accounts/', '/api/v1/1/crm/Accounts/'],
		['crm/Accounts?a=null', '/api/v1/1/crm/Accounts?a=null'],
		["crm/Accounts(Code='a%2Fb')", "/api/v1/1/crm/Accounts(Code='a%2Fb')"],
		["x/Y(Code='a%2F%2fb%2F%2F')", "/api/v1/1/x/Y(Code='a%2F%2fb%2F%2F')"],
		["x/Y('%2F%2Fit''s',Z='%2F%2F')", "/api/v1/1/x/Y('%2F%2Fit''s',Z='%2F%2F')"],
	])('but the path %j is understood', (path, target) => {
		expect(customRequest(base, { ...fields, path }, 1).url).toBe(`${base}${target}`);
	});

	it.each([
		'Authorization',
		'cookie',
		'Host',
		'Content-Length',
		'TE',
		'Upgrade',
		'Keep-Alive',
		'bad name',
		'',
	])('the header %p is refused or left out', (name) => {
		const headers = { headers: [{ name, value: 'x' }] };
		const build = () => customRequest(base, { ...fields, headers }, 1);
		if (name === '') expect(build().headers).toEqual({});
		else expect(build).toThrow(expect.objectContaining({ code: 'EXACT_INVALID_VALUE' }));
	});

	it('a header value with a line break', () => {
		const headers = { headers: [{ name: 'Prefer', value: 'a\r\nX: b' }] };
		expect(() => customRequest(base, { ...fields, headers }, 1)).toThrow(/Headers/);
	});

	it('a body that is no JSON, named by its field', () => {
		const request = { ...fields, method: 'POST', body: '{"a":' };
		expect(() => customRequest(base, request, 1)).toThrow(/field Body/);
	});

	it('an unknown method', () => {
		expect(() => customRequest(base, { ...fields, method: 'TRACE' }, 1)).toThrow(/Method/);
	});
});

it.each([
	['crm/Accounts', true],
	['api/v1/{division}/x', true],
	['api/v1/current/Me', false],
	['current/Me', false],
	['{division}/crm/Accounts', true],
	['/api/v1/{division}/x', true],
	['/api/v1/current/Me', false],
])('knows whether %p needs a division', (path, expected) => {
	expect(needsDivision(path)).toBe(expected);
});
