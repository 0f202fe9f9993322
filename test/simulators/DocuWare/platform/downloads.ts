import { extname } from 'node:path';

import type { Answer, StreamedContent } from '../../shared/answers';
import { errorAnswer } from '../http/answers';
import { FileContent } from '../http/fileContent';
import type { SimulatedRequest } from '../http/simulatedRequest';
import type { DocuWareSwitches } from '../switches';
import { titleOf } from '../world/documents';
import type { StoredDocument, StoredSection } from '../world/documents';
import { pdfOf, tinyPng } from '../world/renderings';
import { zipArchive } from '../world/zipArchive';
import { isAnswer } from './authentication';
import type { PlatformCall, SignedInHandler } from './call';
import { contentDisposition } from './contentDisposition';
import { documentFor } from './documents';
import { queryOf } from './organizations';
import { sectionFor } from './sectionResource';

/** A file on its way out. */
interface Download {
	name: string;
	contentType: string;
	size: number;
	chunks: (start?: number, end?: number) => Iterable<Buffer>;
}

const fileTypes = ['auto', 'pdf', 'zip'];

/** `GET Documents/{id}/FileDownload?TargetFileType=&KeepAnnotations=` (docs/facts/docuware.md 7.1). */
export const downloadDocument: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	return asAsked(call, found.document, found.document.sections);
};

/** `GET Sections/{id}/FileDownload?TargetFileType=&KeepAnnotations=` (7.1). */
export const downloadSection: SignedInHandler = (call, principal) => {
	const found = sectionFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	return asAsked(call, found.document, [found.section]);
};

/** `GET Sections/{id}/Data`: the bytes as stored, or a range of them (7.1, WS). */
export const getSectionData: SignedInHandler = (call, principal) => {
	const found = sectionFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	return fileAnswer(call, originalOf(found.section));
};

/** `GET` or `POST Documents/{id}/DownloadAsArchive`: all files as a ZIP (7.1). */
export const downloadAsArchive: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	const { document } = found;
	if (document.sections.length === 0) return nothingToDownload(call);
	return fileAnswer(call, zipOf(document, document.sections));
};

/** `GET Documents/{id}/Thumbnail`: a picture of the first page. */
export const getDocumentThumbnail: SignedInHandler = (call, principal) => {
	if (call.server.switches.documentThumbnail === 'absent') {
		return errorAnswer(call.request, 404, `No resource was found at ${call.request.url.pathname}.`);
	}
	const found = documentFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	return found.document.sections.length === 0 ? nothingToDownload(call) : picture();
};

/** `GET Rendering/{sectionId}/Thumbnail?Page=`: a picture of a page, from 0 (PM, LV). */
export const getSectionThumbnail: SignedInHandler = (call, principal) => {
	const found = sectionFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	const page = queryOf(call.request.url)('page') ?? '0';
	if (!/^\d+$/.test(page)) return errorAnswer(call.request, 422, `'${page}' is no page.`);
	return Number(page) < found.section.pageCount
		? picture()
		: errorAnswer(call.request, 404, `The section has no page ${page}.`);
};

function asAsked(
	call: PlatformCall,
	document: StoredDocument,
	sections: readonly StoredSection[],
): Answer {
	const query = queryOf(call.request.url);
	const asked = query('targetfiletype') ?? 'Auto';
	const keep = query('keepannotations') ?? 'false';
	const [first, ...others] = sections;
	if (!fileTypes.includes(asked.toLowerCase())) {
		return errorAnswer(call.request, 422, `'${asked}' is not valid TargetFileType`);
	}
	if (!/^(true|false)$/i.test(keep)) {
		return errorAnswer(call.request, 422, `'${keep}' is not valid KeepAnnotations`);
	}
	if (first === undefined) return nothingToDownload(call);
	const type = asked.toLowerCase();
	const isPdf =
		type === 'pdf' ||
		(type === 'auto' && others.length > 0 && call.server.switches.severalFilesAuto === 'pdf');
	if (isPdf) return fileAnswer(call, pdfFor(document, sections, keep.toLowerCase() === 'true'));
	return type === 'zip' || others.length > 0
		? fileAnswer(call, zipOf(document, sections))
		: fileAnswer(call, originalOf(first));
}

