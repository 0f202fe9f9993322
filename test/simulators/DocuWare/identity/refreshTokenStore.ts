import { randomBytes } from 'node:crypto';

import type { SimulatedUser } from '../worldData';

/** All refresh tokens that stem from one authorization. Times in ms. */
export interface RefreshTokenFamily {
	signInId: string;
	clientId: string;
	user: SimulatedUser;
	scopes: string[];
	authorizedAt: number;
	revoked: boolean;
	/** The token that may be spent. */
	newest: string;
	/** The token before it, and when it was rotated away. */
	previous?: { value: string; rotatedAt: number };
	newestAt: number;
}

/** What became of a refresh token that was presented. */
export type RefreshOutcome =
	| { kind: 'rotated' | 'graceReuse' | 'kept'; family: RefreshTokenFamily }
	| { kind: 'unknown' | 'expired' | 'revoked' | 'wrongClient' }
	| { kind: 'replayed' };

/** Life times in ms. */
export interface RefreshTokenRules {
	slidingMs: number;
	absoluteMs: number;
	graceMs: number;
	/** Whether a use spends the token. */
	rotates: boolean;
}

/** Refresh tokens: each use rotates, a replay revokes the family (docs/facts/docuware.md 5.3). */
export class RefreshTokenStore {
	private readonly families = new Map<string, RefreshTokenFamily>();

	/** The first token of a new authorization. */
	start(
		start: Pick<RefreshTokenFamily, 'signInId' | 'clientId' | 'user' | 'scopes'>,
		now: number,
	): RefreshTokenFamily {
		const family: RefreshTokenFamily = {
			...start,
			authorizedAt: now,
			revoked: false,
			newest: newValue(),
			newestAt: now,
		};
		this.families.set(family.newest, family);
		return family;
	}

	/**
	 * Spends a token at `now` (ms) for a client. On `rotated` the family's `newest` is a new one; on
	 * `graceReuse` it is the one that the first spender got.
	 */
	spend(value: string, clientId: string, rules: RefreshTokenRules, now: number): RefreshOutcome {
		const family = this.families.get(value);
		if (family === undefined) return { kind: 'unknown' };
		if (family.clientId !== clientId) return { kind: 'wrongClient' };
		if (family.revoked) return { kind: 'revoked' };
		const end = Math.min(family.newestAt + rules.slidingMs, family.authorizedAt + rules.absoluteMs);
		if (end <= now) return { kind: 'expired' };
		if (value === family.newest && !rules.rotates) {
			family.newestAt = now;
			return { kind: 'kept', family };
		}
		if (value === family.newest) {
			family.previous = { value, rotatedAt: now };
			this.renew(family, now);
			return { kind: 'rotated', family };
		}
		const { previous } = family;
		if (
			rules.graceMs > 0 &&
			previous?.value === value &&
			previous.rotatedAt + rules.graceMs > now
		) {
			return { kind: 'graceReuse', family };
		}
		family.revoked = true;
		return { kind: 'replayed' };
	}

	/** Revokes the families of a token or of a user; returns how many. */
	revoke(which: { value?: string; userName?: string }): number {
		const meant = new Set(
			[...this.families].flatMap(([value, family]) =>
				!family.revoked &&
				(which.value === undefined || which.value === value) &&
				(which.userName === undefined ||
					which.userName.toLowerCase() === family.user.name.toLowerCase())
					? [family]
					: [],
			),
		);
		for (const family of meant) family.revoked = true;
		return meant.size;
	}

	clear(): void {
		this.families.clear();
	}

	private renew(family: RefreshTokenFamily, now: number): void {
		family.newest = newValue();
		family.newestAt = now;
		this.families.set(family.newest, family);
	}
}

/** Like the handles of the real service: 64 upper-case hex digits and a suffix. */
function newValue(): string {
	return `${randomBytes(32).toString('hex').toUpperCase()}-1`;
}
