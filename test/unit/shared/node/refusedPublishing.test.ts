import { CursorStore } from '../../../../nodes/shared/node/keptCursors';
import { processState } from '../../../../nodes/shared/process/processState';
import {
	clock,
	contextOf,
	failure,
	polled,
	publishing,
	publishRefused,
	publishUnanswered,
} from './support/clockPolls';
import { useEmptyVault } from './support/numberPolls';

useEmptyVault();

let now: number;

beforeEach(() => {
	now = 1_000_000;
	jest.spyOn(Date, 'now').mockImplementation(() => now);
});

afterEach(() => jest.restoreAllMocks());

const BOTH = ['a', 'b'];

const FIRST = [['a 1000000', 'b 1000000']];

describe('a publishing that the service has not answered keeps its moment', () => {
	it('where the next one is refused after it has begun to read', async () => {
		await publishUnanswered();
		now += 60_000;
		await publishRefused(BOTH, 1);
		now += 60_000;
		expect(await polled(publishing(), clock(BOTH, 2))).toEqual(FIRST);
	});

	it('for the next poll too', async () => {
		await publishUnanswered();
		now += 60_000;
		await publishRefused(BOTH, 1);
		now += 60_000;
		expect(await polled(contextOf(), clock(BOTH, 2))).toEqual(FIRST);
	});

	it('where other settings are published then, for all that these ask for', async () => {
		await publishUnanswered();
		now += 600_000;
		expect(await polled(publishing(), clock(BOTH, 2, { settings: 'more' }))).toEqual(FIRST);
	});

	it('where those are answered that ask for other things', async () => {
		await publishUnanswered();
		now += 60_000;
		expect(await polled(publishing(), clock(['a'], 1, { settings: 'fewer' }))).toEqual([
			['a 1000000'],
		]);
		now += 60_000;
		expect(await polled(publishing(), clock(BOTH, 2))).toEqual([['b 1000000']]);
	});

	it('and is none of what they add later', async () => {
		await publishUnanswered({ settings: 'more' });
		now += 60_000;
		expect(await polled(publishing(), clock(['a'], 1))).toEqual([['a 1000000']]);
		now += 60_000;
		expect(await polled(contextOf(), clock(['a', 'later'], 2))).toEqual([[`later ${now}`]]);
	});
});

it('of two hosts, what one has read stays while the publishing of the other is refused', async () => {
	await publishUnanswered();
	now += 60_000;
	const meanwhile = async () => {
		processState('polls1', () => new Set<string>()).clear();
		expect(await polled(contextOf(), clock(['b'], 1))).toEqual([['b 1000000']]);
	};
	await publishRefused(BOTH, 1, { meanwhile });
	now += 60_000;
	expect(await polled(contextOf(), clock(BOTH, 2))).toEqual([['a 1000000']]);
});

it('of two hosts, what one has seen begins there while the publishing of the other is refused that saw it too', async () => {
	expect(await polled(publishing(), clock(BOTH, 1))).toEqual([['a 1000000']]);
	now += 60_000;
	const seen = now;
	const meanwhile = async () => {
		processState('polls1', () => new Set<string>()).clear();
		expect(await polled(contextOf(), clock(['b', 'a', 'new'], 1))).toEqual([['b 1000000']]);
	};
	await publishRefused(['a', 'new', 'b'], 2, { meanwhile });
	now += 60_000;
	expect(await polled(contextOf(), clock(['a', 'b', 'new'], 3))).toEqual([[`new ${seen}`]]);
});

it('of two hosts, one goes on while the other tries another start, which is refused', async () => {
	await publishUnanswered();
	now += 60_000;
	const meanwhile = async () => {
		processState('polls1', () => new Set<string>()).clear();
		expect(await polled(contextOf(), clock(['b', 'a'], 1))).toEqual([['b 1000000']]);
	};
	await publishRefused(BOTH, 2, { meanwhile, start: 'other' });
	now += 60_000;
	expect(await polled(contextOf(), clock(BOTH, 2))).toEqual([['a 1000000']]);
});

it('nothing is lost where the vault fails while a refused publishing is taken back', async () => {
	await publishUnanswered();
	now += 60_000;
	const down = jest
		.spyOn(CursorStore.prototype, 'takeBack')
		.mockRejectedValue(failure('VAULT_UNAVAILABLE', 'It is away.', true));
	await publishRefused(BOTH, 1);
	expect(down).toHaveBeenCalledTimes(1);
	down.mockRestore();
	now += 60_000;
	expect(await polled(publishing(), clock(BOTH, 2))).toEqual(FIRST);
});

it.each(['', 'other'])(
	'a batch that becomes final while a publishing with the start "%s" is refused does not come again',
	async (start) => {
		const timers: Array<() => void> = [];
		const real = global.setTimeout;
		jest.spyOn(global, 'setTimeout').mockImplementation(((done: () => void, ms: number) => {
			if (ms !== 30_000) return real(done, ms);
			timers.push(done);
			return real(() => undefined, 0);
		}) as never);
		expect(await polled(contextOf({ budgetMs: 20_000 }), clock(['a'], 1))).toEqual([['a 1000000']]);
		expect(timers).toHaveLength(1);
		const settled = jest.spyOn(CursorStore.prototype, 'change');
		const meanwhile = async () => {
			const before = settled.mock.results.length;
			timers[0]?.();
			expect(settled.mock.results.length).toBeGreaterThan(before);
			await Promise.all(settled.mock.results.map(({ value }) => value as Promise<unknown>));
		};
		await publishRefused(['a'], 1, { start, meanwhile });
		expect(await polled(contextOf(), clock(['a'], 1))).toEqual([]);
	},
);

it('another start begins anew what was absent meanwhile too', async () => {
	expect(await polled(publishing(), clock(BOTH, 2))).toEqual(FIRST);
	now += 60_000;
	expect(await polled(publishing(), clock(['a'], 1, { start: 'other' }))).toEqual([[`a ${now}`]]);
	now += 60_000;
	expect(await polled(publishing(), clock(BOTH, 2))).toEqual([[`a ${now}`, `b ${now}`]]);
});
