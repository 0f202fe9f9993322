import { runPoll } from '../../../../nodes/shared/node/pollFrame';
import { CursorStore } from '../../../../nodes/shared/node/keptCursors';
import {
	useEmptyVault,
	contextOf,
	failure,
	work,
	polled,
	type Settings,
} from './support/numberPolls';

useEmptyVault();

describe('the beginning', () => {
	let now: number;

	beforeEach(() => {
		now = 1_000_000;
		jest.spyOn(Date, 'now').mockImplementation(() => now);
	});

	afterEach(() => jest.restoreAllMocks());

	/** Gives where each part begins of those whose turn it is; undefined where nobody can say what there is. */
	const clock = (parts: readonly string[] | undefined, turns: number, start = '') =>
		work(async (run) => {
			const begun = await run.begin({ settings: 'all', start, first: (at) => at });
			if (parts === undefined) throw failure('PASSING', 'Later.', true);
			await begun.expect(parts);
			for (const part of parts.slice(0, turns)) {
				const place = await begun.open(part, ['part', part], (since) => since);
				const { cursor } = place;
				if (typeof cursor !== 'number') continue;
				place.take([{ mark: part, json: { id: `${part} ${cursor}` } }], 'read', true);
			}
		});

	const publishing = (settings: Settings = {}) =>
		contextOf({ activation: 'activate', budgetMs: 300_000, log: [], ...settings });

	it('is that of the publishing where nobody could say then what there is to be read', async () => {
		const nodeId = 'published';
		await expect(runPoll(publishing({ nodeId }), clock(undefined, 0))).resolves.toBeNull();
		now += 3_600_000;
		const found = await polled(contextOf({ nodeId }), clock(['a', 'b'], 2));
		expect(found).toEqual([['a 1000000', 'b 1000000']]);
	});

	it('holds for each part until its turn has come, and a part that appears later begins when it is seen', async () => {
		// Nothing is remembered of the node in the process.
		await polled(contextOf(), clock([], 0, 'before'));
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
		expect(await polled(contextOf(), clock(['a', 'e'], 2, 'other'))).toEqual([
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
});
