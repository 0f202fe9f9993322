import type { IBinaryKeyData } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import { isPage, mediaTypeOf, safeFileName } from '../../../shared/http';
import { storedFile } from '../../../shared/node/binaryOutput';
import { unexpectedBody } from '../../wire/envelope';
import type { ExactRow } from '../../wire/exactTypes';
import type { OperationCall } from '../operation';

/** Fields of an attachment that its download needs. */
export const FILE_FIELDS = ['ID', 'Document', 'FileName', 'FileSize', 'Url'];

/**
 * The bytes of an attachment, streamed into n8n's store (docs/facts/exact-online.md 7.2).
 * @throws ConnectorError EXACT_NOT_FOUND for one without an address; EXACT_FOREIGN_LINK where it leads elsewhere;
 *   EXACT_UNEXPECTED_ANSWER for a web page in place of the file
 */
export async function fetchFile(
	{ context, itemIndex, client, source, signal }: OperationCall,
	{ Url, FileName, ID }: ExactRow,
): Promise<IBinaryKeyData> {
	if (typeof Url !== 'string' || Url === '') {
		throw new ConnectorError(
			'EXACT_NOT_FOUND',
			`The attachment ${String(ID)} has no address to fetch its file from.`,
			{ repair: 'Look in Exact Online whether the attachment has a file.' },
		);
	}
	if (!URL.canParse(Url, source.baseUrl)) throw unexpectedBody(Url);
	const url = new URL(Url, source.baseUrl);
	url.searchParams.set('Download', '1');
	const { body, headers } = await client.requestRaw({
		method: 'GET',
		url: url.href,
		headers: { Accept: '*/*' },
		responseType: 'stream',
		signal,
		length: 'long',
	});
	const name = safeFileName(String(FileName ?? 'file'));
	// Exact shows its log-in page to who is not let in, with a success as its status.
	if (isPage(headers) && !/\.[xs]?html?$/i.test(name)) {
		body.destroy();
		throw unexpectedBody('<html>');
	}
	const field = String(context.getNodeParameter('outputField', itemIndex, 'data'));
	const data = await storedFile(context, body, name, mediaTypeOf(headers));
	return { [field]: data };
}
