import type { FileContent } from '../http/fileContent';

/** An index value as it was sent. */
export interface SentField {
	FieldName: string;
	Item?: unknown;
	ItemElementName?: unknown;
}

/** A stored document; enough to see what reached the server. */
export interface StoredDocument {
	id: number;
	fileCabinetId: string;
	title: string;
	contentType: string;
	/** Index values as sent. */
	fields: SentField[];
	/** Files in the order sent, with size in bytes and SHA-256 in hex. */
	files: Array<{ name: string; contentType: string; size: number; sha256: string }>;
	storedBy: string;
	storedAt: number;
}

/** The documents of all file cabinets. */
export class DocumentStore {
	private documents: StoredDocument[] = [];

	/** Stores a document under the next free number. */
	add(
		document: Omit<StoredDocument, 'id' | 'files'>,
		files: Array<{ name: string; contentType: string; content: FileContent }>,
	): StoredDocument {
		const stored: StoredDocument = {
			...document,
			id: this.documents.length + 1,
			files: files.map(({ name, contentType, content }) => ({
				name,
				contentType,
				size: content.size,
				sha256: content.sha256,
			})),
		};
		this.documents.push(stored);
		return stored;
	}

	/** A document of a file cabinet. */
	find(fileCabinetId: string, id: number): StoredDocument | undefined {
		return this.documents.find(
			(document) => document.fileCabinetId === fileCabinetId && document.id === id,
		);
	}

	/** All documents, oldest first. */
	all(): StoredDocument[] {
		return [...this.documents];
	}

	clear(): void {
		this.documents = [];
	}
}
