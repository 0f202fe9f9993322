import { Readable } from 'node:stream';
import { openBody, type ReplayableBody } from '../../shared/http';

/** As large as the vendor's sample makes them (docs/facts/docuware.md 7.2). */
export const FIRST_CHUNK = 3_000_000;

/** Below what IIS takes in one request by default, 30,000,000 bytes; a few of them are in memory at a time. */
export const LARGEST_CHUNK = 12_000_000;

/** The size of the next chunk: what went well may be twice as much. */
export function grown(size: number): number {
	return Math.min(size * 2, LARGEST_CHUNK);
}

/** The size after one that was too large for the server; undefined where even the smallest is. */
export function shrunk(size: number): number | undefined {
	return size > SMALLEST_CHUNK ? Math.max(Math.floor(size / 2), SMALLEST_CHUNK) : undefined;
}

const SMALLEST_CHUNK = 250_000;

/**
 * Reads a file once from its start to its end, in pieces of any size. Of the file only the piece in hand is in memory.
 */
export class ChunkReader {
	private source: AsyncIterator<Buffer> | undefined;

	private stream: Readable | undefined;

	private rest: Buffer[] = [];

	private restSize = 0;

	constructor(private readonly file: ReplayableBody) {}

	/** The next bytes, at most so many; fewer at the end alone, none behind it. */
	async next(size: number): Promise<Buffer> {
		this.source ??= await this.open();
		while (this.restSize < size) {
			const { value, done } = await this.source.next();
			if (done === true) break;
			const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value);
			this.rest.push(bytes);
			this.restSize += bytes.length;
		}
		const all = Buffer.concat(this.rest, this.restSize);
		this.giveBack(all.subarray(size));
		return all.subarray(0, size);
	}

	/** Puts bytes back in front of what comes next. */
	putBack(bytes: Buffer): void {
		this.rest.unshift(bytes);
		this.restSize += bytes.length;
	}

	/** Closes the file. */
	close(): void {
		this.stream?.destroy();
	}

	private giveBack(bytes: Buffer): void {
		// A copy: a view would keep the whole piece in memory.
		this.rest = bytes.length === 0 ? [] : [Buffer.from(bytes)];
		this.restSize = bytes.length;
	}

	private async open(): Promise<AsyncIterator<Buffer>> {
		const content = await openBody(this.file);
		this.stream = content instanceof Readable ? content : Readable.from([Buffer.from(content)]);
		return this.stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
	}
}
