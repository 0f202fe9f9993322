import { runPoll, type PollRun } from '../../../../nodes/shared/node/pollFrame';
import { CursorStore } from '../../../../nodes/shared/node/keptCursors';
import { PollBatch } from '../../../../nodes/shared/node/polls/pollBatch';
import { processState } from '../../../../nodes/shared/process/processState';
import { openVault } from '../../../../nodes/shared/vault/place/openVault';
import {
	useEmptyVault,
	contextOf,
	failure,
	work,
	numbers,
	ids,
	polled,
	otherProcess,
} from './support/numberPolls';

useEmptyVault();

it('gives what a poll finds once, and null where that is nothing', async () => {
	expect(await polled(contextOf(), numbers([1, 2, 3], 2))).toEqual([[1, 2]]);
	expect(await polled(contextOf(), numbers([1, 2, 3, 3]))).toEqual([[3]]);
	await expect(runPoll(contextOf(), numbers([1, 2, 3, 3]))).resolves.toBeNull();
});

it('a copy of the node or of the workflow begins anew, and the first one goes on', async () => {
	expect(await polled(contextOf(), numbers([1]))).toEqual([[1]]);
	expect(await polled(contextOf({ nodeId: 'copy' }), numbers([1]))).toEqual([[1]]);
	expect(await polled(contextOf({ workflowId: 'copy' }), numbers([1]))).toEqual([[1]]);
	await expect(runPoll(contextOf(), numbers([1]))).resolves.toBeNull();
});

it('a node that was renamed, or whose workflow was unpublished and published again, goes on', async () => {
	const published = () => contextOf({ activation: 'activate', budgetMs: 300_000 });
	expect(await polled(published(), numbers([1]))).toEqual([[1]]);
	const renamed = contextOf();
	renamed.getNode().name = 'Renamed';
	expect(await polled(renamed, numbers([1, 2]))).toEqual([[2]]);
	expect(await polled(published(), numbers([1, 2, 3]))).toEqual([[3]]);
});

it('gives a batch of a process that has died once more, marked, and what is new without a mark', async () => {
	expect(await polled(contextOf(), numbers([1, 2]))).toEqual([[1, 2]]);
	otherProcess('after a kill');
	expect(await polled(contextOf(), numbers([1, 2, 3]))).toEqual([['1 again', '2 again', 3]]);
	await expect(runPoll(contextOf(), numbers([1, 2, 3]))).resolves.toBeNull();
});

it('gives a batch that n8n did not take once more, marked', async () => {
	expect(await polled(contextOf(), numbers([1]))).toEqual([[1]]);
	const context = contextOf();
	expect(ids(await runPoll(context, numbers([1, 2])))).toEqual([[2]]);
	expect(await polled(context, numbers([1, 2]))).toEqual([['2 again']]);
	await expect(runPoll(context, numbers([1, 2]))).resolves.toBeNull();
});

describe('a batch of which n8n makes no execution comes once more, marked', () => {
	type Take = (data: unknown, response?: unknown, end?: { reject(error: Error): void }) => void;

	const taken = async (nodeId: string, take: Take) => {
		const context = Object.assign(contextOf({ nodeId, budgetMs: 300_000 }), { __emit: take });
		const outputs = await runPoll(context, numbers([1]));
		(context as { __emit: Take }).__emit(outputs);
		return context;
	};

	it('where n8n fails at making it', async () => {
		const nodeId = 'not made';
		await taken(nodeId, (_data, _response, end) => end?.reject(new Error('SQLITE_BUSY')));
		const context = contextOf({ nodeId, budgetMs: 300_000 });
		expect(await polled(context, numbers([1, 2]))).toEqual([['1 again', 2]]);
		await expect(runPoll(context, numbers([1, 2]))).resolves.toBeNull();
	});

	it('where n8n fails at making it while the process ends', async () => {
		const nodeId = 'ended';
		const ends: Array<(error: Error) => void> = [];
		await taken(nodeId, (_data, _response, end) => void (end && ends.push(end.reject)));
		const hold = processState('exitHold2', () => ({ lastSteps: new Map<string, () => unknown>() }));
		const exit = hold.lastSteps.get('polledBatches1')?.();
		for (const end of ends) end(new Error('The connection is closed'));
		await exit;
		otherProcess('after the end');
		const context = contextOf({ nodeId, budgetMs: 300_000 });
		expect(ends).toHaveLength(1);
		expect(await polled(context, numbers([1]))).toEqual([['1 again']]);
	});

	it('where n8n refuses it at once', async () => {
		const nodeId = 'refused';
		const take = () => {
			throw new Error('Not this payload');
		};
		await expect(taken(nodeId, take)).rejects.toThrow('Not this payload');
		const context = contextOf({ nodeId, budgetMs: 300_000 });
		expect(await polled(context, numbers([1, 2]))).toEqual([['1 again', 2]]);
	});

	it('but not where it was made and somebody has stopped it, or it was over at once', async () => {
		class ManualExecutionCancelledError extends Error {}
		class ExecutionNotFoundError extends Error {}
		for (const error of [new ManualExecutionCancelledError(), new ExecutionNotFoundError()]) {
			const nodeId = error.constructor.name;
			const context = await taken(nodeId, (_data, _response, end) => end?.reject(error));
			await expect(runPoll(context, numbers([1]))).resolves.toBeNull();
		}
	});
});

