import { createClientState } from '../../../../../nodes/ExactOnline/api/limits/clientState';
import { RateLimiter } from '../../../../../nodes/ExactOnline/api/limits/rateLimiter';
import { JumpingClock } from '../support/fakes';

it('a caller that gives up its place lets nobody overtake', async () => {
	const limiter = new RateLimiter(createClientState(), new JumpingClock(), 'key');
	const controller = new AbortController();
	const started: string[] = [];
	let finishFirst: () => void = () => undefined;
	const first = limiter.inTurn(undefined, async () => {
		started.push('first');
		await new Promise<void>((resolve) => (finishFirst = resolve));
	});
	const second = limiter.inTurn(controller.signal, async () => {
		started.push('second');
		await Promise.resolve();
	});
	const third = limiter.inTurn(undefined, async () => {
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
