import { parseObject, retryAfterMs } from '../../../shared/http';
import { processState } from '../../../shared/process/processState';
import { putItem, readItem } from '../../../shared/vault/rows/items';
import type { Vault } from '../../../shared/vault/vault';
import { docuWareError, notADocuWareServer, throttled } from '../../platform/docuWareErrors';
import { linksOf, platformMessage } from '../../platform/platformAnswers';
import { platformSend } from '../../platform/platformRequest';
import type { ServerAddress, ServerConnection } from '../../platform/serverAddress';
import { platformUrl } from '../../platform/serverAddress';

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

const SCOPE = 'docuware server';

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
	const { baseUrl } = connection.address;
	const key = `${vault.vaultId}|${baseUrl}`;
	const known = renew ? undefined : (memory().get(key) ?? (await readFacts(vault, baseUrl)));
	const facts = known ?? (await askServer(connection));
	if (known === undefined) await rememberServer(vault, baseUrl, facts);
	memory().set(key, facts);
	return facts;
}

/** Replaces what is known of a server. */
export async function rememberServer(
	vault: Vault,
	baseUrl: string,
	facts: ServerFacts,
): Promise<void> {
	await vault.write(() => putItem(SCOPE, baseUrl, JSON.stringify(facts)));
	memory().set(`${vault.vaultId}|${baseUrl}`, facts);
}

/** What this process or the vault remembers of a server; sends nothing. */
export async function knownServer(vault: Vault, baseUrl: string): Promise<ServerFacts | undefined> {
	return memory().get(`${vault.vaultId}|${baseUrl}`) ?? (await readFacts(vault, baseUrl));
}

async function readFacts(vault: Vault, baseUrl: string): Promise<ServerFacts | undefined> {
	const item = await vault.read(() => readItem(SCOPE, baseUrl));
	return item === undefined ? undefined : (parseObject(item.value) as ServerFacts | undefined);
}

async function askServer(connection: ServerConnection): Promise<ServerFacts> {
	const { address } = connection;
	const answer = await platformSend(connection, { method: 'GET', url: address.baseUrl });
	const description = parseObject(answer.body);
	if (answer.status === 429) throw throttled(address.baseUrl, retryAfterMs(answer.headers));
	if (answer.status >= 500) {
		throw docuWareError(
			'DOCUWARE_SERVER_UNAVAILABLE',
			`The DocuWare server ${address.baseUrl} answered HTTP ${answer.status}: ` +
				`${platformMessage(answer.body) || 'no words'}.`,
			'Run again in a few minutes; if this repeats, ask whoever runs the server.',
			{ httpStatus: answer.status, retryable: true },
		);
	}
	const links = linksOf(description);
	const isPlatform =
		answer.status === 200 && (links.size > 0 || typeof description?.Version === 'string');
	if (!isPlatform) throw notADocuWareServer(address.baseUrl, answer.status);
	const version = typeof description?.Version === 'string' ? description.Version : null;
	return {
		version,
		cookieLogOn: !isFrom711(version),
		identityService: await askIdentityService(connection),
		logOnUrl: ownLink(address, links.get('login'), 'Account/Logon'),
		tokenLogOnUrl: ownLink(address, links.get('tokenlogin'), 'Account/TokenLogOn'),
		logOffUrl: ownLink(address, links.get('logout'), 'Account/LogOff'),
	};
}

async function askIdentityService(connection: ServerConnection): Promise<IdentityService | null> {
	const { address } = connection;
	const info = await platformSend(connection, {
		method: 'GET',
		url: `${address.baseUrl}/Home/IdentityServiceInfo`,
	});
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

function ownLink(address: ServerAddress, href: string | undefined, usual: string): string {
	return (
		(href === undefined ? undefined : platformUrl(address, href)) ?? `${address.baseUrl}/${usual}`
	);
}

/** Whether a product version is 7.11 or later; false where it is not known. */
export function isFrom711(version: string | null): boolean {
	const [major, minor] = (version ?? '').split('.').map(Number);
	if (major === undefined || !Number.isFinite(major)) return false;
	if (major !== COOKIES_END[0]) return major > COOKIES_END[0];
	return (minor ?? 0) >= COOKIES_END[1];
}
