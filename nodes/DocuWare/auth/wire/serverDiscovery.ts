import type { HttpResponse } from '../../../shared/http';
import { isConnectorError, passOn } from '../../../shared/errors';
import { redirectTarget, retryAfterMs } from '../../../shared/http';
import { processState } from '../../../shared/process/processState';
import type { Vault } from '../../../shared/vault/vault';
import { notADocuWareServer, serverUnavailable, throttled } from '../../platform/docuWareErrors';
import { unrelatedError } from '../../platform/answerError';
import {
	askedScheme,
	linksOf,
	platformMessage,
	serviceDescription,
} from '../../platform/platformAnswers';
import { platformSend } from '../../platform/platformRequest';
import type { ServerAddress, ServerConnection } from '../../platform/serverAddress';
import { ownLink } from '../../platform/serverAddress';
import type { FactKind, ServerAnswer } from './agedFacts';
import { ageOf, agedFact, askAnew, factScopes, knownFact, rememberFact } from './agedFacts';
import type { FoundIdentity, IdentityService } from './identityDiscovery';
import { identityUrlIn, namedIdentity } from './identityDiscovery';

/** What is known of a server: remembered in the vault, no secret in it. */
export interface ServerFacts {
	/** Product version, for instance `7.10.0.241`; null where the server does not tell. */
	version: string | null;
	/** False from 7.11 on, or once `Account/*` has answered 410. */
	cookieLogOn: boolean;
	identityService: IdentityService | null;
	/** Addresses of `Account/*` as the server lists them, on its own origin. */
	logOnUrl: string;
	tokenLogOnUrl: string;
	logOffUrl: string;
	/** When the server said so (wall clock, ms); earlier builds did not note it. */
	askedAt?: number;
	/** The server did not say clearly whether it has an Identity Service: its status. Such facts are not kept. */
	doubt?: number;
	/** What it names as its Identity Service, where no secret may go there. Such facts are not kept either. */
	refusedIdentity?: string;
}

/** What is younger need not be asked again before an error is thrown, in milliseconds. */
const FRESH_MS = 5_000;

/** The first version without `Account/*` (docs/facts/docuware.md 1.1). */
const COOKIES_END = [7, 11] as const;

/** The first version with an Identity Service. */
const IDENTITY_BEGINS = [7, 8] as const;

const SERVERS: FactKind<ServerFacts> = {
	...factScopes('docuware server'),
	memory: () => processState('docuWareServers1', () => new Map<string, ServerFacts>()),
	ask: askServer,
};

/**
 * What is known of a server (docs/facts/docuware.md 1.1, 5.1): asked once, and again once a day. Where that
 * fails passingly what was known stays.
 *
 * @param renew asks the server anew: it answered 410, told another version, or leads to an error.
 * @throws ConnectorError DOCUWARE_NOT_A_DOCUWARE_SERVER, DOCUWARE_THROTTLED, HTTP_*
 */
export async function discoverServer(
	vault: Vault,
	connection: ServerConnection,
	renew = false,
): Promise<ServerFacts> {
	if (renew) return (await askAnew(SERVERS, vault, connection)).facts;
	return await agedFact(SERVERS, vault, connection);
}

/**
 * What a server says now, for a person who tests a credential. Where asking fails passingly what was known
 * stays: only a server that was never known fails by that.
 * @throws as `discoverServer`
 */
export async function renewedServer(
	vault: Vault,
	connection: ServerConnection,
): Promise<ServerFacts> {
	const known = await knownServer(vault, connection);
	try {
		const { facts, isCertain } = await askAnew(SERVERS, vault, connection);
		return isCertain ? facts : (known ?? facts);
	} catch (error) {
		const isPassing = isConnectorError(error) && error.retryable;
		return isPassing && known !== undefined ? known : passOn(error);
	}
}

/** Whether the server may be another one by now than these facts say; false for what it has just said. */
export function mayBeOutdated(facts: ServerFacts): boolean {
	return ageOf(facts) > FRESH_MS;
}

/** Replaces what is known of a server. */
export async function rememberServer(
	vault: Vault,
	connection: ServerConnection,
	facts: ServerFacts,
): Promise<void> {
	await rememberFact(SERVERS, vault, connection, facts);
}

