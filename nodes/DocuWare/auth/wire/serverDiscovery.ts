import type { HttpResponse } from '../../../shared/http';
import { parseObject, retryAfterMs, redirectTarget } from '../../../shared/http';
import { processState } from '../../../shared/process/processState';
import { rememberLatest } from '../../../shared/process/rememberLatest';
import { putItem, readItem } from '../../../shared/vault/rows/items';
import { itemScope } from '../../../shared/vault/rows/itemScopes';
import type { Vault } from '../../../shared/vault/vault';
import { notADocuWareServer, serverUnavailable, throttled } from '../../platform/docuWareErrors';
import { linksOf, platformMessage } from '../../platform/platformAnswers';
import { platformSend } from '../../platform/platformRequest';
import type { ServerAddress, ServerConnection } from '../../platform/serverAddress';
import { ownLink } from '../../platform/serverAddress';

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
}

export interface IdentityService {
	url: string;
	tokenEndpoint: string;
}

/** Facts of this age are asked for again, in the background; and this long after a failure, in milliseconds. */
const AGE_MS = 86_400_000;
const RETRY_MS = 60_000;

/** What is younger need not be asked again before an error is thrown, in milliseconds. */
const FRESH_MS = 5_000;

/** What is no longer used is found out anew. */
const KEPT_MS = 90 * 86_400_000;

const SCOPE = itemScope('docuware server', KEPT_MS);

/** What a server has said over a certificate that nobody checked: for credentials that check none. */
const UNCHECKED_SCOPE = itemScope('docuware server, any certificate', KEPT_MS);

/** So many servers are remembered without asking the vault. */
const MOST_REMEMBERED = 500;

/** The first version without `Account/*` (docs/facts/docuware.md 1.1). */
const COOKIES_END = [7, 11] as const;

/** The first version with an Identity Service. */
const IDENTITY_BEGINS = [7, 8] as const;

function memory(): Map<string, ServerFacts> {
	return processState('docuWareServers1', () => new Map<string, ServerFacts>());
}

/**
 * What is known of a server (docs/facts/docuware.md 1.1, 5.1): asked once, and again once a day. Where that
 * fails passingly what was known stays.
 *
 * @param renew asks the server anew: it answered 410, told another version, or a person tests a credential.
 * @throws ConnectorError DOCUWARE_NOT_A_DOCUWARE_SERVER, DOCUWARE_THROTTLED, HTTP_*
 */
export async function discoverServer(
	vault: Vault,
	connection: ServerConnection,
	renew = false,
): Promise<ServerFacts> {
	const known = renew ? undefined : await knownServer(vault, connection);
	if (known === undefined) return await askAndRemember(vault, connection);
	if (Date.now() - (known.askedAt ?? 0) >= AGE_MS) renewSoon(vault, connection, known);
	return known;
}

async function askAndRemember(vault: Vault, connection: ServerConnection): Promise<ServerFacts> {
	const { facts, isCertain } = await askServer(connection);
	if (isCertain) await rememberServer(vault, connection, facts);
	return facts;
}

/** Asks again in the background. Until that is answered, and for a minute after a failure, nobody else does. */
function renewSoon(vault: Vault, connection: ServerConnection, known: ServerFacts): void {
	const key = memoryKey(vault, scopeOf(connection), connection.address.baseUrl);
	const facts = { ...known, askedAt: Date.now() - AGE_MS + RETRY_MS };
	rememberLatest(memory(), key, facts, MOST_REMEMBERED);
	void askAndRemember(vault, connection).catch(() => undefined);
}

/** Whether the server may be another one by now than these facts say; false for what it has just said. */
export function mayBeOutdated({ askedAt = 0 }: ServerFacts): boolean {
	return Date.now() - askedAt > FRESH_MS;
}

/** Replaces what is known of a server. */
export async function rememberServer(
	vault: Vault,
	connection: ServerConnection,
	facts: ServerFacts,
): Promise<void> {
	const { baseUrl } = connection.address;
	const scope = scopeOf(connection);
	await vault.write(() => putItem(scope, baseUrl, JSON.stringify(facts)));
	rememberLatest(memory(), memoryKey(vault, scope, baseUrl), facts, MOST_REMEMBERED);
}

/**
 * What this process or the vault remembers of a server; sends nothing. A server's word names the address
 * that passwords go to, so what came over an unchecked certificate is worth nothing to a credential
 * that checks it.
 */
export async function knownServer(
	vault: Vault,
	connection: Pick<ServerConnection, 'address' | 'ignoreSslIssues'>,
): Promise<ServerFacts | undefined> {
	const { baseUrl } = connection.address;
	const scope = scopeOf(connection);
	const key = memoryKey(vault, scope, baseUrl);
	const facts = memory().get(key) ?? (await readFacts(vault, scope, baseUrl));
	if (facts !== undefined) rememberLatest(memory(), key, facts, MOST_REMEMBERED);
	return facts;
}

