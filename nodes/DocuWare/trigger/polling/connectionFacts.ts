import type { ConnectorError } from '../../../shared/errors';
import type { ConnectionFacts } from '../../../shared/node/pollFrame';
import type { DocuWareSession } from '../../auth/session/sessionTypes';

/** Causes that stay until a person does something about the connection (docs/errors.md). */
const BROKEN: ReadonlySet<string> = new Set([
	'DOCUWARE_ADDRESS_CHANGED',
	'DOCUWARE_APP_REGISTRATION_REQUIRED',
	'DOCUWARE_CLIENT_REFUSED',
	'DOCUWARE_COOKIE_LOGON_REMOVED',
	'DOCUWARE_CREDENTIAL_INVALID',
	'DOCUWARE_FORGOTTEN',
	'DOCUWARE_LOGON_REFUSED',
	'DOCUWARE_LOG_IN_OVERTAKEN',
	'DOCUWARE_MIXED_LOG_IN',
	'DOCUWARE_NOT_CONNECTED',
	'DOCUWARE_NO_LOGIN_TOKEN',
	'DOCUWARE_ORGANIZATION_UNKNOWN',
	'DOCUWARE_OTHERS_SESSION',
	'DOCUWARE_REFRESH_TOKEN_REFUSED',
	'DOCUWARE_SESSION_REFUSED',
	'DOCUWARE_TOKEN_REFUSED',
	'DOCUWARE_TOKEN_USED',
	'DOCUWARE_UNAUTHORIZED',
	'DOCUWARE_UNPROVED',
	'DOCUWARE_VAULT_MISSING_OR_RESTORED',
	'DOCUWARE_WRONG_PASSWORD',
]);

/** Whether nothing can be read before a person has done something about the connection. */
export function isBroken({ code }: ConnectorError): boolean {
	return BROKEN.has(code);
}

/** Whether only DocuWare's limit of requests has to be waited for, also where it is asked whose the log-in is. */
export function mustWait({ code, httpStatus }: ConnectorError): boolean {
	return (
		code === 'DOCUWARE_THROTTLED' ||
		(code === 'DOCUWARE_IDENTITY_UNAVAILABLE' && httpStatus === 429)
	);
}

/**
 * How the connection stands after a poll that has read. Nothing tells beforehand that it ends: a login token that was given
 * names no end, those that the package keeps are made anew by themselves, and the absolute end of an app registration's
 * refresh tokens (docs/facts/docuware.md 5.3) is a setting that no answer shows.
 */
export function connectionFacts({ identity }: DocuWareSession): ConnectionFacts {
	return { state: 'well', json: { identity } };
}
