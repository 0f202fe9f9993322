import { underAdvanced } from '../../../shared/errorText';
import { cookieLogOnRemoved, docuWareError } from '../../platform/docuWareErrors';
import { identityServiceRefused, identityServiceUnknown } from '../../platform/identityErrors';
import type { IdentityService } from './identityDiscovery';
import type { ServerFacts } from './serverDiscovery';
import type { SessionAccount } from '../account/sessionAccount';

/** The way a session is begun, and why, in plain words. */
export type ChosenWay =
	| { wayIn: 'cookie'; reason: string }
	| { wayIn: 'identityService'; service: IdentityService; reason: string };

/**
 * Chooses between cookie log-on and Identity Service (docs/facts/docuware.md 1.1): where both exist
 * (7.8 to 7.10) the cookie log-on, because its licence can be given back and taken again.
 *
 * @throws ConnectorError DOCUWARE_COOKIE_LOGON_REMOVED, DOCUWARE_NO_IDENTITY_SERVICE,
 * DOCUWARE_SERVER_UNAVAILABLE, DOCUWARE_IDENTITY_SERVICE_UNREACHABLE
 */
export function chooseWay(account: SessionAccount, facts: ServerFacts): ChosenWay {
	switch (account.wayIn) {
		case 'cookie':
			return cookieAsAsked(account.address.baseUrl, facts);
		case 'identityService':
			return identityServiceAsAsked(account, facts);
		case 'automatic':
			return wayOfServer(account, facts);
	}
}

const AS_ASKED = 'The credential asks for it.';

function cookieAsAsked(baseUrl: string, facts: ServerFacts): ChosenWay {
	if (facts.cookieLogOn) return { wayIn: 'cookie', reason: AS_ASKED };
	throw cookieLogOnRemoved(
		baseUrl,
		facts.identityService === null
			? 'Ask whoever runs the server for its Identity Service.'
			: `Open the credential and set ${underAdvanced('Log-In Way to Automatic or Identity Service')}, or use the ` +
					'credential DocuWare OAuth2 with an app registration.',
	);
}

function identityServiceAsAsked(account: SessionAccount, facts: ServerFacts): ChosenWay {
	const { identityService: service, version } = facts;
	if (service !== null) return { wayIn: 'identityService', service, reason: AS_ASKED };
	throwIfUncertain(account, facts);
	const { baseUrl } = account.address;
	const which = version === null ? '' : `; this is ${version}`;
	throw docuWareError(
		'DOCUWARE_NO_IDENTITY_SERVICE',
		`This DocuWare server has no Identity Service, which came with version 7.8: ${baseUrl}${which}.`,
		`Open the credential and set ${underAdvanced('Log-In Way to Automatic or Cookie Session')}.`,
	);
}

function wayOfServer(account: SessionAccount, facts: ServerFacts): ChosenWay {
	const { identityService: service, version } = facts;
	const product = version === null ? 'The server' : `DocuWare ${version}`;
	if (facts.cookieLogOn) {
		return { wayIn: 'cookie', reason: `${product} still has the cookie log-on.` };
	}
	if (service !== null) {
		return {
			wayIn: 'identityService',
			service,
			reason: `${product} has no cookie log-on any more, so the Identity Service is used.`,
		};
	}
	throwIfUncertain(account, facts);
	throw cookieLogOnRemoved(
		account.address.baseUrl,
		'The server names no usable Identity Service either. Use the credential DocuWare OAuth2 ' +
			'with an app registration, or ask whoever runs the server.',
	);
}

/** What the server did not say clearly is no fact, and not every address that it names may get a password. */
function throwIfUncertain(account: SessionAccount, { doubt, refusedIdentity }: ServerFacts): void {
	if (refusedIdentity !== undefined) throw identityServiceRefused(account, refusedIdentity);
	if (doubt === undefined) return;
	throw identityServiceUnknown(account, doubt);
}
