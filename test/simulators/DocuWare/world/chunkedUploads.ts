import { ContentSink } from '../http/fileContent';
import type { FileContent } from '../http/fileContent';
import type { ApplicationProperty } from './documents';

/** What an upload in chunks becomes once it is whole. */
export type ChunkTarget =
	| {
			kind: 'document';
			fileCabinetId: string;
			storeDialogId: string | undefined;
			fields: unknown[];
			properties: ApplicationProperty[];
	  }
	| { kind: 'newSection'; fileCabinetId: string; documentId: number }
	| { kind: 'sectionData'; fileCabinetId: string; documentId: number; section: number };

/** What the first request of an upload in chunks says of it (docs/facts/docuware.md 7.2). */
export interface ChunkedFile {
	/** `X-File-Name`, also that of several files in a tar archive. */
	name: string;
	contentType: string;
	/** `X-File-Size`: bytes in all. */
	size: number;
	/** Time in ms. */
	modifiedAt: number | undefined;
	/** How many sections the index data announces; undefined where it names none. */
	sectionCount: number | undefined;
}

/** An upload on its way. */
export interface ChunkedUpload {
	id: string;
	/** Who may go on with it: a user, or one session of his. */
	owner: string;
	target: ChunkTarget;
	file: ChunkedFile;
	/** Chunks that were taken in. */
	count: number;
	bytesWritten: number;
}

/** Why a chunk is not taken in. */
export type ChunkRefusal = 'unknown' | 'wrongOrder' | 'tooLong' | 'repeated';

interface OpenUpload extends ChunkedUpload {
	sink: ContentSink;
	/** Hash of the chunk before, by which a repetition of it is known. */
	lastChunk: string;
}

/** The uploads in chunks that are not whole yet. */
export class ChunkedUploads {
	private readonly open = new Map<string, OpenUpload>();
	private lastId = 0;

	/** Opens an upload with its first chunk. */
	start(
		upload: Pick<ChunkedUpload, 'owner' | 'target' | 'file'>,
		chunk: FileContent,
		keptBytes: number,
	): ChunkedUpload | ChunkRefusal {
		if (chunk.size > upload.file.size) return 'tooLong';
		this.lastId += 1;
		const opened: OpenUpload = {
			...upload,
			id: `${this.lastId.toString(16).padStart(8, '0')}-3b7c-4c9e-9d51-6a0f2e8d4c70`,
			count: 0,
			bytesWritten: 0,
			sink: new ContentSink(keptBytes),
			lastChunk: '',
		};
		this.open.set(opened.id, opened);
		take(opened, chunk);
		return opened;
	}

	/**
	 * Takes the chunk of that number, from 1, of an upload in. A refused one leaves the upload as it was.
	 * @param mayRepeat a chunk that was taken in before is written once more
	 */
	add(
		id: string,
		owner: string,
		number: number,
		chunk: FileContent,
		mayRepeat: boolean,
	): ChunkedUpload | ChunkRefusal {
		const upload = this.open.get(id);
		if (upload?.owner !== owner) return 'unknown';
		const isRepeated = number === upload.count - 1 && chunk.sha256 === upload.lastChunk;
		if (isRepeated && !mayRepeat) return 'repeated';
		if (number !== upload.count && !isRepeated) return 'wrongOrder';
		if (upload.bytesWritten + chunk.size > upload.file.size) return 'tooLong';
		take(upload, chunk);
		return upload;
	}

	/** An upload that waits for more. */
	find(id: string): ChunkedUpload | undefined {
		return this.open.get(id);
	}

	/** Ends a whole upload and hands its content over. */
	finish(id: string): FileContent {
		const upload = this.open.get(id);
		if (upload === undefined) throw new Error(`There is no upload ${id}.`);
		this.open.delete(id);
		return upload.sink.finish();
	}

	/** Uploads that wait for more. */
	waiting(): ChunkedUpload[] {
		return [...this.open.values()].map(({ id, owner, target, file, count, bytesWritten }) => ({
			id,
			owner,
			target,
			file,
			count,
			bytesWritten,
		}));
	}

	clear(): void {
		this.open.clear();
	}
}

function take(upload: OpenUpload, chunk: FileContent): void {
	for (const bytes of chunk.chunks()) upload.sink.write(bytes);
	upload.lastChunk = chunk.sha256;
	upload.count += 1;
	upload.bytesWritten += chunk.size;
}
