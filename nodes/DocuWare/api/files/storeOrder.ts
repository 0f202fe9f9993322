import type { ReplayableBody } from '../../../shared/http';

/** A file that is to be stored. */
export interface FileToStore {
	/** Not made safe. */
	fileName: string;
	mediaType: string;
	content: ReplayableBody;
	/** Bytes; undefined where n8n does not know. */
	size: number | undefined;
}

/** What is sent in parts: a file whose size is known, or an archive of files. */
export interface SizedFile extends FileToStore {
	size: number;
	/** The name as the header has it; made of the name of the file if missing. */
	sentName?: string;
	/** Bytes that DocuWare then has; as many as were sent if missing. */
	storedSize?: number;
	/** Of an archive, sections that it becomes. */
	sections?: number;
}

/** What is to be stored, and where. */
export interface StoreOrder {
	/** Below the Platform, or a full address. */
	path: string | URL;
	/** Of the request; see docs/facts/docuware.md 7.2. */
	query: ReadonlyArray<readonly [name: string, value: string]>;
	/** JSON of the index data; undefined for none. */
	indexData: string | undefined;
	/** Each becomes a section; none makes a data record. */
	files: readonly FileToStore[];
	/** When the file was changed, ISO. */
	modifiedAt: string | undefined;
	/** Files with more bytes together are sent in parts; infinite for never. */
	partsAbove: number;
	/** What comes of it; a document if missing. */
	makes?: 'section';
	signal: AbortSignal | undefined;
	/** Is told what a person is to know of an upload that went well. */
	warn?: ((message: string) => void) | undefined;
}

/** Milliseconds that an upload of so many bytes may take: as the vendor's sample, and more for what is large. */
export function uploadTimeout(bytes: number | undefined): number {
	return FIVE_MINUTES + ((bytes ?? UNKNOWN_SIZE) / SLOWEST_RATE) * 1000;
}

const FIVE_MINUTES = 300_000;

/** Bytes per second below which an upload has failed. */
const SLOWEST_RATE = 100_000;

/** A file whose size is not known may be that large. */
const UNKNOWN_SIZE = 1_000_000_000;

/** Bytes of the files together; undefined where one is not known. */
export function totalSize(files: readonly FileToStore[]): number | undefined {
	return files.reduce<number | undefined>(
		(sum, { size }) => (sum === undefined || size === undefined ? undefined : sum + size),
		0,
	);
}
