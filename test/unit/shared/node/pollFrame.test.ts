import type { IPollFunctions, WorkflowActivateMode } from 'n8n-workflow';
import { ConnectorError } from '../../../../nodes/shared/errors';
import {
	runPoll,
	type ConnectionFacts,
	type PollRun,
	type PollWork,
} from '../../../../nodes/shared/node/pollFrame';
import { connectionField } from '../../../../nodes/shared/node/polls/connectionOutput';
import { CursorStore } from '../../../../nodes/shared/node/keptCursors';
import { PollBatch } from '../../../../nodes/shared/node/polls/pollBatch';
import { thisHolder } from '../../../../nodes/shared/process/holder';
import { processState } from '../../../../nodes/shared/process/processState';
import { openVault } from '../../../../nodes/shared/vault/place/openVault';
import { pollContext, takeAsN8n } from '../../../support/n8nContext';
import { openVaultFolder, type VaultFolder } from '../../../support/recordings/vaultFolder';

interface Settings {
	nodeId?: string;
	workflowId?: string;
	mode?: string;
	/** Missing as in n8n before 2.40. */
	budgetMs?: number;
	activation?: WorkflowActivateMode;
	/** The output *Connection* is on. */
	isTold?: boolean;
	log?: unknown[][];
}

let vault: VaultFolder;

beforeEach(async () => {
	vault = await openVaultFolder();
});

afterEach(async () => {
	jest.useRealTimers();
	await vault.close();
});

function contextOf({ budgetMs, isTold = false, ...settings }: Settings = {}): IPollFunctions {
	const description = { displayName: 'Trigger', name: 'trigger', properties: [connectionField] };
	const parameters = { connectionOutput: isTold };
	return pollContext({ description, mode: 'trigger', ...settings, parameters }, budgetMs);
}

const failure = (code: string, text = 'It is wrong.', retryable = false) =>
	new ConnectorError(code, text, { repair: 'Mend it.', retryable });

const well: ConnectionFacts = { state: 'well', json: {} };

const work = (poll: PollWork['poll'], connection = well): PollWork => ({
	poll,
	connection: async () => await Promise.resolve(connection),
	isBroken: ({ code }) => code === 'BROKEN',
	mustWait: ({ code }) => code === 'LIMIT',
	outOfTime: (budgetMs) => failure('SLOW', `The poll took over ${budgetMs} ms.`),
});

/** Gives the numbers from a list on which no earlier poll has given. */
const numbers = (all: readonly number[], limit = 10) =>
	work(async (run) => {
		const place = await run.open({ read: ['numbers'], start: '', first: () => 0 });
		const from = Number(place.cursor);
		const rows = all.slice(from, from + limit);
		const found = rows.map((id) => ({ mark: String(id), json: { id } }));
		place.take(found, from + rows.length, from + rows.length === all.length);
	});

const ids = (outputs: Awaited<ReturnType<typeof runPoll>>) =>
	(outputs ?? []).map((items) =>
		items.map(({ json }) => (json.repeated ? `${String(json.id)} again` : json.id)),
	);

/** A poll whose batch n8n takes. */
async function polled(context: IPollFunctions, what: PollWork) {
	const outputs = await runPoll(context, what);
	return ids(takeAsN8n(context, outputs));
}

/** From now on this process has another name, as after a start. */
function otherProcess(name: string): void {
	thisHolder().uuid = name;
}

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

