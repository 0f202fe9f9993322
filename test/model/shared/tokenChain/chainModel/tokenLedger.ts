import type { TokenPair } from '../../../../../nodes/shared/tokenChain/types';
import type { IssuedTokens } from '../../../../simulators/ExactOnline/oauth/chains';

/** Where a token comes from, as only the service knows it. */
interface Origin {
	userId: string;
	/** The number of its pair within the user's chain; later ones are newer. */
	generation: number;
}

/** The service's book of every token: whose it is, and which refresh tokens were ever accepted. */
export class TokenLedger {
	private readonly refreshTokens = new Map<string, Origin>();

	private readonly accessTokens = new Map<string, Origin>();

	private readonly accepted = new Set<string>();

	/** The pairs whose receiver had stood still meanwhile. */
	private readonly late = new Set<Origin>();

	/** The pairs of which a process was told whose they are. */
	private readonly named = new Set<Origin>();

	/** By generation of the user, the one that was exchanged for it. */
	private readonly parents = new Map<string, number>();

	/** The latest access token of each user, as it may leak. */
	private readonly latest = new Map<string, string>();

	/** @param spent the refresh token that was exchanged; left out for a log-in */
	note(userId: string, issued: IssuedTokens, spent?: string): void {
		const origin = { userId, generation: issued.generation };
		this.refreshTokens.set(issued.refreshToken, origin);
		this.accessTokens.set(issued.accessToken, origin);
		this.latest.set(userId, issued.accessToken);
		if (spent === undefined) return;
		this.accepted.add(spent);
		this.parents.set(`${userId} ${issued.generation}`, this.generationOf(userId, spent));
	}

	/** The generation that was exchanged for this one; -1 for a log-in's. */
	parentOf(userId: string, generation: number): number {
		return this.parents.get(`${userId} ${generation}`) ?? -1;
	}

	/** The number of one user's refresh token; -1 for one that the service never gave to this user. */
	generationOf(userId: string, refreshToken: string): number {
		const origin = this.refreshTokens.get(refreshToken);
		return origin?.userId === userId ? origin.generation : -1;
	}

	/** The number of the pair that an access token came with. */
	accessGeneration(accessToken: string): number {
		return this.accessTokens.get(accessToken)?.generation ?? -1;
	}

	latestAccessToken(userId: string): string | undefined {
		return this.latest.get(userId);
	}

	/** A process is told whose this access token is. */
	noteNamed(accessToken: string): void {
		const origin = this.accessTokens.get(accessToken);
		if (origin !== undefined) this.named.add(origin);
	}

	/** A pair is received by a process that has stood still meanwhile, so that it may stand elsewhere by then. */
	noteLate(accessToken: string): void {
		const origin = this.accessTokens.get(accessToken);
		if (origin !== undefined) this.late.add(origin);
	}

	/**
	 * Whether a process was told whose a pair is that came of this refresh token. Of one that was received late it
	 * may have asked for the sake of another credential, which proves nothing.
	 */
	isSuccessorNamed(refreshToken: string): boolean {
		const origin = this.refreshTokens.get(refreshToken);
		if (origin === undefined) return false;
		const { userId, generation } = origin;
		return [...this.named].some((one) => {
			if (one.userId !== userId || this.late.has(one)) return false;
			let earlier = this.parentOf(userId, one.generation);
			while (earlier > generation) earlier = this.parentOf(userId, earlier);
			return earlier === generation;
		});
	}

	/** Whether the service has ever taken a refresh token. */
	wasAccepted(refreshToken: string): boolean {
		return this.accepted.has(refreshToken);
	}

	/**
	 * Whether an access token may be handed to an authorization (docs/architecture.md, rule 10): the one
	 * that it brought always, any other only once the service has accepted the refresh token that it
	 * brought; and never that of a user whose refresh token it has not.
	 * @param isKnown the record began with it, or is registered to the credential that holds it
	 */
	mayBeHandedTo(brought: TokenPair, isKnown: boolean, accessToken: string): boolean {
		if (accessToken === brought.accessToken) return true;
		if (!isKnown && !this.accepted.has(brought.refreshToken)) return false;
		const own = this.refreshTokens.get(brought.refreshToken);
		return own?.userId === this.accessTokens.get(accessToken)?.userId;
	}
}
