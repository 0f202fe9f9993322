import { parseExactObject } from '../../../shared/http';
import { unreadableAnswer } from '../../platform/strangeAnswers';
import { saysNothing } from '../../platform/platformAnswers';
import { shownPath } from '../../platform/serverAddress';
import type { PlatformCall, PlatformClient, PlatformResource } from '../platformClient';

/**
 * Sends a change and reads what it has made; an empty object where the server has made it and says nothing of it.
 * @throws ConnectorError as `PlatformClient.send`, and DOCUWARE_UNEXPECTED_ANSWER where the answer is no JSON object
 */
export async function sendForResource(
	client: PlatformClient,
	call: Omit<PlatformCall, 'responseType'>,
): Promise<PlatformResource> {
	const { body } = await client.send(call);
	const resource = parseExactObject(body);
	if (resource) return resource;
	if (saysNothing(body)) return {};
	const path = shownPath(client.session, client.address(call.path));
	throw unreadableAnswer({ method: call.method, path }, body, 'a JSON object');
}