describe('an error', () => {
	it("is n8n's own, releases what was taken, and is told once an hour", async () => {
		jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance', 'nextTick', 'setTimeout'] });
		const release = jest.fn(async () => undefined);
		const failing = work(async (run) => {
			run.releaseLater({ release });
			throw failure('WRONG', 'Wrong since 12:30.');
		});
		const told = { message: 'Wrong since 12:30. [WRONG]', description: 'Mend it.' };
		await expect(runPoll(contextOf(), failing)).rejects.toMatchObject({
			...{ ...told, node: { name: 'Trigger' } },
		});
		await expect(runPoll(contextOf(), failing)).resolves.toBeNull();
		const text = 'It is still wrong. Nothing was sent since 12:40.';
		const later = work(async () => await Promise.reject(failure('WRONG', text)));
		await expect(runPoll(contextOf(), later)).resolves.toBeNull();
		const other = work(async () => await Promise.reject(failure('OTHER')));
		await expect(runPoll(contextOf(), other)).rejects.toThrow('[OTHER]');
		expect(release).toHaveBeenCalledTimes(2);
		await expect(runPoll(contextOf(), other)).resolves.toBeNull();
		jest.setSystemTime(Date.now() + 3_600_001);
		await expect(runPoll(contextOf(), other)).rejects.toThrow('[OTHER]');
		// A clock that was in the future and is right again.
		jest.setSystemTime(Date.now() - 86_400_000);
		await expect(runPoll(contextOf(), other)).rejects.toThrow('[OTHER]');
	});

	it('is told anew once the node was changed', async () => {
		const wrong = work(async () => await Promise.reject(failure('WRONG')));
		const poll = async (isTold: boolean) => await runPoll(contextOf({ isTold }), wrong);
		await expect(poll(false)).rejects.toThrow('[WRONG]');
		await expect(poll(false)).resolves.toBeNull();
		await expect(poll(true)).rejects.toThrow('[WRONG]');
		await expect(poll(true)).resolves.toBeNull();
	});

	it('that takes turns with another one is told once an hour too', async () => {
		jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance', 'nextTick', 'setTimeout'] });
		const told: string[] = [];
		const round = async () => {
			for (const code of ['WRONG', 'OTHER', 'WRONG', 'OTHER']) {
				const failing = work(async () => await Promise.reject(failure(code)));
				await runPoll(contextOf(), failing).catch(() => told.push(code));
			}
		};
		await round();
		expect(told).toEqual(['WRONG', 'OTHER']);
		jest.setSystemTime(Date.now() + 3_600_001);
		await round();
		expect(told).toEqual(['WRONG', 'OTHER', 'WRONG', 'OTHER']);
	});

	it('after something was found comes at the next poll', async () => {
		const half = work(async (run) => {
			const place = await run.open({ read: ['numbers'], start: '', first: () => 0 });
			if (place.cursor === 0) place.take([{ mark: '1', json: { id: 1 } }], 1, false);
			throw failure('WRONG');
		});
		expect(await polled(contextOf(), half)).toEqual([[1]]);
		await expect(runPoll(contextOf(), half)).rejects.toThrow('[WRONG]');
	});

	it('that only a limit is waited for is none', async () => {
		const limited = work(async () => await Promise.reject(failure('LIMIT')));
		await expect(runPoll(contextOf(), limited)).resolves.toBeNull();
	});

	it('of the vault is told once an hour too, and keeps no workflow from starting', async () => {
		const real = performance.now.bind(performance);
		let passed = 0;
		const clock = jest.spyOn(performance, 'now').mockImplementation(() => real() + passed);
		const { change } = CursorStore.prototype;
		const down = jest
			.spyOn(CursorStore.prototype, 'change')
			.mockRejectedValue(failure('VAULT_UNAVAILABLE', 'It is away.', true));
		const of = (settings: Settings = {}) => contextOf({ nodeId: 'away', log: [], ...settings });
		for (const activation of ['init', 'leadershipChange'] as const) {
			await expect(runPoll(of({ activation }), numbers([1]))).resolves.toBeNull();
		}
		await expect(runPoll(of(), numbers([1]))).rejects.toThrow('[VAULT_UNAVAILABLE]');
		await expect(runPoll(of(), numbers([1]))).resolves.toBeNull();
		passed = 3_600_001;
		await expect(runPoll(of(), numbers([1]))).rejects.toThrow('[VAULT_UNAVAILABLE]');
		clock.mockRestore();
		down.mockRestore();
		expect(CursorStore.prototype.change).toBe(change);
		expect(await polled(of(), numbers([1]))).toEqual([[1]]);
	});

	it.each(['activate', 'create', 'update'] as const)(
		'of the vault forbids the publishing (%s), where the beginning is noted',
		async (activation) => {
			const of = () => contextOf({ nodeId: activation, activation, budgetMs: 300_000, log: [] });
			const down = jest
				.spyOn(CursorStore.prototype, 'change')
				.mockRejectedValue(failure('VAULT_UNAVAILABLE', 'It is away.', true));
			await expect(runPoll(of(), numbers([1]))).rejects.toThrow('[VAULT_UNAVAILABLE]');
			await expect(runPoll(of(), numbers([1]))).rejects.toThrow('[VAULT_UNAVAILABLE]');
			down.mockRestore();
			const later = work(async (run) => {
				await run.begin({ settings: '', start: '', first: () => 0 });
				throw failure('VAULT_LOCKED', 'It is locked.', true);
			});
			await expect(runPoll(of(), later)).rejects.toThrow('[VAULT_LOCKED]');
			expect(await polled(of(), numbers([1]))).toEqual([[1]]);
		},
	);

	it('that passes does not keep a workflow from being published; any other one does', async () => {
		const log: unknown[][] = [];
		const passing = work(async () => await Promise.reject(failure('PASSING', 'Later.', true)));
		const publish = () => contextOf({ activation: 'activate', budgetMs: 300_000, log });
		const context = publish();
		await expect(runPoll(context, passing)).resolves.toBeNull();
		expect(log).toEqual([['Later. [PASSING]', expect.objectContaining({ node: 'Trigger' })]]);
		await expect(runPoll(context, passing)).rejects.toThrow('[PASSING]');
		const wrong = work(async () => await Promise.reject(failure('WRONG')));
		await expect(runPoll(publish(), wrong)).rejects.toThrow('[WRONG]');
		await expect(runPoll(publish(), wrong)).rejects.toThrow('[WRONG]');
	});

	it('at a start of n8n does not keep a workflow from polling', async () => {
		const wrong = work(async () => await Promise.reject(failure('WRONG')));
		const context = contextOf({ activation: 'init', log: [] });
		await expect(runPoll(context, wrong)).resolves.toBeNull();
		await expect(runPoll(context, wrong)).rejects.toThrow('[WRONG]');
	});

	it('of the code itself is never swallowed', async () => {
		const broken = work(async () => await Promise.reject(new TypeError('no function')));
		const start = async () => await runPoll(contextOf({ activation: 'init' }), broken);
		await expect(start()).rejects.toThrow('no function');
		await expect(start()).rejects.toThrow('no function');
	});
});

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

