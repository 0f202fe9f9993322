import type { RequestLength } from '../http';
import type { TokenClient } from './types';
import type { ChainView } from './view';

/** What a renewal is for. */
export interface RenewalRequest {
	client: TokenClient;
	length: RequestLength;
	/** The chain as it was read just now, which saves a look before the lease. */
	view?: ChainView | undefined;
	/** Generation whose access token the service has just refused. */
	refusedGeneration?: number;
	/** A person asked for a refresh of this generation, although its token may be good. */
	personAskedAt?: number;
	/** A refresh that is due is waited for, also while the present token is good. */
	waitsForNew?: boolean;
	/**
	 * Only what the caller's own client secret brings may be handed out, and nothing before; until somebody
	 * else has shown meanwhile that the service accepts it.
	 */
	mustRefresh?: boolean;
	/** The caller leaves the first half of the window to whoever has something to prove. */
	leavesTime?: boolean;
	/**
	 * The authorization, not proved yet, that is served only as long as the record's pair is the one that it
	 * brought, and that generation of it. No other pair is spent for it.
	 */
	broughtBy?: { fingerprint: string; generation: number };
}
