import { runPoll } from '../../../../nodes/shared/node/pollFrame';
import { deferred } from '../../../support/deferred';
import { passOn } from '../../../../nodes/shared/errors';
import { CursorStore } from '../../../../nodes/shared/node/keptCursors';
import { clock, contextOf, failure, polled, publishing } from './support/clockPolls';
import { useEmptyVault } from './support/numberPolls';

useEmptyVault();

describe('the beginning', () => {
	let now: number;

	beforeEach(() => {
		now = 1_000_000;
		jest.spyOn(Date, 'now').mockImplementation(() => now);
	});

	afterEach(() => jest.restoreAllMocks());

	it('is that of the publishing where nobody could say then what there is to be read', async () => {
		const nodeId = 'published';
		await expect(runPoll(publishing({ nodeId }), clock(undefined, 0))).resolves.toBeNull();
		now += 3_600_000;
		const found = await polled(contextOf({ nodeId }), clock(['a', 'b'], 2));
		expect(found).toEqual([['a 1000000', 'b 1000000']]);
	});

	it('holds for each part until its turn has come, and a part that appears later begins when it is seen', async () => {
		// Nothing is remembered of the node in the process.
		await polled(contextOf(), clock([], 0, { start: 'before' }));
		expect(await polled(publishing(), clock(['a', 'b', 'c'], 1))).toEqual([['a 1000000']]);
		now += 1_000;
		expect(await polled(contextOf(), clock(['a', 'b', 'c'], 2))).toEqual([['b 1000000']]);
		// One of them cannot be seen for a while.
		now += 1_000;
		await expect(runPoll(contextOf(), clock(['a', 'b'], 2))).resolves.toBeNull();
		now += 1_000;
		expect(await polled(contextOf(), clock(['a', 'b', 'c'], 3))).toEqual([['c 1000000']]);
		now += 86_400_000;
		const gone = now;
		await expect(runPoll(contextOf(), clock(['a', 'b', 'c', 'gone'], 3))).resolves.toBeNull();
		now += 86_400_000;
		await expect(runPoll(contextOf(), clock(['a', 'b', 'c', 'd'], 3))).resolves.toBeNull();
		const appeared = now;
		now += 1_000;
		expect(await polled(contextOf(), clock(['a', 'b', 'c', 'd'], 4))).toEqual([[`d ${appeared}`]]);
		now += 1_000;
		expect(await polled(contextOf(), clock(['e', 'gone'], 2))).toEqual([
			[`e ${now}`, `gone ${gone}`],
		]);
		expect(await polled(contextOf(), clock(['a', 'e'], 2, { start: 'other' }))).toEqual([
			[`a ${now}`, `e ${now}`],
		]);
	});

	it('of another credential is another one', async () => {
		const other = () => {
			const context = contextOf();
			context.getNode().credentials = { api: { id: 'other', name: 'Other' } };
			return context;
		};
		expect(await polled(contextOf(), clock(['a'], 1))).toEqual([[`a ${now}`]]);
		await expect(runPoll(other(), clock(undefined, 0))).rejects.toThrow('[PASSING]');
		const begun = now;
		now += 1_000;
		expect(await polled(other(), clock(['a', 'b'], 2))).toEqual([[`b ${begun}`]]);
	});

	it('of a run by hand is noted nowhere', async () => {
		await runPoll(contextOf({ mode: 'manual' }), clock(['a'], 1));
		now += 1_000;
		expect(await polled(contextOf(), clock(['a'], 1))).toEqual([[`a ${now}`]]);
	});

	it.each(['init', 'leadershipChange', 'activate'] as const)(
		'that the vault did not take (%s) is that of the first try all the same',
		async (activation) => {
			const of = () => publishing({ nodeId: `clock ${activation}`, activation });
			const down = jest
				.spyOn(CursorStore.prototype, 'change')
				.mockRejectedValue(failure('VAULT_UNAVAILABLE', 'It is away.', true));
			const context = of();
			const first = await runPoll(context, clock(['a'], 1)).catch(({ message }: Error) => message);
			expect(first).toEqual(
				activation === 'activate' ? expect.stringContaining('VAULT_UNAVAILABLE') : null,
			);
			now += 60_000;
			await runPoll(context, clock(['a'], 1)).catch(() => undefined);
			down.mockRestore();
			now += 60_000;
			const again = activation === 'activate' ? of() : context;
			expect(await polled(again, clock(['a'], 1))).toEqual([['a 1000000']]);
			now += 60_000;
			expect(await polled(again, clock(['a', 'b'], 2))).toEqual([[`b ${now}`]]);
		},
	);

	const wrong = { failing: 'WRONG' };

	describe('of a publishing that is refused counts for nothing', () => {
		it.each([
			['before anything was read', 0],
			['after some was read without news', 1],
		])('%s', async (_when, turns) => {
			const refused = clock(['a', 'b'], turns, { ...wrong, first: () => 'no news' });
			await expect(runPoll(publishing(), refused)).rejects.toThrow('[WRONG]');
			now += 60_000;
			expect(await polled(publishing(), clock(['a', 'b'], 2))).toEqual([[`a ${now}`, `b ${now}`]]);
		});

		it('also where others were read before', async () => {
			const all = ['a', 'b', 'c'];
			expect(await polled(publishing(), clock(['a', 'b'], 1))).toEqual([['a 1000000']]);
			now += 60_000;
			await expect(runPoll(publishing(), clock(all, 0, wrong))).rejects.toThrow('[WRONG]');
			now += 60_000;
			expect(await polled(publishing(), clock(all, 3))).toEqual([['b 1000000', `c ${now}`]]);
		});

		it('and what was read with the start before goes on', async () => {
			const other = { ...wrong, start: 'other' };
			expect(await polled(publishing(), clock(['a', 'b'], 1))).toEqual([['a 1000000']]);
			now += 60_000;
			const refused = clock(['a'], 1, { ...other, first: () => 'no news' });
			await expect(runPoll(publishing(), refused)).rejects.toThrow('[WRONG]');
			await expect(runPoll(publishing(), clock(['a', 'b'], 0, other))).rejects.toThrow('[WRONG]');
			expect(await polled(publishing(), clock(['a', 'b'], 2))).toEqual([['b 1000000']]);
		});
	});

	it('is that of a publishing while a poll runs, whose own start counts no more', async () => {
		const context = contextOf();
		expect(await polled(context, clock(['a', 'b'], 1))).toEqual([['a 1000000']]);
		const started = deferred();
		const going = deferred();
		const slow = runPoll(context, {
			...clock(['a', 'b'], 2),
			poll: async (run) => {
				started.resolve();
				await going.promise;
				await clock(['a', 'b', 'c'], 3).poll(run);
			},
		});
		await started.promise;
		now += 60_000;
		const published = now;
		const other = { start: 'other' };
		await expect(runPoll(publishing(), clock(['a', 'b'], 2, other))).resolves.toBeNull();
		now += 60_000;
		going.resolve();
		await slow;
		now += 60_000;
		expect(await polled(contextOf(), clock(['a', 'b', 'c'], 3, other))).toEqual([
			[`a ${published}`, `b ${published}`, `c ${published}`],
		]);
	});

	it('of parts that wait for their turn holds with other settings, and what these add begins with them', async () => {
		const more = { settings: 'more' };
		expect(await polled(publishing(), clock(['a', 'b'], 1))).toEqual([['a 1000000']]);
		now += 60_000;
		const changed = now;
		await expect(runPoll(publishing(), clock(undefined, 0, more))).resolves.toBeNull();
		now += 60_000;
		expect(await polled(contextOf(), clock(['a', 'b', 'c'], 3, more))).toEqual([
			['b 1000000', `c ${changed}`],
		]);
	});

	it('of a part that is new is that of the publishing, though others are known', async () => {
		expect(await polled(publishing(), clock(['a'], 1))).toEqual([['a 1000000']]);
		now += 60_000;
		const again = now;
		await expect(runPoll(publishing(), clock(undefined, 0))).resolves.toBeNull();
		now += 60_000;
		await expect(runPoll(contextOf(), clock(['a', 'b'], 1))).resolves.toBeNull();
		now += 60_000;
		expect(await polled(contextOf(), clock(['a', 'b', 'c'], 2))).toEqual([[`b ${again}`]]);
	});

	it('is asked for where it counts alone', async () => {
		const unreadable = { settings: 'more', first: () => passOn(failure('UNREADABLE')) };
		expect(await polled(publishing(), clock(['a'], 1))).toEqual([['a 1000000']]);
		await expect(runPoll(publishing(), clock(['a'], 1, unreadable))).resolves.toBeNull();
		await expect(runPoll(publishing(), clock(['a', 'b'], 2, unreadable))).rejects.toThrow(
			'[UNREADABLE]',
		);
	});
});
