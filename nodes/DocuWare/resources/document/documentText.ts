import { ConnectorError, passOn } from '../../../shared/errors';
import { isTooLargeAnswer } from '../../../shared/http';
import { textOfPages } from '../../upload/textshot';
import type { PlatformResource } from '../../api/platformClient';
import { askBelow } from '../../api/relations';
import type { OperationCall } from '../operation';
import { belowSection, readSections, sectionPath } from './documentSections';
import type { DocumentTarget } from './documentTarget';

/** The text of a section, as DocuWare has read it. */
export interface SectionText {
	sectionId: string;
	fileName: string | null;
	/** One text for each page; none where DocuWare has not read the section. */
	pages: string[];
}

/** Most bytes of a text that a model gets. */
const TOOL_BYTES = 10_000;

/**
 * The texts of a document's sections, page by page (docs/facts/docuware.md 7.1). A section that DocuWare has not read, or
 * cannot read, has no pages.
 *
 * @param sectionId of the only section that is asked for
 */
export async function readTexts(
	call: OperationCall,
	target: DocumentTarget,
	sectionId?: string,
): Promise<SectionText[]> {
	const sections = sectionId === undefined ? await readSections(call, target) : [{ Id: sectionId }];
	const texts: SectionText[] = [];
	for (const section of sections) texts.push(await sectionText(call, target, section));
	return texts;
}

async function sectionText(
	call: OperationCall,
	target: DocumentTarget,
	section: PlatformResource,
): Promise<SectionText> {
	const sectionId = String(section.Id);
	const name = section.OriginalFileName;
	const fileName = typeof name === 'string' ? name : null;
	return { sectionId, fileName, pages: textOfPages(await readTextshot(call, target, sectionId)) };
}

/** Most bytes of a textshot, which has the place of every word: some 40 kB a page. */
const TEXTSHOT_MIB = 128;

/**
 * The textshot of a section as DocuWare gives it; an empty one where there is none.
 * @throws ConnectorError HTTP_RESPONSE_TOO_LARGE for one of thousands of pages, and as the client
 */
export async function readTextshot(
	call: OperationCall,
	target: DocumentTarget,
	sectionId: string,
): Promise<PlatformResource> {
	const { client, signal } = call;
	const usual = `${sectionPath(target, sectionId)}/Textshot`;
	const textshot = await askBelow(
		call,
		belowSection(target, sectionId, 'textshot', usual),
		async (path) => await client.read({ path, signal, maxResponseBytes: TEXTSHOT_MIB * 1024 ** 2 }),
	).catch((error: unknown) =>
		passOn(isTooLargeAnswer(error) ? textTooLarge(sectionId, error) : error),
	);
	return textshot ?? {};
}

/** No part of a textshot can be asked for. */
function textTooLarge(sectionId: string, cause: unknown): ConnectorError {
	return new ConnectorError(
		'HTTP_RESPONSE_TOO_LARGE',
		`The text of section ${sectionId} has more than ${TEXTSHOT_MIB} MiB with the places of its words, which is more than can be read at once.`,
		{
			repair:
				"Download the section as PDF, and take its text with n8n's node Extract from File; or choose another one under Section.",
			cause,
		},
	);
}

/**
 * A text of so many bytes at most, cut between two characters, with a note of what was cut.
 * @param advice how a model gets the rest, if it can
 */
export function cutForTool(
	text: string,
	bytes = TOOL_BYTES,
	advice = ' Ask for one section, or for one item per page.',
): { text: string; isCut: boolean } {
	const all = Buffer.from(text);
	if (all.length <= bytes) return { text, isCut: false };
	const note = `\n[Cut: ${all.length} bytes in all.${advice}]`;
	let end = bytes - Buffer.byteLength(note);
	while (end > 0 && isInside(all[end])) end -= 1;
	return { text: `${all.toString('utf8', 0, end)}${note}`, isCut: true };
}

/** A byte that goes on with a character of UTF-8. */
function isInside(byte = 0): boolean {
	return byte >= 0x80 && byte < 0xc0;
}
