import type { PlatformResource } from '../../../../../nodes/DocuWare/api/platformClient';
import { HttpTransportError } from '../../../../../nodes/shared/http';
import {
	BehindLink,
	positionPages,
	type PlacedList,
} from '../../../../../nodes/DocuWare/resources/document/positionPages';
import {
	resultPage,
	type PageWish,
} from '../../../../../nodes/DocuWare/resources/document/searchRequest';

/** A list of documents that can change between two answers. */
class FakeList {
	readonly wishes: PageWish[] = [];

	/** Most documents of an answer. */
	mostRows = 1_000;

	/** What the answers tell of further ones. */
	tells: 'truth' | 'nothing' | 'always more' = 'truth';

	ignoresStart = false;

	/** Called before each answer, with the number of the request. */
	before: (request: number) => void = () => undefined;

	constructor(public ids: number[]) {}

	readonly fetch: PlacedList['fetch'] = async (wish) => {
		this.wishes.push(wish);
		// A reading without end is to fail rather than to hang.
		if (this.wishes.length > 60) throw new Error('read without end');
		this.before(this.wishes.length);
		const start = this.ignoresStart ? 0 : wish.start;
		const ids = this.ids.slice(start, start + Math.min(wish.count, this.mostRows));
		const hasMore = this.tells === 'always more' || start + ids.length < this.ids.length;
		const page: PlatformResource = {
			Count: this.tells === 'nothing' ? {} : { HasMore: hasMore },
			Items: ids.map((id) => ({ Id: id, FileCabinetId: 'fc' })),
		};
		return resultPage(page, { method: 'GET', path: 'Documents' });
	};
}

const range = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, index) => from + index);

async function read(list: FakeList, limit = Infinity): Promise<number[]> {
	const ids: number[] = [];
	for await (const page of positionPages({ fetch: list.fetch, limit })) {
		ids.push(...page.map(({ Id: id }) => Number(id)));
	}
	return ids;
}

describe('documents by their places', () => {
	it.each([0, 1, 2, 3, 20, 99, 1_000, 1_001, 2_345])(
		'are read to the end where answers do not say whether there are more: %d',
		async (count) => {
			const list = new FakeList(range(1, count));
			list.tells = 'nothing';
			expect(await read(list)).toEqual(range(1, count));
			expect(list.wishes.length).toBeLessThan(12);
		},
	);

	it.each([2, 3, 25, 300])(
		'are not taken for all where a page is only short: %d on a page',
		async (mostRows) => {
			const list = new FakeList(range(1, mostRows * 7 + 1));
			list.tells = 'nothing';
			list.mostRows = mostRows;
			expect(await read(list)).toEqual(range(1, mostRows * 7 + 1));
		},
	);

	it('are not taken for all where the end was reached because others were deleted', async () => {
		const list = new FakeList(range(1, 1_020));
		list.tells = 'nothing';
		list.before = (request) => {
			if (request === 2) list.ids = range(101, 1_020);
		};
		expect(await read(list)).toEqual(range(1, 1_020));
	});

	it('are an error where each page is the same', async () => {
		for (const tells of ['always more', 'nothing'] as const) {
			const list = new FakeList(range(1, 30));
			list.tells = tells;
			list.ignoresStart = true;
			await expect(read(list)).rejects.toMatchObject({
				code: 'DOCUWARE_UNEXPECTED_ANSWER',
				message: expect.stringContaining('same'),
			});
			expect(list.wishes.length).toBeLessThan(8);
		}
	});

	// Red before: they never ended.
	it.each([0, 10])(
		'are an error where links lead to and fro for ever: with %d rows',
		async (rows) => {
			let requests = 0;
			const list = new FakeList(range(1, 20));
			list.mostRows = 10;
			list.tells = 'always more';
			const fetch: PlacedList['fetch'] = async ({ count, total }) => {
				requests += 1;
				if (requests > 100) throw new Error('It never ends.');
				const isOdd = requests % 2 === 1;
				const page = await list.fetch({ start: isOdd ? 0 : 10, count, total });
				const next = new URL(`https://server.example/Documents?continuation=${requests}`);
				return { ...page, rows: isOdd ? page.rows : page.rows.slice(0, rows), next };
			};
			const all = async () => {
				for await (const page of positionPages({ fetch, limit: Infinity })) void page;
			};
			await expect(all()).rejects.toMatchObject({
				code: 'DOCUWARE_UNEXPECTED_ANSWER',
				message: expect.stringContaining('again'),
			});
			expect(requests).toBeLessThan(12);
		},
	);

	it('come up to a limit of one page even then', async () => {
		const list = new FakeList(range(1, 30));
		list.tells = 'always more';
		list.ignoresStart = true;
		expect((await read(list, 20)).slice(0, 20)).toEqual(range(1, 20));
	});

	it('end where only a link leads on that names no place, if it is not to be followed', async () => {
		const list = new FakeList(range(1, 30));
		list.mostRows = 10;
		const fetch: PlacedList['fetch'] = async (wish) => ({
			...(await list.fetch(wish)),
			next: new URL(`https://server.example/Documents?continuation=${list.wishes.length}`),
		});
		const pages = positionPages({ fetch, limit: Infinity, endsAtLinks: true });
		await expect(pages.next()).resolves.toMatchObject({ value: { length: 10 } });
		await expect(pages.next()).rejects.toBeInstanceOf(BehindLink);
		expect(list.wishes).toHaveLength(1);
		const wanted = positionPages({ fetch, limit: 10, endsAtLinks: true });
		await expect(wanted.next()).resolves.toMatchObject({ value: { length: 10 } });
		await expect(wanted.next()).resolves.toMatchObject({ done: true });
	});

	// Red before: the list ended with that error.
	it('are counted on where what a link leads to is more than can be read at once', async () => {
		const list = new FakeList(range(1, 2_500));
		let followed = 0;
		const fetch: PlacedList['fetch'] = async (wish) => {
			if (wish.link !== undefined) {
				followed += 1;
				throw new HttpTransportError('HTTP_RESPONSE_TOO_LARGE', 'Too large.', {
					...{ kind: 'tooLarge', requestSent: true, answered: 200, repair: 'Ask for less.' },
				});
			}
			const next = new URL('https://server.example/Documents?continuation=1');
			return { ...(await list.fetch(wish)), next };
		};
		const ids: number[] = [];
		for await (const page of positionPages({ fetch, limit: Infinity })) {
			ids.push(...page.map(({ Id: id }) => Number(id)));
		}
		expect(ids).toEqual(range(1, 2_500));
		expect(followed).toBe(1);
	});

	it('are not lost where one moves back among those that were read', async () => {
		const list = new FakeList(range(1, 3_000));
		list.before = (request) => {
			// The last one is edited, so that the order has it before the end of the first page.
			if (request === 2) list.ids = [...range(1, 960), 3_000, ...range(961, 2_999)];
		};
		const found = await read(list);
		expect(found).toHaveLength(3_000);
		expect(new Set(found)).toEqual(new Set(range(1, 3_000)));
	});
});
