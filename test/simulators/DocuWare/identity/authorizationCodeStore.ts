import { randomBytes } from 'node:crypto';

import type { SimulatedUser } from '../worldData';

/** An authorization code on its way to the app. Times in ms. */
export interface AuthorizationCode {
	clientId: string;
	redirectUri: string;
	scopes: string[];
	user: SimulatedUser;
	/** S256 challenge, if the app sent one. */
	codeChallenge?: string;
	expiresAt: number;
}

/** Authorization codes; each can be taken once. */
export class AuthorizationCodeStore {
	private readonly codes = new Map<string, AuthorizationCode>();

	/** Makes a code. */
	issue(code: AuthorizationCode): string {
		const value = `${randomBytes(32).toString('hex').toUpperCase()}-1`;
		this.codes.set(value, code);
		return value;
	}

	/** The code if it is known, unused and not expired at `now` (ms); it is used up by the call. */
	take(value: string, now: number): AuthorizationCode | undefined {
		const code = this.codes.get(value);
		this.codes.delete(value);
		return code !== undefined && code.expiresAt > now ? code : undefined;
	}

	clear(): void {
		this.codes.clear();
	}
}