describe('the output Connection', () => {
	const states = async (what: PollWork) => {
		const context = contextOf({ isTold: true });
		const [records = [], told = []] = takeAsN8n(context, await runPoll(context, what));
		return [records.length, ...told.map(({ json }) => json)];
	};

	it('tells a change of state once, and takes the place of the error', async () => {
		const broken = work(async () => await Promise.reject(failure('BROKEN', 'Gone.')));
		expect(await states(broken)).toEqual([
			0,
			{
				connection: 'broken',
				...{ code: 'BROKEN', message: 'Gone. [BROKEN]', description: 'Mend it.' },
			},
		]);
		expect(await states(broken)).toEqual([0]);
		expect(await states(numbers([1]))).toEqual([1, { connection: 'well' }]);
		expect(await states(numbers([1]))).toEqual([0]);
		await expect(runPoll(contextOf(), broken)).rejects.toThrow('[BROKEN]');
	});

	it('a break that is told no more that day is an error, once an hour, and an item after the day', async () => {
		jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance', 'nextTick', 'setTimeout'] });
		const broken = work(async () => await Promise.reject(failure('BROKEN', 'Gone.')));
		const stateOf = async (what: PollWork) =>
			((await states(what))[1] as { connection?: string })?.connection;
		expect(await stateOf(broken)).toBe('broken');
		expect(await stateOf(numbers([]))).toBe('well');
		// It was said to be well, so nobody would know.
		await expect(states(broken)).rejects.toThrow('[BROKEN]');
		expect(await states(broken)).toEqual([0]);
		jest.setSystemTime(Date.now() + 86_400_000);
		expect(await stateOf(broken)).toBe('broken');
		expect(await states(broken)).toEqual([0]);
	});

	it('tells of an end beside the records, and keeps back no other error', async () => {
		const endsSoon = { state: 'endsSoon' as const, json: { endsAt: 'soon' } };
		const ending = work(numbers([1]).poll, endsSoon);
		expect(await states(ending)).toEqual([1, { connection: 'endsSoon', endsAt: 'soon' }]);
		expect(await states(ending)).toEqual([0]);
		await expect(
			states(work(async () => await Promise.reject(failure('WRONG')), endsSoon)),
		).rejects.toThrow('[WRONG]');
	});

	it('whose item n8n did not take comes once more, marked', async () => {
		await polled(contextOf({ nodeId: 'other' }), numbers([1]));
		const broken = work(async () => await Promise.reject(failure('BROKEN')));
		const context = contextOf({ isTold: true });
		await expect(runPoll(context, broken)).resolves.toEqual([[], [expect.anything()]]);
		expect(await states(broken)).toEqual([
			0,
			expect.objectContaining({ connection: 'broken', repeated: true }),
		]);
	});
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
	const pieces = work(async ({ hasTime }) => {
		passed += 20_000;
		asked.push(hasTime());
		passed += 1_000;
		asked.push(hasTime());
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
	expect(asked).toEqual([true, true, true, true, false]);
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
