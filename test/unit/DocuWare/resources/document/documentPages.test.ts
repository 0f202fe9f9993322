import * as fc from 'fast-check';
import { RunMemory } from '../../../../../nodes/DocuWare/api/runMemory';
import type { DocumentQuery } from '../../../../../nodes/DocuWare/resources/document/searchRequest';
import { holdsAsync } from '../../../../support/properties';
import { serverWith, all, is, redOrSmall, read, readKeys, twoCabinets, range } from './foundPages';

describe('documents of a search by their ids', () => {
	it('are read completely, far beyond 10,000', async () => {
		const server = serverWith(25_000);
		expect(await read(server, {})).toEqual(range(1, 25_000));
		expect(server.bodies).toHaveLength(25);
		expect(server.bodies.every(({ Start: start }) => start === 0)).toBe(true);
	});

	it('come in descending order too', async () => {
		const sort = [{ field: 'DWDOCID', direction: 'Desc' as const }];
		const found = await read(serverWith(2_500), { terms: { sort } });
		expect(found).toEqual(range(1, 2_500).reverse());
	});

	it('are read by each condition with Or, and none comes twice', async () => {
		const server = serverWith(25_000);
		const found = await read(server, { expression: redOrSmall });
		expect(found).toEqual(range(1, 25_000).filter((id) => id % 2 === 0 || id % 3 === 0));
		expect(server.bodies[0]).toMatchObject({ Operation: 'Or' });
		expect(server.bodies.slice(1).every(({ Operation }) => Operation === 'And')).toBe(true);
	});

	it('are read completely with Or and no condition at all', async () => {
		const server = serverWith(2_500);
		const found = await read(server, { expression: { operation: 'Or', groups: [] } });
		expect(found).toEqual(range(1, 2_500));
	});

	it('are read by each of several numbers beside other conditions', async () => {
		const expression: DocumentQuery['expression'] = {
			operation: 'And',
			groups: [is('COLOUR', 'red'), is('SIZE', '0', '1')],
		};
		const found = await read(serverWith(3_000), { expression });
		expect(found).toEqual(range(1, 3_000).filter((id) => id % 2 === 0 && id % 3 < 2));
	});

	it('are not missed where others are added or deleted meanwhile', async () => {
		await holdsAsync(
			fc.asyncProperty(
				fc.boolean(),
				fc.constantFrom<'Asc' | 'Desc'>('Asc', 'Desc'),
				fc.array(fc.nat(3_999), { maxLength: 200 }),
				async (isOr, direction, deleted) => {
					const server = serverWith(4_000);
					let added = 4_000;
					server.before = (request) => {
						if (request < 2) return;
						for (const id of deleted.splice(0, 60)) server.documents.delete(id + 1);
						added += 1;
						server.documents.set(added, { id: added, values: { COLOUR: 'red' } });
					};
					const expression = isOr ? redOrSmall : all.expression;
					const terms = { sort: [{ field: 'DWDOCID', direction }] };
					const gone = new Set(deleted.map((id) => id + 1));
					const found = await read(server, { expression, terms });
					expect(new Set(found).size).toBe(found.length);
					const stayed = range(1, 4_000).filter(
						(id) => !gone.has(id) && (!isOr || id % 2 === 0 || id % 3 === 0),
					);
					const seen = new Set(found);
					expect(stayed.filter((id) => !seen.has(id))).toEqual([]);
				},
			),
			8,
		);
	});

	// Red before: a page of 1,000 documents that was more than can be read at once ended the search.
	it.each([
		['by their ids', [], 120, [1_000, 100]],
		['by their ids', [], 9, [1_000, 100, 10, 1]],
		['in another order', [{ field: 'AMOUNT', direction: 'Desc' as const }], 120, [1_000, 100]],
		['in another order', [{ field: 'AMOUNT', direction: 'Desc' as const }], 70, [1_000, 100, 10]],
		// Red before: pages of one document do not overlap, so the results were said to change.
		['in another order', [{ field: 'AMOUNT', direction: 'Desc' as const }], 3, [1_000, 100, 10, 2]],
	])('are read %s in pages that can be read at once: %j, %d', async (_by, sort, most, tried) => {
		for (const links of [undefined, 'places'] as const) {
			const count = most * 10 + 3;
			const server = serverWith(count);
			server.mostReadable = most;
			server.links = links;
			expect(await read(server, { terms: { sort } })).toEqual(range(1, count));
			const counts = server.bodies.map(({ Count }) => Count);
			expect(counts.slice(0, tried.length)).toEqual(tried);
			// Once is enough.
			expect(new Set(counts.slice(tried.length))).toEqual(new Set(tried.slice(-1)));
		}
	});

	it('are an error where one alone is more than can be read at once', async () => {
		const server = serverWith(30);
		server.mostReadable = 0;
		await expect(read(server, {})).rejects.toMatchObject({ code: 'HTTP_RESPONSE_TOO_LARGE' });
		expect(server.bodies.map(({ Count }) => Count)).toEqual([1_000, 100, 10, 1]);
	});

	// Red before: pages of one document do not overlap, so the results were said to change.
	it('in another order are an error where two are more than can be read at once', async () => {
		const server = serverWith(30);
		server.mostReadable = 1;
		const terms = { sort: [{ field: 'AMOUNT', direction: 'Desc' as const }] };
		const memory = new RunMemory();
		for (const tried of [[1_000, 100, 10, 2], [2]]) {
			server.bodies.length = 0;
			await expect(read(server, { terms }, memory)).rejects.toMatchObject({
				code: 'HTTP_RESPONSE_TOO_LARGE',
			});
			expect(server.bodies.map(({ Count }) => Count)).toEqual(tried);
		}
		expect(await read(server, {}, memory)).toEqual(range(1, 30));
	});

	it('are asked for up to the limit only', async () => {
		const server = serverWith(5_000);
		expect(await read(server, { limit: 20 })).toEqual(range(1, 20));
		expect(server.bodies).toMatchObject([{ Count: 20, SortOrder: [{ Field: 'DWDOCID' }] }]);
	});

	it.each([true, false])(
		'are read by their places where the server gives them in another order (HasMore: %j)',
		async (tellsMore) => {
			for (const count of [1, 3, 1_000, tellsMore ? 10_000 : 9_999]) {
				const server = serverWith(count);
				server.fault = 'unsorted';
				server.tellsMore = tellsMore;
				expect(await read(server, {})).toEqual(range(1, count).reverse());
			}
		},
	);

	it.each(['Asc', 'Desc'] as const)(
		'are put in the order that was asked for where the server does not keep to it: %s',
		async (direction) => {
			const sort = [{ field: 'DWDOCID', direction }];
			for (const [count, limit] of [
				[30, 5],
				[30, 1_000],
				[2_500, 1_200],
				[2_500, Infinity],
			] as const) {
				const server = serverWith(count);
				const ids = [...server.documents.keys()];
				server.documents.clear();
				for (const id of ids.map((one) => (one * 7) % (count + 1) || one)) {
					server.documents.set(id, { id, values: {} });
				}
				server.fault = 'unsorted';
				const all = [...server.documents.keys()].sort((one, other) => one - other);
				if (direction === 'Desc') all.reverse();
				expect(await read(server, { terms: { sort }, limit })).toEqual(all.slice(0, limit));
			}
			const many = serverWith(10_001);
			many.fault = 'unsorted';
			if (direction === 'Desc') for (const id of range(1, 50)) many.documents.delete(id);
			const reading = read(many, { terms: { sort }, limit: 20 });
			// Of the latest first, this server happens to keep to the order.
			if (direction === 'Desc')
				expect((await reading).slice(0, 20)).toEqual(range(9_982, 10_001).reverse());
			else
				await expect(reading).rejects.toMatchObject({
					code: 'DOCUWARE_UNEXPECTED_ANSWER',
					repair: expect.stringContaining('Narrow the conditions'),
				});
		},
	);

	it.each(['Asc', 'Desc'] as const)(
		'are those of the order with a limit of one, whichever the server keeps to: %s',
		async (direction) => {
			const sort = [{ field: 'DWDOCID', direction }];
			for (const count of [1, 2, 30]) {
				// Whatever is asked for, the latest comes first.
				const server = serverWith(count);
				server.fault = 'unsorted';
				expect(await read(server, { terms: { sort }, limit: 1 })).toEqual([
					direction === 'Asc' ? 1 : count,
				]);
			}
		},
	);

	it('are read search by search then, where there are several', async () => {
		const expression: DocumentQuery['expression'] = {
			operation: 'And',
			groups: [is('COLOUR', 'red'), is('SIZE', '0', '1')],
		};
		const server = serverWith(3_000);
		server.fault = 'unsorted';
		const found = await read(server, { expression });
		expect(found.length).toBe(new Set(found).size);
		expect(new Set(found)).toEqual(
			new Set(range(1, 3_000).filter((id) => id % 2 === 0 && id % 3 < 2)),
		);
	});

	// Red before: they came search by search, and with a limit those of the first search.
	it.each(['Asc', 'Desc'] as const)(
		'are put in the order that was asked for of several searches too: %s',
		async (direction) => {
			const sort = [{ field: 'DWDOCID', direction }];
			const expression: DocumentQuery['expression'] = {
				operation: 'And',
				groups: [is('COLOUR', 'red'), is('SIZE', '0', '1')],
			};
			const fits = (id: number) => id % 2 === 0 && id % 3 < 2;
			for (const [count, limit] of [
				[30, 1],
				[30, 5],
				[3_000, 700],
				[3_000, Infinity],
			] as const) {
				const server = serverWith(count);
				// Neither way round is what was asked for.
				const mixed = [...server.documents].sort(([one], [other]) => (one % 7) - (other % 7));
				server.documents.clear();
				for (const [id, document] of mixed) server.documents.set(id, document);
				server.fault = 'unsorted';
				const all = range(1, count).filter(fits);
				if (direction === 'Desc') all.reverse();
				const found = await read(server, { expression, terms: { sort }, limit });
				// A page of several searches may go beyond the limit.
				expect(found.slice(0, limit)).toEqual(all.slice(0, limit));
			}
			const many = serverWith(15_500);
			many.fault = 'unsorted';
			const mixed = [...many.documents].sort(([one], [other]) => (one % 7) - (other % 7));
			many.documents.clear();
			for (const [id, document] of mixed) many.documents.set(id, document);
			const groups = [is('COLOUR', 'red', 'blue'), is('SIZE', '0', '1')];
			const wide = { operation: 'And' as const, groups };
			const reading = read(many, { expression: wide, terms: { sort }, limit: 20 });
			await expect(reading).rejects.toMatchObject({
				code: 'DOCUWARE_UNEXPECTED_ANSWER',
				repair: expect.stringContaining('Narrow the conditions'),
			});
		},
	);

	it('are an error beyond 10,000 where the server gives them in another order', async () => {
		const server = serverWith(10_001);
		server.fault = 'unsorted';
		await expect(read(server, {})).rejects.toMatchObject({
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
			repair: expect.stringContaining('10,000'),
		});
	});

	it.each([3, 7, 1_000])(
		'of several file cabinets may have equal ids, with %d on a page',
		async (mostRows) => {
			for (const tellsMore of [true, false]) {
				const { server, keys } = twoCabinets(mostRows * 2 + 1);
				server.mostRows = mostRows;
				server.tellsMore = tellsMore;
				const terms = { sort: [], additionalCabinets: ['other'] };
				expect(await readKeys(server, { terms })).toEqual(keys);
			}
		},
	);

	it('of several file cabinets are an error where pages are too short for those of one id', async () => {
		for (const tellsMore of [true, false]) {
			const { server } = twoCabinets(5);
			server.mostRows = 2;
			server.tellsMore = tellsMore;
			const terms = { sort: [], additionalCabinets: ['other'] };
			await expect(readKeys(server, { terms })).rejects.toMatchObject({
				code: 'DOCUWARE_UNEXPECTED_ANSWER',
			});
		}
	});

	it('of several file cabinets are an error where it is not said of which each is', async () => {
		const { server } = twoCabinets(2);
		for (const [at, one] of server.documents) server.documents.set(at, { ...one, cabinet: '' });
		const terms = { sort: [], additionalCabinets: ['other'] };
		await expect(readKeys(server, { terms })).rejects.toMatchObject({
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
		});
	});

	it('come once where the first page repeats some', async () => {
		const server = serverWith(30);
		server.documents.set(-1, { id: 7, values: {} });
		expect(await read(server, {})).toEqual(range(1, 30));
	});

	it('are read to the end by a server that does not say whether there are more', async () => {
		const server = serverWith(2_500);
		server.tellsMore = false;
		expect(await read(server, {})).toEqual(range(1, 2_500));
	});
});

