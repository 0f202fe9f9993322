import type { ExactRow } from '../../../../nodes/ExactOnline/wire/exactTypes';
import { ACCOUNTS, failure, useClient } from './support/clientBench';
import { list } from './support/exactServer';

const bench = useClient();

async function collect(pages: AsyncIterable<ExactRow[]>): Promise<ExactRow[]> {
	const rows: ExactRow[] = [];
	for await (const page of pages) rows.push(...page);
	return rows;
}

describe('pages', () => {
	it('follows the link verbatim until there is none', async () => {
		const next = `${bench.server.baseUrl}/api/v1/123/crm/Accounts?$skiptoken=guid'a%20b'&x=%24`;
		bench.server.answer([list([{ n: 1 }], next), list([{ n: 2 }])]);
		expect(await collect(bench.client.pages(ACCOUNTS))).toEqual([{ n: 1 }, { n: 2 }]);
		// A URL parser writes the quote as %27; everything else stays as it came.
		const target = next.slice(bench.server.baseUrl.length).replaceAll("'", '%27');
		expect(bench.server.requests[1]?.rawTarget).toBe(target);
	});

	it('asks for a page only when the reader wants it', async () => {
		const next = `${bench.server.baseUrl}/api/v1/123/crm/Accounts?$skiptoken=1`;
		bench.server.answer([list([{ n: 1 }], next)]);
		for await (const page of bench.client.pages(ACCOUNTS)) {
			expect(page).toHaveLength(1);
			break;
		}
		expect(bench.server.requests).toHaveLength(1);
	});

	it.each([
		'https://evil.test/api/v1/123/crm/Accounts',
		'http://127.0.0.1:1/api/v1/123/crm/Accounts',
		'/api/v1/relative',
		'javascript:alert(1)',
	])('sends no token to %s', async (next) => {
		bench.server.answer([list([{ n: 1 }], next)]);
		const error = await failure(collect(bench.client.pages(ACCOUNTS)));
		expect(error.code).toBe('EXACT_FOREIGN_LINK');
		expect(bench.source.asked).toHaveLength(1);
		expect(bench.server.requests).toHaveLength(1);
	});

	it.each([
		(origin: string) => `${origin}/login?to=/api/`,
		(origin: string) => origin.replace('http://', 'http://user:pw@') + '/api/v1/1/crm/Accounts',
	])('refuses a link that only looks like its own', async (link) => {
		bench.server.answer([list([{ n: 1 }], link(bench.server.baseUrl))]);
		expect((await failure(collect(bench.client.pages(ACCOUNTS)))).code).toBe('EXACT_FOREIGN_LINK');
	});

	it('fails on a link to itself instead of hiding rows', async () => {
		const next = `${bench.server.baseUrl}/api/v1/123/crm/Accounts?$skiptoken=1`;
		bench.server.answer([list([{ n: 1 }], next)]);
		const error = await failure(collect(bench.client.pages(ACCOUNTS)));
		expect(error.code).toBe('EXACT_UNEXPECTED_ANSWER');
	});

	it('notices a circle of links, also one that leads to the first page', async () => {
		const base = `${bench.server.baseUrl}/api/v1/123/crm/Accounts`;
		const link = (n: number) => (n === 0 ? base : `${base}?$skiptoken=${n}`);
		for (const [circle, asked] of [
			[[1, 2, 3, 1], 4],
			[[1, 0], 2],
		] as const) {
			bench.server.answer((_request, index) => list([{ n: index }], link(circle[index] ?? 9)));
			const error = await failure(collect(bench.client.pages(ACCOUNTS)));
			expect(error).toMatchObject({ code: 'EXACT_UNEXPECTED_ANSWER' });
			expect(error.message).toContain('read already');
			expect(bench.server.requests).toHaveLength(asked);
		}
	});

	// Red before: it went on for ever, with the same rows.
	it('notices a token that comes again beside something else', async () => {
		const base = `${bench.server.baseUrl}/api/v1/123/crm/Accounts`;
		bench.server.answer((_request, index) =>
			list(
				[{ n: index }],
				index < 20 ? `${base}?$top=${99 - index}&$skiptoken=guid'1'` : undefined,
			),
		);
		const error = await failure(collect(bench.client.pages(ACCOUNTS)));
		expect(error).toMatchObject({ code: 'EXACT_UNEXPECTED_ANSWER' });
		expect(bench.server.requests).toHaveLength(2);
	});

	it('goes on behind empty pages, but not behind the tenth in a row', async () => {
		const link = (n: number) => `${bench.server.baseUrl}/api/v1/123/crm/Accounts?$skiptoken=${n}`;
		bench.server.answer((_request, index) =>
			index < 9 ? list([], link(index)) : list([{ n: 1 }]),
		);
		expect(await collect(bench.client.pages(ACCOUNTS))).toEqual([{ n: 1 }]);
		bench.server.answer((_request, index) => list([], link(index)));
		const error = await failure(collect(bench.client.pages(ACCOUNTS)));
		expect(error).toMatchObject({ code: 'EXACT_UNEXPECTED_ANSWER' });
		expect(bench.server.requests).toHaveLength(10);
	});
});

