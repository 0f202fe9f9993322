import type { FileContent } from '../http/fileContent';

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
	/** Name of the user who has checked it out. */
	checkedOutBy?: string;
}

/** A file as it reached the server. */
export interface ReceivedFile {
	name: string;
	contentType: string;
	content: FileContent;
}

/** Adds a file at the end of a document. */
export function addSection(
	document: StoredDocument,
	{ name, contentType, content }: ReceivedFile,
	at: number,
): StoredSection {
	const section: StoredSection = {
		number: document.nextSection,
		name,
		contentType,
		content,
		pageCount: 1,
		modifiedAt: at,
	};
	document.nextSection += 1;
	document.sections.push(section);
	return section;
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