function scopeOf({ ignoreSslIssues }: Pick<ServerConnection, 'ignoreSslIssues'>): string {
	return ignoreSslIssues ? UNCHECKED_SCOPE : SCOPE;
}

function memoryKey(vault: Vault, scope: string, baseUrl: string): string {
	return `${vault.vaultId}|${scope === SCOPE ? '' : 'any certificate|'}${baseUrl}`;
}

async function readFacts(
	vault: Vault,
	scope: string,
	baseUrl: string,
): Promise<ServerFacts | undefined> {
	const item = await vault.read(() => readItem(scope, baseUrl));
	return item === undefined ? undefined : (parseObject(item.value) as ServerFacts | undefined);
}

/** What a server says, and whether it is certain enough to be remembered. */
interface ServerAnswer {
	facts: ServerFacts;
	isCertain: boolean;
}

async function askServer(connection: ServerConnection): Promise<ServerAnswer> {
	const { address } = connection;
	const answer = await platformSend(connection, { method: 'GET', url: address.baseUrl });
	const description = parseObject(answer.body);
	throwIfUnclear(address, answer);
	const links = linksOf(description);
	const isPlatform =
		answer.status === 200 && (links.size > 0 || typeof description?.Version === 'string');
	if (!isPlatform)
		throw notADocuWareServer(address.baseUrl, answer.status, redirectTarget(answer.headers));
	const version = typeof description?.Version === 'string' ? description.Version : null;
	const cookieLogOn = !isFrom711(version);
	const info = await platformSend(connection, {
		method: 'GET',
		url: `${address.baseUrl}/Home/IdentityServiceInfo`,
	});
	// A passing fault is no fact: it stops whom nothing else lets in, and is forgotten.
	if (!cookieLogOn) throwIfUnclear(address, info);
	const { service, isCertain } = await identityServiceIn(connection, info, version);
	const facts: ServerFacts = {
		version,
		cookieLogOn,
		identityService: service,
		askedAt: Date.now(),
		...(service === null && !isCertain && { doubt: info.status }),
		logOnUrl: linkOr(address, links.get('login'), 'Account/Logon'),
		tokenLogOnUrl: linkOr(address, links.get('tokenlogin'), 'Account/TokenLogOn'),
		logOffUrl: linkOr(address, links.get('logout'), 'Account/LogOff'),
	};
	return { facts, isCertain };
}

function isUnclear({ status }: Pick<HttpResponse, 'status'>): boolean {
	return status === 429 || status >= 500;
}

/** @throws ConnectorError DOCUWARE_THROTTLED, DOCUWARE_SERVER_UNAVAILABLE */
function throwIfUnclear({ baseUrl }: ServerAddress, answer: HttpResponse): void {
	if (!isUnclear(answer)) return;
	if (answer.status === 429) throw throttled(baseUrl, retryAfterMs(answer.headers));
	throw serverUnavailable(baseUrl, answer.status, platformMessage(answer.body));
}

/** A clear yes names an address; a clear no is the 404 of a version that came before the Identity Service. */
async function identityServiceIn(
	connection: ServerConnection,
	info: HttpResponse,
	version: string | null,
): Promise<{ service: IdentityService | null; isCertain: boolean }> {
	const { address } = connection;
	const url = parseObject(info.body)?.IdentityServiceUrl;
	if (info.status !== 200 || typeof url !== 'string') {
		return { service: null, isCertain: info.status === 404 && !isFrom(version, IDENTITY_BEGINS) };
	}
	const identityUrl = url.replace(/\/+$/, '');
	// The host differs from the tenant's, but it must be no less protected
	// (docs/facts/docuware.md 5.1).
	if (!URL.canParse(identityUrl) || !isAsSafeAs(address.origin, identityUrl)) {
		return { service: null, isCertain: true };
	}
	const { tokenEndpoint, isCertain } = await askTokenEndpoint(connection, identityUrl);
	return { service: { url: identityUrl, tokenEndpoint }, isCertain };
}

async function askTokenEndpoint(
	connection: ServerConnection,
	identityUrl: string,
): Promise<{ tokenEndpoint: string; isCertain: boolean }> {
	const usual = `${identityUrl}/connect/token`;
	const answer = await platformSend(connection, {
		method: 'GET',
		url: `${identityUrl}/.well-known/openid-configuration`,
	}).catch(() => undefined);
	const endpoint = answer && parseObject(answer.body)?.token_endpoint;
	const isOwn =
		typeof endpoint === 'string' &&
		URL.canParse(endpoint) &&
		new URL(endpoint).origin === new URL(identityUrl).origin;
	const isCertain = answer !== undefined && !isUnclear(answer);
	return { tokenEndpoint: isOwn ? endpoint : usual, isCertain };
}

function isAsSafeAs(origin: string, url: string): boolean {
	return url.startsWith('https:') || (origin.startsWith('http:') && url.startsWith('http:'));
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
