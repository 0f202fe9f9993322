/** Codes of a field and what they mean, as people read them (docs/facts/exact-online.md 7.2). */
export type Codes = Readonly<Record<string, string>>;

/** Lines of a document: the collection that a POST of the header carries, and rows of their own endpoint. */
export interface LinesData {
	/** Collection of the header. */
	field: string;
	/** Field of a line that names its header. */
	header: string;
	/** Fields of the form, the most used first; at most twelve. */
	main: readonly string[];
	/** What the form asks for. */
	required: readonly string[];
	/** Of these one is needed. */
	oneOf?: readonly string[];
	/** Endpoint of the lines with 1,000 rows a page. */
	bulk?: string;
}

/** A POST-only endpoint that does something with a record. */
export interface ActionData {
	/** Title Case. */
	name: string;
	value: string;
	endpoint: string;
	/** Field of its body that names the record; missing where it takes several records. */
	record?: string;
	/** Codes of a field of the record that say that it has been done, so that it is not done twice unasked. */
	notAgain?: { field: string; codes: readonly string[] };
	/** Codes of fields of its body. */
	codes?: Readonly<Record<string, Codes>>;
}

/** Where changed rows are read (docs/facts/exact-online.md 5). */
export interface SyncData {
	path: string;
	/** `EntityType` of the record in sync/Deleted; missing where none is known. */
	deletedType?: number;
	/** The twin of its lines, where it has one. */
	lines?: { path: string; deletedType: number };
	/** The twin holds lines, and rows with line number 0 that are the document itself where it has them. */
	mixed?: boolean;
	/** No such rows are known of it. */
	linesOnly?: boolean;
	/** The twin holds records of another kind as well: what they are all called, Title Case. */
	kinds?: string;
}

/** A sync endpoint with the rows of all records, for a function that answers for one at a time. */
export interface AllRowsData {
	path: string;
	/** What a row is of, in words. */
	each: string;
	/** Its fields by the names that the function gives them. */
	renamed: Readonly<Record<string, string>>;
	/** Fields of a simplified row, by those names. */
	simple: readonly string[];
}

/** Credit notes among entries, whose type Exact sets by itself (docs/facts/exact-online.md 7.2). */
export interface CreditNoteData {
	/** `Type` of such an entry. */
	type: number;
	/** `Type` of journals for them. */
	journalType: number;
}

/**
 * A resource that the node offers by its own name, as data: adding one takes no code. Everything else about it
 * (methods, key, types, lines' endpoint, what may be written) says the catalogue.
 */
export interface ResourceData {
	/** Title Case, singular. */
	name: string;
	value: string;
	endpoint: string;
	/** Fields that come first, the most used before; a form shows them, a simplified row holds them. */
	main: readonly string[];
	/** Fields of a simplified row, where people look for others there than in a form, such as names beside identifiers. */
	simple?: readonly string[];
	/** Fields beyond those that name another record and are asked for by people, so that a form offers a list for them. */
	listed?: readonly string[];
	/** What a form asks for, checked by hand; n8n refuses these when they are empty. */
	required?: readonly string[];
	/** Fields that a person knows a record by, instead of its key. */
	keys?: readonly string[];
	/** A document is known again by these together, the reference first; a POST holds them. */
	sameDocument?: readonly string[];
	/** How a credit note among its records is told, where a POST has no field for it. */
	creditNote?: CreditNoteData;
	/** What Exact takes for one of these fields where it is not given (docs/facts/exact-online.md 7.2). */
	defaults?: Readonly<Record<string, unknown>>;
	lines?: LinesData;
	actions?: readonly ActionData[];
	codes?: Readonly<Record<string, Codes>>;
	/** Fields whose numbers stand for rows of another endpoint, each with a description. */
	lists?: Readonly<Record<string, string>>;
	/** Endpoint with 1,000 rows a page. */
	bulk?: string;
	sync?: SyncData;
	/** What is read where a function gets no parameters. */
	all?: AllRowsData;
	/** What it has to do with files: it is one, holds some, or names the document of its PDF in a field. */
	files?: 'attachment' | 'document' | { pdf: string };
	/** Why changed rows cannot be asked for at all. */
	noChanges?: string;
}
