import { invalidCredential } from './docuWareErrors';

/** Where a DocuWare server is. */
export interface ServerAddress {
	/** For instance `https://acme.docuware.cloud`; cookies and tokens go here and nowhere else. */
	origin: string;
	/** `{origin}[/prefix]/DocuWare/Platform`, without a trailing slash. */
	baseUrl: string;
}

const CLOUD_DOMAIN = 'docuware.cloud';

/** A name without dots is that of an organization in the cloud. */
const BARE_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;

/** Everything from here on is DocuWare's own path; what stands before is a prefix of the installation. */
const OWN_PATH = /\/docuware(?:\/|$)/i;

/**
 * Reads what a user typed as the server: `acme`, a host, or any address of a DocuWare page
 * (facts/docuware.md 1).
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
	const full = /^(?:[a-z][a-z0-9+.-]*:|\/\/|\\)/i.test(url)
		? url
		: url.startsWith('/')
			? `${address.origin}${url}`
			: `${address.baseUrl}/${url}`;
	if (!URL.canParse(full)) return undefined;
	const parsed = new URL(full);
	const clean = parsed.username === '' && parsed.password === '';
	return clean && parsed.origin === address.origin ? parsed.href : undefined;
}

/** How a server is reached. */
export interface ServerConnection {
	address: ServerAddress;
	ignoreSslIssues: boolean;
	/** True allows plain http to another machine. */
	allowHttp: boolean;
}
