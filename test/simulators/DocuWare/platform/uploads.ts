import type { Answer } from '../../shared/answers';
import { isRecord, parseJsonObject } from '../../shared/requestBody';
import { errorAnswer } from '../http/answers';
import { asUtf8, readDisposition } from '../http/dispositionParameters';
import type { MultipartPart } from '../http/multipart';
import { bodySizeOf, contentOf, contentTypeOf, multipartOf } from '../http/simulatedRequest';
import type { SimulatedRequest } from '../http/simulatedRequest';
import type { ApplicationProperty, ReceivedFile } from '../world/documents';
import type { PlatformCall } from './call';
import { isAnswer } from './authentication';
import { readIndexXml } from './indexXml';

/** What one upload brings. */
export interface Upload extends IndexData {
	files: ReceivedFile[];
}

/** The index data of an upload. */
export interface IndexData {
	/** Index fields as sent. */
	fields: unknown[];
	/** Sections that an `InputDocument` names; undefined where it names none. */
	sectionCount?: number;
	properties: ApplicationProperty[];
}

const noIndexData: IndexData = { fields: [], properties: [] };

/** Content types of index data; an `InputDocument` names its sections (docs/facts/docuware.md 7.2). */
const indexTypes = [
	'application/json',
	'application/xml',
	'text/xml',
	'application/vnd.docuware.platform.inputdocument+json',
	'application/vnd.docuware.platform.inputdocument+xml',
	'application/vnd.docuware.platform.document+json',
	'application/vnd.docuware.platform.document+xml',
];

/** Reads an upload in each of its forms (docs/facts/docuware.md 7.2), or refuses it. */
export function readUpload(call: PlatformCall): Upload | Answer {
	const { request } = call;
	const type = contentTypeOf(request);
	if (bodySizeOf(request) === 0 && type !== 'multipart/form-data') {
		return errorAnswer(request, 400, 'The request has no content.');
	}
	if (indexTypes.includes(type) && !isChunk(request)) {
		const data = readIndexData(type, request.body);
		return data === undefined
			? errorAnswer(request, 400, 'The index data cannot be read.')
			: { ...data, files: [] };
	}
	if (type === 'multipart/form-data') return readMultipart(request);
	const file = readRawFile(call, request.headers['x-file-name']);
	return isAnswer(file) ? file : { ...noIndexData, files: [file] };
}

/** The one file of a request, raw or multipart, or its refusal. */
export function readOneFile(call: PlatformCall, fallbackName?: string): ReceivedFile | Answer {
	const { request } = call;
	const type = contentTypeOf(request);
	if (type !== 'multipart/form-data') return readRawFile(call, fallbackName);
	const upload = readMultipart(request);
	if (isAnswer(upload)) return upload;
	const [file, ...others] = upload.files;
	return file === undefined || others.length > 0
		? errorAnswer(request, 400, 'One file is needed.')
		: file;
}

/** The body as one file, named by `Content-Disposition`. */
function readRawFile(
	{ request, server }: PlatformCall,
	fallbackName?: string,
): ReceivedFile | Answer {
	const type = contentTypeOf(request);
	const disposition = request.headers['content-disposition'] ?? '';
	const { fileName } = readDisposition(disposition, server.switches.uploadFileNames);
	const name = baseName(fileName ?? fallbackName ?? '');
	if (bodySizeOf(request) === 0) return errorAnswer(request, 400, 'The request has no content.');
	if (type === '' || name === '') {
		return errorAnswer(request, 400, 'A file needs Content-Type and Content-Disposition.');
	}
	return { name, contentType: type, content: contentOf(request), ...modifiedAtOf(request) };
}

