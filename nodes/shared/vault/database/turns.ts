/** Somebody's turn, until it is ended or handed over. */
export interface Turn<Handed> {
	/** What whoever had the turn before has handed over. */
	readonly handed: Handed | undefined;
	/** @param answered whether there was an answer. */
	end(answered: boolean): void;
	/** Ends the turn after an answer, and gives this to whoever is next. @returns false where nobody waits. */
	handOver(what: Handed): boolean;
}

/** Somebody who waits for a turn. */
interface Waiter<Handed> {
	begin(handed: Handed | undefined): void;
}

/**
 * At most so many at a time, the others wait in the order in which they came, urgent ones first. Nobody
 * is told that the database is away as long as it answers those whose turn it is.
 */
export class Turns<Handed = never> {
	private underWay = 0;

	private readonly urgent: Waiter<Handed>[] = [];

	private readonly others: Waiter<Handed>[] = [];

	/** Monotonic clock, milliseconds. */
	private answeredAt = -Infinity;

	/** @param silenceMs how long somebody waits while no turn ends with an answer, in milliseconds. */
	constructor(
		private readonly most: number,
		private readonly silenceMs: number,
	) {}

	/** @throws Error where nobody before got an answer for too long. */
	async take(urgent: boolean): Promise<Turn<Handed>> {
		let handed: Handed | undefined;
		if (this.underWay < this.most) this.underWay += 1;
		else handed = await this.wait(urgent ? this.urgent : this.others);
		let ended = false;
		return {
			handed,
			end: (answered) => {
				if (ended) return;
				ended = true;
				if (answered) this.answeredAt = performance.now();
				if (!this.beginNext(undefined)) this.underWay -= 1;
			},
			handOver: (what) => {
				this.answeredAt = performance.now();
				ended = this.beginNext(what);
				return ended;
			},
		};
	}

	private beginNext(handed: Handed | undefined): boolean {
		const next = this.urgent.shift() ?? this.others.shift();
		next?.begin(handed);
		return next !== undefined;
	}

	private async wait(queue: Waiter<Handed>[]): Promise<Handed | undefined> {
		const since = performance.now();
		return await new Promise<Handed | undefined>((resolve, reject) => {
			let timer: NodeJS.Timeout;
			const waiter: Waiter<Handed> = {
				begin(handed) {
					clearTimeout(timer);
					resolve(handed);
				},
			};
			const look = () => {
				const quietMs = performance.now() - Math.max(since, this.answeredAt);
				if (quietMs < this.silenceMs) {
					timer = setTimeout(look, this.silenceMs - quietMs);
					return;
				}
				queue.splice(queue.indexOf(waiter), 1);
				reject(new Error('timeout exceeded when trying to connect'));
			};
			timer = setTimeout(look, this.silenceMs);
			queue.push(waiter);
		});
	}
}
