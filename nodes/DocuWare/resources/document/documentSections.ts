import { isRecord } from '../../../shared/http';
import { invalidParameter } from '../../api/clientErrors';
import { listIn } from '../../api/listPages';
import type { PlatformResource } from '../../api/platformClient';
import { addressBelow, type Asker, type Below } from '../../api/relations';
import type { OperationCall } from '../operation';
import { belowDocument, type DocumentTarget } from './documentTarget';

/** Path of the sections of a cabinet. */
function sectionsPath({ fileCabinetId }: Pick<DocumentTarget, 'fileCabinetId'>): string {
	return `FileCabinets/${encodeURIComponent(fileCabinetId)}/Sections`;
}

/** Path of one section. */
export function sectionPath(target: DocumentTarget, sectionId: string): string {
	return `${sectionsPath(target)}/${encodeURIComponent(sectionId)}`;
}

/** The sections of a document, by its own link; see `addressBelow`. */
function sectionsOf(target: DocumentTarget): Below {
	const query = [['DocId', String(target.documentId)]] as const;
	return belowDocument(target, 'sections', sectionsPath(target), query);
}

/** Where files are added: newer servers have a relation of its own for it (docs/facts/docuware.md 7.3). */
export function newSectionOf(target: DocumentTarget): Below {
	return { ...sectionsOf(target), rel: 'files', orRel: 'sections' };
}

/** Something of a section, the same way. */
export function belowSection(
	target: DocumentTarget,
	sectionId: string,
	rel: string,
	usual: string,
	query: Below['query'] = [],
): Below {
	const kind = `sections of ${target.fileCabinetId}`;
	return { owner: sectionPath(target, sectionId), kind, usual, rel, query };
}

/** The sections of a document in their order; none of a data record (docs/facts/docuware.md 7.1). */
export async function readSections(
	call: Asker,
	target: DocumentTarget,
): Promise<PlatformResource[]> {
	const { client, signal } = call;
	const list = await client.read({ path: await addressBelow(call, sectionsOf(target)), signal });
	return (listIn(list, 'Section') ?? listIn(list) ?? []).filter(isRecord);
}

/**
 * The ID of a section, which is given as it is, or as its place in the document. An ID that does not begin with the
 * document's own is looked for among its sections: DocuWare would take that of any document of the cabinet.
 *
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER for the ID of a section that is not the document's, for a place where
 *   there is none, and for nothing where there are several
 */
export async function resolveSectionId(
	call: OperationCall,
	target: DocumentTarget,
	given: string,
): Promise<string> {
	const text = given.trim();
	// `{document}-{n}`, see docs/facts/docuware.md 7.
	if (text.startsWith(`${target.documentId}-`)) return text;
	const sections = await readSections(call, target);
	const section = sections.find(({ Id }) => String(Id) === text) ?? sectionAt(sections, text);
	if (section?.Id !== undefined) return String(section.Id);
	throw invalidParameter(
		`"${text.slice(0, 60)}" names no section of the document ${target.documentId}, which has ${sections.length}.`,
		'Give the ID of a section as Get Sections puts it out for this document, or its place: 1 for the first.',
	);
}

function sectionAt(
	sections: readonly PlatformResource[],
	place: string,
): PlatformResource | undefined {
	if (place === '') return sections.length === 1 ? sections[0] : undefined;
	return sections[Number(place) - 1];
}
