import {
	cookieLogOnRemoved,
	docuWareError,
	serverUnavailable,
} from '../../platform/docuWareErrors';
import type { IdentityService, ServerFacts } from './serverDiscovery';
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
 * DOCUWARE_SERVER_UNAVAILABLE
 */
export function chooseWay(account: SessionAccount, facts: ServerFacts): ChosenWay {
	const { baseUrl } = account.address;
	switch (account.wayIn) {
		case 'cookie':
			return cookieAsAsked(baseUrl, facts);
		case 'identityService':
			return identityServiceAsAsked(baseUrl, facts);
		case 'automatic':
			return wayOfServer(baseUrl, facts);
	}
}

const AS_ASKED = 'The credential asks for it.';

function cookieAsAsked(baseUrl: string, facts: ServerFacts): ChosenWay {
	if (facts.cookieLogOn) return { wayIn: 'cookie', reason: AS_ASKED };
	throw cookieLogOnRemoved(
		baseUrl,
		facts.identityService === null
			? 'Ask whoever runs the server for its Identity Service.'
			: 'Open the credential and set Way In to Automatic or Identity Service, or use the ' +
					'credential DocuWare OAuth2 with an app registration.',
	);
}

function identityServiceAsAsked(baseUrl: string, facts: ServerFacts): ChosenWay {
	const { identityService: service, version } = facts;
	if (service !== null) return { wayIn: 'identityService', service, reason: AS_ASKED };
	throwIfDoubtful(baseUrl, facts);
	const which = version === null ? '' : `; this is ${version}`;
	throw docuWareError(
		'DOCUWARE_NO_IDENTITY_SERVICE',
		`The DocuWare server ${baseUrl} has no Identity Service (it came with version 7.8${which}).`,
		'Open the credential and set Way In to Automatic or Cookie Session.',
	);
}

function wayOfServer(baseUrl: string, facts: ServerFacts): ChosenWay {
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
	throwIfDoubtful(baseUrl, facts);
	throw cookieLogOnRemoved(
		baseUrl,
		'The server names no usable Identity Service either. Use the credential DocuWare OAuth2 ' +
			'with an app registration, or ask whoever runs the server.',
	);
}

/** What the server did not say clearly is no fact. */
function throwIfDoubtful(baseUrl: string, { doubt }: ServerFacts): void {
	if (doubt === undefined) return;
	throw serverUnavailable(baseUrl, doubt, 'nothing about its Identity Service');
}
