import type { Answer } from '../../shared/answers';
import { errorAnswer } from '../http/answers';
import type { DocuWareSwitches } from '../switches';
import type { CabinetRight, SimulatedFileCabinet } from '../world/cabinets';
import { pageCountOf } from '../world/documents';
import type { ReceivedFile, StoredDocument, StoredSection } from '../world/documents';
import { isAnswer } from './authentication';
import { platformPath } from './call';
import type { PlatformCall, Principal } from './call';
import { embeddedSection } from './documentResource';
import { documentFor } from './documents';
import { cabinetFor } from './fileCabinets';

/** Puts another file in the place of a section. */
export function replaceContent(section: StoredSection, file: ReceivedFile, now: number): void {
	section.name = file.name;
	section.contentType = file.contentType;
	section.content = file.content;
	section.pageCount = pageCountOf(file.contentType, file.content);
	section.modifiedAt = file.modifiedAt ?? now;
}

/** Notes who changed the files of a document. */
export function touch(
	{ server }: PlatformCall,
	{ user }: Principal,
	document: StoredDocument,
): void {
	document.contentModifiedBy = user.name;
	document.contentModifiedAt = server.now();
	document.modifiedBy = user.name;
	document.modifiedAt = server.now();
}

/** A section that was asked for by itself, with all its links (docs/facts/docuware.md 7.1). */
export function sectionResource(
	section: StoredSection,
	document: StoredDocument,
	switches: DocuWareSwitches,
): object {
	const cabinet = `${platformPath}/FileCabinets/${document.fileCabinetId}`;
	const id = `${document.id}-${section.number}`;
	const self = `${cabinet}/Sections/${id}`;
	return {
		...embeddedSection(section, document, switches),
		Pages: { Page: [], Links: [{ rel: 'nextBlock', href: `${self}/PagesBlock?start=0&count=10` }] },
		Thumbnails: { Page: [], Links: [] },
		Links: [
			{ rel: 'self', href: self },
			{ rel: 'content', href: `${self}/Data` },
			{ rel: 'fileDownload', href: `${self}/FileDownload` },
			{ rel: 'thumbnail', href: `${cabinet}/Rendering/${id}/Thumbnail` },
			{ rel: 'pagesBlock', href: `${self}/PagesBlock` },
			...(switches.textRecognition ? [{ rel: 'textshot', href: `${self}/Textshot` }] : []),
			{ rel: 'document', href: `${cabinet}/Documents/${document.id}` },
		],
	};
}

/** A section with its document and cabinet. */
interface FoundSection {
	section: StoredSection;
	document: StoredDocument;
	cabinet: SimulatedFileCabinet;
}

/** The section `{document}-{number}` that a path names, or its refusal. */
export function sectionFor(
	call: PlatformCall,
	principal: Principal,
	right: CabinetRight,
): FoundSection | Answer {
	const id = call.parameters['sectionId'] ?? '';
	const [, documentId, number] = /^(\d+)-(\d+)$/.exec(id) ?? [];
	const missing = (): Answer =>
		errorAnswer(call.request, 404, `The section '${id}' was not found.`);
	if (documentId === undefined) {
		const cabinet = cabinetFor(call, principal, right);
		return isAnswer(cabinet) ? cabinet : missing();
	}
	const found = documentFor(
		{ ...call, parameters: { ...call.parameters, documentId } },
		principal,
		right,
	);
	if (isAnswer(found)) return found;
	const section = found.document.sections.find((entry) => String(entry.number) === number);
	return section === undefined ? missing() : { section, ...found };
}
