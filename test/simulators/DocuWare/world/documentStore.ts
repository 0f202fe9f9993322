import type { IndexValues, StoredDocument } from './documents';

/** What a new document brings; the rest is given by the store. */
export type NewDocument = Pick<
	StoredDocument,
	'fileCabinetId' | 'values' | 'storedBy' | 'storedAt'
>;

/** A document in the trash bin. */
export interface TrashedDocument {
	/** `tr_{guid}-{n}` (docs/facts/docuware.md 7.3). */
	id: string;
	document: StoredDocument;
	deletedBy: string;
	/** Time in ms. */
	deletedAt: number;
}

/** The GUID in the ids of the trash bin. */
const trashGuid = 'e44651fb-bcd8-4606-9fcf-f380a34b9d01';

/** The documents of all cabinets and trays, and the trash bin. Numbers of documents are given once per cabinet. */
export class DocumentStore {
	private readonly cabinets = new Map<string, Map<number, StoredDocument>>();
	private readonly lastIds = new Map<string, number>();
	private readonly trash = new Map<string, TrashedDocument>();
	private lastTrashId = 0;

	/** Told of each new document, before its files are put in. */
	onStored: (document: StoredDocument) => void = () => {};
	/** Told of each document whose index data changed. */
	onIndexChanged: (document: StoredDocument) => void = () => {};

	/** Stores a document without files under the next number of its cabinet. */
	add(document: NewDocument): StoredDocument {
		const { fileCabinetId, storedBy, storedAt } = document;
		const id = (this.lastIds.get(fileCabinetId) ?? 0) + 1;
		this.lastIds.set(fileCabinetId, id);
		const stored: StoredDocument = {
			...document,
			id,
			sections: [],
			nextSection: 1,
			modifiedBy: storedBy,
			modifiedAt: storedAt,
			contentModifiedBy: storedBy,
			contentModifiedAt: storedAt,
			version: { major: 1, minor: 0 },
			properties: [],
			annotations: [],
			versions: [],
		};
		this.cabinetOf(fileCabinetId).set(id, stored);
		this.onStored(stored);
		return stored;
	}

	/** Writes values into a document, and who did it when (time in ms). */
	changeValues(document: StoredDocument, values: IndexValues, userName: string, at: number): void {
		document.values = values;
		document.modifiedAt = at;
		document.modifiedBy = userName;
		this.onIndexChanged(document);
	}

	/** A document of a cabinet. */
	find(fileCabinetId: string, id: number): StoredDocument | undefined {
		return this.cabinets.get(fileCabinetId)?.get(id);
	}

	/** The documents of a cabinet in the order of their numbers. */
	inCabinet(fileCabinetId: string): StoredDocument[] {
		return [...(this.cabinets.get(fileCabinetId)?.values() ?? [])];
	}

	/** Takes a document out for good, without the trash bin; false if it was not there. */
	remove(fileCabinetId: string, id: number): boolean {
		return this.cabinets.get(fileCabinetId)?.delete(id) ?? false;
	}

	/** Puts a document into the trash bin. */
	discard(document: StoredDocument, deletedBy: string, deletedAt: number): TrashedDocument {
		this.remove(document.fileCabinetId, document.id);
		this.lastTrashId += 1;
		const trashed = { id: `tr_${trashGuid}-${this.lastTrashId}`, document, deletedBy, deletedAt };
		this.trash.set(trashed.id, trashed);
		return trashed;
	}

	/** What is in the trash bin, first deleted first. */
	discarded(): TrashedDocument[] {
		return [...this.trash.values()];
	}

	/** Brings a document back from the trash bin, under its old number; false if it is not there. */
	restore(trashId: string): boolean {
		const trashed = this.trash.get(trashId);
		if (trashed === undefined) return false;
		const { document } = trashed;
		const others = this.inCabinet(document.fileCabinetId);
		const inOrder = [...others, document].sort((one, other) => one.id - other.id);
		this.cabinets.set(document.fileCabinetId, new Map(inOrder.map((entry) => [entry.id, entry])));
		return this.trash.delete(trashId);
	}

	/** Deletes from the trash bin for good; false if it is not there. */
	deleteForever(trashId: string): boolean {
		return this.trash.delete(trashId);
	}

	/** All documents, cabinet by cabinet. */
	all(): StoredDocument[] {
		return [...this.cabinets.values()].flatMap((documents) => [...documents.values()]);
	}

	clear(): void {
		this.cabinets.clear();
		this.lastIds.clear();
		this.trash.clear();
		this.lastTrashId = 0;
	}

	private cabinetOf(id: string): Map<number, StoredDocument> {
		const present = this.cabinets.get(id);
		if (present !== undefined) return present;
		const created = new Map<number, StoredDocument>();
		this.cabinets.set(id, created);
		return created;
	}
}
