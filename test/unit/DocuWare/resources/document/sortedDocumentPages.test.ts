import * as fc from 'fast-check';
import { PlatformClient } from '../../../../../nodes/DocuWare/api/platformClient';
import { documentPages } from '../../../../../nodes/DocuWare/resources/document/documentPages';
import { holdsAsync } from '../../../../support/properties';
import { serverWith, all, is, redOrSmall, read, range } from './foundPages';
import type { SearchServer } from './searchServer';

describe('documents of a search in another order', () => {
	const sort = [{ field: 'AMOUNT', direction: 'Asc' as const }];

	it('are read up to 10,000', async () => {
		const server = serverWith(10_000);
		expect(await read(server, { terms: { sort } })).toEqual(range(1, 10_000).reverse());
	});

	it.each(['places', 'opaque'] as const)('are read along links with %s', async (links) => {
		for (const tellsMore of [true, false]) {
			for (const count of [1, 30, 1_000, 3_333]) {
				const server = serverWith(count);
				Object.assign(server, { links, tellsMore, mostRows: 400 });
				// Without a word about more, nothing but a missing link tells the end of a server that takes no place.
				if (links === 'opaque' && count < 400 && !tellsMore) continue;
				// Of one field to sort by, links are followed at all.
				const query = { terms: { sort }, knowsIds: async () => false };
				expect(await read(server, query)).toEqual(range(1, count).reverse());
				const [, second] = server.requests;
				if (count > 400) expect(second?.method).toBe('GET');
			}
		}
	});

	it('are not missed along links with places where others are deleted meanwhile', async () => {
		const server = serverWith(4_000);
		server.links = 'places';
		server.before = (request) => {
			if (request === 2) for (const id of range(3_900, 4_000)) server.documents.delete(id);
		};
		const found = await read(server, { terms: { sort } });
		expect(range(1, 3_899).filter((id) => !found.includes(id))).toEqual([]);
	});

	it('have the fields that are wanted along links that do not name them', async () => {
		const server = serverWith(1_500);
		server.links = 'opaque';
		const knowsIds = async () => false;
		await read(server, { terms: { sort }, fields: ['COLOUR', 'SIZE'], knowsIds });
		expect(server.requests.map(({ url }) => new URL(url).searchParams.get('Fields'))).toEqual([
			'COLOUR,SIZE',
			'COLOUR,SIZE',
		]);
	});

	it('are counted where a link leads to another server', async () => {
		const server = serverWith(2_500);
		Object.assign(server, { links: 'places', linkOrigin: 'https://elsewhere.example' });
		expect(await read(server, { terms: { sort } })).toEqual(range(1, 2_500).reverse());
		expect(server.requests.every(({ url }) => url.startsWith(server.origin))).toBe(true);
		expect(server.requests.every(({ method }) => method === 'POST')).toBe(true);
	});

	it.each<{ linkStatus: number; linkAnswer?: object }>([
		...[400, 403, 404, 405, 409, 410, 413, 414, 422, 423, 500, 502, 503].map((linkStatus) => ({
			linkStatus,
		})),
		{ linkStatus: 200, linkAnswer: { Message: 'Welcome' } },
		{ linkStatus: 200, linkAnswer: { Items: 'none' } },
	])('are counted where a link is answered with %j', async ({ linkStatus, linkAnswer }) => {
		const server = serverWith(2_500);
		Object.assign(server, { links: 'places', linkStatus, linkAnswer });
		// Of one field to sort by, links are followed at all.
		const query = { terms: { sort }, knowsIds: async () => false };
		expect(await read(server, query)).toEqual(range(1, 2_500).reverse());
		expect(server.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
	});

	it.each([
		[401, 'DOCUWARE_UNAUTHORIZED'],
		[429, 'DOCUWARE_THROTTLED'],
	] as const)('are not asked for otherwise after a %d', async (linkStatus, code) => {
		const server = serverWith(2_500);
		Object.assign(server, { links: 'places', linkStatus });
		const reading = read(server, { terms: { sort }, knowsIds: async () => false });
		await expect(reading).rejects.toMatchObject({ code });
		expect(server.requests).toHaveLength(2);
	});

	it('are an error of the link where it fails and nothing else leads on', async () => {
		const server = serverWith(2_500);
		Object.assign(server, { links: 'opaque', linkStatus: 503 });
		const reading = read(server, { terms: { sort }, knowsIds: async () => false });
		await expect(reading).rejects.toMatchObject({ code: 'DOCUWARE_SERVER_ERROR' });
	});

	// Red before: what a link kept of the order was the order.
	it.each([[5_000], [1_700, 100], [400, 7]])(
		'come in the order of all fields where only links lead on: %d, %d on a page',
		async (count, mostRows = 1_000) => {
			const server = serverWith(count);
			Object.assign(server, { links: 'opaque', linkedSort: 'first', givesValues: true, mostRows });
			const byColour = [
				{ field: 'COLOUR', direction: 'Asc' as const },
				{ field: 'AMOUNT', direction: 'Asc' as const },
			];
			const latest = range(1, count).reverse();
			const even = (id: number) => id % 2 === 0;
			expect(await read(server, { terms: { sort: byColour } })).toEqual([
				...latest.filter((id) => !even(id)),
				...latest.filter(even),
			]);
			expect(server.requests.every(({ method }) => method === 'POST')).toBe(true);
			const unknown = async () => false;
			await expect(
				read(server, { terms: { sort: byColour }, knowsIds: unknown }),
			).rejects.toMatchObject({
				code: 'DOCUWARE_UNEXPECTED_ANSWER',
				message: expect.stringContaining('same'),
			});
		},
	);

	it('of several searches come so too', async () => {
		const server = serverWith(3_000);
		Object.assign(server, { links: 'opaque', linkedSort: 'first', givesValues: true });
		const groups = [is('COLOUR', 'red'), is('SIZE', '0', '1')];
		const expression = { operation: 'And' as const, groups };
		const found = await read(server, { expression, terms: { sort } });
		const fits = range(1, 3_000).filter((id) => id % 2 === 0 && id % 3 < 2);
		expect(found).toEqual(fits.reverse());
	});

	// Red before: the words of the server for a request that asked for too much.
	it.each([
		[{ terms: { sort } }, 'Leave out Sort'],
		[{}, 'Leave Search Dialog empty'],
	])('are too many where a link fails beyond 10,000: %j', async (query, repair) => {
		for (const mostRows of [1_000, 700]) {
			const server = serverWith(12_000);
			// The answers tell of no total.
			Object.assign(server, { links: 'opaque', mostRows, count: (_all: number, on: number) => on });
			const knowsIds = async () => false;
			await expect(read(server, { ...query, knowsIds })).rejects.toMatchObject({
				code: 'DOCUWARE_TOO_MANY_RESULTS',
				repair: expect.stringContaining(repair),
			});
			expect(server.requests.at(-1)?.url).toBeDefined();
		}
	});

	it('are put together of ranges of ids where no page behind the first can be had', async () => {
		const server = serverWith(11_000);
		Object.assign(server, { links: 'opaque', givesValues: true, cutsCounts: true });
		const found = await read(server, { terms: { sort }, limit: 10_500 });
		expect(found.slice(0, 10_500)).toEqual(range(501, 11_000).reverse());
		expect(new Set(found).size).toBe(found.length);
	});

	// Red before: the last page of each range, which nothing says is the last, was an error.
	it('are put together so where no answer says whether there is more', async () => {
		const server = serverWith(3_000);
		Object.assign(server, { links: 'opaque', givesValues: true, tellsMore: false });
		Object.assign(server, { linkedSort: 'first' });
		expect(await read(server, { terms: { sort } })).toEqual(range(1, 3_000).reverse());
	});

	// Red before: a range with a document less than was counted was an error.
	it('are put together so where one is deleted behind the count of a range', async () => {
		const server = serverWith(3_000);
		Object.assign(server, { links: 'opaque', givesValues: true, tellsMore: false });
		Object.assign(server, { linkedSort: 'first' });
		server.before = () => {
			const { Condition = [] } = server.bodies.at(-1) ?? {};
			if (Condition.some(({ Value: [from, to] }) => from === null && to === '900'))
				server.documents.delete(5);
		};
		const found = await read(server, { terms: { sort } });
		expect(server.documents.has(5)).toBe(false);
		expect(new Set([...found, 5])).toEqual(new Set(range(1, 3_000)));
	});

	// Red before: a range of which only a tenth could be read at once was complete, and the others were missing.
	it('are an error where a range of ids can be read in part alone', async () => {
		const server = serverWith(3_000);
		Object.assign(server, { links: 'opaque', givesValues: true, tellsMore: false });
		Object.assign(server, { linkedSort: 'first' });
		let isStruck = false;
		server.before = () => {
			const { Condition = [] } = server.bodies.at(-1) ?? {};
			const isLarge = Condition.some(({ Value: [from] }) => from === '901');
			server.mostReadable = isLarge ? 100 : Infinity;
			isStruck ||= isLarge;
		};
		await expect(read(server, { terms: { sort } })).rejects.toMatchObject({
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
			message: expect.stringContaining('same 100 documents'),
		});
		expect(isStruck).toBe(true);
	});

	it('come in the order of all fields where links keep the first alone', async () => {
		const server = serverWith(5_000);
		Object.assign(server, { links: 'places', linkedSort: 'first' });
		const byColour = [
			{ field: 'COLOUR', direction: 'Asc' as const },
			{ field: 'AMOUNT', direction: 'Asc' as const },
		];
		const latest = range(1, 5_000).reverse();
		const even = (id: number) => id % 2 === 0;
		expect(await read(server, { terms: { sort: byColour } })).toEqual([
			...latest.filter((id) => !even(id)),
			...latest.filter(even),
		]);
	});

	// Red before: up to a limit of 1,000 equal ones came in any order, and the pages of a server that gives less at once lost some.
	it('are complete up to a limit of 1,000 too where one page is not all, and equal ones come in another order each time', async () => {
		const server = serverWith(900);
		server.mostRows = 120;
		server.before = () => {
			const turned = [...server.documents.values()].reverse();
			server.documents.clear();
			for (const one of turned) server.documents.set(one.id, one);
		};
		const terms = { sort: [{ field: 'COLOUR', direction: 'Asc' as const }] };
		const blue = range(1, 900).filter((id) => id % 2 === 1);
		expect((await read(server, { terms, limit: 400 })).slice(0, 400)).toEqual(blue.slice(0, 400));
	});

	it('are complete where equal ones come in another order along links', async () => {
		const server = serverWith(5_000);
		for (const id of range(1, 5_000).reverse()) {
			const one = server.documents.get(id);
			server.documents.delete(id);
			if (one) server.documents.set(id, one);
		}
		Object.assign(server, { links: 'places', linkedSort: 'first' });
		const terms = { sort: [{ field: 'COLOUR', direction: 'Asc' as const }] };
		expect(new Set(await read(server, { terms })).size).toBe(5_000);
	});

	it('are counted after a page that came along a link and does not go on', async () => {
		const server = serverWith(5_000);
		server.links = 'places';
		// Each link leads to the list in another order than before.
		server.before = () => {
			if (server.requests.at(-1)?.method === 'GET') server.fault = 'unsorted';
			else server.fault = undefined;
		};
		const terms = { sort: [{ field: 'AMOUNT', direction: 'Desc' as const }] };
		const found = await read(server, { terms, knowsIds: async () => false });
		expect(found).toEqual(range(1, 5_000));
		expect(server.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
	});

	it('are an error where links go round in a circle', async () => {
		const server = serverWith(2_500);
		Object.assign(server, { links: 'circle', mostRows: 100 });
		const reading = read(server, { terms: { sort }, knowsIds: async () => false });
		await expect(reading).rejects.toMatchObject({
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
			message: expect.stringContaining('same'),
		});
		expect(server.requests.length).toBeLessThan(5);
	});

	it('are an error beyond, known by the first answer', async () => {
		const server = serverWith(10_001);
		await expect(read(server, { terms: { sort } })).rejects.toMatchObject({
			code: 'DOCUWARE_TOO_MANY_RESULTS',
		});
		expect(server.bodies).toHaveLength(1);
	});

	it('are read up to a limit of 10,000 of more', async () => {
		const found = await read(serverWith(25_000), { terms: { sort }, limit: 10_000 });
		expect(found.slice(0, 10_000)).toEqual(range(15_001, 25_000).reverse());
	});

	it('are put together of ranges of ids, up to a limit beyond 10,000', async () => {
		const server = serverWith(25_000);
		server.givesValues = true;
		expect(await read(server, { terms: { sort }, limit: 12_000 })).toEqual(
			range(13_001, 25_000).reverse(),
		);
		// With Or, each condition has its own ranges, and what several find comes once.
		const found = await read(server, { expression: redOrSmall, terms: { sort }, limit: 14_000 });
		const fits = range(1, 25_000).filter((id) => id % 2 === 0 || id % 3 === 0);
		expect(found).toEqual(fits.reverse().slice(0, 14_000));
	});

	it.each([
		[true, 'or to any number where the search has no more than 50,000 results'],
		[false, 'set Limit to at most 10,000; or narrow'],
	])('beyond say what can be had (by id: %j)', async (isKnown, words) => {
		const knowsIds = async () => isKnown;
		const reading = read(serverWith(10_001), { terms: { sort }, knowsIds });
		await expect(reading).rejects.toMatchObject({
			code: 'DOCUWARE_TOO_MANY_RESULTS',
			repair: expect.stringContaining(words),
		});
	});

	it.each<[string, SearchServer['count']]>([
		['of the page', (_all, onPage) => onPage],
		['unknown', () => -1],
		['a text', (all) => String(all)],
		['none at all', () => null],
		['too few', () => 10_000],
	])('are an error beyond where the count is %s, and HasMore is missing', async (_what, count) => {
		const server = serverWith(10_001);
		Object.assign(server, { count, tellsMore: false });
		await expect(read(server, { terms: { sort } })).rejects.toMatchObject({
			code: 'DOCUWARE_TOO_MANY_RESULTS',
		});
		const fewer = serverWith(2_500);
		Object.assign(fewer, { count, tellsMore: false });
		expect(await read(fewer, { terms: { sort } })).toEqual(range(1, 2_500).reverse());
	});

	it('are put together of ranges of ids where the total is cut at 10,000, as the server says', async () => {
		const server = serverWith(11_000);
		server.givesValues = server.cutsCounts = true;
		const found = await read(server, { terms: { sort }, limit: 10_500 });
		expect(found).toEqual(range(501, 11_000).reverse());
	});

	it('are told apart by their field DWDOCID where they have no Id', async () => {
		for (const terms of [{ sort }, { sort: [] }]) {
			const server = serverWith(2_500);
			server.givesIds = false;
			const call = { client: new PlatformClient(server), signal: undefined };
			let count = 0;
			for await (const page of documentPages(call, { ...all, terms })) count += page.length;
			expect(count).toBe(2_500);
		}
	});

	it('are an error beyond 50,000, and where all are wanted', async () => {
		for (const [count, limit, repair] of [
			[50_001, 12_000, 'Set Limit to at most 10,000, or narrow'],
			[10_001, Infinity, 'any number'],
		] as const) {
			await expect(read(serverWith(count), { terms: { sort }, limit })).rejects.toMatchObject({
				code: 'DOCUWARE_TOO_MANY_RESULTS',
				repair: expect.stringContaining(repair),
			});
		}
	});

	// Red before: it named 10,000, of which such a server gives one page.
	it('beyond 50,000 are an error with the limit that one page has where no other can be had', async () => {
		const server = serverWith(50_001);
		Object.assign(server, { links: 'opaque', givesValues: true });
		const several = [...sort, { field: 'COLOUR', direction: 'Asc' as const }];
		await expect(read(server, { terms: { sort: several }, limit: 2_000 })).rejects.toMatchObject({
			code: 'DOCUWARE_TOO_MANY_RESULTS',
			repair: expect.stringContaining('Set Limit to at most 1,000, or narrow'),
		});
	});

	it('are not missed where others are added or deleted meanwhile', async () => {
		await holdsAsync(
			fc.asyncProperty(
				fc.array(fc.nat(3_999), { maxLength: 300 }),
				fc.integer({ min: 200, max: 1_000 }),
				async (deleted, mostRows) => {
					const server = serverWith(4_000);
					server.mostRows = mostRows;
					const gone = new Set(deleted.map((id) => id + 1));
					let added = 4_000;
					server.before = (request) => {
						// Only so many changes that the reading comes to its end.
						if (request > 6) return;
						for (const id of deleted.splice(0, 60)) server.documents.delete(id + 1);
						added += 1;
						server.documents.set(added, { id: added, values: { AMOUNT: -2_000.5 } });
					};
					const found = await read(server, { terms: { sort } });
					expect(new Set(found).size).toBe(found.length);
					const seen = new Set(found);
					expect(range(1, 4_000).filter((id) => !gone.has(id) && !seen.has(id))).toEqual([]);
					const old = found.filter((id) => id <= 4_000);
					expect(old).toEqual([...old].sort((one, other) => other - one));
				},
			),
			8,
		);
	});

	it('are an error where they change faster than they can be read', async () => {
		const server = serverWith(9_000);
		server.before = () => {
			const [...ids] = server.documents.keys();
			for (const id of ids.slice(-700)) server.documents.delete(id);
		};
		await expect(read(server, { terms: { sort } })).rejects.toMatchObject({
			code: 'DOCUWARE_RESULTS_CHANGING',
		});
	});

	it('of a dialog without DWDOCID are an error beyond 10,000 as well', async () => {
		const knowsIds = async () => false;
		expect(await read(serverWith(2_500), { knowsIds })).toHaveLength(2_500);
		await expect(read(serverWith(10_001), { knowsIds })).rejects.toMatchObject({
			code: 'DOCUWARE_TOO_MANY_RESULTS',
			message: expect.stringContaining('DWDOCID'),
		});
	});
});
