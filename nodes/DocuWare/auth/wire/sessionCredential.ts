import { SessionCookies } from './sessionCookies';

/** What a request carries to prove whose it is; a secret. */
export type SessionCredential =
	| { kind: 'cookie'; cookies: string }
	| {
			kind: 'bearer';
			accessToken: string;
			/** Life of the token, in milliseconds. */
			lifeMs: number;
	  };

/** What of it goes out with a request. */
export type PresentedCredential =
	| Extract<SessionCredential, { kind: 'cookie' }>
	| Omit<Extract<SessionCredential, { kind: 'bearer' }>, 'lifeMs'>;

/** Headers that prove the session to an address on the server's own origin. */
export function authHeaders(credential: PresentedCredential, url: string): Record<string, string> {
	return credential.kind === 'bearer'
		? { Authorization: `Bearer ${credential.accessToken}` }
		: { Cookie: SessionCookies.from(credential.cookies).headerFor(url) };
}

/** Values that must never be shown. */
export function secretsIn(credential: SessionCredential, url: string): string[] {
	return credential.kind === 'bearer'
		? [credential.accessToken]
		: SessionCookies.from(credential.cookies).secrets(url);
}
