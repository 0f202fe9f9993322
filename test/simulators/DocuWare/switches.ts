import { defaultActionSwitches } from './actionSwitches';
import type { ActionSwitches } from './actionSwitches';
import { defaultDataSwitches } from './dataSwitches';
import type { DataSwitches } from './dataSwitches';
import { defaultFileSwitches } from './fileSwitches';
import type { FileSwitches } from './fileSwitches';
import type { DocuWareVersion } from './versions';
import { defaultWebhookSwitches } from './webhooks/webhookSwitches';
import type { WebhookSwitches } from './webhooks/webhookSwitches';

/** The ways in which a login token can be asked for (docs/facts/docuware.md 4.1). */
export type LoginTokenPath = 'organization' | 'organizations' | 'organizationById' | 'link';

/**
 * Everything about the simulated server that a test may change while it runs. Durations are those
 * of the real service; each is multiplied by `timeScale` before it is used. Numbers in brackets are
 * sections of docs/facts/docuware.md.
 */
export interface DocuWareSwitches
	extends FileSwitches, ActionSwitches, DataSwitches, WebhookSwitches {
	/** Product version played. A change ends as a server update does: see `cookiesFrom711`. */
	version: DocuWareVersion;
	/** Factor on every duration: 1/60 turns the two-minute licence hold into two seconds. */
	timeScale: number;

	/**
	 * Where the empty twin of `.DWPLATFORMAUTH` stands; `alternate` changes it per log-on, `otherPath`
	 * puts it after the full one with another `Path`, so that a jar keeps and sends both (2.1).
	 */
	emptyCookieTwin: 'before' | 'after' | 'alternate' | 'otherPath' | 'none';
	/** `Domain` attribute: `auto` sends it unless the host is an IP address (2.1). */
	cookieDomain: 'auto' | 'always' | 'never';
	/** `Secure; SameSite=None`: `auto` sends them over TLS only (2.1). */
	cookieSecure: 'auto' | 'always' | 'never';
	/**
	 * Days that a session made with `RememberMe=true` lives, announced by `Expires`; 0 = no end and
	 * no `Expires`, as seen in the cloud (2.1, conflicting sources).
	 */
	rememberedCookieDays: number;
	/** `Account/Logon` and `TokenLogOn` answer 200 without any session cookie (2.1). */
	logonWithoutCookies: boolean;
	/** Which cookies a request must carry besides `.DWPLATFORMAUTH` (2.1). */
	requiredCookies: 'authOnly' | 'withBrowserId' | 'all';
	/** What an old session cookie meets on 7.11 and later (uncertain: 11.3). */
	cookiesFrom711: 'unauthorized' | 'gone' | 'accepted';
	/** Whether the service description still lists the `Account/*` links from 7.11. */
	accountLinksFrom711: boolean;
	/** A changed `User-Agent` ends the session (uncertain: 11.8). */
	userAgentBinding: boolean;
	/** Seconds without a request after which a session ends; 0 = never (2.1 "Automatic log out"). */
	sessionIdleSeconds: number;
	/**
	 * 302 to the login page instead of 401 when JSON was not asked for (2.2). A form with
	 * `RedirectToMyselfInCaseOfError=true` is redirected either way.
	 */
	redirectWhenNotJson: boolean;

	/** Named licences by user name; such a user needs no concurrent one for the first session (9). */
	namedLicences: string[];
	/** Size of the pool of concurrent licences (9). */
	concurrentLicences: number;
	/** Every new log-on books a licence of its own, also for the same user and host (9). */
	everyLogonBooks: boolean;
	/** Seconds for which a licence stays blocked after log-off (3.2). */
	licenceHoldSeconds: number;
	/** Who gets a blocked licence back by a log-on with password; TokenLogOn of the user always does. */
	heldLicenceReturnsTo: 'tokenOnly' | 'sameUserAndHost' | 'sameUser';
	/** TokenLogOn joins a licence that the user has in use, instead of booking another (uncertain: 11.6). */
	tokenLogOnShares: boolean;
	/** A log-on that brings the cookie of a live session joins that session's licence (2, once). */
	logonWithCookieShares: boolean;
	/** What a log-off with a cookie meets whose session is over (3.2, uncertain). */
	deadLogOff: 'accepted' | 'unauthorized';
	/** Whether a log-on with a wrong password, too, meets "no free licence" first (uncertain: 2.2). */
	licenceCheck: 'afterPassword' | 'beforePassword';
	/**
	 * Body of the 401 that means "no free licence" (2.2, uncertain: 11.7): an error in the type that
	 * was asked for, always JSON, or a page.
	 */
	licenceRefusalBody: 'byAccept' | 'json' | 'html';
	/** Whether the Identity Service has `connect/userinfo` (5.2); its keys are published either way. */
	userInfo: 'present' | 'absent';
	/** Language of messages when the request names neither English nor German. */
	serverCulture: 'en' | 'de';
	/** A bearer token in use books a licence too (uncertain: 11.6). */
	bearerBooksLicence: boolean;

	/** Which login-token paths are served; the others answer 404. */
	loginTokenPaths: Record<LoginTokenPath, boolean>;
	/** Form of the login-token answer; `byAccept` is what the real server does (4.3). */
	loginTokenAnswer: 'byAccept' | 'plain' | 'quoted' | 'padded' | 'braced' | 'object';
	/** What happens to a lifetime above `loginTokenMaxDays` (4.2, conflicting sources). */
	loginTokenCap: 'none' | 'silent' | 'refuse';
	loginTokenMaxDays: number;
	/** A single-use token is also spent by a log-on that finds no licence. */
	tokenSpentOnLicenceRefusal: boolean;

	/** Requests per minute by path below the platform; a trailing `*` means "and below" (8.4). */
	perMinuteLimits: Record<string, number>;
	/** Seconds that the server waits before it answers 429 (8.4). */
	throttleDelaySeconds: number;
	/** Whether a 429 carries `Retry-After` (uncertain: 11.9). */
	retryAfterHeader: boolean;

	/** Life of an access token in seconds, unless the app registration says otherwise (5.3). */
	accessTokenSeconds: number;
	/** Life of an authorization code in seconds (5.3). */
	authorizationCodeSeconds: number;
	/** Life of a refresh token from its last rotation, in days (5.3). */
	refreshSlidingDays: number;
	/** Life of a refresh-token family from the authorization, in days (5.3). */
	refreshAbsoluteDays: number;
	/** Seconds in which the token before the newest may be spent again without harm. */
	refreshGraceSeconds: number;
	/**
	 * `rotates`: each refresh brings the next token and spends the last. `keeps`: the one that was sent
	 * stays in force, and the answer has none, or an empty one (servers need not rotate).
	 */
	refreshTokens: 'rotates' | 'keeps' | 'keepsEmpty';
	/** User name that `connect/authorize` signs in without asking; empty shows the consent page. */
	autoConsent: string;
	/** How a confidential app may authenticate (5.4, uncertain). */
	clientAuthentication: 'bodyOrBasic' | 'body' | 'basic';
	/** Whether `docuware.platform.net.client` is still accepted (uncertain: 11.4). */
	builtInClient: boolean;
	/**
	 * What the Identity Service is called by the server and by itself, for instance by a name that is known
	 * inside its own network alone; empty: the address at which it listens.
	 */
	namedIdentityService: string;

	/** All organizations of the world are served and `Organization` is required at log-on (2). */
	multiOrganization: boolean;
	/**
	 * What a log-on without a name meets on a server with several organizations: the 401 of a wrong
	 * password, or one in its own words (2.2, uncertain).
	 */
	missingOrganization: 'unauthorized' | 'said';
	/** `GET Organizations` lists them all to whoever has not logged on (2.2, uncertain). */
	organizationsInPublic: boolean;
}

