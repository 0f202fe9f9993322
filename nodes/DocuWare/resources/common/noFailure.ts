import type { Readable } from 'node:stream';
import { passOn } from '../../../shared/errors';
import {
	decodeText,
	isJsonType,
	isXmlType,
	mediaTypeOf,
	startOf,
	type HttpResponse,
} from '../../../shared/http';
import type { AskedFor } from '../../platform/askedFor';
import { refuseFailure } from '../../platform/strangeAnswers';

/** Largest answer that may be an error object and not a file. */
const ERROR_BYTES = 65_536;

/**
 * The body of an answer that should be a file, refused where it is DocuWare's error object. What is called a file by a
 * `Content-Disposition` is one, whatever it holds.
 *
 * @throws ConnectorError as `refuseFailure`
 */
export async function noFailure(
	asked: AskedFor,
	{ headers, body }: Pick<HttpResponse<Readable>, 'headers' | 'body'>,
): Promise<Readable> {
	const type = mediaTypeOf(headers);
	const mayBeError =
		type === undefined || type === 'text/plain' || isJsonType(type) || isXmlType(type);
	if (headers['content-disposition'] !== undefined || !mayBeError) return body;
	const { bytes, whole } = await startOf(body, ERROR_BYTES);
	try {
		refuseFailure(asked, decodeText(bytes, headers['content-type']));
		return whole;
	} catch (failure) {
		whole.destroy();
		passOn(failure);
	}
}
