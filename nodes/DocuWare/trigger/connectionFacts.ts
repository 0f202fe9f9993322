import type { ConnectorError } from '../../shared/errors';
import type { ConnectionFacts } from '../../shared/node/pollFrame';
import type { DocuWareSession } from '../auth/session/sessionTypes';

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

/** So long before its end the login token of a credential is told to end, in milliseconds. */
const ENDS_SOON_MS = 3 * 86_400_000;

/** Whether nothing can be read before a person has done something about the connection. */
export function isBroken({ code }: ConnectorError): boolean {
	return BROKEN.has(code);
}

/** Whether only DocuWare's limit of requests has to be waited for. */
export function mustWait({ code }: ConnectorError): boolean {
	return code === 'DOCUWARE_THROTTLED';
}

/**
 * How the connection stands after a poll that has read.
 * @param endsWithToken whether the credential is a login token, after whose end nobody can log on with it
 */
export async function connectionFacts(
	session: DocuWareSession,
	endsWithToken: boolean,
	signal: AbortSignal | undefined,
): Promise<ConnectionFacts> {
	const { identity, loginTokenExpiresAt } = await session.status({ signal });
	const left =
		loginTokenExpiresAt === null ? Infinity : Date.parse(loginTokenExpiresAt) - Date.now();
	if (!endsWithToken || left > ENDS_SOON_MS) return { state: 'well', json: { identity } };
	return {
		state: 'endsSoon',
		json: {
			identity,
			loginTokenExpiresAt,
			message: 'The login token of the DocuWare credential ends soon.',
			description:
				'Make a new one (Session > Create Login Token, or in DocuWare) and put it into the credential.',
		},
	};
}
