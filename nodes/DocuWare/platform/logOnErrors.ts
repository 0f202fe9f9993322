import { ConnectorError } from '../../shared/errors';
import { quoted, said, underAdvanced } from '../../shared/errorText';
import { docuWareError } from './docuWareErrors';
import { isLicenceExpiry, RENEW_LICENCE } from './licenceExpiry';

/** When a refusal was said and what follows; wall clock in milliseconds. */
export interface RefusalTimes {
	/** Null: just now, in answer to this very request. */
	saidAt: number | null;
	/** When it is tried again by itself; null: not before the log-in data change. */
	nextAt: number | null;
}

/** What helps against a filter by IP address (docs/facts/docuware.md 2.2). */
export const ALLOW_ADDRESS =
	'Have the address of the machine that runs n8n allowed: in the IP filter of DocuWare or IIS, in the firewall, ' +
	'or at the proxy.';

/** Most names of organizations that an error lists. */
const MOST_NAMES = 20;

/**
 * The name of the organization is wrong, or missing on a server with several.
 * @param organization as the credential has it; empty for none
 * @param detail the service's words, where it said so itself
 * @param names of the organizations, as far as the server tells them
 */
export function organizationUnknown(
	identity: string,
	organization: string,
	detail: string | null,
	names: readonly string[],
): ConnectorError {
	const isProved = organization !== '' && detail === null && names.length === 0;
	const isMissing = `DocuWare does not let the user log on without the name of an organization: ${identity}`;
	const isUnknown = isProved
		? `DocuWare accepts user name and password, but knows no organization "${organization}" for them: ${identity}`
		: `DocuWare knows no organization "${organization}" for this user: ${identity}`;
	const known = names.slice(0, MOST_NAMES).join(', ');
	const which =
		known === ''
			? 'the name as DocuWare shows it'
			: `one of the names that the server tells: ${known}`;
	return docuWareError(
		'DOCUWARE_ORGANIZATION_UNKNOWN',
		`${organization === '' ? isMissing : isUnknown}${quoted(detail)}.`,
		organization === ''
			? `Open the credential and fill in Organization: ${which}.`
			: `Open the credential and correct Organization: ${which}. Leave it empty on a server with one organization.`,
		said(detail, 401),
	);
}

/** What a refusal of user name and password is told with. */
export interface WrongPasswordFacts {
	detail: string | null;
	/** In so many words; else by the answer without a reason that a wrong password gets. */
	isSaid: boolean;
	/** As the credential names it; empty for none. */
	organization: string;
}

/** Refusal of user name and password. */
export function wrongPassword(
	identity: string,
	{ detail, isSaid, organization }: WrongPasswordFacts,
): ConnectorError {
	const other =
		organization === ''
			? ' Organization is empty in the credential: a server with several organizations refuses that ' +
				'in the same way, so fill it in there.'
			: ' A wrong Organization is refused in the same way: where the server has an Identity Service, the ' +
				'next test of the credential tells which it is.';
	return docuWareError(
		'DOCUWARE_WRONG_PASSWORD',
		`DocuWare refused user name and password${isSaid ? '' : ', without a reason'}: ${identity}${isSaid ? quoted(detail) : ''}.`,
		'Open the credential and correct user name and password (and the organization, on a ' +
			'server with several). Check in DocuWare that the user is active, not locked, and ' +
			'signs in with a DocuWare password rather than single sign-on.' +
			(isSaid ? '' : other),
		said(detail, 401),
	);
}

/**
 * A token that the server does not accept: expired, revoked or mistyped.
 * @param isKept it was one of the vault's, so there is no place where a new one belongs
 */
export function tokenRefused(
	identity: string,
	detail: string | null,
	isKept = false,
): ConnectorError {
	return docuWareError(
		'DOCUWARE_TOKEN_REFUSED',
		'DocuWare refused the login token, which has expired, was used up, or is not complete: ' +
			`${identity}${quoted(detail)}.`,
		isKept
			? 'Run Session > Log On, or Session > Create Login Token for a new one.'
			: 'Make a new login token (DocuWare > Session > Create Login Token) and put it where the old one was.',
		said(detail, 401),
	);
}

/**
 * A log-on that was not let in for a reason of its own, which may pass.
 * @param identityUrl the Identity Service, where something else may have answered at its address
 */
