import type { Answer } from '../../shared/answers';
import { emptyAnswer } from '../../shared/answers';
import { errorAnswer, resourceAnswer } from '../http/answers';
import type { CabinetRight, SimulatedFileCabinet } from '../world/cabinets';
import { addSection } from '../world/documents';
import type { StoredDocument } from '../world/documents';
import { isAnswer } from './authentication';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { beginChunks } from './chunks';
import { documentResource } from './documentResource';
import { documentFor } from './documents';
import { queryOf } from './organizations';
import { replaceContent, sectionFor, sectionResource, touch } from './sectionResource';
import { isChunk, readOneFile, readUpload } from './uploads';

/** `GET FileCabinets/{id}/Sections?DocId=` (docs/facts/docuware.md 7.1). */
export const listSections: SignedInHandler = (call, principal) => {
	const found = documentByQuery(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	return resourceAnswer(call.request, 'Sections', {
		Section: found.document.sections.map((section) =>
			sectionResource(section, found.document, call.server.switches),
		),
		Links: [],
	});
};

/** `GET FileCabinets/{id}/Sections/{sectionId}`. */
export const getSection: SignedInHandler = (call, principal) => {
	const found = sectionFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	const { section, document } = found;
	return resourceAnswer(
		call.request,
		'Section',
		sectionResource(section, document, call.server.switches),
	);
};

/** `POST FileCabinets/{id}/Sections?DocId=`: a further file, raw, as one part, or in chunks (7.3). */
export const addSectionToDocument: SignedInHandler = (call, principal) => {
	const found = documentByQuery(call, principal, 'General_Append');
	if (isAnswer(found)) return found;
	const { document, cabinet } = found;
	const { server, request } = call;
	if (isChunk(request)) {
		const upload = readUpload(call);
		if (isAnswer(upload)) return upload;
		const target = { fileCabinetId: cabinet.id, documentId: document.id };
		return beginChunks(call, principal, upload, { kind: 'newSection', ...target });
	}
	const file = readOneFile(call);
	if (isAnswer(file)) return file;
	const section = addSection(document, file, server.now());
	touch(call, principal, document);
	return resourceAnswer(request, 'Section', sectionResource(section, document, server.switches));
};

/** `POST FileCabinets/{id}/Documents/{documentId}`: further files as parts; gives the document (7.3, LV). */
export const appendFiles: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_Append');
	if (isAnswer(found)) return found;
	const { document, cabinet } = found;
	const { server, request } = call;
	const upload = readUpload(call);
	if (isAnswer(upload)) return upload;
	if (upload.files.length === 0) return errorAnswer(request, 400, 'A file is needed.');
	if (upload.fields.length > 0) {
		return errorAnswer(request, 400, 'Index data cannot come with files that are appended.');
	}
	for (const file of upload.files) addSection(document, file, server.now());
	touch(call, principal, document);
	return resourceAnswer(request, 'Document', documentResource(document, cabinet, server.switches));
};

/** `POST` or `PUT FileCabinets/{id}/Sections/{sectionId}/Data[?fileName=]`: another file in its place (7.3). */
export const replaceSection: SignedInHandler = (call, principal) => {
	const found = sectionFor(call, principal, 'General_EditDocuments');
	if (isAnswer(found)) return found;
	const { document, section, cabinet } = found;
	const { server, request } = call;
	if (isChunk(request)) {
		const upload = readUpload(call);
		if (isAnswer(upload)) return upload;
		return beginChunks(call, principal, upload, {
			kind: 'sectionData',
			fileCabinetId: cabinet.id,
			documentId: document.id,
			section: section.number,
		});
	}
	const asked = queryOf(request.url)('filename');
	const file = readOneFile(call, asked ?? section.name);
	if (isAnswer(file)) return file;
	replaceContent(section, { ...file, name: asked ?? file.name }, server.now());
	touch(call, principal, document);
	return resourceAnswer(request, 'Section', sectionResource(section, document, server.switches));
};

/** `DELETE FileCabinets/{id}/Sections/{sectionId}` (7.3). */
export const deleteSection: SignedInHandler = (call, principal) => {
	const found = sectionFor(call, principal, 'General_EditDocuments');
	if (isAnswer(found)) return found;
	const { document, section } = found;
	document.sections.splice(document.sections.indexOf(section), 1);
	touch(call, principal, document);
	return emptyAnswer(200);
};

/** The document that `DocId` names, or its refusal. */
function documentByQuery(
	call: PlatformCall,
	principal: Principal,
	right: CabinetRight,
): { document: StoredDocument; cabinet: SimulatedFileCabinet } | Answer {
	const documentId = queryOf(call.request.url)('docid');
	if (documentId === undefined || documentId === '') {
		return errorAnswer(call.request, 400, 'DocId is missing.');
	}
	return documentFor({ ...call, parameters: { ...call.parameters, documentId } }, principal, right);
}
