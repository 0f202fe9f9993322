import { randomUUID } from 'node:crypto';

import type { SimulatedUser } from '../worldData';

/** A login token as the server keeps it. Times in ms. */
export interface LoginToken {
	/** Two GUIDs joined by `_` (docs/facts/docuware.md 4.3); opaque to clients. */
	value: string;
	user: SimulatedUser;
	usage: 'Single' | 'Multi';
	targetProducts: string[];
	expiresAt: number;
	uses: number;
}

/** Why a login token was refused. The real server does not say. */
export type LoginTokenRefusal = 'unknown' | 'expired' | 'used' | 'wrongProduct' | 'locked';

/** All login tokens that the server ever made. */
export class LoginTokenStore {
	private readonly tokens = new Map<string, LoginToken>();

	/** A new token. */
	make(start: Omit<LoginToken, 'value' | 'uses'>): LoginToken {
		const token: LoginToken = { ...start, value: `${randomUUID()}_${randomUUID()}`, uses: 0 };
		this.tokens.set(token.value, token);
		return token;
	}

	/** The token if it may be used for `product` at `now` (ms), else why not. Does not spend it. */
	check(value: string, product: string, now: number): LoginToken | LoginTokenRefusal {
		const token = this.tokens.get(value);
		if (token === undefined) return 'unknown';
		if (token.usage === 'Single' && token.uses > 0) return 'used';
		if (token.expiresAt <= now) return 'expired';
		if (!token.targetProducts.includes(product)) return 'wrongProduct';
		if (token.user.locked === true) return 'locked';
		return token;
	}

	/** Marks a use. */
	spend(token: LoginToken): void {
		token.uses += 1;
	}

	/** Makes every token unknown; returns how many there were. */
	clear(): number {
		const count = this.tokens.size;
		this.tokens.clear();
		return count;
	}

	/** All tokens, oldest first. */
	all(): LoginToken[] {
		return [...this.tokens.values()];
	}
}
