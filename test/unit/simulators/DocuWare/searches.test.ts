import { invoices } from './fileClient';
import { callPlatform, cookiesOf, logOn } from './platformClient';
import { dialog, type Result, three, useSearches } from './searchBench';

const start = useSearches();

const allFields = '00000000-0000-0000-0000-000000000000';

function linkOf({ Links }: Result, rel: string): string | undefined {
	return Links.find((link) => link.rel === rel)?.href;
}

describe('a search', () => {
	it('finds by values, ranges, emptiness, columns of tables and keywords', async () => {
		const bench = await start(three);
		expect(await bench.ids({})).toEqual([1, 2, 3]);
		expect(await bench.found('COMPANY', 'p*')).toEqual([1]);
		expect(await bench.found('company', '"Smith (UK)"')).toEqual([2]);
		expect(await bench.found('COMPANY', 'A', 'Q')).toEqual([1]);
		expect(await bench.found('COMPANY', 'EMPTY()')).toEqual([3]);
		expect(await bench.found('AMOUNT', '5')).toEqual([1]);
		expect(await bench.found('AMOUNT', 10.5)).toEqual([2]);
		expect(await bench.found('AMOUNT', null, '6')).toEqual([1]);
		expect(await bench.found('AMOUNT', '6', null)).toEqual([2]);
		expect(await bench.found('INVOICEDATE', '2026-02-01')).toEqual([2]);
		expect(await bench.found('INVOICEDATE', '2026-01-01', '2026-01-31')).toEqual([1]);
		expect(await bench.found('INVOICEDATE', 'NOTEMPTY()')).toEqual([1, 2]);
		expect(await bench.found('RECEIVED', '2026-02-01T00:00:00', '2026-02-01T13:00:00')).toEqual([
			3,
		]);
		expect(await bench.found('KEYWORDS', 'b')).toEqual([1]);
		expect(await bench.found('POSIT_ARTICLE', 'Nut')).toEqual([3]);
		expect(await bench.found('DWDOCID', '2', '3')).toEqual([2, 3]);
		const column = { DBName: 'POSITIONS', ColumnName: 'POSIT_QUANTITY', Value: ['2', '4'] };
		expect(await bench.ids({ Condition: [column], Operation: 'And' })).toEqual([3]);
	});

	it('joins all conditions by And or by Or', async () => {
		const bench = await start(three);
		const Condition = [
			{ DBName: 'COMPANY', Value: ['Peters'] },
			{ DBName: 'DOCTYPE', Value: ['Invoice'] },
		];
		expect(await bench.ids({ Condition, Operation: 'And' })).toEqual([]);
		expect(await bench.ids({ Condition, Operation: 'Or' })).toEqual([1, 3]);
		expect(await bench.refusal({ Condition, Operation: 'Xor' })).toEqual([
			422,
			expect.stringContaining('And or Or'),
		]);
	});

	it.each([
		['NOWHERE', ['a'], 'does not exist'],
		['COMPANY', [''], 'must not be empty'],
		['COMPANY', [], 'one value or two'],
		['COMPANY', ['a', 'b', 'c'], 'one value or two'],
		['COMPANY', [null], 'no value'],
		['COMPANY', 'a', 'one value or two'],
		['COMPANY', ['Smith (UK)'], 'malformed'],
		['AMOUNT', ['1,5'], 'no number'],
		['AMOUNT', ['1 OR 2'], 'no number'],
		['INVOICEDATE', ['31.01.2026'], 'no date'],
		['INVOICEDATE', ['2026-02-30'], 'no date'],
		['INVOICEDATE', ['/Date(1577836800000)/'], 'no date'],
		['POSITIONS', ['Bolt'], 'ColumnName'],
	])('on %s with %j is refused: %s', async (DBName, Value, message) => {
		const bench = await start(three);
		expect(await bench.refusal({ Condition: [{ DBName, Value }], Operation: 'And' })).toEqual([
			422,
			expect.stringContaining(message),
		]);
	});

	it('looks into the text of files where the cabinet has a full text', async () => {
		const bench = await start([]);
		for (const text of ['The quick brown fox', 'Some other text']) {
			await callPlatform(bench.simulator, 'POST', `FileCabinets/${invoices}/Documents`, {
				headers: {
					cookie: cookiesOf(await logOn(bench.simulator)),
					'content-type': 'text/plain',
					'content-disposition': 'file; filename="a.txt"',
				},
				body: text,
			});
		}
		expect(await bench.found('DocuWareFulltext', 'fox')).toEqual([1]);
		expect(await bench.found('DocuWareFulltext', '"brown fox"')).toEqual([1]);
		bench.simulator.world.fileCabinets[0]!.hasFullText = false;
		expect(
			await bench.refusal({ Condition: [{ DBName: 'DocuWareFulltext', Value: ['fox'] }] }),
		).toEqual([422, expect.stringContaining('full text')]);
	});

	it('sorts by several fields in the body, by the first of the URL', async () => {
		const bench = await start([
			{ COMPANY: 'B', AMOUNT: 1 },
			{ COMPANY: 'A', AMOUNT: 1 },
			{ COMPANY: 'A', AMOUNT: 2 },
		]);
		const SortOrder = [
			{ Field: 'COMPANY', Direction: 'asc' },
			{ Field: 'AMOUNT', Direction: 'Desc' },
		];
		expect(await bench.ids({ SortOrder })).toEqual([3, 2, 1]);
		expect(await bench.ids({}, '?SortOrder=COMPANY+Asc,AMOUNT+Desc')).toEqual([2, 3, 1]);
		expect((await bench.refusal({ SortOrder: [{ Field: 'X' }] }))[0]).toBe(422);
	});

	it('goes from page to page by links that keep conditions, order and fields', async () => {
		const bench = await start(
			Array.from({ length: 7 }, (_, index) => ({
				COMPANY: index === 3 ? 'B' : 'A',
				AMOUNT: index,
			})),
		);
		const body = {
			Condition: [{ DBName: 'COMPANY', Value: ['A'] }],
			Operation: 'And',
			SortOrder: [
				{ Field: 'COMPANY', Direction: 'Asc' },
				{ Field: 'AMOUNT', Direction: 'Desc' },
			],
			Count: 2,
		};
		let result = await bench.search(body, `?Fields=COMPANY,DWDOCID&DialogId=${dialog(1)}`);
		expect(result.Count).toEqual({ HasMore: true, Value: 6, ExceedLimit: false });
		const pages = [result.Items.map(({ Id }) => Id)];
		for (let next = linkOf(result, 'next'); next !== undefined; next = linkOf(result, 'next')) {
			result = await bench.follow(next);
			pages.push(result.Items.map(({ Id }) => Id));
		}
		expect(pages).toEqual([
			[7, 6],
			[5, 3],
			[2, 1],
		]);
		expect(result.Count.HasMore).toBe(false);
		expect(result.Items[0]?.Fields.map(({ FieldName }) => FieldName)).toEqual([
			'COMPANY',
			'DWDOCID',
		]);
		expect(linkOf(await bench.follow(linkOf(result, 'prev') ?? ''), 'next')).toBeDefined();
	});

	it('counts all hits, the page, or one more than the page', async () => {
		const bench = await start([{}, {}, {}]);
		const value = async (query: string): Promise<number> =>
			(await bench.search({}, query)).Count.Value;
		expect(await value('?count=2')).toBe(3);
		expect(await value('?count=2&calculateTotalCount=false')).toBe(3);
		expect(await value('?count=1&calculateTotalCount=false')).toBe(2);
		bench.simulator.configure({ countValue: 'page' });
		expect(await value('?count=2')).toBe(2);
		expect(await value('?count=2&calculateTotalCount=true')).toBe(3);
	});

	it('gives at most 10,000 documents', async () => {
		const bench = await start(Array.from({ length: 10_050 }, () => ({})));
		expect(await bench.refusal({ Count: 10_001 })).toEqual([
			422,
			expect.stringContaining('exceeds the system limit of 10000 per request'),
		]);
		const all = await bench.search({ Count: 10_000 }, '?fields=DWDOCID');
		expect([all.Items.length, all.Count.HasMore, all.Count.ExceedLimit]).toEqual([
			10_000,
			true,
			true,
		]);
		expect(linkOf(all, 'next')).toBeUndefined();
		expect((await bench.refusal({ Start: 10_000, Count: 10 }))[0]).toBe(422);
		bench.simulator.configure({ deepPages: 'served' });
		expect((await bench.search({ Start: 10_000, Count: 100 })).Items).toHaveLength(50);
	});

	it('knows the fields of its dialog alone', async () => {
		const bench = await start(three);
		const byAmount = { Condition: [{ DBName: 'AMOUNT', Value: ['5'] }], Operation: 'And' };
		expect(await bench.ids(byAmount, `?DialogId=${allFields}`)).toEqual([1]);
		expect((await bench.refusal(byAmount, `?DialogId=${dialog(4)}`))[0]).toBe(422);
		expect((await bench.refusal({}, `?DialogId=${dialog(2)}`))[0]).toBe(422);
		expect((await bench.refusal({}, '?DialogId=x'))[0]).toBe(422);
	});

	it('comes as a table when asked', async () => {
		const bench = await start(three);
		const body = (await bench.search({}, '?format=table&fields=COMPANY,AMOUNT')) as unknown;
		expect(body).toMatchObject({
			Headers: [{ FieldName: 'COMPANY', Type: 'Text' }, { FieldName: 'AMOUNT' }],
			Rows: [{ Items: ['Peters', 5] }, { Items: ['Smith (UK)', 10.5] }, { Items: [null, null] }],
		});
		bench.simulator.configure({ tableRows: 'lists' });
		expect(
			await bench.follow('Documents?format=table&start=0&count=1&fields=AMOUNT'),
		).toMatchObject({ Rows: [[5]] });
	});

	it('leaves checked-out documents out where flags say so', async () => {
		const bench = await start(three);
		bench.simulator.state.documents.find(invoices, 2)!.checkedOutBy = 'peggy.jenkins';
		expect(await bench.ids({})).toEqual([1, 2, 3]);
		expect(await bench.ids({ FlagConditions: { IncludeCheckedOut: false } })).toEqual([1, 3]);
	});

	it('becomes a path that can be got', async () => {
		const bench = await start(three);
		const body = {
			Condition: [
				{ DBName: 'COMPANY', Value: ['Smith \\(UK\\)'] },
				{ DBName: 'INVOICEDATE', Value: ['2026-02-01', '2026-02-28'] },
			],
			Operation: 'And',
		};
		const link = await bench.call('POST', `Query/DialogExpressionLink?DialogId=${dialog(1)}`, body);
		expect(link.headers.get('content-type')).toContain('text/plain');
		expect(decodeURIComponent(link.text)).toBe(
			`/DocuWare/Platform/FileCabinets/${invoices}/Documents?q=dialog;${dialog(1)};;And;;` +
				'COMPANY:Smith \\(UK\\);INVOICEDATE:>=2026-02-01 AND <=2026-02-28',
		);
		expect((await bench.follow(link.text)).Items.map(({ Id }) => Id)).toEqual([2]);
	});

	it('lists a cabinet without a query', async () => {
		const bench = await start(three);
		const result = await bench.follow('Documents?Count=2&Fields=COMPANY');
		expect(result.Items.map(({ Id }) => Id)).toEqual([1, 2]);
	});

	it('spans cabinets that have the fields of the dialog', async () => {
		const bench = await start(three);
		const AdditionalCabinets = ['4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20'];
		expect((await bench.refusal({ AdditionalCabinets }, `?DialogId=${dialog(4)}`))[1]).toContain(
			"'COMPANY' does not exist",
		);
		expect((await bench.refusal({ AdditionalCabinets }, `?DialogId=${allFields}`))[0]).toBe(422);
	});
});

describe('a client', () => {
	it('lists below Query, and encodes its sort order twice', async () => {
		const bench = await start(three);
		expect((await bench.follow('Query/Documents?count=2')).Items).toHaveLength(2);
		const link = await bench.call(
			'POST',
			`Query/DialogExpressionLink?sortOrder=AMOUNT%2520Desc&fields=AMOUNT&dialogId=${dialog(1)}`,
			{ Operation: 'And', Condition: [{ DBName: 'AMOUNT', Value: ['1', null] }] },
		);
		expect((await bench.follow(link.text)).Items.map(({ Id }) => Id)).toEqual([2, 1]);
	});

	it('gets long answers compressed where it takes them so', async () => {
		const bench = await start(three);
		const encodingOf = async (accepted: string): Promise<string | null> =>
			(
				await bench.call('GET', 'Documents', undefined, { 'accept-encoding': accepted })
			).headers.get('content-encoding');
		expect([await encodingOf('gzip, deflate'), await encodingOf('identity')]).toEqual([
			'gzip',
			null,
		]);
		bench.simulator.configure({ answerCompression: false });
		expect(await encodingOf('gzip')).toBeNull();
	});
});
