import { randomBytes } from 'node:crypto';

import type { Clock } from '../../shared/clock';
import { accessTokenLifeMs, idleLifeMs, type ExactOnlineSwitches } from '../switches';

/** A pair as the token endpoint hands it out. */
export interface IssuedTokens {
	accessToken: string;
	refreshToken: string;
	expiresInSeconds: number;
	/** Number of the refresh token within its chain: 0 for the first log-in, then one up each issue. */
	generation: number;
	/** Milliseconds of the simulator's clock. */
	issuedAt: number;
}

interface RefreshTokenRecord {
	value: string;
	chainKey: string;
	generation: number;
	issuedAt: number;
}

export interface AccessTokenRecord {
	clientId: string;
	userId: string;
	generation: number;
	issuedAt: number;
	expiresAt: number;
}

interface Chain {
	clientId: string;
	userId: string;
	generation: number;
	/** Number of the first refresh token of the last log-in. */
	loggedInAt: number;
	/** Time of the last successful issue; the window of the next refresh counts from here. */
	issuedAt: number;
	live: RefreshTokenRecord | undefined;
	/** The token spent for the live one, while a grace rule may still let it answer. */
	predecessor: { token: RefreshTokenRecord; firstSpentAt: number } | undefined;
	revoked: boolean;
}

/** What a refresh token is worth at this moment. */
export type RefreshTokenStanding =
	| { kind: 'live' | 'grace' | 'old'; clientId: string; userId: string; generation: number }
	| { kind: 'unknown' };

export type RefreshOutcome =
	| { kind: 'granted'; tokens: IssuedTokens }
	| { kind: 'tooEarly' }
	/** `replaced`: of an earlier log-in than the one that is in force. */
	| { kind: 'old'; replaced: boolean }
	| { kind: 'idleExpired'; expiredAt: number; now: number }
	/** Unknown, of another client, or revoked by the user. */
	| { kind: 'broken' };

/** State of one chain for tests and the control interface; holds no token. */
export interface ChainStatus {
	clientId: string;
	userId: string;
	generation: number;
	issuedAt: number;
	/** True while a refresh token exists that could be exchanged now or later. */
	alive: boolean;
}

/**
 * The token chains, one per app and user (docs/facts/exact-online.md 1.4, 1.5, 1.8): each issue
 * kills the earlier refresh tokens, a refresh before the window is too early, an unused token dies.
 */
export class TokenChains {
	private readonly chains = new Map<string, Chain>();
	private readonly refreshTokens = new Map<string, RefreshTokenRecord>();
	private readonly accessTokens = new Map<string, AccessTokenRecord>();

	constructor(
		private readonly clock: Clock,
		private readonly switches: ExactOnlineSwitches,
	) {}

	/** A new interactive log-in: kills all earlier refresh tokens of this app and user. */
	logIn(clientId: string, userId: string): IssuedTokens {
		const key = chainKey(clientId, userId);
		const earlier = this.chains.get(key);
		const generation = earlier ? earlier.generation + 1 : 0;
		const chain: Chain = {
			clientId,
			userId,
			generation,
			loggedInAt: generation,
			issuedAt: 0,
			live: undefined,
			predecessor: undefined,
			revoked: false,
		};
		this.chains.set(key, chain);
		return this.issue(chain);
	}

	/** Exchanges a refresh token, or says why not; refusals change nothing. */
	refresh(clientId: string, refreshToken: string): RefreshOutcome {
		const record = this.refreshTokens.get(refreshToken);
		const chain = record && this.chains.get(record.chainKey);
		if (!record || !chain || chain.revoked || chain.clientId !== clientId) {
			return { kind: 'broken' };
		}
		const now = this.clock();
		const old = !this.answers(chain, record, now);
		const early =
			now < chain.issuedAt + accessTokenLifeMs(this.switches) * this.switches.refreshWindowFraction;
		if (early && this.switches.tooEarlyCheckedFirst) return { kind: 'tooEarly' };
		if (old) return { kind: 'old', replaced: record.generation < chain.loggedInAt };
		const expiredAt = record.issuedAt + idleLifeMs(this.switches);
		if (now >= expiredAt) return { kind: 'idleExpired', expiredAt, now };
		if (early) return { kind: 'tooEarly' };

		if (record === chain.live) {
			chain.predecessor =
				this.switches.grace === 'none' ? undefined : { token: record, firstSpentAt: now };
		}
		chain.generation += 1;
		return { kind: 'granted', tokens: this.issue(chain) };
	}

