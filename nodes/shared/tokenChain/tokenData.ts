import { isRecord } from '../http';
import type { Authorization } from './types';

/** What n8n keeps of a press on Connect. */
export interface ConnectedTokens extends Pick<Authorization, 'issuedAt'> {
	/** Tokens are empty where the service gave none. */
	pair: Authorization['pair'];
}

/**
 * Reads `oauthTokenData` of a credential: the token answer as the service gave it, and
 * `n8n_expires_at`, by which n8n notes when the token ends (milliseconds as text; docs/facts/n8n.md,
 * "The OAuth2 hook").
 */
export function readConnectedTokens(oauthTokenData: unknown): ConnectedTokens {
	const data = isRecord(oauthTokenData) ? oauthTokenData : {};
	const lifeMs = lifeOf(data.expires_in);
	const expiresAt = Number(data.n8n_expires_at ?? NaN);
	return {
		pair: {
			accessToken: trimmedText(data.access_token),
			refreshToken: trimmedText(data.refresh_token),
			lifeMs,
		},
		issuedAt: Number.isFinite(expiresAt) && lifeMs !== null ? expiresAt - lifeMs : null,
	};
}

/** What the hook of an OAuth2 credential gives n8n: `oauthTokenData` without a refresh token. */
export type HookToken = { oauthTokenData: { access_token: string; token_type: string } };

/** An access token as n8n takes it from the hook of a credential. */
export function hookToken(accessToken: string): HookToken {
	return { oauthTokenData: { access_token: accessToken, token_type: 'Bearer' } };
}

/**
 * Life of a token by `expires_in` (RFC 6749 5.1): seconds, as a number or, with Exact Online
 * (docs/facts/exact-online.md 1.3), as a text.
 * @returns milliseconds; null where it tells nothing
 */
export function lifeOf(expiresIn: unknown): number | null {
	const seconds = typeof expiresIn === 'string' ? Number(expiresIn.trim() || NaN) : expiresIn;
	return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0
		? seconds * 1000
		: null;
}

/** A text without the space around it; empty where the value is none. */
export function trimmedText(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}