describe('in a process that has seen n8n take nothing yet', () => {
	const unseen = () => {
		const watch = processState('polledBatches1', () => ({}));
		Object.assign(watch, { open: new Map(), isSeen: false, hasMissed: false });
	};
	beforeEach(unseen);

	it('a batch that n8n did not take comes once more too, marked', async () => {
		const context = contextOf();
		expect(ids(await runPoll(context, numbers([1])))).toEqual([[1]]);
		expect(await polled(context, numbers([1, 2]))).toEqual([['1 again', 2]]);
		await expect(runPoll(context, numbers([1, 2]))).resolves.toBeNull();
	});

	it('a batch of which one place could be noted and another could not comes once more, marked', async () => {
		const both = (isFailing: boolean) =>
			work(async (run) => {
				for (const id of [1, 2]) {
					const place = await run.open({ read: [String(id)], start: '', first: () => 0 });
					if (place.cursor === 0) place.take([{ mark: String(id), json: { id } }], 1, true);
				}
				if (!isFailing) return;
				const { change } = CursorStore.prototype;
				jest
					.spyOn(CursorStore.prototype, 'change')
					.mockImplementationOnce(async function (this: CursorStore, ...given) {
						return await change.apply(this, given);
					})
					.mockRejectedValueOnce(failure('VAULT_LOCKED'));
			});
		const context = contextOf({ nodeId: 'half noted' });
		await expect(runPoll(context, both(true))).rejects.toThrow('It is wrong.');
		expect(await polled(context, both(false))).toEqual([['1 again', 2]]);
		await expect(runPoll(context, both(false))).resolves.toBeNull();
	});

	it('an n8n that cannot be watched gets the first batch twice, and each later one once', async () => {
		const context = contextOf();
		expect(ids(await runPoll(context, numbers([1])))).toEqual([[1]]);
		expect(ids(await runPoll(context, numbers([1])))).toEqual([['1 again']]);
		expect(ids(await runPoll(context, numbers([1, 2])))).toEqual([[2]]);
		expect(ids(await runPoll(context, numbers([1, 2, 3])))).toEqual([[3]]);
		const blind = { ...contextOf({ nodeId: 'without' }), __emit: undefined } as never;
		unseen();
		expect(ids(await runPoll(blind, numbers([1])))).toEqual([[1]]);
		expect(ids(await runPoll(blind, numbers([1, 2])))).toEqual([[2]]);
	});
});

