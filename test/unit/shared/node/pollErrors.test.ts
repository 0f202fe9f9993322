import { runPoll, type PollWork } from '../../../../nodes/shared/node/pollFrame';
import { CursorStore } from '../../../../nodes/shared/node/keptCursors';
import { takeAsN8n } from '../../../support/n8nContext';
import {
	useEmptyVault,
	contextOf,
	failure,
	work,
	numbers,
	polled,
	type Settings,
} from './support/numberPolls';

useEmptyVault();

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
			const locked = failure('VAULT_LOCKED', 'It is locked.', true);
			const later = work(async () => await Promise.reject(locked));
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
