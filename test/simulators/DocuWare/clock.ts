import type { Clock } from '../shared/clock';

/** A clock that can be moved from outside, forward also through the control interface. */
export class SteerableClock {
	private offsetMs = 0;

	/** @param source the clock to follow; a manual one makes time stand still between moves */
	constructor(private readonly source: Clock = Date.now) {}

	/** Simulated time in milliseconds since 1970. */
	readonly read: Clock = () => this.source() + this.offsetMs;

	/**
	 * Moves time forward by `ms` milliseconds.
	 * @throws RangeError for a negative or infinite number
	 */
	advance(ms: number): void {
		if (!Number.isFinite(ms) || ms < 0) {
			throw new RangeError(`A clock moves forward by a number of milliseconds, not by ${ms}.`);
		}
		this.offsetMs += ms;
	}
	/** Sets the clock back by `ms` milliseconds, as an administrator does whose server was fast. */
	setBack(ms: number): void {
		this.offsetMs -= ms;
	}
}