export function logOnRefused(
	identity: string,
	detail: string | null,
	identityUrl?: string,
): ConnectorError {
	return docuWareError(
		'DOCUWARE_LOGON_REFUSED',
		`DocuWare did not let the user log on: ${identity}${placeOf(identityUrl)}${quoted(detail)}.`,
		repairFor(detail ?? '') + elsewhere(identityUrl),
		said(detail),
	);
}

/** A log-on that was answered with success and opened nothing. @param instead what came in place of the session */
export function noCookies(identity: string, instead: string): ConnectorError {
	return docuWareError(
		'DOCUWARE_NO_COOKIES',
		`The log-on opened no session: ${identity} was answered with HTTP ` +
			`200${instead === '' ? '' : ` and ${instead}`}, but without the session cookies.`,
		'Check that the address in the credential leads to the DocuWare server itself and not ' +
			'to a log-in page before it, and that no proxy takes cookies away.',
		{ httpStatus: 200 },
	);
}

function placeOf(identityUrl: string | undefined): string {
	return identityUrl === undefined ? '' : ` at the Identity Service ${identityUrl}`;
}

function elsewhere(identityUrl: string | undefined): string {
	if (identityUrl === undefined) return '';
	return (
		' If something else than the Identity Service answers at its address here, enter the right one in ' +
		`${underAdvanced('"Identity Service URL" of the credential')}.`
	);
}

/**
 * An answer to a log-on that is none of the known ones.
 * @param identityUrl the Identity Service, where the log-on went there
 */
export function logOnFailed(
	identity: string,
	status: number,
	detail: string,
	identityUrl?: string,
): ConnectorError {
	const repair =
		status === 403
			? ALLOW_ADDRESS
			: 'Run again. If this repeats, check the address in the credential and the state of the DocuWare server.';
	return docuWareError(
		'DOCUWARE_LOGON_FAILED',
		`The log-on failed: ${identity}${placeOf(identityUrl)} was answered with HTTP ${status}${quoted(detail)}.`,
		repair + elsewhere(identityUrl),
		{ ...said(detail, status), retryable: status >= 500 },
	);
}

/** The error of a refusal with what is remembered of it, since when, and when it is tried next. */
export function withTimes(error: ConnectorError, times: RefusalTimes): ConnectorError {
	const { code, message, repair, httpStatus, serviceMessage } = error;
	const { nextAt } = times;
	return new ConnectorError(code, `${message}${remembered(times)}`, {
		repair: `${repair} ${nextTry(times)}`,
		...(httpStatus !== undefined && { httpStatus }),
		...(serviceMessage !== undefined && { serviceMessage }),
		...(nextAt !== null && { retryable: true, retryAt: nextAt }),
	});
}

const REPAIRS: ReadonlyArray<[pattern: Pick<RegExp, 'test'>, repair: string]> = [
	[{ test: isLicenceExpiry }, RENEW_LICENCE],
	[
		/lock|gesperrt|too many|zu viele/i,
		'Wait until DocuWare lets the user in again, or have an administrator unlock the user.',
	],
	[/expired|abgelaufen|change/i, 'Set a new password in DocuWare and enter it in the credential.'],
	[
		/two.?(?:step|factor)|multi.?factor|zwei|verification/i,
		'Use the credential DocuWare OAuth2 with an app registration, or exempt the user from two-step verification.',
	],
	[
		/a redirect to|single sign/i,
		'The log-in is done elsewhere: use the credential DocuWare OAuth2, or give the address of the DocuWare server itself.',
	],
	[/^HTTP 401 without a reason$/, 'Check user name and password, or the login token.'],
	[
		/a log-in by/i,
		'A proxy or web server before DocuWare asks for a log-in of its own: check the address and HTTPS_PROXY.',
	],
];

function repairFor(words: string): string {
	const found = REPAIRS.find(([pattern]) => pattern.test(words));
	return found?.[1] ?? 'Read what DocuWare says, and check the user in DocuWare.';
}

function remembered({ saidAt }: RefusalTimes): string {
	if (saidAt === null) return '';
	return ` It said so at ${iso(saidAt)}; nothing was sent since.`;
}

function nextTry({ nextAt }: RefusalTimes): string {
	return nextAt === null
		? 'Nothing is sent with these log-in data again until they change or the credential is tested anew.'
		: `These log-in data are tried again at ${iso(nextAt)} at the earliest; the test of the credential and Log On ` +
				'with Force try before, once a minute at most.';
}

function iso(time: number): string {
	return new Date(time).toISOString();
}
