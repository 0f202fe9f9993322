import { FileContent } from '../http/fileContent';
import type { IndexValues, StoredDocument, StoredSection } from './documents';
import { pdfOf } from './renderings';

/** A document as it was before it became part of another. */
export interface MergedPart {
	values: IndexValues;
	sections: StoredSection[];
}

/** What a document was made of, first its own part. */
export interface MergedContent {
	kind: 'clipped' | 'stapled';
	parts: MergedPart[];
}

/** Clips documents to another: it has the files of all, in order. */
export function absorb(into: StoredDocument, others: readonly StoredDocument[]): void {
	const parts = into.merged?.kind === 'clipped' ? into.merged.parts : ownPart(into);
	for (const other of others) {
		const sections = other.sections.map((section) => renumbered(into, section));
		into.sections.push(...sections);
		parts.push({ values: other.values, sections });
	}
	into.merged = { kind: 'clipped', parts };
}

/** Staples documents to another: their pages become one file. */
export function stapleInto(
	into: StoredDocument,
	others: readonly StoredDocument[],
	now: number,
): void {
	const parts = [
		...ownPart(into),
		...others.map(({ values, sections }) => ({ values, sections: [...sections] })),
	];
	const all = parts.flatMap(({ sections }) => sections);
	const first = all[0];
	const section: StoredSection = {
		number: into.nextSection,
		name: first?.name ?? 'Document.pdf',
		contentType: 'application/pdf',
		content: FileContent.of(pdfOf(all.map(({ name }) => name))),
		pageCount: all.reduce((sum, { pageCount }) => sum + pageCount, 0),
		modifiedAt: now,
	};
	into.nextSection += 1;
	into.sections = [section];
	into.merged = { kind: 'stapled', parts };
}

/** Lays the one file of a document in pieces: a new one begins with each of these pages, from 2. */
export function pagesApart(
	document: StoredDocument,
	starts: readonly number[],
	names: readonly string[],
	now: number,
): void {
	const [file] = document.sections;
	if (file === undefined) return;
	const bounds = [1, ...starts, file.pageCount + 1];
	const parts = bounds.slice(0, -1).map((start, index): MergedPart => {
		const end = bounds[index + 1] ?? start;
		const content = piece(file, start, end);
		return {
			values: { ...document.values },
			sections: [
				{
					...file,
					number: index === 0 ? file.number : 1,
					name: names[index] ?? `${index + 1} ${file.name}`,
					content,
					pageCount: end - start,
					modifiedAt: now,
				},
			],
		};
	});
	document.merged = { kind: 'stapled', parts };
}

/** Undoes a merge: the document keeps its own part, the others are handed out. */
export function divide(document: StoredDocument): MergedPart[] {
	const [own, ...others] = document.merged?.parts ?? [];
	if (own === undefined) return [];
	document.sections = own.sections;
	delete document.merged;
	return others;
}

function ownPart({ values, sections }: StoredDocument): MergedPart[] {
	return sections.length === 0 ? [] : [{ values, sections: [...sections] }];
}

function renumbered(into: StoredDocument, section: StoredSection): StoredSection {
	into.nextSection += 1;
	return { ...section, number: into.nextSection - 1 };
}

/** Pages of a text are parted by form feeds; of another file a page that names them is made. */
function piece(
	{ name, contentType, content }: StoredSection,
	start: number,
	end: number,
): FileContent {
	if (contentType.startsWith('text/plain') && content.isKept) {
		const pages = content.bytes().toString('utf8').split('\f');
		return FileContent.of(Buffer.from(pages.slice(start - 1, end - 1).join('\f')));
	}
	return FileContent.of(pdfOf([`${name}, pages ${start} to ${end - 1}`]));
}
