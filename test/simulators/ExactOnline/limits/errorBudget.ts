import type { Clock } from '../../shared/clock';
import { errorHourMs, type ExactOnlineSwitches } from '../switches';

/** Whom errors are counted for: app, user, division and endpoint together. */
export type BudgetKey = string;

export function budgetKey(
	clientId: string,
	userId: string,
	division: string,
	endpoint: string,
): BudgetKey {
	return [clientId, userId, division, endpoint].join('|');
}

const COUNTED = new Set([400, 401, 403, 404]);

/**
 * The hourly error limit (docs/facts/exact-online.md 1.7): more than ten errors 400, 401, 403 or
 * 404 per app, user, division and endpoint within an hour block that key for an hour, and calls
 * made while it is blocked prolong that.
 */
export class ErrorBudget {
	private readonly errors = new Map<BudgetKey, number[]>();
	private readonly blockedUntil = new Map<BudgetKey, number>();

	constructor(
		private readonly clock: Clock,
		private readonly switches: ExactOnlineSwitches,
	) {}

	/** True if a call with this key is refused now. Asking counts as a call. */
	isBlocked(key: BudgetKey): boolean {
		const until = this.blockedUntil.get(key);
		const now = this.clock();
		if (until === undefined) return false;
		if (now >= until) {
			this.blockedUntil.delete(key);
			this.errors.delete(key);
			return false;
		}
		if (this.switches.blockGrows) this.blockedUntil.set(key, now + errorHourMs(this.switches));
		return true;
	}

	/** Counts an answer of the service, and blocks the key when it was one error too many. */
	note(key: BudgetKey, status: number): void {
		if (!COUNTED.has(status)) return;
		const now = this.clock();
		const hour = errorHourMs(this.switches);
		const recent = (this.errors.get(key) ?? []).filter((time) => time > now - hour);
		recent.push(now);
		this.errors.set(key, recent);
		if (recent.length > this.switches.errorBudget) this.blockedUntil.set(key, now + hour);
	}

	clear(): void {
		this.errors.clear();
		this.blockedUntil.clear();
	}
}
