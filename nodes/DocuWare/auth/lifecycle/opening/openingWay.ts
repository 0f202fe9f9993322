import { passOn } from '../../../../shared/errors';
import { isHttpTransportError } from '../../../../shared/http';
import type { Vault } from '../../../../shared/vault/vault';
import { identityServiceUnreachable } from '../../../platform/identityErrors';
import type { SessionAccount } from '../../account/sessionAccount';
import type { ServerFacts } from '../../wire/serverDiscovery';
import { discoverServer, mayBeOutdated, renewedServer } from '../../wire/serverDiscovery';
import type { ChosenWay } from '../../wire/wayIn';
import { chooseWay } from '../../wire/wayIn';
import type { OpeningAttempt } from './openingTypes';

/**
 * The way in that the server has now, as far as it is known. What would end in an error is asked again
 * before it is thrown.
 *
 * @param isTest a person tests a credential, and wants to know how the server is now
 */
export async function openingWay(
	vault: Vault,
	account: SessionAccount,
	isTest: boolean,
): Promise<Pick<OpeningAttempt, 'facts' | 'way'>> {
	if (account.kind === 'clientCredentials') {
		return { facts: undefined, way: wayOfApp(account.identityUrl) };
	}
	const facts = isTest ? await renewedServer(vault, account) : await discoverServer(vault, account);
	try {
		return { facts, way: chooseWay(account, facts) };
	} catch (error) {
		if (!mayBeOutdated(facts)) passOn(error);
		const fresh = await discoverServer(vault, account, true);
		return { facts: fresh, way: chooseWay(account, fresh) };
	}
}

/** Whether the server has moved: it is asked once more before a failed connection is an error. */
export async function isElsewhere(
	vault: Vault,
	account: SessionAccount,
	facts: ServerFacts | undefined,
	error: unknown,
): Promise<boolean> {
	const isNoConnection = isHttpTransportError(error) && !error.requestSent;
	if (!isNoConnection || facts === undefined || !mayBeOutdated(facts)) return false;
	const fresh = await discoverServer(vault, account, true).catch(() => undefined);
	return fresh !== undefined && placesOf(fresh) !== placesOf(facts);
}

/**
 * What is thrown where a log-on got no answer: one that never reached the Identity Service is about its
 * address, which the server may know by a name of its own network.
 */
export function failedLogOn(account: SessionAccount, way: ChosenWay, error: unknown): unknown {
	const isUnsent = isHttpTransportError(error) && !error.requestSent && error.kind !== 'aborted';
	if (!isUnsent || way.wayIn !== 'identityService') return error;
	return account.kind === 'clientCredentials'
		? error
		: identityServiceUnreachable(account, way.service.url, error);
}

function placesOf({ logOnUrl, identityService }: ServerFacts): string {
	return [logOnUrl, identityService?.tokenEndpoint].join(' ');
}

function wayOfApp(url: string): ChosenWay {
	return {
		wayIn: 'identityService',
		service: { url, tokenEndpoint: `${url}/connect/token` },
		reason: 'The credential names an app registration.',
	};
}
