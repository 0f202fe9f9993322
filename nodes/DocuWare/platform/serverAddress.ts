import { ConnectorError } from '../../shared/errors';
import { isHostAsTyped } from '../../shared/http';
import { invalidCredential } from './docuWareErrors';
import { CLOUD_NAME, PLATFORM_STEPS } from './typedServer';

/** Where a DocuWare server is. */
export interface ServerAddress {
	/** For instance `https://acme.docuware.cloud`; cookies and tokens go here and nowhere else. */
	readonly origin: string;
	/** `{origin}[/prefix]/DocuWare/Platform`, in the typed spelling of the path, without a trailing slash. */
	readonly baseUrl: string;
}

/** How a server is reached. */
export interface ServerConnection {
	address: ServerAddress;
	ignoreSslIssues: boolean;
	/** True allows plain http to another machine. */
	allowHttp: boolean;
	/** The Identity Service as the credential names it; undefined: as the server does. */
	identityServiceUrl?: string;
}

/**
 * What of a connection differs from the usual, for keys of what is shared: who allows less must not
 * wait for the work of one who allows more, nor the other way round. Empty by default.
 */
export function permissionsOf(
	connection: Pick<ServerConnection, 'ignoreSslIssues' | 'allowHttp' | 'identityServiceUrl'>,
): string[] {
	const { ignoreSslIssues, allowHttp, identityServiceUrl } = connection;
	return [
		...(ignoreSslIssues ? ['any certificate'] : []),
		...(allowHttp ? ['http'] : []),
		...(identityServiceUrl === undefined ? [] : [identityServiceUrl]),
	];
}

/**
 * Name of a server for what is kept of it. What was learnt where a credential names the Identity Service is
 * kept apart: it counts for credentials that name the same one alone.
 */
export function placeOf(baseUrl: string, identityServiceUrl: string | undefined): string {
	return identityServiceUrl === undefined ? baseUrl : `${baseUrl} ${identityServiceUrl}`;
}

/** Where DocuWare installs its Platform; what stands before it is a prefix of the installation. */
const PLATFORM_PATH = /^(?:[^?#]*?[/\\])?DocuWare\/Platform(?=[/?#]|$)/i;

/**
 * Reads what a user typed as the server: `acme`, a host, or any address of a DocuWare page
 * (docs/facts/docuware.md 1). The path keeps the spelling in which it was typed, since a proxy may
 * heed it.
 * @throws ConnectorError DOCUWARE_CREDENTIAL_INVALID
 */
export function readServerAddress(typed: string): ServerAddress {
	const full = asAddress(typed.trim());
	const url = URL.canParse(full) ? new URL(full) : undefined;
	if (
		url === undefined ||
		!/^https?:$/.test(url.protocol) ||
		url.username !== '' ||
		url.password !== ''
	) {
		throw invalidCredential('Server', 'is not a name such as acme or an address of a server');
	}
	if (!isHostAsTyped(full, url)) {
		throw invalidCredential(
			'Server',
			`is read by browsers as ${url.host}, which has to be typed so`,
		);
	}
	const platform = new URL(`${url.protocol}//${platformOf(full)}`);
	return { origin: url.origin, baseUrl: `${platform.origin}${platform.pathname}` };
}

function platformOf(address: string): string {
	const location = address.replace(/^https?:\/\//i, '');
	return PLATFORM_STEPS.reduce((text, [from, to]) => text.replace(from, to), location);
}

function asAddress(text: string): string {
	const address = text.replace(...CLOUD_NAME);
	return /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`;
}

/**
 * The address of a request: an absolute one, a path from the origin (`/…`, as links are meant), or
 * one from the Platform.
 * @returns undefined where it leads to another origin.
 */
export function platformUrl(address: ServerAddress, url: string): string | undefined {
	const resolved = resolve(address, url);
	return resolved !== undefined && isOwn(address, resolved)
		? withPrefix(address, resolved).href
		: undefined;
}

/**
 * The full address of what a user typed: an absolute address on the server's origin, a path that
 * starts with `/DocuWare/Platform`, or a path below the Platform, with or without a slash in front.
 *
 * @throws ConnectorError DOCUWARE_FOREIGN_HOST, DOCUWARE_INVALID_PARAMETER
 */
export function platformAddress(address: ServerAddress, typed: string): URL {
	const text = typed.trim();
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return linkAddress(address, text);
	const below = text.replace(PLATFORM_PATH, '').replace(/^[/\\]+/, '');
	// Behind the base URL nothing can become a host or a scheme any more.
	return linkAddress(address, `${address.baseUrl}/${below}`);
}

/**
 * The full address of a link: `href` is absolute, or a path from the origin
 * (docs/facts/docuware.md 1). A link that lacks the prefix of the base address gets it: a proxy has
 * taken it away, so DocuWare does not know of it.
 *
 * @throws ConnectorError DOCUWARE_FOREIGN_HOST, DOCUWARE_INVALID_PARAMETER
 */
export function linkAddress(address: ServerAddress, href: string): URL {
	const url = resolve(address, href);
	if (url === undefined) throw noAddress(href);
	if (!isOwn(address, url)) throw foreignHost(address, url);
	url.hash = '';
	return withPrefix(address, url);
}

/**
 * The full address of a link that a secret may be sent to: one below the base address.
 * @returns undefined for any other
 */
export function ownLink(address: ServerAddress, href: string): string | undefined {
	const resolved = resolve(address, href);
	if (resolved === undefined || !isOwn(address, resolved)) return undefined;
	const url = withPrefix(address, resolved);
	return isBelowBase(address, url) ? url.href : undefined;
}

/** A path of the Platform without the prefix of the base address gets it; every other stays. */
function withPrefix(address: ServerAddress, url: URL): URL {
	const base = new URL(address.baseUrl).pathname;
	const prefix = base.replace(/\/docuware\/platform$/i, '');
	if (prefix === '' || isBelowBase(address, url)) return url;
	if (!/^\/docuware\//i.test(url.pathname)) return url;
	const prefixed = new URL(url);
	prefixed.pathname = `${prefix}${url.pathname}`;
	return prefixed;
}

function isBelowBase({ baseUrl }: ServerAddress, url: URL): boolean {
	const base = new URL(baseUrl).pathname.toLowerCase();
	return `${url.pathname.toLowerCase()}/`.startsWith(`${base}/`);
}

/** `FileCabinets/abc`: the address as errors name it, without query; the path for what is elsewhere. */
export function shownPath(address: ServerAddress, url: URL): string {
	const base = new URL(address.baseUrl).pathname;
	const path = url.pathname;
	return path.toLowerCase().startsWith(`${base.toLowerCase()}/`)
		? path.slice(base.length + 1)
		: path;
}

function resolve(address: ServerAddress, text: string): URL | undefined {
	const base = `${address.baseUrl}/`;
	return URL.canParse(text, base) ? new URL(text, base) : undefined;
}

/** Whether a session may be sent there: to its own origin alone, and to no address with a user in it. */
function isOwn(address: ServerAddress, url: URL): boolean {
	return url.origin === address.origin && url.username === '' && url.password === '';
}

function foreignHost(address: ServerAddress, url: URL): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_FOREIGN_HOST',
		`The address leads to another server than the one where the session belongs, so nothing was sent: ${url.origin} instead of ${address.origin}.`,
		{
			repair:
				'Give a path below the Platform, for instance FileCabinets, or an address on the server of the credential.',
		},
	);
}

function noAddress(text: string): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_INVALID_PARAMETER',
		`"${text.slice(0, 80)}" is no path and no address.`,
		{ repair: 'Give a path below the Platform, for instance FileCabinets.' },
	);
}
