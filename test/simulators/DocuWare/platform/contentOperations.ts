import type { Answer } from '../../shared/answers';
import { errorAnswer, resourceAnswer } from '../http/answers';
import { absorb, divide, pagesApart, stapleInto } from '../world/merging';
import type { StoredDocument } from '../world/documents';
import { pagesOf } from '../world/documents';
import { isAnswer } from './authentication';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { documentResource } from './documentResource';
import { documentsAnswer } from './documentResult';
import { documentFor } from './documents';
import { cabinetFor } from './fileCabinets';
import { idOf, readJson } from './jsonBody';
import { queryOf } from './organizations';
import { touch } from './sectionResource';

/**
 * `POST` or `PUT FileCabinets/{id}/Operations/ContentMerge` (docs/facts/docuware.md 7.3, 7.4): several
 * documents become one, clipped (each keeps its files) or stapled (one file; in trays only).
 */
export const mergeContent: SignedInHandler = (call, principal) => {
	const cabinet = cabinetFor(call, principal, 'General_EditDocuments');
	if (isAnswer(cabinet)) return cabinet;
	const body = readJson(call);
	if (isAnswer(body)) return body;
	const { Operation: operation, Documents: ids, Force: force } = body.sent;
	const { request, server } = call;
	if (operation !== 'Clip' && operation !== 'Staple') {
		return errorAnswer(request, 422, `'${String(operation)}' is not valid Operation`);
	}
	if (operation === 'Staple' && !cabinet.isBasket) {
		return errorAnswer(request, 422, 'Documents are stapled in document trays only.');
	}
	const numbers: unknown[] = Array.isArray(ids) ? ids : [];
	if (numbers.length < 2 || new Set(numbers).size < numbers.length) {
		return errorAnswer(request, 422, 'At least two documents are needed, each once.');
	}
	const documents: StoredDocument[] = [];
	for (const number of numbers) {
		const documentId = String(idOf(number) ?? String(number));
		const found = documentFor(
			{ ...call, parameters: { ...call.parameters, documentId } },
			principal,
			'General_EditDocuments',
		);
		if (isAnswer(found)) return found;
		documents.push(found.document);
	}
	const lost = operation === 'Staple' ? lostByStapling(documents) : undefined;
	if (lost !== undefined && force !== true) return errorAnswer(request, 422, lost);
	const [first, ...others] = documents as [StoredDocument, ...StoredDocument[]];
	const into = server.switches.mergedDocument === 'new' ? emptyTwin(call, principal, first) : first;
	if (into !== first) others.unshift(first);
	if (operation === 'Clip') absorb(into, others);
	else stapleInto(into, others, server.now());
	for (const { id } of others) server.documents.remove(cabinet.id, id);
	touch(call, principal, into);
	return resourceAnswer(request, 'Document', documentResource(into, cabinet, server.switches));
};

/** `POST` or `PUT Operations/ContentDivide?DocId=` with Unclip, Unstaple or Split (7.3, 7.4). */
export const divideContent: SignedInHandler = (call, principal) => {
	const documentId = queryOf(call.request.url)('docid') ?? '';
	const found = documentFor(
		{ ...call, parameters: { ...call.parameters, documentId } },
		principal,
		'General_EditDocuments',
	);
	if (isAnswer(found)) return found;
	const body = readJson(call);
	if (isAnswer(body)) return body;
	const { request, server } = call;
	const { document, cabinet } = found;
	const { Operation: operation, Force: force } = body.sent;
	if (operation !== 'Unclip' && operation !== 'Unstaple' && operation !== 'Split') {
		return errorAnswer(request, 422, `'${String(operation)}' is not valid Operation`);
	}
	if (operation === 'Unstaple' && !cabinet.isBasket) {
		return errorAnswer(request, 422, 'Documents are unstapled in document trays only.');
	}
	if (document.annotations.length > 0 && force !== true && operation !== 'Unclip') {
		return errorAnswer(request, 422, 'Annotations of the document would be lost.');
	}
	if (operation === 'Split') {
		const pages = splitPages(call, document, body.sent);
		if (isAnswer(pages)) return pages;
		pagesApart(document, pages, namesIn(body.sent), server.now());
	}
	const wanted = operation === 'Unclip' ? 'clipped' : 'stapled';
	if (document.merged?.kind !== wanted && operation !== 'Split') {
		return errorAnswer(request, 422, `The document ${document.id} is not ${wanted}.`);
	}
	const parts = divide(document);
	const others = parts.map(({ values, sections }) => {
		const part = server.documents.add({
			fileCabinetId: cabinet.id,
			values,
			storedBy: principal.user.name,
			storedAt: server.now(),
		});
		part.sections.push(...sections);
		part.nextSection = Math.max(0, ...sections.map(({ number }) => number)) + 1;
		return part;
	});
	touch(call, principal, document);
	return documentsAnswer(call, principal, [document, ...others]);
};

/** What `Force` is for: content that stapling cannot keep. */
function lostByStapling(documents: readonly StoredDocument[]): string | undefined {
	const types = new Set(documents.flatMap(({ sections }) => sections.map((s) => s.contentType)));
	if (documents.some(({ sections }) => sections.length !== 1)) {
		return 'Documents with several files lose them when they are stapled.';
	}
	if (types.size > 1) return 'Files of different kinds lose content when they are stapled.';
	return documents.some(({ annotations }) => annotations.length > 0)
		? 'Annotations are lost when documents are stapled.'
		: undefined;
}

/** A new document with the index of another, for the reading in which a merge makes one. */
function emptyTwin(
	{ server }: PlatformCall,
	{ user }: Principal,
	{ fileCabinetId, values }: StoredDocument,
): StoredDocument {
	const storedAt = server.now();
	return server.documents.add({
		fileCabinetId,
		values: { ...values },
		storedBy: user.name,
		storedAt,
	});
}

/** Pages, from 1, with which a new document begins; the first page begins one anyway. */
function splitPages(
	{ request }: PlatformCall,
	document: StoredDocument,
	{ Pages: sent }: Record<string, unknown>,
): number[] | Answer {
	const pages: unknown[] = Array.isArray(sent) ? sent : [];
	const count = pagesOf(document);
	const known = pages.filter(
		(page): page is number =>
			typeof page === 'number' && Number.isInteger(page) && page >= 1 && page <= count,
	);
	if (document.sections.length !== 1) {
		return errorAnswer(request, 422, 'Only a document with one file can be split.');
	}
	const starts = [...new Set(known)].filter((page) => page > 1).sort((a, b) => a - b);
	return pages.length === 0 || known.length < pages.length || starts.length === 0
		? errorAnswer(request, 422, `The document has ${count} pages; the Pages do not split it.`)
		: starts;
}

function namesIn({ ResultNames: names }: Record<string, unknown>): string[] {
	return Array.isArray(names) ? names.map(String) : [];
}
