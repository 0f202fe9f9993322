import type { Readable } from 'node:stream';
import type { IBinaryKeyData } from 'n8n-workflow';
import { ConnectorError, isConnectorError, passOn } from '../../../shared/errors';
import {
	fileBody,
	fileNameOf,
	isJsonType,
	isXmlType,
	mayBePage,
	mediaTypeOf,
	parseObject,
	startOf,
	type FileBody,
	type HttpResponse,
} from '../../../shared/http';
import { binaryLimit, overBinaryLimit, upToLimit } from '../../../shared/node/binaryLimit';
import { storedFile } from '../../../shared/node/binaryOutput';
import { documentPath } from '../../api/cabinetFacts';
import type { LocatedDocument } from '../../api/documentLinks';
import type { PlatformResource } from '../../api/platformClient';
import { foreignAnswer, refuseFailure } from '../../platform/strangeAnswers';
import type { AskedFor } from '../../platform/askedFor';
import { linksOf } from '../../platform/platformAnswers';
import { linkAddress, shownPath } from '../../platform/serverAddress';
import { noFailure } from '../common/noFailure';
import type { OperationCall } from '../operation';
import { pageOfSize, saysHtml, tellsSize } from './downloadFile';
import { keptName, parseKeptName } from './keptName';
import { isCheckedOut } from './versionRefusal';

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

/** A document that was to be checked out, and what came of it. */
export interface CheckOut {
	document: LocatedDocument;
	asked: AskedFor;
	answer: HttpResponse<Readable>;
}

/**
 * The file of a check-out in n8n's store, under the name that Check In needs.
 * @throws ConnectorError DOCUWARE_WRITE_UNCONFIRMED where something else than DocuWare has answered;
 *   DOCUWARE_CHECK_OUT_UNFINISHED where the document is checked out and its file did not come
 */
export async function keepCheckedOut(
	call: OperationCall,
	{ document, asked, answer }: CheckOut,
	field: string,
): Promise<{ fileName: string; binary: IBinaryKeyData }> {
	try {
		const file = await fileOf(call, { document, asked, answer });
		const fileName = nameOf([answer, file], document);
		const body = await limited(file.body, document);
		const data = await storedFile(call.context, body, fileName, mediaTypeOf(file.headers));
		return { fileName, binary: { [field]: data } };
	} catch (failure) {
		answer.body.destroy();
		throw isConnectorError(failure) && failure.code === IN_DOUBT
			? checkOutInDoubt(document, failure)
			: notReceived(document, failure);
	}
}

const IN_DOUBT = 'DOCUWARE_WRITE_UNCONFIRMED';

/** The same error, with what to do about a document that may be checked out; any other error as it is. */
export function checkOutInDoubt({ documentId }: LocatedDocument, error: unknown): unknown {
	if (!isConnectorError(error) || error.code !== IN_DOUBT) return error;
	const { code, message, httpStatus, serviceMessage } = error;
	return new ConnectorError(code, message, {
		repair: `Look in DocuWare whether document ${documentId} is checked out now. If it is, run Undo Check Out; then run Check Out again.`,
		httpStatus,
		serviceMessage,
		cause: error,
	});
}

async function limited(body: Readable, { documentId }: LocatedDocument): Promise<Readable> {
	const limit = await binaryLimit(process.env);
	if (limit === undefined) return body;
	const what = `The file of document ${documentId} has more bytes than n8n can keep`;
	return upToLimit(body, limit.bytes, () => overBinaryLimit(TOO_LARGE, what, limit));
}

/** Largest answer that may be links to the file and not the file itself. */
const LINKS_BYTES = 100_000;

/**
 * The file: the answer itself, or what its link `content` leads to (docs/facts/docuware.md 7.4), as JSON or XML.
 * @throws ConnectorError for a web page, and for links of which none leads to the file
 */
