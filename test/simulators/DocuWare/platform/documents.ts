import type { Answer } from '../../shared/answers';
import { isRecord, parseJsonObject } from '../../shared/requestBody';
import { errorAnswer, resourceAnswer } from '../http/answers';
import { readDisposition } from '../http/dispositionParameters';
import type { FileNameReading } from '../http/dispositionParameters';
import type { FileContent } from '../http/fileContent';
import { bodySizeOf, contentOf, contentTypeOf, multipartOf } from '../http/simulatedRequest';
import type { SimulatedRequest } from '../http/simulatedRequest';
import { isAnswer } from './authentication';
import type { SignedInHandler } from './call';
import { documentResource } from './documentResource';
import type { SentField } from './documentStore';
import { cabinetFor } from './fileCabinets';

interface Upload {
	fields: SentField[];
	files: Array<{ name: string; contentType: string; content: FileContent }>;
}

/**
 * `POST FileCabinets/{id}/Documents` in its three forms: data record as JSON, one raw file, or
 * multipart with the index data first (docs/facts/docuware.md 7.2). An empty body is refused, so
 * that a replayed upload whose stream was not opened anew cannot pass.
 */
export const storeDocument: SignedInHandler = (call, principal) => {
	const cabinet = cabinetFor(call, principal);
	if (isAnswer(cabinet)) return cabinet;
	const upload = readUpload(call.request, call.server.switches.uploadFileNames);
	if (isAnswer(upload)) return upload;
	const { server, request } = call;
	server.counts.documentsStored += 1;
	const stored = server.documents.add(
		{
			fileCabinetId: cabinet.id,
			title: upload.files[0]?.name ?? 'Data record',
			contentType: upload.files[0]?.contentType ?? 'application/octet-stream',
			fields: upload.fields,
			storedBy: principal.user.name,
			storedAt: server.now(),
		},
		upload.files,
	);
	return resourceAnswer(request, 'Document', documentResource(stored, cabinet));
};

/** `GET FileCabinets/{id}/Documents/{documentId}`. */
export const getDocument: SignedInHandler = (call, principal) => {
	const cabinet = cabinetFor(call, principal);
	if (isAnswer(cabinet)) return cabinet;
	const id = call.parameters['documentId'] ?? '';
	const found = call.server.documents.find(cabinet.id, Number(id));
	return found === undefined
		? errorAnswer(call.request, 404, `The document '${id}' was not found.`)
		: resourceAnswer(call.request, 'Document', documentResource(found, cabinet));
};

function readUpload(request: SimulatedRequest, names: FileNameReading): Upload | Answer {
	const type = contentTypeOf(request);
	if (bodySizeOf(request) === 0 && type !== 'multipart/form-data') {
		return errorAnswer(request, 400, 'The request has no content.');
	}
	if (type === 'application/json' || /^application\/.+\+json$/.test(type)) {
		const fields = indexFields(request.body);
		return fields === undefined
			? errorAnswer(request, 400, 'The index data cannot be read.')
			: { fields, files: [] };
	}
	if (type === 'multipart/form-data') return readMultipart(request);
	const disposition = request.headers['content-disposition'] ?? '';
	const { fileName: name } = readDisposition(disposition, names);
	if (type === '' || name === undefined) {
		return errorAnswer(request, 400, 'A file needs Content-Type and Content-Disposition.');
	}
	return { fields: [], files: [{ name, contentType: type, content: contentOf(request) }] };
}

function readMultipart(request: SimulatedRequest): Upload | Answer {
	const parts = multipartOf(request);
	if (parts === undefined || parts.length === 0) {
		return errorAnswer(request, 400, 'The multipart content is broken.');
	}
	const [first, ...rest] = parts;
	const indexPart = first?.contentType.startsWith('application/json') === true ? first : undefined;
	const fields = indexPart === undefined ? [] : indexFields(indexPart.content.bytes());
	if (fields === undefined) return errorAnswer(request, 400, 'The index data cannot be read.');
	const files = (indexPart === undefined ? parts : rest).map((part) => ({
		name: part.fileName ?? part.name,
		contentType: part.contentType,
		content: part.content,
	}));
	return { fields, files };
}

function indexFields(body: Buffer): SentField[] | undefined {
	const fields = parseJsonObject(body)?.['Fields'];
	if (!Array.isArray(fields)) return undefined;
	const list: unknown[] = fields;
	return list.every(isSentField) ? list : undefined;
}

function isSentField(value: unknown): value is SentField {
	return isRecord(value) && typeof value['FieldName'] === 'string';
}