	/** What this refresh token is worth now, without spending it. */
	standing(refreshToken: string): RefreshTokenStanding {
		const record = this.refreshTokens.get(refreshToken);
		const chain = record && this.chains.get(record.chainKey);
		if (!record || !chain) return { kind: 'unknown' };
		const { clientId, userId } = chain;
		const { generation } = record;
		if (record === chain.live) return { kind: 'live', clientId, userId, generation };
		const kind = this.answers(chain, record, this.clock()) ? 'grace' : 'old';
		return { kind, clientId, userId, generation };
	}

	/** The record of an access token, expired or not; undefined if it was never issued. */
	accessToken(value: string): AccessTokenRecord | undefined {
		return this.accessTokens.get(value);
	}

	/** To be called when the API accepts an access token: ends the grace of the token spent for it. */
	noteAccessTokenUse(token: AccessTokenRecord): void {
		const chain = this.chains.get(chainKey(token.clientId, token.userId));
		if (!chain?.predecessor || this.switches.grace !== 'untilNewIsUsed') return;
		if (token.generation > chain.predecessor.token.generation) chain.predecessor = undefined;
	}

	/** The user takes the app's permission back; its tokens are worthless from now on. */
	revoke(clientId: string, userId: string): void {
		const chain = this.chains.get(chainKey(clientId, userId));
		if (!chain) return;
		chain.revoked = true;
		for (const [value, token] of this.accessTokens) {
			if (token.clientId === clientId && token.userId === userId) this.accessTokens.delete(value);
		}
	}

	/** Makes a chain and its tokens older by `seconds`, as if that time had passed for it alone. */
	age(clientId: string, userId: string, seconds: number): void {
		const key = chainKey(clientId, userId);
		const chain = this.chains.get(key);
		if (!chain) return;
		const ms = seconds * 1000;
		chain.issuedAt -= ms;
		if (chain.predecessor) chain.predecessor.firstSpentAt -= ms;
		for (const token of this.refreshTokens.values()) {
			if (token.chainKey === key) token.issuedAt -= ms;
		}
		for (const token of this.accessTokens.values()) {
			if (token.clientId !== clientId || token.userId !== userId) continue;
			token.issuedAt -= ms;
			token.expiresAt -= ms;
		}
	}

	/** The one refresh token that is live for this app and user. */
	liveRefreshToken(clientId: string, userId: string): string | undefined {
		const chain = this.chains.get(chainKey(clientId, userId));
		return chain && !chain.revoked ? chain.live?.value : undefined;
	}

	/** All chains by `clientId#userId`. */
	status(): Record<string, ChainStatus> {
		const now = this.clock();
		const entries = [...this.chains].map(([key, chain]): [string, ChainStatus] => {
			const { clientId, userId, generation, issuedAt, live, revoked } = chain;
			const alive = !revoked && !!live && now < live.issuedAt + idleLifeMs(this.switches);
			return [key, { clientId, userId, generation, issuedAt, alive }];
		});
		return Object.fromEntries(entries);
	}

	/** Forgets every chain and token. */
	clear(): void {
		this.chains.clear();
		this.refreshTokens.clear();
		this.accessTokens.clear();
	}

	private issue(chain: Chain): IssuedTokens {
		const now = this.clock();
		const { clientId, userId, generation } = chain;
		const record: RefreshTokenRecord = {
			value: newTokenText(600),
			chainKey: chainKey(clientId, userId),
			generation,
			issuedAt: now,
		};
		const accessToken = newTokenText(800);
		const expiresAt = now + accessTokenLifeMs(this.switches);
		this.refreshTokens.set(record.value, record);
		this.accessTokens.set(accessToken, {
			clientId,
			userId,
			generation,
			issuedAt: now,
			expiresAt,
		});
		chain.live = record;
		chain.issuedAt = now;
		return {
			accessToken,
			refreshToken: record.value,
			expiresInSeconds: this.switches.accessTokenLifeSeconds,
			generation,
			issuedAt: now,
		};
	}

	/** True if the token is the live one, or one that a grace rule still lets answer. */
	private answers(chain: Chain, record: RefreshTokenRecord, now: number): boolean {
		if (record === chain.live) return true;
		if (record !== chain.predecessor?.token) return false;
		if (this.switches.grace === 'untilNewIsUsed') return true;
		return (
			this.switches.grace === 'tenMinutes' &&
			now < chain.predecessor.firstSpentAt + accessTokenLifeMs(this.switches)
		);
	}
}

/**
 * The identifier of a chain, docs/facts/exact-online.md 1.5: what Invantive calls the single
 * instance identifier.
 */
export function chainKey(clientId: string, userId: string): string {
	return `${clientId}#${userId}`;
}

/**
 * Opaque text of the look of Exact's tokens (docs/facts/exact-online.md 1.3); 800 bytes give over
 * 1000 characters.
 */
function newTokenText(bytes: number): string {
	return `stampNL001.gAAAA${randomBytes(bytes).toString('base64url')}`;
}
