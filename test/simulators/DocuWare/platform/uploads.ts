import type { Answer } from '../../shared/answers';
import { isRecord, parseJsonObject } from '../../shared/requestBody';
import { errorAnswer } from '../http/answers';
import { readDisposition } from '../http/dispositionParameters';
import type { FileNameReading } from '../http/dispositionParameters';
import { bodySizeOf, contentOf, contentTypeOf, multipartOf } from '../http/simulatedRequest';
import type { SimulatedRequest } from '../http/simulatedRequest';
import type { ReceivedFile } from '../world/documents';

/** What one upload brings. */
export interface Upload {
	/** Index fields as sent. */
	fields: unknown[];
	files: ReceivedFile[];
}

/** Reads an upload in each of its forms (docs/facts/docuware.md 7.2), or refuses it. */
export function readUpload(request: SimulatedRequest, names: FileNameReading): Upload | Answer {
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

function indexFields(body: Buffer): unknown[] | undefined {
	const fields = parseJsonObject(body)?.['Fields'];
	if (!Array.isArray(fields)) return undefined;
	const list: unknown[] = fields;
	return list.every(isSentField) ? list : undefined;
}

function isSentField(value: unknown): boolean {
	return isRecord(value) && typeof value['FieldName'] === 'string';
}
