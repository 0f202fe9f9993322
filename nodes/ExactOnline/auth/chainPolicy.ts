import type { ChainPolicy } from '../../shared/tokenChain/types';
import { exactChainErrors } from './chainErrors';
import { whoAmI } from './identity';
import { requestTokens } from './tokenEndpoint';

/**
 * Exact Online's rules (facts/exact-online.md 1.4): an access token lives 600 s and may be renewed
 * from 570 s on. Both are derived from `expires_in`, so that a stand-in may use shorter lives.
 */
export const exactChainPolicy: ChainPolicy = {
	service: 'exactonline',
	windowStart: 0.95,
	refreshFrom: 0.95,
	defaultLifeMs: 600_000,
	requestTokens,
	whoAmI,
	errors: exactChainErrors,
};

/** A refresh token lapses after 30 days without use (facts/exact-online.md 1.4), in milliseconds. */
export const IDLE_EXPIRY_MS = 30 * 24 * 60 * 60 * 1000;
