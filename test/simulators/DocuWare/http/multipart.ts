import { readDisposition } from './dispositionParameters';
import type { FileNameReading } from './dispositionParameters';
import { ContentSink } from './fileContent';
import type { FileContent } from './fileContent';

/** One part of a multipart body. */
export interface MultipartPart {
	name: string;
	fileName?: string;
	/** With parameters, as sent; `text/plain` where none was. */
	contentType: string;
	content: FileContent;
}

/** Longest header block of a part, in bytes. */
const maxHeaderBytes = 16_384;
const endOfHeaders = Buffer.from('\r\n\r\n');
const nothing = Buffer.alloc(0);

/** The boundary of a `multipart/*` media type; undefined for other types or without one. */
export function boundaryOf(contentType: string): string | undefined {
	if (!/^\s*multipart\//i.test(contentType)) return undefined;
	const found = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
	return found?.[1] ?? found?.[2];
}

/** Reads a multipart body as it comes; of the content only what {@link ContentSink} keeps is held. */
export class MultipartReader {
	private readonly delimiter: Buffer;
	private readonly parts: MultipartPart[] = [];
	private state: 'preamble' | 'delimiter' | 'headers' | 'body' | 'closed' | 'broken' = 'preamble';
	/** A line end stands before the first delimiter in thought, so that all are found alike. */
	private pending: Buffer = Buffer.from('\r\n');
	private open: { part: Omit<MultipartPart, 'content'>; sink: ContentSink } | undefined;

	constructor(
		boundary: string,
		private readonly keptBytes: number,
		private readonly names: FileNameReading,
	) {
		this.delimiter = Buffer.from(`\r\n--${boundary}`);
	}

	write(chunk: Buffer): void {
		if (this.state === 'closed' || this.state === 'broken') return;
		this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
		while (this.step());
	}

	/** The parts in order; undefined when the closing delimiter is missing or a part is malformed. */
	end(): MultipartPart[] | undefined {
		return this.state === 'closed' ? this.parts : undefined;
	}

	/** Does what the pending bytes allow; false when more are needed. */
	private step(): boolean {
		switch (this.state) {
			case 'preamble':
			case 'body':
				return this.toDelimiter();
			case 'delimiter':
				return this.afterDelimiter();
			case 'headers':
				return this.readHeaders();
			default:
				this.pending = nothing;
				return false;
		}
	}

	private toDelimiter(): boolean {
		const at = this.pending.indexOf(this.delimiter);
		const end = at < 0 ? Math.max(0, this.pending.length - this.delimiter.length) : at;
		this.open?.sink.write(this.pending.subarray(0, end));
		if (at < 0) {
			this.pending = this.pending.subarray(end);
			return false;
		}
		this.pending = this.pending.subarray(at + this.delimiter.length);
		if (this.open !== undefined) {
			this.parts.push({ ...this.open.part, content: this.open.sink.finish() });
			this.open = undefined;
		}
		this.state = 'delimiter';
		return true;
	}

	/** Two hyphens close the body; else a line end follows, with spaces before it at most. */
	private afterDelimiter(): boolean {
		if (this.pending.length < 2) return false;
		const text = this.pending.subarray(0, 200).toString('latin1');
		const padding = /^[ \t]*/.exec(text)?.[0].length ?? 0;
		if (text.startsWith('--')) this.state = 'closed';
		else if (text.startsWith('\r\n', padding)) {
			this.pending = this.pending.subarray(padding);
			this.state = 'headers';
		} else if (this.pending.length - padding < 2 && padding < 200) return false;
		else this.state = 'broken';
		return true;
	}

	private readHeaders(): boolean {
		const end = this.pending.indexOf(endOfHeaders);
		if (end < 0 || end > maxHeaderBytes) {
			if (end < 0 && this.pending.length <= maxHeaderBytes) return false;
			this.state = 'broken';
			return true;
		}
		const header = this.pending.subarray(0, end).toString('latin1');
		this.pending = this.pending.subarray(end + endOfHeaders.length);
		const valueOf = (name: string): string | undefined =>
			new RegExp(`^${name}:(.*)$`, 'im').exec(header)?.[1]?.trim();
		this.open = {
			part: {
				...readDisposition(valueOf('content-disposition') ?? '', this.names),
				contentType: valueOf('content-type') ?? 'text/plain',
			},
			sink: new ContentSink(this.keptBytes),
		};
		this.state = 'body';
		return true;
	}
}