describe('a batch older than two intervals', () => {
	/** An hour passes without a timer, as while a host sleeps; the interval is a minute. */
	const later = () => {
		const real = Date.now;
		jest.spyOn(Date, 'now').mockImplementation(() => real() + 3_600_000);
	};
	const young = (nodeId: string) => contextOf({ nodeId });

	afterEach(() => jest.restoreAllMocks());

	it('that n8n was seen taking does not come again', async () => {
		expect(await polled(young('taken'), numbers([1]))).toEqual([[1]]);
		later();
		expect(await polled(young('taken'), numbers([1, 2]))).toEqual([[2]]);
	});

	it('that n8n was seen taking comes once more, marked, where the process is another one, however young', async () => {
		expect(await polled(young('killed'), numbers([1]))).toEqual([[1]]);
		otherProcess('at once');
		expect(await polled(young('killed'), numbers([1, 2]))).toEqual([['1 again', 2]]);
	});

	it('comes once more, marked, where n8n does not let itself be watched; a younger one does not', async () => {
		const watch = processState('polledBatches1', () => ({}));
		Object.assign(watch, { open: new Map(), isSeen: false, hasMissed: false });
		const blind = () => ({ ...contextOf({ nodeId: 'blind' }), __emit: undefined }) as never;
		expect(ids(await runPoll(blind(), numbers([1])))).toEqual([[1]]);
		expect(ids(await runPoll(blind(), numbers([1, 2])))).toEqual([[2]]);
		later();
		expect(ids(await runPoll(blind(), numbers([1, 2, 3])))).toEqual([['2 again', 3]]);
	});
});

it('makes a batch final half a minute after n8n has taken it, so that another process finds it done', async () => {
	jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance', 'nextTick'] });
	const context = contextOf({ nodeId: 'settled' });
	expect(await polled(context, numbers([1]))).toEqual([[1]]);
	await jest.advanceTimersByTimeAsync(30_000);
	jest.useRealTimers();
	otherProcess('another one');
	await expect(runPoll(contextOf({ nodeId: 'settled' }), numbers([1]))).resolves.toBeNull();
});

it('of two processes at once one alone moves on', async () => {
	const place = { read: ['numbers'], start: '', first: () => 0 };
	const row = { mark: '1', json: { id: 1 } };
	const outer = work(async (run) => {
		const mine = await run.open(place);
		const node = { identity: ['instance-1', 'workflow-1', 'node-1'] } as const;
		const other = new PollBatch(await openVault(), { ...node, intervalMs: 1, context: {} }, false);
		(await other.open(place)).take([row], 1, true);
		expect(await other.close()).toEqual([[{ json: { id: 1 } }]]);
		mine.take([row], 1, true);
	});
	await expect(runPoll(contextOf(), outer)).resolves.toBeNull();
});

it('begins anew with other settings', async () => {
	const from = (start: string, first: number) =>
		work(async (run) => {
			const place = await run.open({ read: ['numbers'], start, first: () => first });
			place.take([{ mark: start, json: { id: place.cursor as number } }], first + 1, true);
		});
	expect(await polled(contextOf(), from('a', 5))).toEqual([[5]]);
	expect(await polled(contextOf(), from('a', 5))).toEqual([[6]]);
	expect(await polled(contextOf(), from('b', 1))).toEqual([[1]]);
});

it('shows samples in a run by hand, and moves nothing on', async () => {
	const sample = async () => ids(await runPoll(contextOf({ mode: 'manual' }), numbers([1, 2])));
	expect(await sample()).toEqual([[1, 2]]);
	expect(await sample()).toEqual([[1, 2]]);
	expect(await polled(contextOf(), numbers([1, 2]))).toEqual([[1, 2]]);
});