/** A section as it was stored. */
export function originalOf({ name, contentType, content }: StoredSection): Download {
	return {
		name,
		contentType,
		size: content.size,
		chunks: (start, end) => content.chunks(start, end),
	};
}

function zipOf(document: StoredDocument, sections: readonly StoredSection[]): Download {
	const archive = zipArchive(sections);
	return {
		name: `${stemOf(document)}.zip`,
		contentType: 'application/zip',
		size: archive.size,
		chunks: archive.chunks,
	};
}

/** The file itself where it is one PDF to which nothing is added; else one that is made of all of them. */
function pdfFor(
	document: StoredDocument,
	sections: readonly StoredSection[],
	withAnnotations: boolean,
): Download {
	const added = withAnnotations ? textsOfAnnotations(document) : [];
	const [first, ...others] = sections;
	if (
		first !== undefined &&
		others.length === 0 &&
		added.length === 0 &&
		first.contentType.startsWith('application/pdf')
	) {
		return originalOf(first);
	}
	const lines = [...sections.map(({ name }) => name), ...added];
	const content = FileContent.of(pdfOf(lines));
	return originalOf({
		number: 0,
		name: `${stemOf(document)}.pdf`,
		contentType: 'application/pdf',
		content,
		pageCount: 1,
		modifiedAt: 0,
	});
}

function textsOfAnnotations({ annotations }: StoredDocument): string[] {
	return annotations.map(({ text }) => text);
}

function stemOf(document: StoredDocument): string {
	const title = titleOf(document);
	return title.slice(0, title.length - extname(title).length);
}

function nothingToDownload({ request }: PlatformCall): Answer {
	return errorAnswer(request, 404, 'The document has no file.');
}

function picture(): Answer {
	return { status: 200, headers: { 'content-type': 'image/png' }, body: tinyPng };
}

/** A file as an answer, in the form that the switches play. */
export function fileAnswer({ server, request }: PlatformCall, file: Download): Answer {
	const { switches } = server;
	const range = rangeOf(request, file.size);
	if (range === 'beyond') {
		return {
			...errorAnswer(request, 416, 'The range lies beyond the end of the file.'),
			headers: { 'content-range': `bytes */${file.size}` },
		};
	}
	const [start, end] = range ?? [0, file.size];
	server.counts.bytesDownloaded += end - start;
	return {
		status: range === undefined ? 200 : 206,
		headers: {
			'content-type': file.contentType,
			...contentDisposition(switches.downloadFileName || file.name, switches.downloadNames),
			...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${file.size}` }),
		},
		body: '',
		content: {
			size: end - start,
			chunks: () => file.chunks(start, end),
			...formOf(request, switches),
		},
	};
}

/** Compressed only for whoever takes it. */
function formOf(
	request: SimulatedRequest,
	{ downloadForm }: DocuWareSwitches,
): Pick<StreamedContent, 'framing' | 'gzip'> {
	const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
	const gzip = downloadForm === 'gzip' && takesGzip;
	return { framing: downloadForm === 'length' ? 'length' : 'chunked', gzip };
}

/** The bytes that `Range` asks for, from and to (without); undefined where it asks for none. */
function rangeOf(
	{ headers }: SimulatedRequest,
	size: number,
): [number, number] | 'beyond' | undefined {
	const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(headers['range'] ?? '') ?? [];
	if (from === '' && to === '') return undefined;
	const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
	const end = from === '' || to === '' ? size : Math.min(size, Number(to) + 1);
	return start < end ? [start, end] : 'beyond';
}
