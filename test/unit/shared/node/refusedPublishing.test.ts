import { CursorStore } from '../../../../nodes/shared/node/keptCursors';
import { processState } from '../../../../nodes/shared/process/processState';
import { openVault } from '../../../../nodes/shared/vault/place/openVault';
import { itemsBelow } from '../../../../nodes/shared/vault/rows/items';
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
	const other = { start: 'other' };
	expect(await polled(publishing(), clock(['a'], 1, other))).toEqual([[`a ${now}`]]);
	expect(await polled(contextOf(), clock(['a'], 1, other))).toEqual([]);
	now += 60_000;
	expect(await polled(publishing(), clock(BOTH, 2))).toEqual([[`a ${now}`, `b ${now}`]]);
});

describe('another start', () => {
	const other = { start: 'other' };

	const keptItems = async () => {
		const vault = await openVault();
		return (await vault.read(() => itemsBelow('cursors1', ''))).map(([name]) => name);
	};

	it('ends none before it where n8n refuses its publishing after the poll', async () => {
		expect(await polled(publishing(), clock(BOTH, 1))).toEqual([['a 1000000']]);
		now += 60_000;
		expect(await polled(publishing(), clock(BOTH, 1, other))).toEqual([[`a ${now}`]]);
		now += 60_000;
		expect(await polled(publishing(), clock(BOTH, 2))).toEqual([['b 1000000']]);
	});

	it('ends none before it by a poll of a host that does not know of the latest publishing', async () => {
		expect(await polled(publishing(), clock(BOTH, 1, other))).toEqual([['a 1000000']]);
		now += 60_000;
		const published = now;
		expect(await polled(publishing(), clock(BOTH, 1))).toEqual([[`a ${now}`]]);
		now += 60_000;
		expect(await polled(contextOf(), clock(BOTH, 1, other))).toEqual([]);
		expect(await polled(contextOf(), clock(BOTH, 2))).toEqual([[`b ${published}`]]);
	});

	it('ends those before it though the vault fails at its first poll', async () => {
		expect(await polled(publishing(), clock(['a'], 1))).toEqual([['a 1000000']]);
		now += 60_000;
		expect(await polled(publishing(), clock(['a'], 1, other))).toEqual([[`a ${now}`]]);
		const fault = failure('VAULT_UNAVAILABLE', 'It is away.', true);
		let down: jest.SpyInstance | undefined;
		const meanwhile = async () => {
			down = jest.spyOn(CursorStore.prototype, 'change').mockRejectedValue(fault);
			return await Promise.resolve();
		};
		await polled(contextOf({ log: [] }), clock(['a'], 1, { ...other, meanwhile }));
		expect(down).toHaveBeenCalled();
		down?.mockRestore();
		expect(await polled(contextOf(), clock(['a'], 1, other))).toEqual([]);
		now += 60_000;
		expect(await polled(publishing(), clock(['a'], 1))).toEqual([[`a ${now}`]]);
	});

	it('ends those before it where a start of n8n brings it', async () => {
		expect(await polled(publishing(), clock(['a'], 1))).toEqual([['a 1000000']]);
		now += 60_000;
		const context = publishing({ activation: 'init' });
		expect(await polled(context, clock(['a'], 1, other))).toEqual([[`a ${now}`]]);
		expect(await polled(context, clock(['a'], 1, other))).toEqual([]);
		now += 60_000;
		expect(await polled(publishing(), clock(['a'], 1))).toEqual([[`a ${now}`]]);
	});

	it('leaves nothing in the vault of those that it ends, nor does one that is refused', async () => {
		await publishRefused(BOTH, 2);
		expect(await keptItems()).toEqual([expect.stringContaining('"errors"')]);
		await polled(publishing(), clock(BOTH, 2));
		const before = await keptItems();
		expect(before).toHaveLength(4);
		await polled(publishing(), clock(BOTH, 2, other));
		expect(await keptItems()).toHaveLength(6);
		await polled(contextOf(), clock(BOTH, 2, other));
		const after = await keptItems();
		expect(after).toHaveLength(4);
		expect(after.filter((name) => before.includes(name))).toHaveLength(2);
	});
});

it('of two hosts, what one has seen that found nothing there begins there while the publishing of the other is refused', async () => {
	expect(await polled(publishing(), clock(['a'], 1))).toEqual([['a 1000000']]);
	now += 60_000;
	const seen = now;
	const list = ['a', 'new'];
	const meanwhile = async () => {
		processState('polls1', () => new Set<string>()).clear();
		expect(await polled(contextOf(), clock(list, 2, { findsNothing: true }))).toEqual([]);
	};
	await publishRefused(list, 2, { meanwhile });
	now += 60_000;
	expect(await polled(contextOf(), clock(list, 2))).toEqual([[`new ${seen}`]]);
});
