const TICK_MS = 250;

/** Shorter gaps are a busy event loop, not a process that stood still. */
const SHORTEST_STANDSTILL_MS = 1_000;

/**
 * Notices that this process stood still (stopped, suspended, starved) while it waited for something:
 * what seems to have arrived just now may then have arrived before the standstill.
 * @returns ends the watch and tells how long the process stood still, in milliseconds.
 */
export function watchStandstill(): () => number {
	let last = performance.now();
	let stoodStillMs = 0;
	const look = () => {
		const now = performance.now();
		if (now - last >= SHORTEST_STANDSTILL_MS) stoodStillMs += now - last;
		last = now;
	};
	const timer = setInterval(look, TICK_MS);
	timer.unref();
	return () => {
		clearInterval(timer);
		look();
		return stoodStillMs;
	};
}
