import type { FileContent } from '../http/fileContent';
import type { MergedContent } from './merging';

/** The values of one row of a table field, by column. */
export type TableRow = Record<string, IndexValue>;

/**
 * A value of an index field: text of `Text` and `Memo`, number of `Numeric` and `Decimal`, ms since 1970
 * (UTC) of `Date` (midnight) and `DateTime`, texts of `Keyword`, rows of `Table`. A field without a value
 * has no entry.
 */
export type IndexValue = string | number | string[] | TableRow[];

/** Values of fields by their name in the database. */
export type IndexValues = Record<string, IndexValue>;

/** A file of a document. */
export interface StoredSection {
	/** The part behind the dash of `{document}-{number}`; never given twice in a document. */
	number: number;
	name: string;
	contentType: string;
	content: FileContent;
	pageCount: number;
	/** Time in ms. */
	modifiedAt: number;
}

/** A property that an application keeps with a document (docs/facts/docuware.md 7.3). */
export interface ApplicationProperty {
	Name: string;
	Value: string;
}

/** A stamp or a note on a page. */
export interface PlacedAnnotation {
	id: string;
	/** Number of the section and of its page, from 0. */
	section: number;
	page: number;
	layer: number;
	/** The entry as it is shown, with its `$type`. */
	entry: Record<string, unknown>;
	/** What can be read of it. */
	text: string;
}

/** A lock that a user has put on a document. */
export interface DocumentLock {
	userName: string;
	/** What it is for; of several only one holds a document at a time. */
	operation: string;
	/** Time in ms. */
	until: number;
}

/** A version of a document that another one took the place of. */
export interface FormerVersion {
	version: { major: number; minor: number };
	comment: string;
	sections: StoredSection[];
	modifiedBy: string;
	/** Time in ms. */
	modifiedAt: number;
}

/** A document of a cabinet or tray. Times in ms. */
export interface StoredDocument {
	/** Unique in its cabinet. */
	id: number;
	fileCabinetId: string;
	values: IndexValues;
	/** Files in their order. */
	sections: StoredSection[];
	/** The number that the next section gets. */
	nextSection: number;
	storedBy: string;
	storedAt: number;
	modifiedBy: string;
	modifiedAt: number;
	contentModifiedBy: string;
	contentModifiedAt: number;
	version: { major: number; minor: number };
	/** What was said of the present version. */
	versionComment?: string;
	/** Name of the user who has checked it out. */
	checkedOutBy?: string;
	properties: ApplicationProperty[];
	/** Stamps and notes, in the order in which they were placed. */
	annotations: PlacedAnnotation[];
	lock?: DocumentLock;
	/** What it was clipped or stapled from. */
	merged?: MergedContent;
	/** Versions before the present one, first the oldest. */
	versions: FormerVersion[];
}

/** A file as it reached the server. */
export interface ReceivedFile {
	name: string;
	contentType: string;
	content: FileContent;
	/** Time in ms; absent where the sender does not say. */
	modifiedAt?: number;
}

/** Adds a file at the end of a document. */
export function addSection(
	document: StoredDocument,
	{ name, contentType, content, modifiedAt }: ReceivedFile,
	at: number,
): StoredSection {
	const section: StoredSection = {
		number: document.nextSection,
		name,
		contentType,
		content,
		pageCount: pageCountOf(contentType, content),
		modifiedAt: modifiedAt ?? at,
	};
	document.nextSection += 1;
	document.sections.push(section);
	return section;
}

/** Largest file that is looked into for its pages, in bytes. */
const readableBytes = 5_000_000;

/** Pages of a file: of a PDF those that it names, of a text what form feeds part, of all others one. */
export function pageCountOf(contentType: string, content: FileContent): number {
	if (!content.isKept || content.size > readableBytes) return 1;
	if (contentType.startsWith('text/plain')) return content.bytes().toString().split('\f').length;
	if (!contentType.startsWith('application/pdf')) return 1;
	const named = content
		.bytes()
		.toString('latin1')
		.match(/\/Type\s*\/Page\b/g);
	return Math.max(1, named?.length ?? 0);
}

/** Gives a document without files copies of those of another, under numbers of its own. */
export function copySections(sections: readonly StoredSection[], target: StoredDocument): void {
	for (const section of sections) {
		target.sections.push({ ...section, number: target.nextSection });
		target.nextSection += 1;
	}
}

/** Bytes of all files. */
export function sizeOf({ sections }: StoredDocument): number {
	return sections.reduce((sum, section) => sum + section.content.size, 0);
}

/** Pages of all files. */
export function pagesOf({ sections }: StoredDocument): number {
	return sections.reduce((sum, section) => sum + section.pageCount, 0);
}

/** The name of the first file, or what a record without a file is called. */
export function titleOf({ sections }: StoredDocument): string {
	return sections[0]?.name ?? 'Data record';
}
