import { SeededRandom } from '../../../../simulators/shared/seededRandom';
import { FakeTray, type ListOrder } from './support/fakeTray';

const NOW = Date.UTC(2026, 10, 26, 12);

const ORDERS: readonly ListOrder[] = ['asAsked', 'oldestFirst', 'byNumber'];

const numbers = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, index) => from + index);

it.each(ORDERS)('gives what is new, oldest first and once (list: %s)', async (order) => {
	const tray = new FakeTray(NOW, order);
	for (let id = 1; id <= 2_500; id += 1) tray.store(1, NOW - 9_000_000 + id * 1_000);
	await tray.begin();
	tray.store(1, NOW);
	tray.store(1, NOW - 500);
	expect((await tray.poll()).ids).toEqual([2_502, 2_501]);
	tray.store(1, NOW);
	expect((await tray.poll()).ids).toEqual([2_503]);
	expect((await tray.poll()).ids).toEqual([]);
});

it.each(ORDERS)(
	'no old document is new where answers show an earlier time than documents (list: %s)',
	async (order) => {
		const tray = new FakeTray(NOW, order);
		for (let minute = 90; minute > 0; minute -= 1) tray.store(1, NOW - minute * 60_000);
		tray.now = NOW - 3_600_000;
		await tray.begin(600_000);
		expect((await tray.poll()).ids).toEqual([]);
		tray.store(1, NOW);
		expect((await tray.poll()).ids).toEqual([91]);
	},
);

it('asks for no more of a long list than the newest', async () => {
	const tray = new FakeTray(NOW);
	for (let id = 1; id <= 5_000; id += 1) tray.store(1, NOW - 9_000_000 + id * 1_000);
	await tray.begin();
	tray.asked.length = 0;
	expect((await tray.poll()).ids).toEqual([]);
	expect(tray.asked).toEqual([{ Start: '0', Count: '1000', SortOrder: 'DWSTOREDATETIME Desc' }]);
});

it.each([
	['within the places of one order', 9_800],
	['beyond them', 10_000],
])(
	'works off a backlog over several polls of one page each, the oldest first (%s: %i)',
	async (_where, count) => {
		const tray = new FakeTray(NOW);
		tray.store(150, NOW - 9_000_000);
		await tray.begin();
		for (let second = 1; second <= count; second += 1) tray.store(1, NOW + second * 1_000);
		tray.now = NOW + 10_000_000;
		const polls = [await tray.poll(Infinity, 1)];
		while (polls.at(-1)?.isAll === false) polls.push(await tray.poll(Infinity, 1));
		expect(polls.flatMap(({ ids }) => ids)).toEqual(numbers(151, 150 + count));
		expect(polls.length).toBeGreaterThan(8);
		// Where it goes on is known, except once where it goes on from the other end of the list.
		const requests = polls.slice(1).map((one) => one.requests);
		expect(requests.filter((one) => one > 1).length).toBeLessThanOrEqual(count > 9_800 ? 1 : 0);
		expect((await tray.poll()).ids).toEqual([]);
	},
);

it('reads more new documents than DocuWare gives of a list from both of its ends', async () => {
	const tray = new FakeTray(NOW);
	await tray.begin();
	for (let second = 1; second <= 18_000; second += 1) tray.store(1, NOW + second * 1_000);
	tray.now = NOW + 18_000_000;
	const told: number[] = [];
	for (let polls = 0; ; polls += 1) {
		expect(polls).toBeLessThan(20);
		const { ids, isAll } = await tray.poll(2_500);
		told.push(...ids);
		if (isAll) break;
	}
	expect(told).toEqual(numbers(1, 18_000));
});

it('what stands between both ends is an error, after what can be read', async () => {
	const tray = new FakeTray(NOW);
	await tray.begin();
	for (let second = 1; second <= 21_000; second += 1) tray.store(1, NOW + second * 1_000);
	tray.now = NOW + 21_000_000;
	const first = await tray.poll();
	expect(first.ids.length).toBeGreaterThan(9_900);
	await expect(tray.poll()).rejects.toMatchObject({ code: 'DOCUWARE_TOO_MANY_RESULTS' });
	tray.stored.splice(0, 1_100);
	const rest = await tray.poll();
	expect([...first.ids, ...rest.ids]).toEqual(numbers(1, 21_000));
});

it.each(ORDERS)(
	'more documents of one second than a page holds come once each (list: %s)',
	async (order) => {
		const tray = new FakeTray(NOW, order);
		tray.store(10, NOW - 60_000);
		await tray.begin();
		tray.store(3_200, NOW);
		tray.store(2, NOW + 1_000);
		const told: number[] = [];
		for (let polls = 0; ; polls += 1) {
			expect(polls).toBeLessThan(20);
			const { ids, isAll } = await tray.poll(700);
			told.push(...ids);
			if (isAll) break;
		}
		expect(told).toEqual(numbers(11, 3_212));
	},
);

it('a service that gives fewer documents at once than were asked for is read all the same', async () => {
	const tray = new FakeTray(NOW);
	tray.mostRows = 100;
	await tray.begin();
	for (let second = 1; second <= 1_500; second += 1) tray.store(1, NOW + second * 1_000);
	tray.now = NOW + 1_500_000;
	expect((await tray.poll()).ids).toEqual(numbers(1, 1_500));
});

describe('whatever is stored and deleted while polls read', () => {
	const seeds = ORDERS.flatMap((order) => [1, 2, 3, 4].map((seed) => [order, seed] as const));

	it.each(seeds)(
		'nothing is lost and nothing comes twice (list: %s, seed %i)',
		async (order, seed) => {
			const random = new SeededRandom(String(seed));
			const tray = new FakeTray(NOW, order);
			tray.store(random.integer(0, 1_500), NOW - 600_000);
			await tray.begin();
			const old = tray.stored.length;
			const write = (most: number) => {
				for (let left = random.integer(0, most); left > 0; left -= 1) {
					tray.now += random.integer(0, 1) * random.integer(0, 900);
					tray.store(1);
				}
			};
			const remove = (most: number) => {
				const at = random.integer(0, Math.max(0, tray.stored.length - 1));
				tray.stored.splice(at, random.integer(0, most));
			};
			const told: number[] = [];
			const poll = async (wanted: number, requests: number) => {
				const { ids, isAll } = await tray.poll(wanted, requests);
				told.push(...ids);
				return isAll;
			};
			for (let round = 0; round < 6; round += 1) {
				write(order === 'asAsked' ? 2_500 : 1_500);
				remove(30);
				tray.meanwhile = () => {
					if (random.integer(0, 3) === 0) write(80);
					if (random.integer(0, 3) === 0) remove(80);
				};
				await poll(random.integer(1, 1_500), random.integer(1, 4));
			}
			tray.meanwhile = () => undefined;
			for (let polls = 0; !(await poll(1_000, 3)); polls += 1) expect(polls).toBeLessThan(200);
			expect(new Set(told).size).toBe(told.length);
			const all = new Set(told);
			const lost = tray.stored.filter(({ id }) => id > old && !all.has(id));
			expect(lost).toEqual([]);
			expect(told.filter((id) => id <= old)).toEqual([]);
		},
	);
});
