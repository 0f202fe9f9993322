import type { Readable } from 'node:stream';
import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';
import {
	fileBody,
	fileNameOf,
	mayBePage,
	mediaTypeOf,
	safeFileName,
	streamOf,
	type FileBody,
	type HttpResponse,
} from '../../../shared/http';
import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import { binaryLimit, overBinaryLimit, upToLimit } from '../../../shared/node/binaryLimit';
import { withoutAnswer } from '../../api/clientErrors';
import type { PlatformCall, PlatformResource } from '../../api/platformClient';
import { hasSeveral } from '../../api/sectionCount';
import { unreadableAnswer } from '../../platform/strangeAnswers';
import type { AskedFor } from '../../platform/askedFor';
import { shownPath } from '../../platform/serverAddress';
import { noFailure } from '../common/noFailure';
import type { OperationCall } from '../operation';

/** What is fetched, and under which name it is kept. */
export interface FileRequest extends Pick<PlatformCall, 'path' | 'query'> {
	/** Binary field of the output. */
	outputField: string;
	/** A name that somebody chose; undefined for the one that DocuWare gives. */
	fileName: string | undefined;
	/** A name where DocuWare gives none, without an ending. */
	usualName: string;
	/**
	 * What the file itself belongs to, where it may be a web page; asked where one came, which is else something in place of the
	 * file.
	 */
	owner?(): Promise<PlatformResource>;
}

/** A file in n8n's store, and what is known of it. */
export interface FetchedFile {
	json: IDataObject;
	binary: IBinaryKeyData;
}

const ZIP = /^application\/(?:x-)?zip(?:-compressed)?$/;

/**
 * Fetches a file into n8n's store of binary data, as it comes in. What n8n cannot keep is refused before it is read where
 * its size is told, else as soon as it is too large.
 *
 * @throws ConnectorError DOCUWARE_FILE_TOO_LARGE; DOCUWARE_UNEXPECTED_ANSWER for a web page; those of the client, also for a
 *   file that ends early
 */
export async function fetchFile(call: OperationCall, request: FileRequest): Promise<FetchedFile> {
	return await fetchOnce(call, request).catch(async (error: unknown) => {
		const { owner } = request;
		const isUnexpected = isConnectorError(error) && error.code === 'DOCUWARE_UNEXPECTED_ANSWER';
		const told = isUnexpected ? await owner?.().catch(() => undefined) : undefined;
		if (told === undefined || !saysHtml(told)) passOn(error);
		// Several files come as an archive, which is no page.
		if (hasSeveral(told)) passOn(error);
		return await fetchOnce(call, request, told);
	});
}

/** Whether DocuWare says of a document or section that its file is a web page. */
export function saysHtml({ ContentType: type, OriginalFileName: name }: PlatformResource): boolean {
	const isName = typeof name === 'string' && /\.(?:x?html?)$/i.test(name);
	return (
		isName ||
		(typeof type === 'string' && /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(type))
	);
}

/** Whether a document or section tells the size of its file; that of several files is none of each. */
export function tellsSize(
	owner: PlatformResource,
): owner is PlatformResource & { FileSize: number } {
	const { FileSize: size } = owner;
	return typeof size === 'number' && size > 0 && !hasSeveral(owner);
}

/**
 * The body of a file that is a web page. Another page that comes in its place is told by its size, where that is known and the
 * answer is neither called a file nor something else than a page.
 * @throws ConnectorError DOCUWARE_UNEXPECTED_ANSWER at its end, by the stream
 */
export function pageOfSize(
	{ headers, body }: Pick<HttpResponse<Readable>, 'headers' | 'body'>,
	owner: PlatformResource,
): Readable {
	if (!tellsSize(owner) || !mayBePage(headers)) return body;
	const { FileSize: size } = owner;
	async function* counted(): AsyncGenerator<Buffer, void, undefined> {
		let length = 0;
		for await (const chunk of body as AsyncIterable<Buffer>) {
			length += chunk.length;
			yield chunk;
		}
		if (length !== size) throw otherPage(length, size);
	}
	return streamOf((hold) => {
		hold(body);
		return counted();
	});
}