/** A change of some switches; records are merged key by key, everything else is replaced. */
export type SwitchChanges = Partial<
	Omit<DocuWareSwitches, 'loginTokenPaths' | 'perMinuteLimits'>
> & {
	loginTokenPaths?: Partial<Record<LoginTokenPath, boolean>>;
	perMinuteLimits?: Record<string, number>;
};

/** The state in which a simulator starts: a plain cloud server of version 7.10. */
export function defaultSwitches(): DocuWareSwitches {
	return {
		version: '7.10',
		timeScale: 1,
		emptyCookieTwin: 'before',
		cookieDomain: 'auto',
		cookieSecure: 'auto',
		rememberedCookieDays: 0,
		logonWithoutCookies: false,
		requiredCookies: 'authOnly',
		cookiesFrom711: 'unauthorized',
		accountLinksFrom711: true,
		userAgentBinding: false,
		sessionIdleSeconds: 0,
		redirectWhenNotJson: false,
		namedLicences: [],
		concurrentLicences: 2,
		everyLogonBooks: true,
		licenceHoldSeconds: 120,
		heldLicenceReturnsTo: 'tokenOnly',
		tokenLogOnShares: false,
		logonWithCookieShares: false,
		deadLogOff: 'accepted',
		licenceRefusalBody: 'byAccept',
		userInfo: 'present',
		licenceCheck: 'afterPassword',
		serverCulture: 'en',
		bearerBooksLicence: false,
		loginTokenPaths: {
			organization: true,
			organizations: true,
			organizationById: true,
			link: true,
		},
		loginTokenAnswer: 'byAccept',
		loginTokenCap: 'none',
		loginTokenMaxDays: 28,
		tokenSpentOnLicenceRefusal: false,
		perMinuteLimits: { 'account/logon': 60, filecabinets: 60 },
		throttleDelaySeconds: 10,
		retryAfterHeader: true,
		accessTokenSeconds: 3600,
		authorizationCodeSeconds: 60,
		refreshSlidingDays: 15,
		refreshAbsoluteDays: 30,
		refreshGraceSeconds: 0,
		refreshTokens: 'rotates',
		autoConsent: '',
		clientAuthentication: 'bodyOrBasic',
		builtInClient: true,
		namedIdentityService: '',
		...defaultFileSwitches(),
		...defaultActionSwitches(),
		...defaultDataSwitches(),
		...defaultWebhookSwitches(),
		multiOrganization: false,
		missingOrganization: 'unauthorized',
		organizationsInPublic: false,
	};
}
