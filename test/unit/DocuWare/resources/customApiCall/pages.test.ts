import { FakeSession } from '../support/fakeSession';
import { runOperation } from '../support/runOperation';
import { call, pairs, platform } from './support/call';

describe('the pages of a Custom API Call', () => {
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
