import { ConnectorError, passOn } from '../../../shared/errors';
import { isEmptyFile, readInputFile } from '../../../shared/node/binaryInput';
import { readOptions } from '../../../shared/node/optionsField';
import { unreadWrite } from '../../api/clientErrors';
import { apiUrl } from '../../wire/apiUrl';
import { envelopeOf } from '../../wire/envelope';
import type { ExactRow } from '../../wire/exactTypes';
import type { OperationCall } from '../operation';
import { attachmentBody } from './attachmentBody';
import { withLimit } from './contentSize';
import { checkFileSize } from './fileSize';

/** Endpoint of the files of documents. */
export const ATTACHMENTS = 'documents/DocumentAttachments';

/** A file that was looked at and can be sent. */
export interface FileToSend {
	name: string;
	content: Awaited<ReturnType<typeof readInputFile>>['body'];
}

/**
 * The item's file, before anything is sent.
 * @throws ConnectorError EXACT_TOO_LARGE, EXACT_INVALID_VALUE for one without a name or without content
 */
export async function readFileToSend(call: OperationCall): Promise<FileToSend> {
	const { context, itemIndex, source } = call;
	const field = String(context.getNodeParameter('binaryField', itemIndex, 'data'));
	const { body, fileName, size } = await readInputFile(call, field);
	const name = String(readOptions(call).fileName ?? fileName ?? '').trim();
	if (name === '') {
		throw new ConnectorError('EXACT_INVALID_VALUE', `The file in ${field} has no name.`, {
			repair: 'Give one in Options > File Name, with its ending.',
		});
	}
	// Exact wants a value for Attachment, and the document would be there already.
	if (await isEmptyFile({ size, body })) {
		throw new ConnectorError(
			'EXACT_INVALID_VALUE',
			`The file ${name} in ${field} is empty, and Exact Online takes none without content. Nothing was sent.`,
			{ repair: 'Give a file with content, or filter such items out before this node.' },
		);
	}
	const warning = checkFileSize(name, size, source.baseUrl);
	if (warning !== undefined) context.addExecutionHints({ message: warning, type: 'warning' });
	return { name, content: body };
}

/**
 * Adds a file to a document.
 * @param document its ID
 * @throws ConnectorError EXACT_TOO_LARGE with the limit that was believed, and those of the client
 */
export async function sendAttachment(
	{ client, source, signal }: OperationCall,
	division: number,
	document: string,
	{ name, content }: FileToSend,
): Promise<ExactRow> {
	try {
		const { status, body } = await client.requestRaw({
			method: 'POST',
			url: apiUrl(source.baseUrl, ATTACHMENTS, division),
			headers: { 'Content-Type': 'application/json' },
			body: attachmentBody({ Document: document, FileName: name }, content),
			signal,
			length: 'long',
		});
		const answer = envelopeOf(body);
		if (answer !== undefined) return answer.rows[0] ?? {};
		const asked = { method: 'POST', endpoint: ATTACHMENTS, division };
		throw unreadWrite(asked, status, body);
	} catch (error) {
		passOn(withLimit(error, source.baseUrl));
	}
}
