import * as fc from 'fast-check';
import type { DocumentQuery } from '../../../../../nodes/DocuWare/resources/document/searchRequest';
import { holdsAsync } from '../../../../support/properties';
import { serverWith, is, ids, read, range } from './foundPages';
import { SearchServer, type FakeDocument } from './searchServer';

describe('documents of several searches in another order', () => {
	const expression: DocumentQuery['expression'] = {
		operation: 'And',
		groups: [is('COLOUR', 'red'), is('SIZE', '0', '1')],
	};
	const fits = (id: number) => id % 2 === 0 && id % 3 < 2;
	const sort = [{ field: 'AMOUNT', direction: 'Asc' as const }];

	function valuedServer(count: number): SearchServer {
		const server = serverWith(count);
		server.givesValues = true;
		return server;
	}

	it('are put together in it', async () => {
		const all = range(1, 5_000).filter(fits).reverse();
		const server = valuedServer(5_000);
		expect(await read(server, { expression, terms: { sort } })).toEqual(all);
		expect(server.bodies.every(({ Operation }) => Operation === 'And')).toBe(true);
		expect(await read(server, { expression, terms: { sort }, limit: 5 })).toEqual(all.slice(0, 5));
		const descending = [{ field: 'AMOUNT', direction: 'Desc' as const }];
		expect(await read(server, { expression, terms: { sort: descending } })).toEqual(all.reverse());
	});

	it('are put together by any numbers, by several fields, and as empty values lie', async () => {
		const numbers = fc.array(fc.option(fc.integer({ min: -3, max: 3 })), { maxLength: 40 });
		const directions = fc.constantFrom<'Asc' | 'Desc'>('Asc', 'Desc');
		await holdsAsync(
			fc.asyncProperty(numbers, directions, directions, async (values, first, second) => {
				const documents = values.map((value, index): [number, FakeDocument] => {
					const known = { COLOUR: 'red', SIZE: String(index % 3), PLACE: index % 5 };
					// The first one tells that the field comes at all.
					const AMOUNT = index === 0 ? 0 : (value ?? undefined);
					return [
						index + 1,
						{ id: index + 1, values: { ...known, ...(AMOUNT !== undefined && { AMOUNT }) } },
					];
				});
				const server = new SearchServer(new Map(documents));
				server.givesValues = true;
				server.compare = (one, other) =>
					one === '' || other === '' ? Number(one !== '') - Number(other !== '') : +one - +other;
				const by = [
					{ field: 'AMOUNT', direction: first },
					{ field: 'PLACE', direction: second },
					{ field: 'DWDOCID', direction: 'Asc' as const },
				];
				const wanted = { terms: { sort: by }, limit: 1_000 };
				const sizes: DocumentQuery['expression'] = {
					operation: 'And',
					groups: [is('COLOUR', 'red'), is('SIZE', '0', '1', '2')],
				};
				const single = await read(server, wanted);
				expect(await read(server, { ...wanted, expression: sizes })).toEqual(single);
			}),
			60,
		);
	});

	const german = new Intl.Collator('en', { sensitivity: 'accent' });
	it.each<[string, (one: string, other: string) => number, string[]]>([
		['a language', german.compare, ['apple', 'Ärger', 'Banana', 'cherry', 'Zebra', 'zoo']],
		[
			'letters in capitals and others',
			(one, other) => (one < other ? -1 : Number(one > other)),
			['Banana', 'Zebra', 'apple', 'cherry', 'zoo', 'Ärger'],
		],
	])('are put together as DocuWare sorts texts: by %s', async (_by, compare, names) => {
		const documents = [...names, ...names].map((name, at): [number, FakeDocument] => [
			at + 1,
			{
				id: at + 1,
				values: { COLOUR: 'red', SIZE: String(at < names.length ? 0 : 1), NAME: name },
			},
		]);
		const server = new SearchServer(new Map(documents));
		server.givesValues = true;
		server.compare = (one, other) => compare(String(one), String(other));
		const terms = { sort: [{ field: 'NAME', direction: 'Asc' as const }] };
		const twice = names.flatMap((_name, at) => [at + 1, at + 1 + names.length]);
		expect(await read(server, { expression, terms, limit: 100 })).toEqual(twice);
	});

	// Red before: the order by DWDOCID, which nobody asked for, was to show in them too, or none could be told.
	it.each([100, Infinity])(
		'are put together where values differ that look the same here (limit %d)',
		async (limit) => {
			const names = ['Apple', 'apple', 'Berry', 'berry'];
			const documents = [...names, ...names].map((NAME, at): [number, FakeDocument] => [
				at + 1,
				{ id: at + 1, values: { COLOUR: 'red', SIZE: String(at < names.length ? 0 : 1), NAME } },
			]);
			const server = new SearchServer(new Map(documents));
			server.givesValues = true;
			// Small letters first, which none of the orders that are known here has.
			const { compare } = new Intl.Collator('en', { caseFirst: 'lower' });
			server.compare = (one, other) =>
				typeof one === 'number' ? one - Number(other) : compare(one, String(other));
			const terms = { sort: [{ field: 'NAME', direction: 'Asc' as const }] };
			const found = await read(server, { expression, terms, limit });
			expect(server.bodies[0]?.SortOrder?.map(({ Field }) => Field)).toEqual(['NAME', 'DWDOCID']);
			expect(found).toEqual([2, 1, 6, 5, 4, 3, 8, 7]);
		},
	);

	it('are an error where their order cannot be told', async () => {
		const terms = { sort: [{ field: 'COLOUR', direction: 'Asc' as const }] };
		const mixed = {
			operation: 'And' as const,
			groups: [is('SIZE', '0', '1'), is('SIZE', '0', '1')],
		};
		const server = valuedServer(40);
		server.compare = (one, other) => (one === other ? 0 : one === 'red' ? -1 : 1);
		await expect(read(server, { expression: mixed, terms, limit: 100 })).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: expect.stringContaining('DocuWare sorts by COLOUR their'),
		});
		// Nor where the field does not come with the documents.
		await expect(read(serverWith(40), { expression, terms: { sort } })).rejects.toMatchObject({
			code: 'DOCUWARE_INVALID_PARAMETER',
			message: expect.stringContaining('AMOUNT'),
		});
	});

	it('come once where several searches find them', async () => {
		const within = (from: number, to: number) => ({
			DBName: 'DWDOCID',
			Value: [String(from), String(to)],
		});
		const groups = [is('COLOUR', 'red'), [within(1, 20), within(10, 30)]];
		const overlapping = { operation: 'And' as const, groups };
		const found = await read(valuedServer(50), { expression: overlapping, terms: { sort } });
		expect(found).toEqual(
			range(1, 30)
				.filter((id) => id % 2 === 0)
				.reverse(),
		);
	});

	it('are counted once, however many searches find them', async () => {
		const groups = [is('COLOUR', 'red'), [1, 2].flatMap(() => ids(1, 12_000))];
		const server = valuedServer(12_000);
		const found = await read(server, {
			expression: { operation: 'And', groups },
			terms: { sort },
		});
		expect(found).toEqual(
			range(1, 12_000)
				.filter((id) => id % 2 === 0)
				.reverse(),
		);
	});

	it('are an error beyond 10,000 together, with the limit that they can be had with', async () => {
		const server = valuedServer(40_000);
		const reading = read(server, { expression, terms: { sort } });
		await expect(reading).rejects.toMatchObject({
			code: 'DOCUWARE_TOO_MANY_RESULTS',
			repair: expect.stringContaining('Limit to at most 5,000'),
		});
		const found = await read(server, { expression, terms: { sort }, limit: 5_000 });
		expect(found).toEqual(range(1, 40_000).filter(fits).reverse().slice(0, 5_000));
	});

	it('come with the fields that they are sorted by, where only some are wanted', async () => {
		const server = valuedServer(20);
		await read(server, { expression, terms: { sort }, fields: ['COLOUR'], limit: 9 });
		const wanted = server.requests.map(({ url }) => new URL(url).searchParams.get('Fields'));
		expect(wanted).toEqual(['COLOUR,AMOUNT', 'COLOUR,AMOUNT']);
	});

	it('come search by search where there is no order, and the dialog lacks DWDOCID', async () => {
		const found = await read(serverWith(12), { expression, knowsIds: async () => false });
		expect(found).toEqual([6, 12, 4, 10]);
	});
});
