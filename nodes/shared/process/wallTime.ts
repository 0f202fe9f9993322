/** A moment of this process's monotonic clock (`performance.now()`) as wall time, in whole milliseconds. */
export function wallTime(monotonic: number): number {
	return Math.round(Date.now() + (monotonic - performance.now()));
}
