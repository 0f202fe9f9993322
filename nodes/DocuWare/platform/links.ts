import { linksOf } from './platformAnswers';
import { linkAddress, platformUrl, type ServerAddress } from './serverAddress';

/**
 * Where a resource of DocuWare says that something is (docs/facts/docuware.md 1); undefined where it does not, or names
 * another server, as behind a proxy that leaves the links as they are: no session goes there.
 */
export function linkIn(
	address: ServerAddress,
	resource: Parameters<typeof linksOf>[0],
	rel: string,
): URL | undefined {
	return ownLinkOf(address, linksOf(resource).get(rel.toLowerCase()));
}

/** The address of a link on the server itself; undefined for none, and for one that leads elsewhere. */
export function ownLinkOf(address: ServerAddress, href = ''): URL | undefined {
	const url = href === '' ? undefined : platformUrl(address, href);
	return url === undefined ? undefined : linkAddress(address, url);
}

/**
 * The same for what is known to be nowhere else.
 * @throws ConnectorError DOCUWARE_FOREIGN_HOST, DOCUWARE_INVALID_PARAMETER
 */
export function onlyLinkIn(
	address: ServerAddress,
	resource: Parameters<typeof linksOf>[0],
	rel: string,
): URL | undefined {
	const href = linksOf(resource).get(rel.toLowerCase()) ?? '';
	return href === '' ? undefined : linkAddress(address, href);
}
