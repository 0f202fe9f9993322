import { randomBytes } from 'node:crypto';

import type { Clock } from '../../shared/clock';
import { codeLifeMs, type ExactOnlineSwitches } from '../switches';

export interface AuthorizationCode {
	clientId: string;
	userId: string;
	redirectUri: string;
}

/**
 * Codes handed out by the consent page: short life, single use (docs/facts/exact-online.md 1.4).
 */
export class AuthorizationCodes {
	private readonly codes = new Map<string, AuthorizationCode & { expiresAt: number }>();

	constructor(
		private readonly clock: Clock,
		private readonly switches: ExactOnlineSwitches,
	) {}

	/**
	 * Makes a code; it contains `!`, which a URL carries as `%21` (docs/facts/exact-online.md 1.3).
	 */
	create(details: AuthorizationCode): string {
		const code = `stampNL001.${randomBytes(24).toString('base64url')}!${randomBytes(60).toString('base64url')}`;
		this.codes.set(code, { ...details, expiresAt: this.clock() + codeLifeMs(this.switches) });
		return code;
	}

	/** Spends a code of this client; undefined if it is unknown, spent, expired or another's. */
	spend(code: string, clientId: string): AuthorizationCode | undefined {
		const found = this.codes.get(code);
		if (!found || found.clientId !== clientId) return undefined;
		this.codes.delete(code);
		return this.clock() < found.expiresAt ? found : undefined;
	}

	clear(): void {
		this.codes.clear();
	}
}