function readMultipart(request: SimulatedRequest): Upload | Answer {
	const parts = multipartOf(request);
	if (parts === undefined || parts.length === 0) {
		return errorAnswer(request, 400, 'The multipart content is broken.');
	}
	const [first, ...rest] = parts;
	const isIndexed = first !== undefined && isIndexPart(first);
	if (rest.some((part) => isIndexPart(part) && /^(document|properties)$/i.test(part.name))) {
		return errorAnswer(request, 400, 'The index data must be the first part.');
	}
	const data = isIndexed
		? readIndexData(mediaTypeOf(first), first.content.bytes(), request)
		: noIndexData;
	if (data === undefined) return errorAnswer(request, 400, 'The index data cannot be read.');
	const fileParts = isIndexed ? rest : parts;
	const unnamed = fileParts.find(({ fileName }) => baseName(fileName ?? '') === '');
	if (unnamed !== undefined) {
		return errorAnswer(request, 400, `The part '${unnamed.name}' has no file name.`);
	}
	const files = fileParts.map((part) => ({
		name: baseName(part.fileName ?? ''),
		contentType: part.contentType,
		content: part.content,
		...modifiedAtOf(request),
	}));
	if (data.sectionCount !== undefined && data.sectionCount !== files.length && !isChunk(request)) {
		return errorAnswer(
			request,
			422,
			`The document names ${data.sectionCount} sections, but there are ${files.length} files.`,
		);
	}
	return { ...data, files };
}

/** Index data is told by its content type; parts that are called files are some, whatever their type. */
function isIndexPart(part: MultipartPart): boolean {
	return indexTypes.includes(mediaTypeOf(part)) && !/^file(\[\])?$/i.test(part.name);
}

function mediaTypeOf({ contentType }: MultipartPart): string {
	return contentType.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Whether a request is a part of an upload in chunks. */
export function isChunk(request: SimulatedRequest): boolean {
	return request.headers['x-file-size'] !== undefined;
}

function readIndexData(
	type: string,
	body: Buffer,
	request?: SimulatedRequest,
): IndexData | undefined {
	if (/xml$/.test(type)) return readIndexXml(body.toString('utf8'));
	const sent = parseJsonObject(body);
	const fields = sent === undefined ? undefined : memberOf(sent, 'fields');
	const named = sent === undefined ? undefined : memberOf(sent, 'sections');
	const properties = sent === undefined ? undefined : memberOf(sent, 'applicationproperties');
	// The chunked upload of several files comes without fields where there are none to set.
	const isInput =
		type.includes('inputdocument') ||
		request?.headers['x-indexdata-contenttype']?.includes('inputdocument') === true;
	const list: unknown = fields ?? (isInput || properties !== undefined ? [] : undefined);
	if (!Array.isArray(list)) return undefined;
	const fieldList = list.map(withKnownNames);
	if (!fieldList.every(isSentField)) return undefined;
	return {
		fields: fieldList,
		properties: readProperties(properties),
		...(isInput && Array.isArray(named) ? { sectionCount: named.length } : {}),
	};
}

/** `[{Name, Value}]`, as documents and sections have them. */
export function readProperties(sent: unknown): ApplicationProperty[] {
	if (!Array.isArray(sent)) return [];
	return sent
		.filter(isRecord)
		.flatMap(({ Name: name, Value: value }) =>
			typeof name === 'string' && typeof value === 'string' ? [{ Name: name, Value: value }] : [],
		);
}

/** Names of members are compared without case, as the vendor's sample sends both. */
function memberOf(record: Record<string, unknown>, name: string): unknown {
	return Object.entries(record).find(([key]) => key.toLowerCase() === name)?.[1] ?? undefined;
}

/** `fieldName` of the vendor's sample for `FieldName`, and the like. */
function withKnownNames(sent: unknown): unknown {
	if (!isRecord(sent)) return sent;
	const names = ['FieldName', 'Item', 'ItemElementName', 'IsNull'];
	const known = (key: string): string =>
		names.find((name) => name.toLowerCase() === key.toLowerCase()) ?? key;
	return Object.fromEntries(Object.entries(sent).map(([key, value]) => [known(key), value]));
}

function isSentField(value: unknown): boolean {
	return isRecord(value) && typeof value['FieldName'] === 'string';
}

/** What stands behind the last slash, as browsers of old send whole paths. */
export function baseName(name: string): string {
	return name.replace(/^.*[\\/]/s, '').trim();
}

/** `X-File-ModifiedDate`; what is no date is passed over. */
export function modifiedAtOf(request: SimulatedRequest): { modifiedAt?: number } {
	const moment = Date.parse(asUtf8(request.headers['x-file-modifieddate'] ?? ''));
	return Number.isNaN(moment) ? {} : { modifiedAt: moment };
}
