import { fdatasync } from 'node:fs';

/** A disk that takes longer than this is not waited for, in milliseconds. */
export const SLOW_DISK_MS = 250;

/** How long a slow or failing disk is left alone, in milliseconds. */
export const SLOW_DISK_PAUSE_MS = 60_000;

/**
 * So many flushes at once. Each keeps a thread of the process's pool busy, of which it has four for name
 * look-ups and files too: a disk that hangs must leave some to n8n.
 */
const AT_ONCE = 2;

/** `notWaitedFor`: what was written may not be on the disk yet; it outlives the process, not the machine. */
export type Flushed = 'flushed' | 'failed' | 'notWaitedFor';

/**
 * Flushes beside the event loop, two at a time. None is begun while an earlier one has not ended that was too
 * slow, nor in the minute after.
 */
export class SpillFlush {
	/** Flushes that were begun and have not ended. */
	private underWay = 0;

	/** Those of them that were given up. */
	private hanging = 0;

	/** Monotonic clock. */
	private beginsAgainAt = -Infinity;

	private readonly waiting = new Set<(isTurn: boolean) => void>();

	/** Waits at most 250 ms for the turn and 250 ms for the disk. Never throws. */
	async flush(descriptor: number): Promise<Flushed> {
		if (this.isLeftAlone()) return 'notWaitedFor';
		if (this.underWay < AT_ONCE) this.underWay += 1;
		else if (!(await this.isTurnInTime())) return 'notWaitedFor';
		const ended = new Promise<Flushed>((resolve) => {
			fdatasync(descriptor, (error) => resolve(error === null ? 'flushed' : 'failed'));
		});
		void ended.then(() => this.endTurn());
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

	private isLeftAlone(): boolean {
		return this.hanging > 0 || performance.now() < this.beginsAgainAt;
	}

	/** Waits for a turn. That it does not come in time, because many wait, says nothing of the disk. */
	private async isTurnInTime(): Promise<boolean> {
		return await new Promise<boolean>((resolve) => {
			const timer = setTimeout(() => decide(false), SLOW_DISK_MS);
			const decide = (isTurn: boolean) => {
				clearTimeout(timer);
				this.waiting.delete(decide);
				if (isTurn) this.underWay += 1;
				resolve(isTurn);
			};
			this.waiting.add(decide);
		});
	}

	private endTurn(): void {
		this.underWay -= 1;
		const [next] = this.waiting;
		if (!this.isLeftAlone()) next?.(true);
	}

	private leaveAlone(hanging: Promise<unknown>): void {
		this.hanging += 1;
		this.beginsAgainAt = performance.now() + SLOW_DISK_PAUSE_MS;
		void hanging.then(() => (this.hanging -= 1));
		for (const one of [...this.waiting]) one(false);
	}
}
