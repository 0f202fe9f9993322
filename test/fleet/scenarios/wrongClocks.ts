import type { Fleet } from '../support/fleet';
import { expectOnePostPerLife, overTokenLives } from '../support/overTokenLives';

/** Half of five minutes, in ms. */
const OFF_BY = 150_000;

const LIVES = 2;

/** The clocks of two workers are five minutes apart, and neither is that of the database. */
export function wrongClocks(fleet: () => Fleet): void {
	it('with clocks five minutes apart each token life has one token request, and nothing fails', async () => {
		const [slow, fast] = fleet().workers;
		await slow?.shiftClock(-OFF_BY);
		await fast?.shiftClock(OFF_BY);
		const outcome = await overTokenLives(fleet(), 'Clocks apart', (lives) => lives < LIVES);
		expectOnePostPerLife(outcome, LIVES);
		for (const worker of [slow, fast]) await worker?.shiftClock(0);
	});
}
