import type {
	AccessToken,
	AccessTokenSource,
} from '../../../../../nodes/ExactOnline/auth/accessTokenSource';
import type { RequestLength } from '../../../../../nodes/shared/http';
import type { Clock } from '../../../../../nodes/ExactOnline/api/limits/clock';

/** A clock that jumps instead of waiting and remembers how long it should have waited. */
export class JumpingClock implements Clock {
	time = Date.UTC(2026, 10, 22, 10, 0, 30);

	readonly sleeps: number[] = [];

	/** Called instead of sleeping, where a test wants to cancel in the middle. */
	onSleep: (() => void) | undefined;

	now(): number {
		return this.time;
	}

	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		this.sleeps.push(ms);
		this.onSleep?.();
		if (signal?.aborted) throw new Error('aborted');
		this.time += ms;
		await Promise.resolve();
	}
}

/** Tokens `token-1`, `token-2`, …; moves on only when a test says so. */
export class FakeTokenSource implements AccessTokenSource {
	readonly ignoreSslIssues = false;

	generation = 1;

	loginMark = 'login-1';

	/** Lengths asked for by `getAccessToken`. */
	readonly asked: RequestLength[] = [];

	/** Generations that were refused. */
	readonly refused: number[] = [];

	/** What the vault says after a 401: the newest token, where it differs from the refused one. */
	vaultGeneration = 1;

	/** End of the tokens handed out, on the monotonic clock. */
	validUntil = Infinity;

	constructor(
		readonly baseUrl: string,
		readonly clientId = 'app',
	) {}

	async getAccessToken(length: RequestLength): Promise<AccessToken> {
		this.asked.push(length);
		return await Promise.resolve(this.token(this.generation));
	}

	async replaceRefusedToken(refused: AccessToken): Promise<AccessToken | undefined> {
		this.refused.push(refused.generation);
		if (this.vaultGeneration === refused.generation) return await Promise.resolve(undefined);
		this.generation = this.vaultGeneration;
		return this.token(this.generation);
	}

	private token(generation: number): AccessToken {
		return { accessToken: `secret-token-${generation}`, generation, validUntil: this.validUntil };
	}
}
