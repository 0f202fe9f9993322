import type { ConnectorErrorOptions } from '../../shared/errors';
import { ConnectorError } from '../../shared/errors';
import { quoted, said } from '../../shared/errorText';

/** Codes of the DocuWare sessions; each has an entry in docs/errors.md. */
export type DocuWareAuthErrorCode =
	| 'DOCUWARE_CREDENTIAL_INVALID'
	| 'DOCUWARE_NOT_CONNECTED'
	| 'DOCUWARE_WRONG_PASSWORD'
	| 'DOCUWARE_LOGON_REFUSED'
	| 'DOCUWARE_ORGANIZATION_UNKNOWN'
	| 'DOCUWARE_NO_LICENCE'
	| 'DOCUWARE_COOKIE_LOGON_REMOVED'
	| 'DOCUWARE_NO_IDENTITY_SERVICE'
	| 'DOCUWARE_IDENTITY_SERVICE_UNREACHABLE'
	| 'DOCUWARE_APP_REGISTRATION_REQUIRED'
	| 'DOCUWARE_CLIENT_REFUSED'
	| 'DOCUWARE_NOT_A_DOCUWARE_SERVER'
	| 'DOCUWARE_NO_COOKIES'
	| 'DOCUWARE_LOGON_FAILED'
	| 'DOCUWARE_THROTTLED'
	| 'DOCUWARE_TOKEN_REFUSED'
	| 'DOCUWARE_TOKEN_USED'
	| 'DOCUWARE_NO_LOGIN_TOKEN'
	| 'DOCUWARE_LOGIN_TOKEN_FAILED'
	| 'DOCUWARE_LIFETIME_INVALID'
	| 'DOCUWARE_SESSION_REFUSED'
	| 'DOCUWARE_SESSION_ENDED'
	| 'DOCUWARE_SESSION_IN_USE'
	| 'DOCUWARE_ADDRESS_CHANGED'
	| 'DOCUWARE_OTHERS_SESSION'
	| 'DOCUWARE_SESSION_UNKNOWN'
	| 'DOCUWARE_LOGOFF_FAILED'
	| 'DOCUWARE_FOREIGN_HOST'
	| 'DOCUWARE_NO_LOG_OFF'
	| 'DOCUWARE_REVOCATION_FAILED'
	| 'DOCUWARE_SERVER_UNAVAILABLE';

/** Makes an error of the DocuWare sessions. */
export function docuWareError(
	code: DocuWareAuthErrorCode,
	message: string,
	repair: string,
	options: Omit<ConnectorErrorOptions, 'repair'> = {},
): ConnectorError {
	return new ConnectorError(code, message, { repair, ...options });
}

/** A field of a credential that cannot be used as it is. */
export function invalidCredential(label: string, problem: string): ConnectorError {
	return docuWareError(
		'DOCUWARE_CREDENTIAL_INVALID',
		`The field ${label} of the DocuWare credential ${problem}.`,
		`Open the credential and correct ${label}.`,
	);
}

/**
 * Others use a session that is to be logged off.
 * @param executions how many executions use it
 * @param isHttp whether HTTP Request nodes have used it lately; n8n tells nobody when their requests end
 */
export function sessionInUse(
	identity: string,
	executions: number,
	isHttp: boolean,
): ConnectorError {
	const uses = [
		...(executions > 0
			? [`${executions} other execution${executions === 1 ? ' uses' : 's use'} it right now`]
			: []),
		...(isHttp ? ['HTTP Request nodes have used it within the last 30 seconds'] : []),
	];
	return docuWareError(
		'DOCUWARE_SESSION_IN_USE',
		`The session is not logged off, since others use it: ${uses.join(', and ')} (${identity}).`,
		'Run it later (after an HTTP Request node: 30 seconds later). Or end it all the same, with Log Off Anyway in ' +
			'If Others Use It or with Force: whoever still uses the session then logs on anew.',
		{ retryable: true },
	);
}

/** The Identity Service does not let the package's client in; only a registered app may. */
export function appRegistrationRequired(baseUrl: string, detail: string | null): ConnectorError {
	return docuWareError(
		'DOCUWARE_APP_REGISTRATION_REQUIRED',
		'DocuWare no longer accepts user name and password, or a login token, from applications that are ' +
			`not registered: the Identity Service of ${baseUrl}${quoted(detail)}.`,
		'Register an application in DocuWare Configuration > Integrations > App Registration, ' +
			'and use the credential DocuWare OAuth2.',
		{
			...said(detail, 400),
			listRepair: 'Register an application in DocuWare, and use the credential DocuWare OAuth2.',
		},
	);
}

/** Client id or client secret of a registered app. */
export function clientRefused(identity: string, detail: string | null): ConnectorError {
	return docuWareError(
		'DOCUWARE_CLIENT_REFUSED',
		`DocuWare refused the client id or the client secret: ${identity}${quoted(detail)}.`,
		'Open the credential and correct client id and client secret as DocuWare ' +
			'Configuration > App Registration shows them (a secret lives one year). Nothing is ' +
			'sent with this secret again until it changes.',
		said(detail, 400),
	);
}

/** The server has no cookie log-on any more, by its version or its 410, and no other way is allowed or possible. */
export function cookieLogOnRemoved(baseUrl: string, hint: string): ConnectorError {
	return docuWareError(
		'DOCUWARE_COOKIE_LOGON_REMOVED',
		`This DocuWare server no longer has the cookie log-on, which ended with version 7.11: ${baseUrl}.`,
		hint,
	);
}

