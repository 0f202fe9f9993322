import { ConnectorError } from '../../shared/errors';

/** What of a session addresses are made from. */
export interface PlatformLocation {
	/** For instance `https://acme.docuware.cloud`. */
	readonly origin: string;
	/** `{origin}[/prefix]/DocuWare/Platform`, without a trailing slash. */
	readonly baseUrl: string;
}

/** Where DocuWare installs its Platform; what stands before it is a prefix of the installation. */
const PLATFORM_PATH = /^(?:[^?#]*?[/\\])?DocuWare\/Platform(?=[/?#]|$)/i;

/**
 * The full address of what a user typed: an absolute address on the session's origin, a path that
 * starts with `/DocuWare/Platform`, or a path below the Platform, with or without a slash in front.
 *
 * @throws ConnectorError DOCUWARE_FOREIGN_HOST, DOCUWARE_INVALID_PARAMETER
 */
export function platformAddress(location: PlatformLocation, typed: string): URL {
	const text = typed.trim();
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return ownAddress(location, text);
	const below = text.replace(PLATFORM_PATH, '').replace(/^[/\\]+/, '');
	// Behind the base URL nothing can become a host or a scheme any more.
	return ownAddress(location, `${location.baseUrl}/${below}`);
}

/**
 * The full address of a link: `href` is absolute, or a path from the origin (facts/docuware.md 1).
 *
 * @throws ConnectorError DOCUWARE_FOREIGN_HOST, DOCUWARE_INVALID_PARAMETER
 */
export function linkAddress(location: PlatformLocation, href: string): URL {
	if (!URL.canParse(href, `${location.baseUrl}/`)) throw noAddress(href);
	return ownAddress(location, new URL(href, `${location.baseUrl}/`).href);
}

/** `FileCabinets/abc`: the address as errors name it, without query; the path for what is elsewhere. */
export function shownPath(location: PlatformLocation, url: URL): string {
	const base = new URL(location.baseUrl).pathname;
	const path = url.pathname;
	return path.toLowerCase().startsWith(`${base.toLowerCase()}/`)
		? path.slice(base.length + 1)
		: path;
}

function ownAddress(location: PlatformLocation, address: string): URL {
	if (!URL.canParse(address)) throw noAddress(address);
	const url = new URL(address);
	if (url.origin === location.origin && url.username === '' && url.password === '') {
		url.hash = '';
		return url;
	}
	throw new ConnectorError(
		'DOCUWARE_FOREIGN_HOST',
		`The address leads to ${url.origin}, not to ${location.origin} where the session belongs. Nothing was sent.`,
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
