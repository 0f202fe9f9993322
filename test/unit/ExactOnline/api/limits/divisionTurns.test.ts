import {
	createClientState,
	divisionCalls,
} from '../../../../../nodes/ExactOnline/api/limits/clientState';
import { inTurn } from '../../../../../nodes/ExactOnline/api/limits/divisionTurns';

it('a caller that gives up its place lets nobody overtake', async () => {
	const calls = divisionCalls(createClientState(), 'key');
	const controller = new AbortController();
	const started: string[] = [];
	let finishFirst: () => void = () => undefined;
	const first = inTurn(calls, undefined, async () => {
		started.push('first');
		await new Promise<void>((resolve) => (finishFirst = resolve));
	});
	const second = inTurn(calls, controller.signal, async () => {
		started.push('second');
		await Promise.resolve();
	});
	const third = inTurn(calls, undefined, async () => {
		started.push('third');
		await Promise.resolve();
	});
	controller.abort();
	await expect(second).rejects.toMatchObject({ code: 'EXACT_CANCELLED' });
	await new Promise((resolve) => setImmediate(resolve));
	expect(started).toEqual(['first']);
	finishFirst();
	await Promise.all([first, third]);
	expect(started).toEqual(['first', 'third']);
});

describe('after a queue has been reached', () => {
	const nothing = async () => await Promise.resolve();

	/** A queue that one request has gone through. */
	async function reachedQueue(task = nothing) {
		const calls = divisionCalls(createClientState(), 'key');
		await inTurn(calls, undefined, task).catch(() => undefined);
		return calls;
	}

	it.each([
		['well', nothing],
		['with a failure', async () => await Promise.reject(new Error('failed'))],
	])('by one that ended %s, the next begins, and those after it wait', async (_how, task) => {
		const calls = await reachedQueue(task);
		const started: string[] = [];
		let finish: () => void = () => undefined;
		const first = inTurn(calls, new AbortController().signal, async () => {
			started.push('first');
			await new Promise<void>((resolve) => (finish = resolve));
		});
		const second = inTurn(calls, new AbortController().signal, async () => {
			started.push('second');
			await nothing();
		});
		await new Promise((resolve) => setImmediate(resolve));
		expect(started).toEqual(['first']);
		finish();
		await Promise.all([first, second]);
		expect(started).toEqual(['first', 'second']);
	});

	it('one that is cancelled already does not begin, and the next does', async () => {
		const calls = await reachedQueue();
		const task = jest.fn(nothing);
		await expect(inTurn(calls, AbortSignal.abort(), task)).rejects.toMatchObject({
			code: 'EXACT_CANCELLED',
		});
		expect(task).not.toHaveBeenCalled();
		await inTurn(calls, undefined, task);
		expect(task).toHaveBeenCalledTimes(1);
	});

	it('one that gave up behind a running one is no end of the queue', async () => {
		const calls = await reachedQueue();
		let finish: () => void = () => undefined;
		const running = inTurn(
			calls,
			undefined,
			async () => await new Promise<void>((resolve) => (finish = resolve)),
		);
		const controller = new AbortController();
		const cancelled = inTurn(calls, controller.signal, nothing);
		controller.abort();
		await expect(cancelled).rejects.toMatchObject({ code: 'EXACT_CANCELLED' });
		const last = jest.fn(nothing);
		const waiting = inTurn(calls, undefined, last);
		await new Promise((resolve) => setImmediate(resolve));
		expect(last).not.toHaveBeenCalled();
		finish();
		await Promise.all([running, waiting]);
		expect(last).toHaveBeenCalledTimes(1);
	});
});