/** A single-use token that was sent once already. */
export function tokenUsed(identity: string): ConnectorError {
	return docuWareError(
		'DOCUWARE_TOKEN_USED',
		`The single-use login token has been used already, and the session that it opened has ended: ${identity}.`,
		'Make a new login token. For work that goes on for long take a token with Usage ' +
			'"Multi", or a DocuWare credential with user and password.',
	);
}

/** Too many requests; `retryAfterMs` as the server said. */
export function throttled(baseUrl: string, retryAfterMs: number | null): ConnectorError {
	return docuWareError(
		'DOCUWARE_THROTTLED',
		`DocuWare limits the number of requests per minute and refused this one: ${baseUrl}.`,
		'Run again in a minute, with fewer requests at once.',
		{ httpStatus: 429, retryable: true, retryAt: Date.now() + (retryAfterMs ?? 60_000) },
	);
}

/** More log-ons at once than the server allows in a minute; this one was not sent. */
export function tooManyLogOns(baseUrl: string, waitMs: number): ConnectorError {
	return docuWareError(
		'DOCUWARE_THROTTLED',
		`DocuWare allows 60 log-ons a minute, and there were so many; this one was not sent: ${baseUrl}.`,
		`Run again in ${Math.ceil(waitMs / 1000)} seconds. Executions of one credential share one session: look for workflows that log off after each run, or force new log-ons.`,
		{ retryable: true, retryAt: Date.now() + waitMs },
	);
}

/** The same of the list of file cabinets, for who does not wait. */
export function tooManyLists(baseUrl: string, waitMs: number): ConnectorError {
	return docuWareError(
		'DOCUWARE_THROTTLED',
		`DocuWare allows its list of file cabinets 60 times a minute, and it was asked for so often; this request was not sent: ${baseUrl}.`,
		`Run again in ${Math.ceil(waitMs / 1000)} seconds, or give file cabinets by ID.`,
		{ retryable: true, retryAt: Date.now() + waitMs },
	);
}

/** A server that says nothing of use at the moment. */
export function serverUnavailable(baseUrl: string, status: number, words: string): ConnectorError {
	return docuWareError(
		'DOCUWARE_SERVER_UNAVAILABLE',
		`The DocuWare server is not available at the moment: ${baseUrl} answered HTTP ${status}, ${words || 'no words'}.`,
		'Run again in a few minutes; if this repeats, ask whoever runs the server.',
		{ httpStatus: status, retryable: true },
	);
}

/**
 * An address where no Platform answers.
 * @param instead where it redirects to, or the scheme of a log-in that it asks for
 */
export function notADocuWareServer(
	baseUrl: string,
	status: number,
	{ redirect, scheme }: { redirect?: string | undefined; scheme?: string | undefined },
): ConnectorError {
	const logIn = scheme === undefined ? '' : `, which asks for a log-in by ${scheme}`;
	const answer = redirect === undefined ? logIn : `, a redirect to ${redirect}`;
	return docuWareError(
		'DOCUWARE_NOT_A_DOCUWARE_SERVER',
		`No DocuWare Platform answers at this address: ${baseUrl} (HTTP ${status}${answer}).`,
		'Open the credential and check Server: the name of the cloud organization (acme for ' +
			'acme.docuware.cloud), or the address of your own DocuWare server' +
			(redirect === undefined ? '.' : '; with https:// in front if the redirect leads there.') +
			(scheme === undefined
				? ''
				: ' If a proxy or web server before DocuWare asks for a log-in of its own, have n8n let through.'),
		{
			listRepair:
				'Open the credential and correct Server: acme for acme.docuware.cloud, or the address of your own server.',
			httpStatus: status,
		},
	);
}

/** The session of this user was begun with another secret than the one that is presented. */
export function othersSession(identity: string): ConnectorError {
	return docuWareError(
		'DOCUWARE_OTHERS_SESSION',
		'The open session was begun with other log-in data than those of this credential, so it is ' +
			`left alone: ${identity}.`,
		'Use the credential that logged on. If the password was changed, run Session > Log On with ' +
			'this credential first.',
	);
}

/** A reference that was made with another secret than the one that is presented. */
export function otherLogInData(identity: string): ConnectorError {
	return docuWareError(
		'DOCUWARE_SESSION_ENDED',
		`The session reference was made with other log-in data than those of this credential: ${identity}.`,
		'The password was changed, or another credential made it: run Session > Log On with this ' +
			'credential and take the reference of that node.',
		{ httpStatus: 401 },
	);
}

/** An operation has ended the session that a reference names. */
export function loggedOff(identity: string): ConnectorError {
	return docuWareError(
		'DOCUWARE_SESSION_ENDED',
		`The DocuWare session was logged off by an earlier node: ${identity}.`,
		'Take the reference of a Log On or Token Log On node that runs after Log Off, or let the node use ' +
			'the session of its credential.',
		{ httpStatus: 401 },
	);
}

/** A session that cannot be begun anew with what is at hand. */
export function sessionEnded(identity: string, why: string): ConnectorError {
	return docuWareError(
		'DOCUWARE_SESSION_ENDED',
		`The DocuWare session has ended, ${why}: ${identity}.`,
		'Log on again: run Session > Log On or Token Log On before this node, or let the node ' +
			'use the session of its credential.',
		{ httpStatus: 401 },
	);
}
