import type { IBinaryKeyData } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import { fileBody, isHtml, mediaTypeOf, safeFileName, type FileBody } from '../../../shared/http';
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
	// Before the file is on its way: nobody would close its connection if this failed.
	const field = String(context.getNodeParameter('outputField', itemIndex, 'data'));
	const answer = await client.requestRaw({
		method: 'GET',
		url: url.href,
		headers: { Accept: '*/*' },
		responseType: 'stream',
		signal,
		length: 'long',
	});
	const name = safeFileName(String(FileName ?? 'file'));
	// Exact shows its log-in page to who is not let in, with a success as its status.
	const isPage = /\.[xs]?html?$/i.test(name);
	const { body, page }: FileBody = isPage ? { body: answer.body } : await fileBody(answer);
	if (page !== undefined) throw unexpectedBody(isHtml(page) ? page : `<html>${page}`);
	const data = await storedFile(context, body, name, mediaTypeOf(answer.headers));
	return { [field]: data };
}
