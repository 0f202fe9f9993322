/** Limits of requests per minute and path (docs/facts/docuware.md 8.4). Times in ms. */
export class MinuteLimits {
	private readonly accepted = new Map<string, number[]>();

	/**
	 * Counts a request. Returns 0 when it may go on, else the time (ms) until the next one may.
	 * A refused request is not counted, because it is not carried out.
	 */
	admit(limits: Record<string, number>, path: string, now: number, minuteMs: number): number {
		const rule = Object.keys(limits).find((rulePath) => covers(rulePath, path.toLowerCase()));
		if (rule === undefined) return 0;
		const recent = (this.accepted.get(rule) ?? []).filter((time) => time > now - minuteMs);
		this.accepted.set(rule, recent);
		const oldest = recent[0];
		if (recent.length >= (limits[rule] ?? 0)) {
			return Math.max(1, (oldest ?? now) + minuteMs - now);
		}
		recent.push(now);
		return 0;
	}

	/** Forgets all counts. */
	clear(): void {
		this.accepted.clear();
	}
}

function covers(rulePath: string, path: string): boolean {
	return rulePath.endsWith('*') ? path.startsWith(rulePath.slice(0, -1)) : path === rulePath;
}
