import { processState } from '../../process/processState';

/** The real one, whatever a test puts in its place later. */
const atNextTurn = setImmediate;

/**
 * Shares the event loop among pieces of synchronous work that take long: transactions of SQLite and writes
 * to the disk. Between two turns of the loop one piece is done, so that everything else of the process goes
 * on; those that wait are woken one by one in their order, urgent ones first.
 */
export class LoopShare {
	private isTaken = false;

	private readonly urgent: Array<() => void> = [];

	private readonly others: Array<() => void> = [];

	/** Does a piece of work: at once where none was done since the loop turned last, else in its turn. */
	async run<T>(work: () => T, isUrgent = false): Promise<T> {
		if (this.isTaken) {
			await new Promise<void>((wake) => (isUrgent ? this.urgent : this.others).push(wake));
		} else {
			this.take();
		}
		return work();
	}

	private take(): void {
		this.isTaken = true;
		atNextTurn(() => {
			const wake = this.urgent.shift() ?? this.others.shift();
			this.isTaken = false;
			if (wake === undefined) return;
			this.take();
			wake();
		});
	}
}

/** The one of this process. */
export function loopShare(): LoopShare {
	return processState('loopShare1', () => new LoopShare());
}
