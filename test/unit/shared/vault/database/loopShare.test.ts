import { setImmediate as loopTurn } from 'node:timers/promises';

import { LoopShare } from '../../../../../nodes/shared/vault/database/loopShare';

/** Keeps the event loop for some time, in milliseconds. */
function block(ms: number): void {
	const until = performance.now() + ms;
	while (performance.now() < until);
}

it('lets the event loop turn between pieces of work, once they have kept it for a while', async () => {
	const share = new LoopShare();
	const turns: number[] = [];
	let done = 0;
	let counting = true;
	void (async () => {
		while (counting) {
			await loopTurn();
			turns.push(done);
		}
	})();
	const work = async () => {
		await share.run(() => {
			block(4);
			done += 1;
		});
	};
	await Promise.all(Array.from({ length: 12 }, work));
	counting = false;
	const stretches = turns.map((at, index) => at - (turns[index - 1] ?? 0));
	expect(Math.max(...stretches, done - (turns.at(-1) ?? 0))).toBeLessThanOrEqual(3);
});

it('waits for nothing where little was done', async () => {
	const share = new LoopShare();
	let turned = false;
	setImmediate(() => (turned = true));
	for (let times = 0; times < 5; times += 1) {
		await share.run(() => {});
	}
	expect(turned).toBe(false);
});

it('counts work that fails', async () => {
	const share = new LoopShare();
	const failing = () => {
		block(12);
		throw new Error('no');
	};
	await expect(share.run(failing)).rejects.toThrow('no');
	let turned = false;
	setImmediate(() => (turned = true));
	await share.run(() => {});
	expect(turned).toBe(true);
});
