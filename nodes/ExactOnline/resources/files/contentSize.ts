import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import { isRecord, parseJson } from '../../../shared/http';
import { endpointSummaries, readEndpoint } from '../../catalogue/catalogue';
import type { Body } from '../../catalogue/requestBody';
import type { Endpoint } from '../../catalogue/types';
import { endpointOf } from '../../wire/apiUrl';
import type { RawExactRequest } from '../../wire/exactTypes';
import type { OperationCall } from '../operation';
import { checkFileSize, largestFile } from './fileSize';

/** Content that a body holds in base64. */
interface Content {
	/** Of the file, or else of the field. */
	name: string;
	/** Before encoding. */
	bytes: number;
}

/**
 * Sends a body, whatever endpoint it is for, unless the files that its fields hold in base64 are too large for Exact Online.
 * @param send does it
 * @throws ConnectorError EXACT_TOO_LARGE before anything is sent; also by the service's word, then with the limit that was
 *   believed; and those of `send`
 */
export async function withContentsChecked<T>(
	{ context, source }: Pick<OperationCall, 'context' | 'source'>,
	endpoint: Endpoint,
	body: Body,
	send: () => Promise<T>,
): Promise<T> {
	const contents = contentsOf(endpoint, body);
	const [first, ...others] = contents;
	if (first === undefined) return await send();
	// They go in one request, and that is what is limited.
	const bytes = contents.reduce((sum, content) => sum + content.bytes, 0);
	const name = others.length === 0 ? first.name : contents.map((one) => one.name).join(' + ');
	const warning = checkFileSize(name, bytes, source.baseUrl);
	if (warning !== undefined) context.addExecutionHints({ message: warning, type: 'warning' });
	try {
		return await send();
	} catch (error) {
		passOn(withLimit(error, source.baseUrl));
	}
}

/** Bodies with fewer letters hold no file that is too large anywhere. */
const SMALL_BODY = 7_000_000;

/**
 * The same for a body that a person wrote for an address, where its endpoint is one of the catalogue.
 * @throws as `withContentsChecked`
 */
export async function withWrittenBodyChecked<T>(
	call: Pick<OperationCall, 'context' | 'source'>,
	{ url, body }: Pick<RawExactRequest, 'url' | 'body'>,
	send: () => Promise<T>,
): Promise<T> {
	if (typeof body !== 'string' || body.length < SMALL_BODY) return await send();
	const path = endpointOf(url);
	const content = endpointSummaries().has(path) ? parseJson(body) : undefined;
	if (!isRecord(content)) return await send();
	return await withContentsChecked(call, readEndpoint(path), content, send);
}

/** Fields of Edm.Binary that hold something, also those of lines. */
function contentsOf({ fields }: Endpoint, body: Body): Content[] {
	return Object.entries(body).flatMap(([name, value]): Content | Content[] => {
		const field = fields.get(name);
		if (field?.type === 'Binary' && typeof value === 'string' && value !== '') {
			const fileName = body.FileName ?? body[`${name}FileName`] ?? body[`${name}Name`];
			return {
				name: typeof fileName === 'string' && fileName !== '' ? fileName : name,
				bytes: Buffer.byteLength(value, 'base64'),
			};
		}
		if (field?.lines === undefined || !Array.isArray(value)) return [];
		const line = readEndpoint(field.lines);
		return value.filter(isRecord).flatMap((row) => contentsOf(line, row));
	});
}

/** Too large by the service's word: which limit was believed tells a person what is wrong with it. */
export function withLimit(error: unknown, baseUrl: string): unknown {
	if (!isConnectorError(error) || error.code !== 'EXACT_TOO_LARGE') return error;
	const { message, repair, httpStatus } = error;
	const believed = `A limit of ${largestFile(baseUrl)} MB was believed, counted before the encoding that makes a third more of a file.`;
	return new ConnectorError(error.code, `${message} ${believed}`, { repair, httpStatus });
}
