import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';

/** Length in bytes of the block by whose repetition large content can be told without keeping it. */
export const patternBlockBytes = 1_048_576;

/** What of some content is left: its bytes, a block that it repeats, or nothing but its hash. */
type Kept =
	{ form: 'bytes'; bytes: readonly Buffer[] } | { form: 'block'; block: Buffer } | { form: 'hash' };

/** Content of a file that the simulator holds, however large, in little memory. */
export class FileContent {
	private constructor(
		/** Bytes in all. */
		readonly size: number,
		private readonly kept: Kept,
		private hash?: string,
	) {}

	/** Content that is held as it is. */
	static of(bytes: Buffer | readonly Buffer[]): FileContent {
		const list = Buffer.isBuffer(bytes) ? [bytes] : bytes;
		const size = list.reduce((sum, part) => sum + part.length, 0);
		return new FileContent(size, { form: 'bytes', bytes: list });
	}

	/** `size` bytes that repeat `block`; takes the memory of one block. */
	static repeated(block: Buffer, size: number, sha256?: string): FileContent {
		return new FileContent(size, { form: 'block', block }, sha256);
	}

	/** Content of which only size and hash (SHA-256 in hex) are known. */
	static unkept(size: number, sha256: string): FileContent {
		return new FileContent(size, { form: 'hash' }, sha256);
	}

	/** Whether {@link chunks} can tell the bytes. */
	get isKept(): boolean {
		return this.kept.form !== 'hash';
	}

	/** SHA-256 in hex. */
	get sha256(): string {
		if (this.hash === undefined) {
			const hash = createHash('sha256');
			for (const chunk of this.chunks()) hash.update(chunk);
			this.hash = hash.digest('hex');
		}
		return this.hash;
	}

	/**
	 * The bytes from `start` up to `end`, in order.
	 * @throws Error when they were not kept, so that no test takes other bytes for them
	 */
	*chunks(start = 0, end = this.size): Generator<Buffer> {
		if (this.kept.form === 'hash') {
			throw new Error(
				`The simulator kept no bytes of this content (${this.size} bytes): raise the switch keptFileBytes, ` +
					`or upload content that repeats a block whose length divides ${patternBlockBytes}.`,
			);
		}
		if (this.kept.form === 'block') {
			const { block } = this.kept;
			for (let at = start; at < end;) {
				const from = at % block.length;
				const length = Math.min(block.length - from, end - at);
				yield block.subarray(from, from + length);
				at += length;
			}
			return;
		}
		let at = 0;
		for (const part of this.kept.bytes) {
			const from = Math.max(0, start - at);
			const to = Math.min(part.length, end - at);
			if (from < to) yield part.subarray(from, to);
			at += part.length;
		}
	}

	/** All bytes in one buffer; see {@link chunks}. */
	bytes(): Buffer {
		const chunks = [...this.chunks()];
		return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
	}

	/** What the control interface shows. */
	toJSON(): { size: number; sha256: string } {
		return { size: this.size, sha256: this.sha256 };
	}
}

/**
 * Takes content in, chunk by chunk. Up to `keptBytes` it is held. Beyond, one block is held as long as
 * all bytes repeat it; with the first that do not only the hash goes on.
 */
export class ContentSink {
	private readonly parts: Buffer[] = [];
	private size = 0;
	private block: Buffer | undefined;
	private hash: Hash | undefined;

	/** @param keptBytes most bytes that are held as they are */
	constructor(private readonly keptBytes: number) {}

	/** Bytes so far. */
	get length(): number {
		return this.size;
	}

	write(chunk: Buffer): void {
		if (chunk.length === 0) return;
		const at = this.size;
		this.size += chunk.length;
		if (this.hash !== undefined) {
			this.hash.update(chunk);
			if (this.block !== undefined && !repeats(this.block, at, chunk)) this.block = undefined;
			return;
		}
		this.parts.push(chunk);
		if (this.size > this.keptBytes) this.letGo();
	}

	finish(): FileContent {
		if (this.hash === undefined) return FileContent.of(this.parts);
		const sha256 = this.hash.digest('hex');
		return this.block === undefined
			? FileContent.unkept(this.size, sha256)
			: FileContent.repeated(this.block, this.size, sha256);
	}

	/** The limit is passed: from here on nothing more is held. */
	private letGo(): void {
		const held = Buffer.concat(this.parts.splice(0));
		this.hash = createHash('sha256').update(held);
		const block = Buffer.from(held.subarray(0, patternBlockBytes));
		if (block.length === patternBlockBytes && repeats(block, 0, held)) this.block = block;
	}
}

/** Whether `chunk`, at place `at` of the whole, goes on as repetitions of `block` do. */
function repeats(block: Buffer, at: number, chunk: Buffer): boolean {
	for (let seen = 0; seen < chunk.length;) {
		const from = (at + seen) % block.length;
		const length = Math.min(block.length - from, chunk.length - seen);
		if (chunk.compare(block, from, from + length, seen, seen + length) !== 0) return false;
		seen += length;
	}
	return true;
}