describe('several things', () => {
	const parts = (read: Array<[string, () => Promise<void>]>) =>
		work(async (run) => await run.inTurn(read.map(([name, one]) => ({ name, read: one }))));
	const fail = (code: string) => async () => await Promise.reject(failure(code));
	const pass = async () => await Promise.resolve();

	it('fail only if all fail, with the error of the first one', async () => {
		const log: unknown[][] = [];
		const some = parts([
			['a', fail('WRONG')],
			['b', pass],
		]);
		await expect(runPoll(contextOf({ log }), some)).resolves.toBeNull();
		expect(log).toEqual([
			[expect.stringContaining('WRONG'), expect.objectContaining({ part: 'a' })],
		]);
		const waiting = parts([
			['a', fail('WRONG')],
			['b', fail('LIMIT')],
		]);
		await expect(runPoll(contextOf({ log }), waiting)).resolves.toBeNull();
		const all = parts([
			['a', fail('WRONG')],
			['b', fail('OTHER')],
		]);
		await expect(runPoll(contextOf({ log, nodeId: 'all' }), all)).rejects.toThrow('[WRONG]');
	});

	it('are not asked any more where the connection is broken', async () => {
		const second = jest.fn(pass);
		const broken = parts([
			['a', fail('BROKEN')],
			['b', second],
		]);
		await expect(runPoll(contextOf(), broken)).rejects.toThrow('[BROKEN]');
		expect(second).not.toHaveBeenCalled();
	});

	it('have their turns: the next poll begins with the first one that was not read', async () => {
		const seen: string[] = [];
		const slow = parts(
			['a', 'b', 'c'].map((name) => [
				name,
				async () => {
					seen.push(name);
					// Of every two parts the second one takes all the time that there is.
					if (seen.length % 2 === 0) jest.spyOn(performance, 'now').mockReturnValue(Infinity);
					await Promise.resolve();
				},
			]),
		);
		for (let polls = 0; polls < 3; polls += 1) {
			await runPoll(contextOf(), slow);
			jest.restoreAllMocks();
		}
		expect(seen.join('')).toBe('abcabc');
	});
});

it('does not poll twice at once for one node, and then goes on', async () => {
	let end = () => {};
	const ended = new Promise<void>((resolve) => (end = resolve));
	const first = runPoll(
		contextOf(),
		work(async () => await ended),
	);
	const second = jest.fn(numbers([2]).poll);
	await expect(runPoll(contextOf(), work(second))).resolves.toBeNull();
	expect(second).not.toHaveBeenCalled();
	expect(await polled(contextOf({ nodeId: 'node-2' }), work(second))).toEqual([[2]]);
	expect(ids(await runPoll(contextOf({ mode: 'manual' }), work(second)))).toEqual([[2]]);
	end();
	await expect(first).resolves.toBeNull();
	expect(await polled(contextOf(), work(second))).toEqual([[2]]);
});

it("ends within n8n's budget, or 30 seconds where n8n names none or only its default", async () => {
	const left = async (budgetMs?: number) => {
		let run: PollRun | undefined;
		const startedAt = performance.now();
		await runPoll(
			contextOf({ ...(budgetMs !== undefined && { budgetMs }) }),
			work(async (given) => {
				run = given;
				expect(given.hasTime()).toBe(true);
				await Promise.resolve();
			}),
		);
		return (run?.endsAt ?? 0) - startedAt;
	};
	const within = [await left(60_000), await left(), await left(300_000)];
	expect(within[0]).toBeGreaterThan(44_000);
	expect(within[0]).toBeLessThan(60_000);
	for (const usual of within.slice(1)) {
		expect(usual).toBeGreaterThan(22_000);
		expect(usual).toBeLessThan(30_000);
	}
});

it('begins nothing more where the longest piece of work so far would not fit in once more', async () => {
	const real = performance.now.bind(performance);
	let passed = 0;
	const clock = jest.spyOn(performance, 'now').mockImplementation(() => real() + passed);
	const asked: boolean[] = [];
	const pieces = work(async ({ hasTime, fits }) => {
		passed += 20_000;
		asked.push(hasTime());
		passed += 1_000;
		asked.push(hasTime());
		passed += 2_500;
		asked.push(hasTime(), fits());
		passed += 4_000;
		asked.push(fits());
		await Promise.resolve();
	});
	await runPoll(contextOf(), pieces);
	await runPoll(
		contextOf(),
		work(async ({ hasTime }) => {
			asked.push(hasTime());
			passed += 14_000;
			asked.push(hasTime());
			passed += 2_500;
			asked.push(hasTime());
			await Promise.resolve();
		}),
	);
	clock.mockRestore();
	expect(asked).toEqual([true, true, false, true, false, true, true, false]);
});

it('cancels a poll that goes on beyond the budget, and says so', async () => {
	const endless = work(
		async ({ signal }) =>
			await new Promise((_resolve, reject) => {
				signal?.addEventListener('abort', () => reject(new Error('aborted')));
			}),
	);
	await expect(runPoll(contextOf({ budgetMs: 20 }), endless)).rejects.toThrow(
		'The poll took over 20 ms. [SLOW]',
	);
});
