import { setTimeout as delay } from 'node:timers/promises';

import type { NextStep } from './outcomes';
import { LONGEST_WAIT_MS } from './outcomes';

/** How long one renewal may still pause; waiting for an answer is no pause. */
export class Patience {
	/** In milliseconds. */
	leftMs = LONGEST_WAIT_MS;

	/**
	 * Pauses for as long as the step says.
	 * @throws the step's error
	 */
	async take(next: NextStep): Promise<void> {
		if ('error' in next) throw next.error;
		if (next.pauseMs <= 0) return;
		this.leftMs -= next.pauseMs;
		await delay(next.pauseMs);
	}
}
