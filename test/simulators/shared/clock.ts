/** Tells the time in milliseconds since 1970, like `Date.now`. Simulators take one as an option. */
export type Clock = () => number;

/**
 * A clock that moves only when told to, so that a test of life times does not wait.
 * Pass `clock.read` where a `Clock` is wanted.
 */
export class ManualClock {
	constructor(public now = Date.UTC(2026, 10, 22, 12, 0, 0)) {}

	readonly read: Clock = () => this.now;

	/** Moves the clock on by `seconds` (may be fractional). */
	advanceSeconds(seconds: number): void {
		this.now += seconds * 1000;
	}
}
