import { setImmediate as loopTurn } from 'node:timers/promises';

/** How long synchronous work may keep the event loop at a stretch, in milliseconds; one piece may take longer. */
const STRETCH_MS = 10;

/** Shares the event loop: synchronous work stops after a while and lets everything else of the process go on. */
export class LoopShare {
	private spentMs = 0;

	/** Does a piece of synchronous work, at once where little was done since the event loop turned last. */
	async run<T>(work: () => T): Promise<T> {
		while (this.spentMs >= STRETCH_MS) await loopTurn();
		if (this.spentMs === 0) setImmediate(() => (this.spentMs = 0));
		const begunAt = performance.now();
		try {
			return work();
		} finally {
			this.spentMs += Math.max(performance.now() - begunAt, Number.EPSILON);
		}
	}
}
