import { ConnectorError } from '../../shared/errors';
import { invalidCredential } from './docuWareErrors';

/** Where a DocuWare server is. */
export interface ServerAddress {
	/** For instance `https://acme.docuware.cloud`; cookies and tokens go here and nowhere else. */
	readonly origin: string;
	/** `{origin}[/prefix]/DocuWare/Platform`, without a trailing slash. */
	readonly baseUrl: string;
}

/** How a server is reached. */
export interface ServerConnection {
	address: ServerAddress;
	ignoreSslIssues: boolean;
	/** True allows plain http to another machine. */
	allowHttp: boolean;
}

/**
 * What a connection allows beyond the usual, for keys of what is shared: who allows less must not
 * wait for the work of one who allows more, nor the other way round. Empty by default.
 */
export function permissionsOf(
	connection: Pick<ServerConnection, 'ignoreSslIssues' | 'allowHttp'>,
): string[] {
	const { ignoreSslIssues, allowHttp } = connection;
	return [...(ignoreSslIssues ? ['any certificate'] : []), ...(allowHttp ? ['http'] : [])];
}

const CLOUD_DOMAIN = 'docuware.cloud';

/** A name without dots is that of an organization in the cloud. */
const BARE_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;

/** Where DocuWare installs its Platform; what stands before it is a prefix of the installation. */
const PLATFORM_PATH = /^(?:[^?#]*?[/\\])?DocuWare\/Platform(?=[/?#]|$)/i;

/** Everything from here on is DocuWare's own path; what stands before is a prefix of the installation. */
const OWN_PATH = /\/docuware(?:\/|$)/i;

/**
 * Reads what a user typed as the server: `acme`, a host, or any address of a DocuWare page
 * (docs/facts/docuware.md 1).
 * @throws ConnectorError DOCUWARE_CREDENTIAL_INVALID
 */
export function readServerAddress(typed: string): ServerAddress {
	const url = parse(typed.trim());
	if (url === undefined || url.username !== '' || url.password !== '') {
		throw invalidCredential('Server', 'is not a name such as acme or an address of a server');
	}
	const ownPath = OWN_PATH.exec(url.pathname);
	const prefix = (ownPath ? url.pathname.slice(0, ownPath.index) : url.pathname).replace(
		/\/+$/,
		'',
	);
	return { origin: url.origin, baseUrl: `${url.origin}${prefix}/DocuWare/Platform` };
}

function parse(text: string): URL | undefined {
	const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
		? text
		: `https://${isBareName(text) ? `${text}.${CLOUD_DOMAIN}` : text}`;
	if (text === '' || !URL.canParse(full)) return undefined;
	const url = new URL(full);
	return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}

function isBareName(text: string): boolean {
	return BARE_NAME.test(text) && text.toLowerCase() !== 'localhost';
}

/**
 * The address of a request: an absolute one, a path from the origin (`/…`, as links are meant), or
 * one from the Platform.
 * @returns undefined where it leads to another origin.
 */
export function platformUrl(address: ServerAddress, url: string): string | undefined {
	const resolved = resolve(address, url);
	return resolved !== undefined && isOwn(address, resolved) ? resolved.href : undefined;
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
 * (docs/facts/docuware.md 1).
 *
 * @throws ConnectorError DOCUWARE_FOREIGN_HOST, DOCUWARE_INVALID_PARAMETER
 */
export function linkAddress(address: ServerAddress, href: string): URL {
	const url = resolve(address, href);
	if (url === undefined) throw noAddress(href);
	if (!isOwn(address, url)) throw foreignHost(address, url);
	url.hash = '';
	return url;
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
		`The address leads to ${url.origin}, not to ${address.origin} where the session belongs. Nothing was sent.`,
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
