import type { Answer } from '../../shared/answers';
import { errorAnswer, resourceAnswer } from '../http/answers';
import type { StoredDocument, StoredSection } from '../world/documents';
import { placeOnPage } from './annotations';
import { isAnswer } from './authentication';
import { platformPath } from './call';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { fileAnswer, originalOf } from './downloads';
import { queryOf } from './organizations';
import { readJson } from './jsonBody';
import { sectionFor } from './sectionResource';

/** Size of a page in pixels. */
const pageSize = { Width: 1240, Height: 1754, DpiX: 150, DpiY: 150 };

/** `GET Sections/{id}/PagesBlock?start=&count=` (docs/facts/docuware.md 7.1): pages, from 0, with their links. */
export const getPagesBlock: SignedInHandler = (call, principal) => {
	const found = sectionFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	const { section, document } = found;
	const query = queryOf(call.request.url);
	const [start, count] = [Number(query('start') ?? 0), Number(query('count') ?? 10)];
	if (!Number.isInteger(start) || !Number.isInteger(count) || start < 0 || count < 1) {
		return errorAnswer(call.request, 422, 'The pages cannot be counted.');
	}
	const end = Math.min(start + count, section.pageCount);
	const numbers = Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index);
	const self = linkOf(document, section);
	return resourceAnswer(call.request, 'Pages', {
		Page: numbers.map((number) => pageResource(document, section, number)),
		Links:
			end < section.pageCount
				? [{ rel: 'nextBlock', href: `${self}/PagesBlock?start=${end}&count=${count}` }]
				: [],
	});
};

/** `GET Sections/{id}/Pages/{number}`: a path that only the link `self` of a page tells. */
export const getPage: SignedInHandler = (call, principal) => {
	const found = pageFor(call, principal);
	if (isAnswer(found)) return found;
	const { document, section, page } = found;
	return resourceAnswer(call.request, 'Page', pageResource(document, section, page));
};

/** `GET Sections/{id}/FileDownloadPage?page=` (7.1): of a file with one page the file. */
export const downloadPage: SignedInHandler = (call, principal) => {
	const number = queryOf(call.request.url)('page') ?? '0';
	const found = pageFor({ ...call, parameters: { ...call.parameters, number } }, principal);
	return isAnswer(found) ? found : fileAnswer(call, originalOf(found.section));
};

/** `POST` of a placement to the relation `stampBestPosition` of a page: where it would go (TS). */
export const findStampPosition: SignedInHandler = (call, principal) => {
	const found = pageFor(call, principal);
	if (isAnswer(found)) return found;
	return resourceAnswer(call.request, 'DWPoint', { X: 500, Y: 500 });
};

/** `POST` of a placement to the relation `stamp` of a page (TS). */
export const stampPage: SignedInHandler = (call, principal) =>
	place(call, principal, (sent) => ({ ...sent, $type: 'StampPlacement' }));

/** `POST` of layers to the relation `annotation` of a page (TS). */
export const annotatePage: SignedInHandler = (call, principal) =>
	place(call, principal, (sent) => ({ ...sent, $type: 'Annotation' }));

function place(
	call: PlatformCall,
	principal: Principal,
	itemOf: (sent: Record<string, unknown>) => Record<string, unknown>,
): Answer {
	const found = pageFor(call, principal);
	if (isAnswer(found)) return found;
	const body = readJson(call);
	if (isAnswer(body)) return body;
	const { document, section, page } = found;
	const where = { section: document.sections.indexOf(section), page };
	return placeOnPage(call, principal, document, where, itemOf(body.sent));
}

interface FoundPage {
	document: StoredDocument;
	section: StoredSection;
	page: number;
}

function pageFor(call: PlatformCall, principal: Principal): FoundPage | Answer {
	const isChange = call.request.method === 'POST';
	const found = sectionFor(
		call,
		principal,
		isChange ? 'Annotation_New' : 'General_DisplayDocument',
	);
	if (isAnswer(found)) return found;
	const { document, section } = found;
	const number = call.parameters['number'] ?? '';
	return /^\d+$/.test(number) && Number(number) < section.pageCount
		? { document, section, page: Number(number) }
		: errorAnswer(call.request, 404, `The section has no page '${number}'.`);
}

function pageResource(document: StoredDocument, section: StoredSection, number: number): object {
	const self = `${linkOf(document, section)}/Pages/${number}`;
	const at = document.sections.indexOf(section);
	return {
		PageNum: number,
		HasAnnotation: document.annotations.some((one) => one.section === at && one.page === number),
		Data: pageSize,
		Links: [
			{ rel: 'self', href: self },
			{ rel: 'annotation', href: `${self}/Annotation` },
			{ rel: 'stamp', href: `${self}/Stamp` },
			{ rel: 'stampBestPosition', href: `${self}/StampBestPosition` },
			{
				rel: 'fileDownload',
				href: `${linkOf(document, section)}/FileDownloadPage?page=${number}`,
			},
			{
				rel: 'thumbnail',
				href: `${platformPath}/FileCabinets/${document.fileCabinetId}/Rendering/${document.id}-${section.number}/Thumbnail?page=${number}`,
			},
		],
	};
}

function linkOf(document: StoredDocument, section: StoredSection): string {
	return `${platformPath}/FileCabinets/${document.fileCabinetId}/Sections/${document.id}-${section.number}`;
}
