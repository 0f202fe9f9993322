const TICK_MS = 250;

/** Shorter gaps are a busy event loop, not a process that stood still. */
const SHORTEST_STANDSTILL_MS = 1_000;

/** Watches whether this process stands still. */
export interface StandstillWatch {
	/** How long it has stood still so far, in milliseconds. */
	soFar(): number;
	/** Ends the watch. @returns as `soFar` */
	end(): number;
}

/** A moment by both clocks, in milliseconds. */
export interface Moment {
	monotonic: number;
	wall: number;
}

/** This moment. */
export function thisMoment(): Moment {
	return { monotonic: performance.now(), wall: Date.now() };
}

/**
 * Notices that this process stood still (stopped, suspended, starved) while it waited for something:
 * what seems to have arrived just now may then have arrived before the standstill. Of the monotonic and
 * the wall clock the one counts that went on further: the former stands still while a machine sleeps.
 *
 * @param since where nothing of this process was on watch before, the time since then counts as one stand.
 */
export function watchStandstill(since: Moment = thisMoment()): StandstillWatch {
	let last = since;
	let stoodStillMs = 0;
	const look = () => {
		const now = thisMoment();
		const gap = Math.max(now.monotonic - last.monotonic, now.wall - last.wall);
		if (gap >= SHORTEST_STANDSTILL_MS) stoodStillMs += gap;
		last = now;
		return stoodStillMs;
	};
	look();
	const timer = setInterval(look, TICK_MS);
	timer.unref();
	return {
		soFar: look,
		end() {
			clearInterval(timer);
			return look();
		},
	};
}