async function fileOf(
	call: OperationCall,
	{ document, asked, answer }: CheckOut,
): Promise<HttpResponse<Readable>> {
	const { client, signal } = call;
	const { resource } = document;
	const bodyOf = async (one: HttpResponse<Readable>, isPageFile: boolean): Promise<FileBody> =>
		isPageFile ? { body: pageOfSize(one, resource) } : await fileBody(one);
	const isUnsure = saysHtml(resource) && mayBePage(answer.headers);
	// Any page may come in place of a file that is one.
	if (isUnsure && !(await isCheckedOutNow(call, document))) {
		throw foreignAnswer(asked, '', 'an answer that may be a web page of something else');
	}
	const { body, page } = await bodyOf(answer, saysHtml(resource));
	if (page !== undefined) throw foreignAnswer(asked, page);
	const type = mediaTypeOf(answer.headers);
	if (!isJsonType(type) && !isXmlType(type)) {
		return { ...answer, body: await noFailure(asked, { headers: answer.headers, body }) };
	}
	const { bytes, whole } = await startOf(body, LINKS_BYTES);
	const text = bytes.toString('utf8');
	const links = linksIn(text);
	const href = links?.get('content') ?? '';
	// A document may be a file of that type itself.
	const name = fileNameOf(answer.headers);
	// What is no links is one where it is called a file, or nothing is known of the document.
	const mayBeAny = name !== undefined || typeof resource.ContentType !== 'string';
	const isDocument = isData(name, resource);
	const isNamed = answer.headers['content-disposition'] !== undefined;
	if (!isDocument || !isNamed) refuseFailure(asked, text);
	const isFile = href === '' && (isDocument || (links === undefined && mayBeAny));
	if (isFile) return { ...answer, body: whole };
	whole.destroy();
	if (links === undefined) throw noFile('something that is neither the file nor links to it');
	if (href === '') throw noFile('links of which none leads to the file');
	const path = linkAddress(client.session, href);
	const headers = { Accept: '*/*' };
	const file = await client.send({ method: 'GET', path, headers, responseType: 'stream', signal });
	// That the document is checked out says nothing of what comes from there.
	const content = await bodyOf(file, saysHtml(resource) && tellsSize(resource));
	if (content.page !== undefined) {
		throw saysHtml(resource) ? new UntoldPage() : noFile('a web page in place of the file');
	}
	const read = { method: 'GET', path: shownPath(client.session, path) };
	const { headers: told } = file;
	return { ...file, body: await noFailure(read, { headers: told, body: content.body }) };
}

/** Whether a document is checked out that was not before; false also where that is not known. */
async function isCheckedOutNow(
	{ client, signal }: OperationCall,
	document: LocatedDocument,
): Promise<boolean> {
	if (isCheckedOut(document) === true) return false;
	const path = documentPath(document.cabinetId, document.documentId);
	const resource = await client.read({ path, signal }).catch(() => undefined);
	return resource !== undefined && isCheckedOut({ resource }) === true;
}

/** Whether a document is a file of data, by its name or type. */
function isData(name: string | undefined, { ContentType: type }: PlatformResource): boolean {
	const text = String(type ?? '').toLowerCase();
	return /\.(?:json|xml)$/i.test(name ?? '') || isJsonType(text) || isXmlType(text);
}

/** The links of an answer that holds nothing else; undefined for a file. */
function linksIn(text: string): Map<string, string> | undefined {
	const json = parseObject(text);
	if (json !== undefined) {
		const isResult = Object.keys(json).every((name) => name === 'Links' || name === '$type');
		return isResult && Array.isArray(json.Links) ? linksOf(json) : undefined;
	}
	if (!/<(?:\w+:)?CheckOut\w*\b[^>]*dev\.docuware\.com/i.test(text)) return undefined;
	const found = [...text.matchAll(/<(?:\w+:)?Link\b([^>]*)>/gi)].map(([, attributes = '']) => ({
		rel: attributeOf(attributes, 'rel'),
		href: attributeOf(attributes, 'href'),
	}));
	return linksOf({ Links: found });
}

function attributeOf(attributes: string, name: string): string | undefined {
	const value = new RegExp(`\\b${name}\\s*=\\s*"([^"]*)"`, 'i').exec(attributes)?.[1];
	return value?.replace(/&amp;/g, '&');
}

/** A web page where a file is expected that is one itself, and of which nothing tells the size. */
class UntoldPage extends ConnectorError {
	constructor() {
		super(
			'DOCUWARE_UNEXPECTED_ANSWER',
			'DocuWare answered with a web page in place of the file, and tells no size by which it could be the file itself.',
			{ repair: 'Get the file by Download.' },
		);
	}
}

function noFile(what: string): Error {
	return new ConnectorError('DOCUWARE_UNEXPECTED_ANSWER', `DocuWare answered with ${what}.`, {
		repair: 'Check that no proxy answers in place of DocuWare.',
	});
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
			repair:
				failure instanceof UntoldPage
					? 'Run Undo Check Out. To check it out again would come to the same: get the file by Download.'
					: 'Run Undo Check Out, then Check Out again.',
			...(known?.httpStatus === undefined ? {} : { httpStatus: known.httpStatus }),
		},
	);
}
