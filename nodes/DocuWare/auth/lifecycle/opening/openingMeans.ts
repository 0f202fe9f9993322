import type { SessionAccount } from '../../account/sessionAccount';
import type { SessionSecret, SessionView, StoredLoginToken } from '../../record/sessionRecord';
import type { TimedLogOnAnswer } from '../../wire/logOnRequests';
import {
	grantByClient,
	grantByPassword,
	grantByToken,
	logOnByPassword,
	logOnByToken,
} from '../../wire/logOnRequests';
import type { ServerFacts } from '../../wire/serverDiscovery';
import type { ChosenWay } from '../../wire/wayIn';

/**
 * What a session is to be begun with: the newest login token that was made for the identity, the
 * token that the record itself was made for, a password, or an app's own secret.
 */
export type OpeningMeans =
	| { kind: 'storedToken' | 'sourceToken'; token: StoredLoginToken }
	| { kind: 'password' }
	| { kind: 'clientCredentials' };

/** Which means are allowed. */
export interface MeansRules {
	/** Whether the account has proved that the stored tokens are its own. */
	ownsTokens: boolean;
	/** Nothing but a login token that the vault has had made will do (*Token Log On*): the newest, or this one. */
	storedTokenOnly: boolean | StoredLoginToken;
	/** The login token of the vault that is left out, because it has just opened nothing. */
	without?: string | undefined;
}

/** How long a login token must still live to be tried, in milliseconds. */
const TOKEN_MARGIN_MS = 1_000;

/**
 * The means to try next: the newest login token first, since it gets back the licence that was in
 * use before the log-off (docs/facts/docuware.md 3.1).
 * @returns undefined where there is nothing to begin a session with.
 */
export function chooseMeans(
	account: SessionAccount,
	view: Pick<SessionView, 'storeNow'>,
	secret: SessionSecret,
	rules: MeansRules,
): OpeningMeans | undefined {
	const stored = rules.ownsTokens ? storedToken(secret, rules.storedTokenOnly) : null;
	const isLeftOut = stored !== null && stored.value === rules.without;
	if (!isLeftOut && isUsable(stored, view.storeNow)) return { kind: 'storedToken', token: stored };
	if (rules.storedTokenOnly !== false) return undefined;
	if (account.kind === 'password') return { kind: 'password' };
	if (account.kind === 'clientCredentials') return { kind: 'clientCredentials' };
	const source = secret.sourceToken;
	return isUsable(source, view.storeNow) ? { kind: 'sourceToken', token: source } : undefined;
}

/** Whether an account has anything beside the login token of the vault that may go out as often as need be. */
export function hasOtherMeans(account: SessionAccount): boolean {
	return account.kind === 'loginToken' ? account.usage === 'Multi' : account.kind === 'password';
}

/** The newest token, or the one that was handed over; what is known of that one counts. */
function storedToken(
	{ loginToken }: SessionSecret,
	given: boolean | StoredLoginToken,
): StoredLoginToken | null {
	return typeof given === 'boolean' || given.value === loginToken?.value ? loginToken : given;
}

function isUsable(token: StoredLoginToken | null, storeNow: number): token is StoredLoginToken {
	if (token === null || (token.usage === 'Single' && token.spent)) return false;
	return token.expiresAt === null || token.expiresAt - TOKEN_MARGIN_MS > storeNow;
}

/** Name of an attempt in the log. */
export function attemptKind(means: OpeningMeans): string {
	return means.kind === 'storedToken' || means.kind === 'sourceToken' ? 'tokenLogOn' : 'logon';
}

/** How the session will be said to have begun. */
export function openedBy(means: OpeningMeans): 'password' | 'loginToken' | 'clientCredentials' {
	return means.kind === 'storedToken' || means.kind === 'sourceToken' ? 'loginToken' : means.kind;
}

/** Sends the one request that begins a session. @throws HttpTransportError */
export async function sendLogOn(
	account: SessionAccount,
	facts: ServerFacts | undefined,
	way: ChosenWay,
	means: OpeningMeans,
	hostId: string,
): Promise<TimedLogOnAnswer> {
	if (account.kind === 'clientCredentials') return await grantByClient(account);
	if (means.kind === 'password' && account.kind === 'password') {
		return way.wayIn === 'cookie'
			? await logOnByPassword(account, known(facts), hostId)
			: await grantByPassword(account, way.service);
	}
	if (means.kind !== 'storedToken' && means.kind !== 'sourceToken') {
		throw new TypeError(`An account of kind ${account.kind} has no ${means.kind}.`);
	}
	return way.wayIn === 'cookie'
		? await logOnByToken(account, known(facts), hostId, means.token.value)
		: await grantByToken(account, way.service, means.token.value);
}

function known(facts: ServerFacts | undefined): ServerFacts {
	if (facts === undefined) throw new TypeError('The server is not known yet.');
	return facts;
}