/** What this process or the vault remembers of a server; sends nothing. */
export async function knownServer(
	vault: Vault,
	connection: Pick<ServerConnection, 'address' | 'ignoreSslIssues' | 'identityServiceUrl'>,
): Promise<ServerFacts | undefined> {
	return await knownFact(SERVERS, vault, connection);
}

async function askServer(connection: ServerConnection): Promise<ServerAnswer<ServerFacts>> {
	const { address } = connection;
	const answer = await platformSend(connection, { method: 'GET', url: address.baseUrl });
	throwIfUnclear(address, answer);
	const description = serviceDescription(answer);
	if (description === undefined) throw noPlatform(address, answer);
	const links = linksOf(description);
	const version = typeof description.Version === 'string' ? description.Version : null;
	const cookieLogOn = !isFrom711(version);
	const { service, isCertain, ...why } = await identityServiceOf(connection, version);
	const facts: ServerFacts = {
		version,
		cookieLogOn,
		identityService: service,
		askedAt: Date.now(),
		...why,
		logOnUrl: linkOr(address, links.get('login'), 'Account/Logon'),
		tokenLogOnUrl: linkOr(address, links.get('tokenlogin'), 'Account/TokenLogOn'),
		logOffUrl: linkOr(address, links.get('logout'), 'Account/LogOff'),
	};
	return { facts, isCertain };
}

/** The Identity Service, by the word of the credential, else of the server; null where neither names a usable one. */
async function identityServiceOf(
	connection: ServerConnection,
	version: string | null,
): Promise<FoundIdentity> {
	const { address, identityServiceUrl } = connection;
	if (identityServiceUrl !== undefined) return await namedIdentity(connection, identityServiceUrl);
	const info = await platformSend(connection, {
		method: 'GET',
		url: `${address.baseUrl}/Home/IdentityServiceInfo`,
	});
	// A passing fault is no fact: it stops whom nothing else lets in, and is forgotten.
	if (isFrom711(version)) throwIfUnclear(address, info);
	const named = identityUrlIn(info);
	if (named !== undefined) return await namedIdentity(connection, named);
	// A clear no is the 404 of a version that is known to have come before the Identity Service.
	const isBefore = version !== null && !isFrom(version, IDENTITY_BEGINS);
	const isCertain = info.status === 404 && isBefore;
	return { service: null, isCertain, ...(!isCertain && { doubt: info.status }) };
}

function noPlatform({ baseUrl }: ServerAddress, { status, body, headers }: HttpResponse): Error {
	const redirect = redirectTarget(headers);
	const scheme = askedScheme(headers);
	if (redirect === undefined && scheme === undefined) {
		const unrelated = unrelatedError(status, body, { method: 'GET', path: '' }, headers);
		if (unrelated !== undefined) return unrelated;
	}
	return notADocuWareServer(baseUrl, status, { redirect, scheme });
}

/**
 * An answer that says nothing about what was asked for.
 * @throws ConnectorError DOCUWARE_THROTTLED, DOCUWARE_SERVER_UNAVAILABLE
 */
function throwIfUnclear({ baseUrl }: ServerAddress, answer: HttpResponse): void {
	if (answer.status !== 429 && answer.status < 500) return;
	if (answer.status === 429) throw throttled(baseUrl, retryAfterMs(answer.headers));
	throw serverUnavailable(baseUrl, answer.status, platformMessage(answer.body));
}

/** A password and a session go to links below the base address only. */
function linkOr(address: ServerAddress, href: string | undefined, usual: string): string {
	return (href === undefined ? undefined : ownLink(address, href)) ?? `${address.baseUrl}/${usual}`;
}

/** Whether a product version is 7.11 or later; false where it is not known. */
export function isFrom711(version: string | null): boolean {
	return isFrom(version, COOKIES_END);
}

function isFrom(version: string | null, [wanted, wantedMinor]: readonly [number, number]): boolean {
	const [major, minor] = (version ?? '').split('.').map(Number);
	if (major === undefined || !Number.isFinite(major)) return false;
	if (major !== wanted) return major > wanted;
	return (minor ?? 0) >= wantedMinor;
}
