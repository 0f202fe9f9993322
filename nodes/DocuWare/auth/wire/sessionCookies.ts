import type { CookieJar } from 'tough-cookie';

import type { HttpResponse } from '../../../shared/http';
import { clockSkew } from '../../../shared/http';

/** The cookie that is the session (docs/facts/docuware.md 2.1). */
const AUTH_COOKIE = '.DWPLATFORMAUTH';

/** Cookies that say how texts are shown, and the like (docs/facts/docuware.md 2.1). */
const NO_PART = /^(?:DWLanguage|DWFormat\w+|clienttimezone|openInNewWindow|DWOrganization)$/i;

const JAR_OPTIONS = { rejectPublicSuffixes: false, looseMode: true } as const;

/** Loads with the first session. */
function toughCookie(): typeof import('tough-cookie') {
	return require('tough-cookie') as typeof import('tough-cookie');
}

/** Where cookies come from, and when: of an answer. */
export type CookieAnswer = Pick<HttpResponse<unknown>, 'setCookie' | 'url' | 'headers'>;

/**
 * The cookies of one session at one server. Every cookie is kept for that host alone, whatever
 * `Domain` it names, so that nothing goes to a neighbour, and for all of its paths. None is dropped for
 * what it says of itself: over http, where the credential allows it, it goes out although it is `Secure`,
 * and when it has ended the server says (docs/facts/docuware.md 2.1). A session that nobody can name any
 * more would book its licence on.
 */
export class SessionCookies {
	private constructor(private readonly jar: CookieJar) {}

	static empty(): SessionCookies {
		return new SessionCookies(new (toughCookie().CookieJar)(undefined, JAR_OPTIONS));
	}

	/** Cookies as `serialize` gave them. */
	static from(serialized: string): SessionCookies {
		return new SessionCookies(toughCookie().CookieJar.deserializeSync(serialized));
	}

	/** Text for the vault; a secret. */
	serialize(): string {
		return JSON.stringify(this.jar.serializeSync());
	}

	/**
	 * Takes the `Set-Cookie` lines of an answer in. The session cookie may come twice, once empty: the
	 * empty one never counts, wherever it stands (docs/facts/docuware.md 2.1). A cookie whose end has passed
	 * by the clock of the server that sets it is taken away.
	 * @returns what has changed: the session cookie, or others that have to be kept with it.
	 */
	take({ setCookie, url, headers }: CookieAnswer): 'session' | 'others' | undefined {
		const before = { session: this.authValue(url), others: this.kept(url) };
		const { Cookie } = toughCookie();
		const now = Date.now();
		const serverNow = now + clockSkew(headers, now);
		for (const line of setCookie) {
			const cookie = Cookie.parse(line, { loose: true });
			if (cookie === undefined) continue;
			if (cookie.key.toUpperCase() === AUTH_COOKIE && cookie.value === '') continue;
			cookie.domain = null;
			// Paths are compared without case at the server alone, and a proxy may have taken a part away.
			cookie.path = '/';
			if (!url.startsWith('https:')) cookie.secure = false;
			const hasEnded = (cookie.expiryTime(new Date(serverNow)) ?? Infinity) <= serverNow;
			cookie.maxAge = null;
			cookie.expires = hasEnded ? new Date(0) : 'Infinity';
			this.jar.setCookieSync(cookie, url, { ignoreError: true });
		}
		if (this.authValue(url) !== before.session) return 'session';
		return this.kept(url) === before.others ? undefined : 'others';
	}

	/** Value of the `Cookie` header for a request; empty where nothing applies. */
	headerFor(url: string): string {
		return this.jar.getCookieStringSync(url);
	}

	/** Whether the session cookie is there. */
	isAuthenticated(url: string): boolean {
		return this.authValue(url) !== undefined;
	}

	/** Values that must never be shown. */
	secrets(url: string): string[] {
		return this.jar.getCookiesSync(url).map((cookie) => cookie.value);
	}

	/** All cookies but those that are no part of the session: a load balancer's may be renewed in any answer. */
	private kept(url: string): string {
		const cookies = this.jar.getCookiesSync(url).filter(({ key }) => !NO_PART.test(key));
		return cookies.map((cookie) => cookie.cookieString()).join('; ');
	}

	private authValue(url: string): string | undefined {
		return this.jar
			.getCookiesSync(url)
			.find((cookie) => cookie.key.toUpperCase() === AUTH_COOKIE && cookie.value !== '')?.value;
	}
}
