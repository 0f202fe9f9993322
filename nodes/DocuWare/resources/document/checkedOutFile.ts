import { Readable } from 'node:stream';
import type { IBinaryKeyData } from 'n8n-workflow';
import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import {
	contentDisposition,
	fileNameOf,
	mediaTypeOf,
	parseObject,
	type HttpResponse,
} from '../../../shared/http';
import { binaryLimit, overBinaryLimit, upToLimit } from '../../../shared/node/binaryLimit';
import { binaryOutput } from '../../../shared/node/binaryOutput';
import type { LocatedDocument } from '../../api/documentLinks';
import { linksOf } from '../../platform/platformAnswers';
import { linkAddress } from '../../platform/serverAddress';
import type { OperationCall } from '../operation';
import { keptName, parseKeptName } from './keptName';

const TOO_LARGE = 'DOCUWARE_FILE_TOO_LARGE';

/**
 * Refuses a document whose file n8n could not keep, before it is checked out.
 * @throws ConnectorError DOCUWARE_FILE_TOO_LARGE
 */
export async function refuseTooLarge({ documentId, resource }: LocatedDocument): Promise<void> {
	const limit = await binaryLimit(process.env);
	const size = Number(resource.FileSize ?? 0);
	if (limit === undefined || !(size > limit.bytes)) return;
	const what = `Document ${documentId} has ${size} bytes and was not checked out`;
	throw overBinaryLimit(TOO_LARGE, what, limit);
}

/** The file of a check-out in n8n's store, under the name that Check In needs. */
export async function keepCheckedOut(
	call: OperationCall,
	document: LocatedDocument,
	answer: HttpResponse<Readable>,
	field: string,
): Promise<{ fileName: string; binary: IBinaryKeyData }> {
	try {
		const file = await fileOf(call, answer);
		const fileName = nameOf([answer, file], document);
		const headers = {
			...file.headers,
			'content-disposition': contentDisposition('attachment', fileName),
		};
		const body = await limited(file.body, document);
		return { fileName, binary: await binaryOutput(call.context, { body, headers }, field) };
	} catch (failure) {
		answer.body.destroy();
		throw notReceived(document, failure);
	}
}

async function limited(body: Readable, { documentId }: LocatedDocument): Promise<Readable> {
	const limit = await binaryLimit(process.env);
	if (limit === undefined) return body;
	const what = `The file of document ${documentId} has more bytes than n8n can keep`;
	return upToLimit(body, limit.bytes, () => overBinaryLimit(TOO_LARGE, what, limit));
}

/** Largest answer that may be links to the file and not the file itself. */
const LINKS_BYTES = 100_000;

/** The file: the answer itself, or what its link `content` leads to (docs/facts/docuware.md 7.4). */
async function fileOf(
	{ client, signal }: OperationCall,
	answer: HttpResponse<Readable>,
): Promise<HttpResponse<Readable>> {
	if (mediaTypeOf(answer.headers) !== 'application/json') return answer;
	const { bytes, whole } = await startOf(answer.body, LINKS_BYTES);
	const href = linksOf(parseObject(bytes.toString('utf8'))).get('content') ?? '';
	if (href === '') return { ...answer, body: whole };
	whole.destroy();
	const path = linkAddress(client.session, href);
	const headers = { Accept: '*/*' };
	return await client.send({ method: 'GET', path, headers, responseType: 'stream', signal });
}

/** The first bytes of a stream, and a stream of all of it. */
async function startOf(body: Readable, size: number): Promise<{ bytes: Buffer; whole: Readable }> {
	const source = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
	const chunks: Buffer[] = [];
	let length = 0;
	while (length <= size) {
		const { value, done } = await source.next();
		if (done === true) break;
		chunks.push(value);
		length += value.length;
	}
	async function* all(): AsyncGenerator<Buffer, void, undefined> {
		yield* chunks;
		yield* { [Symbol.asyncIterator]: () => source };
	}
	return { bytes: Buffer.concat(chunks), whole: Readable.from(all(), { objectMode: false }) };
}

/** The name that the answers give; where none has what Check In needs, with that in front. */
function nameOf(
	answers: ReadonlyArray<HttpResponse<Readable>>,
	{ cabinetId, documentId, resource }: LocatedDocument,
): string {
	const names = answers
		.map(({ headers }) => fileNameOf(headers))
		.filter((name) => name !== undefined);
	const kept = names.find((name) => parseKeptName(name) !== undefined);
	if (kept !== undefined) return kept;
	const title = typeof resource.Title === 'string' ? resource.Title : 'file';
	const fileName = (names[0] ?? title).replace(/["/\\]/g, '_');
	return keptName({ documentId, cabinetId, fileName });
}

/** The document is checked out, and its file is not here. */
function notReceived({ documentId }: LocatedDocument, failure: unknown): unknown {
	if (!(failure instanceof Error)) passOn(failure);
	const known = isConnectorError(failure) ? failure : undefined;
	return new ConnectorError(
		'DOCUWARE_CHECK_OUT_UNFINISHED',
		`Document ${documentId} is checked out now, but its file was not received: ${failure.message}`,
		{
			repair: 'Run Undo Check Out, then Check Out again.',
			...(known?.httpStatus === undefined ? {} : { httpStatus: known.httpStatus }),
		},
	);
}
