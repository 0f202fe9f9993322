import { isConnectorError, passOn } from '../../../shared/errors';
import { withMore } from '../../api/files/uploadErrors';
import type { PlatformResource } from '../../api/platformClient';
import { documentIdOf } from '../common/documentOutput';
import type { OperationCall } from '../operation';

/**
 * A document after a change that was made, which an error of the reading does not hide.
 * @param path of the document
 */
export async function readChanged(
	{ client, signal }: Pick<OperationCall, 'client' | 'signal'>,
	path: string,
): Promise<PlatformResource> {
	return await client.read({ path, signal }).catch((error: unknown) => {
		if (!isConnectorError(error)) passOn(error);
		throw withMore(error, {
			message: 'The document was changed; only reading it again failed.',
			repair: 'Get reads the document as it is now.',
		});
	});
}

/**
 * A document as the answer to its change has it; read again where that tells of none.
 * @returns undefined where it cannot be read either, which does not undo the change
 */
export async function changedDocument(
	call: Pick<OperationCall, 'client' | 'signal'>,
	path: string,
	answer: PlatformResource,
): Promise<PlatformResource | undefined> {
	if (documentIdOf(answer) !== null) return answer;
	const { client, signal } = call;
	return await client.read({ path, signal }).catch((error: unknown) => {
		if (!isConnectorError(error)) passOn(error);
		return undefined;
	});
}
