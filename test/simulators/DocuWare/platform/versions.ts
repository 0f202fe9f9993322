import type { Answer } from '../../shared/answers';
import { isRecord, parseJsonObject } from '../../shared/requestBody';
import { errorAnswer, resourceAnswer } from '../http/answers';
import { multipartOf } from '../http/simulatedRequest';
import { sameText } from '../simulatedServer';
import type { CabinetRight, SimulatedFileCabinet } from '../world/cabinets';
import { addSection } from '../world/documents';
import type { StoredDocument } from '../world/documents';
import { isAnswer } from './authentication';
import { platformPath } from './call';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { contentDisposition } from './contentDisposition';
import { documentResource } from './documentResource';
import { documentsAnswer } from './documentResult';
import { documentFor } from './documents';
import { fileAnswer, originalOf } from './downloads';
import { held } from './holds';
import { readJson } from './jsonBody';
import { queryOf } from './organizations';
import { touch } from './sectionResource';
import { modifiedAtOf } from './uploads';

/** Actions of `ProcessDocumentAction` that change nothing that the simulator shows (7.3). */
const quietActions = [
	'ReIntellix',
	'Append',
	'SetLatestVersion',
	'EnhanceImage',
	'MergeAnnotations',
	'RotatePage',
];

/**
 * `POST Documents/{id}/CheckoutToFileSystem`: the file, named `{document}+{cabinet}+{name}`
 * (docs/facts/docuware.md 7.3), or by switch links to it.
 */
export const checkOutToFile: SignedInHandler = (call, principal) => {
	const found = versioned(call, principal);
	if (isAnswer(found)) return found;
	const { document, cabinet } = found;
	const [section] = document.sections;
	if (section === undefined) return errorAnswer(call.request, 422, 'The document has no file.');
	const refusal = checkOut(call, principal, document);
	if (refusal !== undefined) return refusal;
	const name = `${document.id}+${cabinet.id}+${section.name}`;
	if (call.server.switches.checkOutAnswer === 'file') {
		return fileAnswer(call, { ...originalOf(section), name });
	}
	const self = `${platformPath}/FileCabinets/${cabinet.id}`;
	const links = {
		Links: [{ rel: 'content', href: `${self}/Sections/${document.id}-${section.number}/Data` }],
	};
	const answer = resourceAnswer(call.request, 'CheckOut', links);
	if (call.server.switches.checkOutAnswer === 'unnamedLinks') return answer;
	return {
		...answer,
		headers: {
			...answer.headers,
			...contentDisposition(name, call.server.switches.downloadNames),
		},
	};
};

/** `POST Documents/{id}/CheckInFromFileSystem`: what it is, then the file under the name that it had (7.3, 7.4). */
export const checkInFromFile: SignedInHandler = (call, principal) => {
	const found = versioned(call, principal);
	if (isAnswer(found)) return found;
	const { document, cabinet } = found;
	const { request, server } = call;
	const parts = multipartOf(request);
	const [first, file, ...others] = parts ?? [];
	const sent =
		first?.contentType.startsWith('application/json') === true
			? parseJsonObject(first.content.bytes())
			: undefined;
	if (sent === undefined) {
		return errorAnswer(request, 400, 'The first part must be the check-in as JSON.');
	}
	if (file?.fileName === undefined || others.length > 0) {
		return errorAnswer(request, 400, 'Behind the check-in one file is needed.');
	}
	const version = readVersion(sent['DocumentVersion']);
	if (version === undefined) return errorAnswer(request, 422, 'DocumentVersion is missing.');
	const returned = sent['CheckInReturnDocument'] ?? 'Original';
	if (returned !== 'Original' && returned !== 'CheckedIn') {
		return errorAnswer(request, 422, `'${String(returned)}' is not valid CheckInReturnDocument`);
	}
	const prefix = `${document.id}+${cabinet.id}+`;
	if (!file.fileName.toLowerCase().startsWith(prefix.toLowerCase())) {
		return errorAnswer(
			request,
			422,
			`The file '${file.fileName}' is not the one that was checked out.`,
		);
	}
	if (document.checkedOutBy === undefined) return notCheckedOut(call, document);
	const original = documentResource(document, cabinet, server.switches);
	document.versions.push({
		version: document.version,
		comment: document.versionComment ?? '',
		sections: document.sections,
		modifiedBy: document.contentModifiedBy,
		modifiedAt: document.contentModifiedAt,
	});
	document.version = version;
	document.versionComment = String(sent['Comments'] ?? '');
	document.sections = [];
	const { contentType, content } = file;
	const name = file.fileName.slice(prefix.length);
	addSection(document, { name, contentType, content, ...modifiedAtOf(request) }, server.now());
	delete document.checkedOutBy;
	touch(call, principal, document);
	const checkedIn = documentResource(document, cabinet, server.switches);
	return resourceAnswer(request, 'Document', returned === 'Original' ? original : checkedIn);
};

