import { isRecord } from '../../shared/http';
import { linksOf } from '../platform/platformAnswers';

/** What the server says after a chunk (docs/facts/docuware.md 7.2). */
export type ChunkAnswer =
	| { kind: 'more'; href: string; written: number | undefined }
	/** The document is complete. */
	| { kind: 'stored' }
	/** More is expected, but nothing says where. */
	| { kind: 'lost' };

/**
 * @param answer a document; without `FileChunk`, or with a finished one, it is complete
 */
export function readChunkAnswer(answer: Readonly<Record<string, unknown>>): ChunkAnswer {
	const chunk = answer.FileChunk;
	if (!isRecord(chunk) || chunk.Finished === true) return { kind: 'stored' };
	const links = linksOf(chunk);
	const href = links.get('next') ?? [...links.values()][0];
	if (href === undefined || href === '') return { kind: 'lost' };
	// Zero stands for nothing said, too.
	const written = Number(chunk.BytesWritten ?? 0);
	return { kind: 'more', href, written: written > 0 ? written : undefined };
}

/**
 * Whether what the server has written is what was sent. By the vendor's schema `BytesWritten` counts the whole file so far
 * (docs/facts/docuware.md 7.5). A server that counts each chunk by itself is taken for right, too, if it does so from the
 * second chunk on: later on such a number tells of a server that has lost what came before.
 */
export class ChunkCount {
	/** What is counted; undefined as long as it may be either, as after the first chunk. */
	private counts: 'file' | 'chunk' | undefined;

	/**
	 * @param written bytes by the server's answer; undefined where it says nothing
	 * @param sent bytes of the file in all
	 * @param last bytes of the last chunk
	 */
	fits(written: number | undefined, sent: number, last: number): boolean {
		if (written === undefined) return true;
		if (sent === last) return written === sent;
		if (written === sent) return this.is('file');
		return written === last && this.is('chunk');
	}

	private is(counted: 'file' | 'chunk'): boolean {
		this.counts ??= counted;
		return this.counts === counted;
	}
}
