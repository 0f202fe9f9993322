import { ConnectorError } from '../../shared/errors';

/** Longest URL that Exact takes (docs/facts/exact-online.md 3). */
export const MAX_URL_LENGTH = 6000;

const PATH = /^[A-Za-z][A-Za-z0-9_]*(?:\/[A-Za-z0-9_]+)*(?:\([^/?#\\]*\))?(?:\/\$count)?$/;

/** A family of endpoints that stands before the division (docs/facts/exact-online.md 4.5). */
const FAMILY = /^(beta\/)(.+)$/;

/**
 * The URL of a request.
 * @throws ConnectorError EXACT_INVALID_PATH, EXACT_URL_TOO_LONG
 */
export function apiUrl(
	baseUrl: string,
	path: string,
	division: number | undefined,
	query: Record<string, string | number | undefined> = {},
): string {
	if (!PATH.test(path)) {
		throw new ConnectorError(
			'EXACT_INVALID_PATH',
			`"${path.slice(0, 80)}" is no path of the API.`,
			{
				repair: 'Give the path without host and division, for instance crm/Accounts.',
			},
		);
	}
	const parameters = Object.entries(query)
		.filter(([, value]) => value !== undefined && value !== '')
		.map(([name, value]) => `${encodeName(name)}=${encodeURIComponent(String(value))}`);
	const search = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
	const [, family = '', rest = path] = FAMILY.exec(path) ?? [];
	const prefix = division === undefined ? '' : `${division}/`;
	const url = `${baseUrl}/api/v1/${family}${prefix}${encodeURI(rest)}${search}`;
	if (url.length > MAX_URL_LENGTH) {
		throw new ConnectorError(
			'EXACT_URL_TOO_LONG',
			`The request needs an address of ${url.length} characters; Exact Online takes ${MAX_URL_LENGTH}.`,
			{ repair: 'Shorten the filter, or ask for fewer fields.' },
		);
	}
	return url;
}

/**
 * How many characters a `$filter`, encoded, may have beside what a URL holds already; see `keyBatches`.
 * @param url that of `apiUrl` without a filter
 */
export function roomForFilter(url: string): number {
	return MAX_URL_LENGTH - url.length - '?$filter='.length;
}

/**
 * Checks a link that an answer gave, so that no token leaves the credential's host.
 * @throws ConnectorError EXACT_FOREIGN_LINK; only the origin of the link is shown.
 */
export function ownLink(baseUrl: string, link: string): string {
	if (isOwnLink(baseUrl, link)) return link;
	const own = new URL(baseUrl).origin;
	const url = URL.canParse(link) ? new URL(link) : undefined;
	throw new ConnectorError(
		'EXACT_FOREIGN_LINK',
		'The answer of Exact Online links to another server, so the link was not followed and no token was sent: ' +
			`${url ? url.origin : 'something that is no address'} instead of ${own}.`,
		{
			repair:
				'Check that the base URL of the credential is that of the region, and that no proxy changes the answers.',
		},
	);
}

/** Whether a link leads to the API on the credential's host. */
export function isOwnLink(baseUrl: string, link: string): boolean {
	if (!URL.canParse(link)) return false;
	const { origin, pathname, username, password } = new URL(link);
	const isPlain = username === '' && password === '';
	return origin === new URL(baseUrl).origin && pathname.startsWith('/api/') && isPlain;
}

/**
 * Checks an address that a person gave: any path, but only of the credential's own origin.
 * @throws ConnectorError EXACT_FOREIGN_LINK, EXACT_URL_TOO_LONG
 */
export function ownAddress(baseUrl: string, address: string): string {
	const own = new URL(baseUrl).origin;
	const url = URL.canParse(address) ? new URL(address) : undefined;
	if (url?.origin !== own || url.username !== '' || url.password !== '') {
		throw new ConnectorError(
			'EXACT_FOREIGN_LINK',
			'The request goes to another server than Exact Online, so no token was sent: ' +
				`${url ? url.origin : 'something that is no address'} instead of ${own}.`,
			{ repair: 'Give a path, or an address that begins with the base URL of the credential.' },
		);
	}
	if (url.href.length > MAX_URL_LENGTH) {
		throw new ConnectorError(
			'EXACT_URL_TOO_LONG',
			`The request needs an address of ${url.href.length} characters; Exact Online takes ${MAX_URL_LENGTH}.`,
			{ repair: 'Shorten the filter, or ask for fewer fields.' },
		);
	}
	return url.href;
}

/** The endpoint of an API URL, without division, key and query: `crm/Accounts`. */
export function endpointOf(url: string): string {
	return decoded(new URL(url).pathname)
		.replace(/^\/api\/v1\/(beta\/)?(?:\d+\/)?/, '$1')
		.replace(/\(.*$/, '')
		.replace(/\/\$count$/, '');
}

/** The endpoint of a path that `apiUrl` takes, as `endpointOf` finds it in the URL. */
export function endpointOfPath(path: string): string {
	return path.replace(/\([\s\S]*$/, '').replace(/\/\$count$/, '');
}

/** As it stands where it is encoded in something else than UTF-8. */
function decoded(path: string): string {
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
}

/** The division of a URL, of the API or of a page such as those of the XML interface; undefined for one without. */
export function divisionOf(url: string): number | undefined {
	const { pathname, searchParams } = new URL(url);
	const named = /^\d{1,9}$/.exec(searchParams.get('_Division_') ?? '')?.[0];
	const digits = /^\/api\/v1\/(?:beta\/)?(\d{1,9})\//.exec(pathname)?.[1] ?? named;
	return digits === undefined ? undefined : Number(digits);
}

/** `$filter` keeps its dollar sign: proxies and logs know it in that form. */
function encodeName(name: string): string {
	return encodeURIComponent(name).replace('%24', '$');
}
