import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as loopTurn } from 'node:timers/promises';

import { LoopShare } from '../../../../../nodes/shared/vault/database/loopShare';

it('does one piece of work between two turns of the event loop, in order, urgent ones first', async () => {
	const share = new LoopShare();
	const done: string[] = [];
	const perTurn: number[] = [];
	let counting = true;
	const counted = (async () => {
		for (let before = 0; counting; before = done.length) {
			await loopTurn();
			perTurn.push(done.length - before);
		}
	})();
	const piece = async (name: string, isUrgent = false) => {
		await share.run(() => done.push(name), isUrgent);
	};
	await Promise.all([piece('a'), piece('b'), piece('c'), piece('urgent', true), piece('d')]);
	counting = false;
	await counted;
	expect(done).toEqual(['a', 'urgent', 'b', 'c', 'd']);
	expect(Math.max(...perTurn)).toBe(1);
});

it('waits for nothing where nothing was done since the last turn', async () => {
	const share = new LoopShare();
	for (let times = 0; times < 3; times += 1) {
		let isDone = false;
		void share.run(() => (isDone = true));
		expect(isDone).toBe(true);
		await loopTurn();
		await loopTurn();
	}
});

it('goes on after work that fails, for whoever waits', async () => {
	const share = new LoopShare();
	const failing = () => {
		throw new Error('no');
	};
	const first = share.run(failing);
	const second = share.run(() => 'second');
	await expect(first).rejects.toThrow('no');
	await expect(second).resolves.toBe('second');
});

it('does work in the context of whoever asked for it', async () => {
	const context = new AsyncLocalStorage<string>();
	const share = new LoopShare();
	const seen = await Promise.all(
		['a', 'b', 'c'].map(
			async (name) =>
				await context.run(name, async () => await share.run(() => context.getStore())),
		),
	);
	expect(seen).toEqual(['a', 'b', 'c']);
});
