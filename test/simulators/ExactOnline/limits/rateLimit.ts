import type { Clock } from '../../shared/clock';
import type { ExactOnlineSwitches } from '../switches';

export type RateLimitVerdict = {
	allowed: boolean;
	/** Both header sets on an allowed call; on a refused one only those of the limit it met. */
	headers: Record<string, string>;
	/** True for the call that was the last of its minute. */
	endsMinute: boolean;
};

interface Window {
	start: number;
	used: number;
}

/**
 * Calls per app and division by calendar minute and by day (docs/facts/exact-online.md 3, 3.1).
 * Times in headers are milliseconds since 1970.
 */
export class RateLimit {
	private readonly minutes = new Map<string, Window>();
	private readonly days = new Map<string, Window>();

	constructor(
		private readonly clock: Clock,
		private readonly switches: ExactOnlineSwitches,
	) {}

	/** Counts one call, unless a limit is used up. */
	take(clientId: string, division: number): RateLimitVerdict {
		const { minutelyLimit, minuteSeconds, dailyLimit, daySeconds } = this.switches;
		const key = `${clientId}|${division}`;
		const day = currentWindow(this.days, key, this.clock(), daySeconds * 1000);
		const minute = currentWindow(this.minutes, key, this.clock(), minuteSeconds * 1000);
		const dailyHeaders = (): Record<string, string> =>
			headerSet('X-RateLimit-', dailyLimit, day, daySeconds);
		const minutelyHeaders = (): Record<string, string> =>
			headerSet('X-RateLimit-Minutely-', minutelyLimit, minute, minuteSeconds);

		const refused = (headers: Record<string, string>): RateLimitVerdict => ({
			...{ allowed: false, headers, endsMinute: false },
		});
		if (day.used >= dailyLimit) return refused(dailyHeaders());
		if (minute.used >= minutelyLimit) return refused(minutelyHeaders());
		day.used += 1;
		minute.used += 1;
		const endsMinute = minute.used === minutelyLimit;
		return { allowed: true, headers: { ...dailyHeaders(), ...minutelyHeaders() }, endsMinute };
	}

	clear(): void {
		this.minutes.clear();
		this.days.clear();
	}
}

/** The window that the calendar is in: its start is a whole multiple of its length. */
function currentWindow(
	windows: Map<string, Window>,
	key: string,
	now: number,
	lengthMs: number,
): Window {
	const start = Math.floor(now / lengthMs) * lengthMs;
	let window = windows.get(key);
	if (!window || window.start !== start) {
		window = { start, used: 0 };
		windows.set(key, window);
	}
	return window;
}

function headerSet(
	prefix: string,
	limit: number,
	window: Window,
	lengthSeconds: number,
): Record<string, string> {
	return {
		[`${prefix}Limit`]: String(limit),
		[`${prefix}Remaining`]: String(Math.max(0, limit - window.used)),
		[`${prefix}Reset`]: String(window.start + lengthSeconds * 1000),
	};
}
