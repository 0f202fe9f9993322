import { linksOf } from './platformAnswers';
import { linkAddress, type ServerAddress } from './serverAddress';

/**
 * Where a resource of DocuWare says that something is (docs/facts/docuware.md 1); undefined where it does not.
 *
 * @throws ConnectorError DOCUWARE_FOREIGN_HOST, DOCUWARE_INVALID_PARAMETER
 */
export function linkIn(
	address: ServerAddress,
	resource: Parameters<typeof linksOf>[0],
	rel: string,
): URL | undefined {
	const href = linksOf(resource).get(rel.toLowerCase()) ?? '';
	return href === '' ? undefined : linkAddress(address, href);
}
