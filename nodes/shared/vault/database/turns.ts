/** Somebody who waits for a turn. */
interface Waiter {
	begin(): void;
}

/**
 * At most so many at a time, the others wait in the order in which they came, urgent ones first. Nobody
 * is told that the database is away as long as it answers those whose turn it is.
 */
export class Turns {
	private underWay = 0;

	private readonly urgent: Waiter[] = [];

	private readonly others: Waiter[] = [];

	/** Monotonic clock, milliseconds. */
	private answeredAt = -Infinity;

	/** @param silenceMs how long somebody waits while no turn ends with an answer, in milliseconds. */
	constructor(
		private readonly most: number,
		private readonly silenceMs: number,
	) {}

	/**
	 * @returns what ends the turn; it is told whether there was an answer.
	 * @throws Error where nobody before got an answer for too long.
	 */
	async take(urgent: boolean): Promise<(answered: boolean) => void> {
		if (this.underWay < this.most) this.underWay += 1;
		else await this.wait(urgent ? this.urgent : this.others);
		let ended = false;
		return (answered) => {
			if (ended) return;
			ended = true;
			if (answered) this.answeredAt = performance.now();
			const next = this.urgent.shift() ?? this.others.shift();
			if (next === undefined) this.underWay -= 1;
			else next.begin();
		};
	}

	private async wait(queue: Waiter[]): Promise<void> {
		const since = performance.now();
		await new Promise<void>((resolve, reject) => {
			let timer: NodeJS.Timeout;
			const waiter = {
				begin() {
					clearTimeout(timer);
					resolve();
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