describe('expanded collections', () => {
	const lines = (from: number, to: number) =>
		Array.from({ length: to - from }, (_, index) => ({ n: from + index }));
	const link = (token: string) =>
		`${bench.server.baseUrl}/api/v1/123/crm/Lines?$skiptoken=${token}`;

	it('are whole beyond their first page, in each row and at each depth', async () => {
		const parts = { results: lines(0, 2), __next: link('parts') };
		bench.server.answer(({ target }) => {
			if (target.endsWith('=a')) return list(lines(2, 4), link('b'));
			if (target.endsWith('=b')) return list([...lines(4, 5), { n: 5, Parts: parts }]);
			if (target.endsWith('=parts')) return list(lines(2, 3));
			return list([
				{ ID: 'x', Lines: { results: lines(0, 2), __next: link('a') }, Other: { results: [] } },
			]);
		});
		const [row] = (await bench.client.request(ACCOUNTS)).rows;
		expect(row).toEqual({
			ID: 'x',
			Lines: { results: [...lines(0, 5), { n: 5, Parts: { results: lines(0, 3) } }] },
			Other: { results: [] },
		});
	});

	it.each([
		[
			'to themselves',
			() => ({ results: [{ n: 1 }], __next: link('a') }),
			() => list([{ n: 2 }], link('a')),
		],
		[
			'to each other',
			() => ({ results: [{ n: 1 }], __next: link('a') }),
			() => list([{ n: 2, Lines: { results: [], __next: link('a') } }]),
		],
	])('that link %s are an error', async (_where, first, next) => {
		bench.server.answer(({ target }) =>
			target.includes('Lines?') ? next() : list([{ Lines: first() }]),
		);
		expect(await failure(bench.client.request(ACCOUNTS))).toMatchObject({
			code: 'EXACT_UNEXPECTED_ANSWER',
		});
		expect(bench.server.requests).toHaveLength(2);
	});

	it('may be those of one entity in several rows', async () => {
		const same = () => ({ results: lines(0, 2), __next: link('a') });
		bench.server.answer(({ target }) =>
			target.includes('Lines?')
				? list(lines(2, 3))
				: list([
						{ ID: 'x', Item: { Lines: same() } },
						{ ID: 'y', Item: { Lines: same() } },
					]),
		);
		const whole = { Lines: { results: lines(0, 3) } };
		expect((await bench.client.request(ACCOUNTS)).rows).toEqual([
			{ ID: 'x', Item: whole },
			{ ID: 'y', Item: whole },
		]);
	});

	it('that lead elsewhere are not followed', async () => {
		bench.server.answer([
			list([{ Lines: { results: [], __next: 'https://evil.test/api/v1/1/x' } }]),
		]);
		expect(await failure(bench.client.request(ACCOUNTS))).toMatchObject({
			code: 'EXACT_FOREIGN_LINK',
		});
		expect(bench.server.requests).toHaveLength(1);
	});
});