/** `PUT Operations/ProcessDocumentAction?DocId=` with `{"DocumentAction": …}` (7.3). */
export const processDocumentAction: SignedInHandler = (call, principal) => {
	const documentId = queryOf(call.request.url)('docid') ?? '';
	const parameters = { ...call.parameters, documentId };
	const body = readJson(call);
	if (isAnswer(body)) return body;
	const action = String(body.sent['DocumentAction'] ?? '');
	const isQuiet = quietActions.some((known) => sameText(known, action));
	const found = isQuiet
		? documentFor({ ...call, parameters }, principal, 'General_EditDocuments')
		: versioned({ ...call, parameters }, principal);
	if (isAnswer(found)) return found;
	const { document, cabinet } = found;
	const refusal = isQuiet ? undefined : act(call, principal, document, action);
	if (refusal !== undefined) return refusal;
	return resourceAnswer(
		call.request,
		'Document',
		documentResource(document, cabinet, call.server.switches),
	);
};

/** The relation `versionHistory`: the versions of a document as a list (7.4). */
export const getVersionHistory: SignedInHandler = (call, principal) => {
	const found = versioned(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	const { document } = found;
	const former = document.versions.map(
		({ version, sections, modifiedAt, modifiedBy }): StoredDocument => ({
			...document,
			version,
			sections,
			modifiedAt,
			modifiedBy,
		}),
	);
	return documentsAnswer(call, principal, [...former, document]);
};

function act(
	call: PlatformCall,
	principal: Principal,
	document: StoredDocument,
	action: string,
): Answer | undefined {
	if (sameText(action, 'CheckOut')) return checkOut(call, principal, document);
	if (!sameText(action, 'UndoCheckOut') && !sameText(action, 'CheckIn')) {
		return errorAnswer(call.request, 422, `'${action}' is not valid DocumentAction`);
	}
	if (document.checkedOutBy === undefined) return notCheckedOut(call, document);
	delete document.checkedOutBy;
	return undefined;
}

function checkOut(
	call: PlatformCall,
	{ user }: Principal,
	document: StoredDocument,
): Answer | undefined {
	if (document.checkedOutBy !== undefined) {
		return held(call, `The document ${document.id} is checked out by ${document.checkedOutBy}.`);
	}
	document.checkedOutBy = user.name;
	return undefined;
}

function notCheckedOut({ request }: PlatformCall, { id }: StoredDocument): Answer {
	return errorAnswer(request, 409, `The document ${id} is not checked out.`);
}

/** A document of a cabinet with version management, or its refusal (7.3). */
function versioned(
	call: PlatformCall,
	principal: Principal,
	right: CabinetRight = 'General_Checkout',
): { document: StoredDocument; cabinet: SimulatedFileCabinet } | Answer {
	const found = documentFor(call, principal, right);
	if (isAnswer(found)) return found;
	return (found.cabinet.versionManagement ?? 'Disable') === 'Disable'
		? errorAnswer(
				call.request,
				422,
				`Version management is not enabled for the file cabinet '${found.cabinet.name}'.`,
			)
		: found;
}

function readVersion(sent: unknown): { major: number; minor: number } | undefined {
	if (!isRecord(sent)) return undefined;
	const { Major: major, Minor: minor } = sent;
	const isNumber = (value: unknown): value is number =>
		typeof value === 'number' && Number.isInteger(value) && value >= 0;
	return isNumber(major) && isNumber(minor) ? { major, minor } : undefined;
}