function otherPage(length: number, size: number): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_UNEXPECTED_ANSWER',
		`A web page of ${length} bytes came, and the file is one of ${size} bytes.`,
		{ repair: 'Check that no proxy answers in place of DocuWare.' },
	);
}

async function fetchOnce(
	call: OperationCall,
	request: FileRequest,
	htmlOwner?: PlatformResource,
): Promise<FetchedFile> {
	const { client, context, signal } = call;
	const { path, query } = request;
	const asked: AskedFor = {
		method: 'GET',
		path: shownPath(client.session, client.address(path)),
	};
	const answer = await client.send({
		method: 'GET',
		path,
		query,
		headers: { Accept: '*/*, application/json;q=0.5' },
		responseType: 'stream',
		signal,
	});
	const names = namesOf(answer, request);
	try {
		const body = await keepable(answer, asked, names.fileName, htmlOwner);
		const data = await context.helpers.prepareBinaryData(body, names.fileName, names.mediaType);
		const size = data.bytes ?? sizeOf(answer);
		return {
			json: { ...names, ...(size !== undefined && { fileSize: size }) },
			binary: { [request.outputField]: data },
		};
	} catch (failure) {
		answer.body.destroy();
		throw withoutAnswer(asked, failure);
	}
}

/** The file as it is read, with the limit of n8n's store. */
async function keepable(
	answer: HttpResponse<Readable>,
	asked: AskedFor,
	fileName: string,
	htmlOwner: PlatformResource | undefined,
): Promise<Readable> {
	const { body, page }: FileBody = htmlOwner
		? { body: pageOfSize(answer, htmlOwner) }
		: await fileBody(answer);
	if (page !== undefined) throw unreadableAnswer(asked, page, 'a file');
	const file = await noFailure(asked, { headers: answer.headers, body });
	const limit = await binaryLimit(process.env);
	if (limit === undefined) return file;
	const told = sizeOf(answer);
	const size = told === undefined ? 'more bytes than n8n can keep' : `${told} bytes`;
	const tooLarge = () =>
		overBinaryLimit('DOCUWARE_FILE_TOO_LARGE', `"${fileName}" has ${size}`, limit);
	if (told !== undefined && told > limit.bytes) throw tooLarge();
	return upToLimit(file, limit.bytes, tooLarge);
}

/** Bytes of the file as the answer tells; undefined where it was packed, or does not tell. */
function sizeOf({ headers }: HttpResponse<Readable>): number | undefined {
	const size = Number(headers['content-length'] ?? NaN);
	return Number.isInteger(size) ? size : undefined;
}

/** Several sections come as an archive, whatever was asked for (docs/facts/docuware.md 7.1): then it is called one. */
function namesOf(
	{ headers }: HttpResponse<Readable>,
	{ fileName, usualName }: FileRequest,
): { fileName: string; mediaType: string; isArchive: boolean } {
	const mediaType = mediaTypeOf(headers) ?? 'application/octet-stream';
	const isArchive = ZIP.test(mediaType);
	if (fileName !== undefined) return { fileName: safeFileName(fileName), mediaType, isArchive };
	const told = fileNameOf(headers) ?? `${usualName}${ENDINGS.get(mediaType) ?? ''}`;
	return { fileName: isArchive ? asArchive(told) : told, mediaType, isArchive };
}

const ENDINGS = new Map([
	['application/pdf', '.pdf'],
	['image/jpeg', '.jpg'],
	['image/png', '.png'],
	['image/tiff', '.tif'],
	['text/plain', '.txt'],
]);

function asArchive(name: string): string {
	return /\.zip$/i.test(name) ? name : `${name.replace(/\.\w{1,5}$/, '')}.zip`;
}
