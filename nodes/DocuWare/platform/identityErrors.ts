import type { ConnectorError } from '../../shared/errors';
import { underAdvanced } from '../../shared/errorText';
import { shownAddress } from '../../shared/http';
import { docuWareError } from './docuWareErrors';
import type { ServerConnection } from './serverAddress';

/** Why nothing could be asked of an Identity Service; all safe to show. */
export interface IdentityTrouble {
	/** A sentence. */
	message: string;
	/** What helps beside another address; empty where nothing does. */
	repair: string;
	retryable: boolean;
}

/** The server names an address that may get no password: unencrypted, unlike its own, or none at all. */
export function identityServiceRefused(
	connection: Pick<ServerConnection, 'address'>,
	named: string,
): ConnectorError {
	const message = URL.canParse(named)
		? 'It is less protected than the server, so nothing was sent there.'
		: 'It is no web address.';
	return identityServiceUnreachable(connection, named, { message, repair: '', retryable: false });
}

/**
 * An Identity Service that n8n cannot reach: the server calls it by a name of its own network, for instance
 * because a reverse proxy stands in between, or the credential names a wrong one.
 */
export function identityServiceUnreachable(
	{ address, identityServiceUrl }: Pick<ServerConnection, 'address' | 'identityServiceUrl'>,
	url: string,
	{ message, repair, retryable }: IdentityTrouble,
): ConnectorError {
	const isTyped = identityServiceUrl === url;
	const what = isTyped
		? `that of ${address.baseUrl} is ${shownAddress(url)} by "Identity Service URL" of the credential`
		: `the DocuWare server ${address.baseUrl} names ${shownAddress(url)} as its own`;
	const cure = isTyped
		? `Correct ${underAdvanced('"Identity Service URL" in the credential')}, or leave it empty to take the address that the server names.`
		: 'Enter the address at which n8n reaches the Identity Service in ' +
			`${underAdvanced('"Identity Service URL" of the credential')}, on a server of your own often ` +
			`${address.origin}/DocuWare/Identity, or have the address corrected at the server.`;
	const listRepair = isTyped
		? `Correct ${underAdvanced('Identity Service URL in the credential')}, or leave it empty.`
		: `Enter the address at which n8n reaches it in ${underAdvanced('Identity Service URL of the credential')}.`;
	return docuWareError(
		'DOCUWARE_IDENTITY_SERVICE_UNREACHABLE',
		`The Identity Service cannot be used from here: ${what}. ${message}`,
		repair === '' ? cure : `${cure} ${repair}`,
		{ listRepair, retryable },
	);
}

/** The server does not say whether it has an Identity Service, and where. */
export function identityServiceUnknown(
	{ address }: Pick<ServerConnection, 'address'>,
	status: number,
): ConnectorError {
	return docuWareError(
		'DOCUWARE_SERVER_UNAVAILABLE',
		`The DocuWare server does not say where its Identity Service is: ${address.baseUrl} answered HTTP ${status}.`,
		'Run again in a few minutes. If this repeats, because a proxy keeps the answer back, enter the address of the ' +
			`Identity Service in ${underAdvanced('"Identity Service URL" of the credential')}.`,
		{ httpStatus: status, retryable: true },
	);
}
