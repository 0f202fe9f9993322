const BEAT_MS = 10;

const SECOND_MS = 1_000;

/** A beat that came late, with the time that the process had no core in, in milliseconds. */
interface Gap {
	at: number;
	ms: number;
}

/** Tells how long this process stood still: time in which its next turn was due, and in which it did not work either. */
export class StandstillMeter {
	private gaps: Gap[] = [];

	private last = { at: performance.now(), cpuMs: cpuMs() };

	constructor() {
		setInterval(() => this.note(), BEAT_MS).unref();
	}

	/** Of the second before now, in milliseconds. */
	lastSecondMs(): number {
		this.note();
		return this.gaps.reduce((sum, { ms }) => sum + ms, 0);
	}

	private note(): void {
		const now = { at: performance.now(), cpuMs: cpuMs() };
		const idleMs = now.at - this.last.at - (now.cpuMs - this.last.cpuMs) - BEAT_MS;
		if (idleMs > 0) this.gaps.push({ at: now.at, ms: idleMs });
		this.gaps = this.gaps.filter(({ at }) => at > now.at - SECOND_MS);
		this.last = now;
	}
}

/** What this process has worked, all its threads together, in milliseconds. */
function cpuMs(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1_000;
}
