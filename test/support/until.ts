import { setTimeout as delay } from 'node:timers/promises';

/** As long as no sound program needs; a test that hangs is to end by itself. */
const LIMIT_MS = 60_000;

const POLL_MS = 5;

/**
 * Waits until what goes on in the background, or in another process, has come about. For what nobody can be told
 * of; where there is a promise or an event, await that.
 * @throws Error after a minute
 */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
	const giveUpAt = performance.now() + LIMIT_MS;
	while (!(await isSo())) {
		if (performance.now() > giveUpAt) throw new Error(`It did not come about: ${isSo.toString()}`);
		await delay(POLL_MS);
	}
}
