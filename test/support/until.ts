import { setTimeout as delay } from 'node:timers/promises';

/** As long as no sound program needs; a test that hangs is to end by itself. */
const LIMIT_MS = 60_000;

const POLL_MS = 5;

export interface UntilOptions {
	/** For what takes longer than a minute by its nature. */
	limitMs?: number;
	/** Pause between two looks, where a look costs something. */
	pollMs?: number;
}

/**
 * Waits until what goes on in the background, or in another process, has come about. For what nobody can be told
 * of; where there is a promise or an event, await that.
 * @throws Error after a minute, or the limit that is given
 */
export async function until(
	isSo: () => boolean | Promise<boolean>,
	{ limitMs = LIMIT_MS, pollMs = POLL_MS }: UntilOptions = {},
): Promise<void> {
	const giveUpAt = performance.now() + limitMs;
	while (!(await isSo())) {
		if (performance.now() > giveUpAt) throw new Error(`It did not come about: ${isSo.toString()}`);
		await delay(pollMs);
	}
}