// Red before: the requests behind the first one had a condition for DWDOCID, which such a dialog refuses.
it('asks a dialog without document IDs for no range of them, also where one request was to do', async () => {
	const server = serverWith(450);
	server.mostRows = 100;
	const found = await read(server, { limit: 400, knowsIds: async () => false });
	expect(found).toEqual(range(1, 400));
	expect(server.bodies.length).toBeGreaterThan(4);
	expect(server.bodies.flatMap(({ Condition }) => Condition)).toEqual([]);
});

describe('a dialog that does not show document IDs', () => {
	const lacking = { limit: 20, knowsIds: async () => false };

	// Red before: a refusal by status 400 was none of the order.
	it.each([422, 400])(
		'is searched without an order where it takes none (%d), and asked for one once in a run',
		async (status) => {
			const server = serverWith(30);
			server.refuses = ({ SortOrder }) => SortOrder !== undefined;
			server.refusedBy = status;
			const memory = new RunMemory();
			for (let item = 0; item < 3; item += 1) {
				expect(await read(server, lacking, memory)).toEqual(range(1, 20));
			}
			expect(server.bodies).toHaveLength(4);
		},
	);

	// Red before: a search that found nothing taught nothing.
	it('is asked for an order once in a run, also where nothing is found', async () => {
		const server = serverWith(0);
		server.refuses = ({ SortOrder }) => SortOrder !== undefined;
		const memory = new RunMemory();
		for (let item = 0; item < 3; item += 1) expect(await read(server, lacking, memory)).toEqual([]);
		expect(server.bodies).toHaveLength(4);
	});

	// Red before: any refused value was taken for a refused order, and later searches had none.
	it('is asked for an order on after something else was refused', async () => {
		const server = serverWith(30);
		server.refuses = ({ Condition }) => Condition.length > 0;
		const memory = new RunMemory();
		const expression = { operation: 'And' as const, groups: [is('COLOUR', 'red')] };
		await expect(read(server, { ...lacking, expression }, memory)).rejects.toMatchObject({
			code: 'DOCUWARE_VALIDATION',
		});
		expect(await read(server, lacking, memory)).toEqual(range(1, 20));
		expect(server.bodies.at(-1)).toMatchObject({ SortOrder: [{ Field: 'DWDOCID' }] });
	});
});
