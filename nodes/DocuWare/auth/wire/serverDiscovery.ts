import type { HttpResponse } from '../../../shared/http';
import { parseObject, retryAfterMs, redirectTarget } from '../../../shared/http';
import { processState } from '../../../shared/process/processState';
import { rememberLatest } from '../../../shared/process/rememberLatest';
import { putItem, readItem } from '../../../shared/vault/rows/items';
import { itemScope } from '../../../shared/vault/rows/itemScopes';
import type { Vault } from '../../../shared/vault/vault';
import { docuWareError, notADocuWareServer, throttled } from '../../platform/docuWareErrors';
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
}

export interface IdentityService {
	url: string;
	tokenEndpoint: string;
}

/** What is no longer used is found out anew. */
const KEPT_MS = 90 * 86_400_000;

const SCOPE = itemScope('docuware server', KEPT_MS);

/** What a server has said over a certificate that nobody checked: for credentials that check none. */
const UNCHECKED_SCOPE = itemScope('docuware server, any certificate', KEPT_MS);

/** So many servers are remembered without asking the vault. */
const MOST_REMEMBERED = 500;

/** The first version without `Account/*` (docs/facts/docuware.md 1.1). */
const COOKIES_END = [7, 11] as const;

function memory(): Map<string, ServerFacts> {
	return processState('docuWareServers1', () => new Map<string, ServerFacts>());
}

/**
 * What is known of a server, asked once and remembered (docs/facts/docuware.md 1.1, 5.1).
 *
 * @param renew asks the server anew: it answered 410, or told another version.
 * @throws ConnectorError DOCUWARE_NOT_A_DOCUWARE_SERVER, DOCUWARE_THROTTLED, HTTP_*
 */
export async function discoverServer(
	vault: Vault,
	connection: ServerConnection,
	renew = false,
): Promise<ServerFacts> {
	const known = renew ? undefined : await knownServer(vault, connection);
	if (known !== undefined) return known;
	const { facts, isCertain } = await askServer(connection);
	if (isCertain) await rememberServer(vault, connection, facts);
	return facts;
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
	const facts = {
		version,
		cookieLogOn,
		identityService: await identityServiceIn(connection, info),
		logOnUrl: linkOr(address, links.get('login'), 'Account/Logon'),
		tokenLogOnUrl: linkOr(address, links.get('tokenlogin'), 'Account/TokenLogOn'),
		logOffUrl: linkOr(address, links.get('logout'), 'Account/LogOff'),
	};
	return { facts, isCertain: !isUnclear(info) };
}

function isUnclear({ status }: Pick<HttpResponse, 'status'>): boolean {
	return status === 429 || status >= 500;
}

/** @throws ConnectorError DOCUWARE_THROTTLED, DOCUWARE_SERVER_UNAVAILABLE */
function throwIfUnclear({ baseUrl }: ServerAddress, answer: HttpResponse): void {
	if (!isUnclear(answer)) return;
	if (answer.status === 429) throw throttled(baseUrl, retryAfterMs(answer.headers));
	throw docuWareError(
		'DOCUWARE_SERVER_UNAVAILABLE',
		`The DocuWare server ${baseUrl} answered HTTP ${answer.status}: ` +
			`${platformMessage(answer.body) || 'no words'}.`,
		'Run again in a few minutes; if this repeats, ask whoever runs the server.',
		{ httpStatus: answer.status, retryable: true },
	);
}

async function identityServiceIn(
	connection: ServerConnection,
	info: HttpResponse,
): Promise<IdentityService | null> {
	const { address } = connection;
	const url = parseObject(info.body)?.IdentityServiceUrl;
	if (info.status !== 200 || typeof url !== 'string') return null;
	const identityUrl = url.replace(/\/+$/, '');
	// The host differs from the tenant's, but it must be no less protected
	// (docs/facts/docuware.md 5.1).
	if (!URL.canParse(identityUrl) || !isAsSafeAs(address.origin, identityUrl)) return null;
	return { url: identityUrl, tokenEndpoint: await askTokenEndpoint(connection, identityUrl) };
}

async function askTokenEndpoint(
	connection: ServerConnection,
	identityUrl: string,
): Promise<string> {
	const usual = `${identityUrl}/connect/token`;
	const answer = await platformSend(connection, {
		method: 'GET',
		url: `${identityUrl}/.well-known/openid-configuration`,
	}).catch(() => undefined);
	const endpoint = answer && parseObject(answer.body)?.token_endpoint;
	if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) return usual;
	return new URL(endpoint).origin === new URL(identityUrl).origin ? endpoint : usual;
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
	const [major, minor] = (version ?? '').split('.').map(Number);
	if (major === undefined || !Number.isFinite(major)) return false;
	if (major !== COOKIES_END[0]) return major > COOKIES_END[0];
	return (minor ?? 0) >= COOKIES_END[1];
}
