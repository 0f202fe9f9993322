import * as fc from 'fast-check';
import { PlatformClient } from '../../../../../nodes/DocuWare/api/platformClient';
import { documentPages } from '../../../../../nodes/DocuWare/resources/document/documentPages';
import {
	documentKeyOf,
	type DocumentQuery,
} from '../../../../../nodes/DocuWare/resources/document/searchRequest';
import { holdsAsync } from '../../../../support/properties';
import { SearchServer, type FakeDocument } from './searchServer';

/** Documents 1 to so many; COLOUR repeats, AMOUNT falls. */
function serverWith(count: number): SearchServer {
	const documents = Array.from({ length: count }, (_, index): [number, FakeDocument] => {
		const id = index + 1;
		const values = { COLOUR: id % 2 === 0 ? 'red' : 'blue', SIZE: String(id % 3), AMOUNT: -id };
		return [id, { id, values }];
	});
	return new SearchServer(new Map(documents));
}

const all: DocumentQuery = {
	fileCabinetId: 'fc',
	dialogId: '00000000-0000-0000-0000-000000000000',
	expression: { operation: 'And', groups: [] },
	terms: { sort: [] },
	limit: Infinity,
	knowsIds: async () => true,
};

const is = (field: string, ...values: string[]) =>
	values.map((value) => ({ DBName: field, Value: [`"${value}"`] }));

const ids = (from: number, to: number) => [
	{ DBName: 'DWDOCID', Value: [String(from), String(to)] },
];

const redOrSmall: DocumentQuery['expression'] = {
	operation: 'Or',
	groups: [is('COLOUR', 'red'), is('SIZE', '0')],
};

async function read(server: SearchServer, query: Partial<DocumentQuery>): Promise<number[]> {
	const call = { client: new PlatformClient(server), signal: undefined };
	const ids: number[] = [];
	for await (const page of documentPages(call, { ...all, ...query })) {
		ids.push(...page.map(({ Id: id }) => Number(id)));
	}
	return ids;
}

async function readKeys(server: SearchServer, query: Partial<DocumentQuery>): Promise<string[]> {
	const call = { client: new PlatformClient(server), signal: undefined };
	const keys: string[] = [];
	for await (const page of documentPages(call, { ...all, ...query })) {
		keys.push(...page.map(documentKeyOf));
	}
	return keys;
}

/** Documents 1 to so many, each in two file cabinets. */
function twoCabinets(count: number): { server: SearchServer; keys: string[] } {
	const server = serverWith(count);
	const both = [...server.documents.values()].flatMap((one) => [one, { ...one, cabinet: 'other' }]);
	server.documents.clear();
	for (const [at, one] of both.entries()) server.documents.set(at, one);
	return { server, keys: both.map(({ id, cabinet = 'fc' }) => `${cabinet}/${id}`) };
}

const range = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, index) => from + index);

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
			else await expect(reading).rejects.toMatchObject({ code: 'DOCUWARE_UNEXPECTED_ANSWER' });
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
				const query = { terms: { sort }, knowsIds: async () => links === 'opaque' };
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
		await read(server, { terms: { sort }, fields: ['COLOUR', 'SIZE'] });
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
		await expect(read(server, { terms: { sort } })).rejects.toMatchObject({
			code: 'DOCUWARE_SERVER_ERROR',
		});
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
		await expect(read(server, { terms: { sort } })).rejects.toMatchObject({
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
			message: expect.stringContaining('COLOUR'),
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
