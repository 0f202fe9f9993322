import { isConnectorError, passOn } from '../../../shared/errors';
import { linksOf } from '../../platform/platformAnswers';
import type { PlatformClient } from '../platformClient';

/** Something that a resource has, and where. */
export interface BelowResource {
	/** Path of the resource. */
	owner: string;
	/** What is usually appended to it, with a slash in front. */
	usual: string;
	/** Name of the resource's own link to it. */
	rel: string;
}

/**
 * Asks for something of a resource at its usual path. Where nothing is there, the resource itself is asked, whose link
 * leads there in other versions.
 *
 * @returns undefined where the resource is there and has nothing of the kind
 * @throws ConnectorError of `ask`; DOCUWARE_NOT_FOUND where the resource itself is not there
 */
export async function atUsualPath<T>(
	client: PlatformClient,
	{ owner, usual, rel }: BelowResource,
	signal: AbortSignal | undefined,
	ask: (path: string | URL) => Promise<T>,
): Promise<T | undefined> {
	const path = `${owner}${usual}`;
	try {
		return await ask(path);
	} catch (error) {
		if (!isConnectorError(error) || error.code !== 'DOCUWARE_NOT_FOUND') passOn(error);
	}
	const href = linksOf(await client.read({ path: owner, signal })).get(rel.toLowerCase());
	if (href === undefined || href === '') return undefined;
	const link = client.address(href);
	return link.pathname.toLowerCase() === client.address(path).pathname.toLowerCase()
		? undefined
		: await ask(link);
}
