import { fdatasync } from 'node:fs';

/** A disk that takes longer than this is not waited for, in milliseconds. */
export const SLOW_DISK_MS = 250;

/** How long a slow or failing disk is left alone, in milliseconds. */
export const SLOW_DISK_PAUSE_MS = 60_000;

/** `notWaitedFor`: what was written may not be on the disk yet; it outlives the process, not the machine. */
export type Flushed = 'flushed' | 'failed' | 'notWaitedFor';

/**
 * Flushes beside the event loop. A disk that hangs keeps a thread of the process's pool busy, so none is
 * begun while an earlier one has not ended that was too slow, nor in the minute after.
 */
export class SpillFlush {
	/** Flushes that were given up and have not ended. */
	private hanging = 0;

	/** Monotonic clock. */
	private beginsAgainAt = -Infinity;

	/** Waits at most 250 ms. Never throws. */
	async flush(descriptor: number): Promise<Flushed> {
		if (this.hanging > 0 || performance.now() < this.beginsAgainAt) return 'notWaitedFor';
		const ended = new Promise<Flushed>((resolve) => {
			fdatasync(descriptor, (error) => resolve(error === null ? 'flushed' : 'failed'));
		});
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<Flushed>((resolve) => {
			// An event loop that was busy hears of both in the same turn: then the disk was not late.
			timer = setTimeout(() => setImmediate(() => resolve('notWaitedFor')), SLOW_DISK_MS);
		});
		const flushed = await Promise.race([ended, late]);
		clearTimeout(timer);
		if (flushed === 'notWaitedFor') this.leaveAlone(ended);
		return flushed;
	}

	private leaveAlone(hanging: Promise<unknown>): void {
		this.hanging += 1;
		this.beginsAgainAt = performance.now() + SLOW_DISK_PAUSE_MS;
		void hanging.then(() => (this.hanging -= 1));
	}
}
