import type { HttpResponse } from '../../../shared/http';
import { parseObject } from '../../../shared/http';
import { platformSend } from '../../platform/platformRequest';
import type { ServerConnection } from '../../platform/serverAddress';

/** Where passwords and login tokens are exchanged for bearer tokens. */
export interface IdentityService {
	url: string;
	tokenEndpoint: string;
}

/** What is found of an Identity Service, and whether it is certain enough to be remembered. */
export interface FoundIdentity {
	service: IdentityService | null;
	isCertain: boolean;
	/** Status of an answer that does not tell whether there is one. */
	doubt?: number;
	/** An address that is named and may get no secret. */
	refusedIdentity?: string;
}

/** The address that `Home/IdentityServiceInfo` names (docs/facts/docuware.md 5.1); undefined where it names none. */
export function identityUrlIn(info: Pick<HttpResponse, 'status' | 'body'>): string | undefined {
	const url = info.status === 200 ? parseObject(info.body)?.IdentityServiceUrl : undefined;
	return typeof url === 'string' ? url.replace(/\/+$/, '') : undefined;
}

/**
 * The Identity Service at an address that the server or the credential names; its host may be another than
 * the server's. One that only the server names must be no less protected than the server itself
 * (docs/facts/docuware.md 5.1).
 */
export async function namedIdentity(
	connection: ServerConnection,
	url: string,
): Promise<FoundIdentity> {
	const { address, identityServiceUrl } = connection;
	const isTyped = identityServiceUrl === url;
	if (!URL.canParse(url) || !(isTyped || isAsSafeAs(address.origin, url))) {
		return { service: null, isCertain: false, refusedIdentity: url };
	}
	const usual = `${url}/connect/token`;
	const answer = await platformSend(connection, {
		method: 'GET',
		url: `${url}/.well-known/openid-configuration`,
	}).catch(() => undefined);
	const endpoint = answer && parseObject(answer.body)?.token_endpoint;
	const isOwn =
		typeof endpoint === 'string' &&
		URL.canParse(endpoint) &&
		new URL(endpoint).origin === new URL(url).origin;
	// Anything else may be the word of a proxy: it will do for now, and is asked about again.
	const isCertain = typeof endpoint === 'string';
	return { service: { url, tokenEndpoint: isOwn ? endpoint : usual }, isCertain };
}

function isAsSafeAs(origin: string, url: string): boolean {
	return url.startsWith('https:') || (origin.startsWith('http:') && url.startsWith('http:'));
}
