import { setTimeout as delay } from 'node:timers/promises';
import { isConnectorError, passOn } from '../../../shared/errors';
import { isHttpTransportError, safeFileName } from '../../../shared/http';
import { ChunkCount, readChunkAnswer } from '../../upload/chunkAnswer';
import { otherSize } from '../../upload/exactBytes';
import { ChunkReader, FIRST_CHUNK, grown, shrunk } from '../../upload/fileChunks';
import { multipartBody } from '../../upload/multipart';
import { isForeignAnswer } from '../../platform/strangeAnswers';
import { linkAddress } from '../../platform/serverAddress';
import { cancelled } from '../clientErrors';
import type { PlatformClient, PlatformResource } from '../platformClient';
import { sendForResource } from './sendForResource';
import { uploadTimeout, type FileToStore, type StoreOrder } from './storeOrder';
import { filePart, indexPart, modifiedHeader, storeCall } from './storeRequest';
import { incomplete, withMore } from './uploadErrors';

/** So often one part is sent again after a broken connection or a fault of the server. */
const MOST_RESENDS = 3;

const FIRST_PAUSE_MS = 250;

/** So often a file is sent anew where the server does not go on with its parts. */
const MOST_RESTARTS = 1;

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

/**
 * Stores a document, or a file of one, that is sent in parts (docs/facts/docuware.md 7.2): each in a request of its own, to the
 * address that the answer before it names. Parts grow as long as the server takes them, and one of them is in memory.
 *
 * @returns the document
 * @throws ConnectorError DOCUWARE_UPLOAD_INCOMPLETE where the document is not whole; DOCUWARE_WRITE_UNCONFIRMED where the
 *   answer to the last part was lost
 */
export async function sendInParts(
	client: PlatformClient,
	order: StoreOrder,
	file: SizedFile,
): Promise<PlatformResource> {
	for (let restarts = 0; ; restarts += 1) {
		const sending = new PartSending(client, order, file);
		try {
			const document = await sending.run();
			if (restarts > 0 || sending.isBegunTwice) order.warn?.(begunTwice(file));
			return document;
		} catch (error) {
			// Whether parts without the last one show as a document is not known, so it is said afterwards.
			if (!sending.isForgotten || restarts >= MOST_RESTARTS) passOn(error);
		} finally {
			sending.close();
		}
	}
}

/** What goes out next. */
interface Part {
	bytes: Buffer;
	isLast: boolean;
}

class PartSending {
	private readonly reader: ChunkReader;

	private readonly count = new ChunkCount();

	/** Bytes that the server has confirmed. */
	private sent = 0;

	private size = FIRST_CHUNK;

	/** False once a part was too large. */
	private mayGrow = true;

	/** Where the next part goes; undefined for the first. */
	private next: URL | undefined;

	/** A part went out twice, so that the whole has to be looked at. */
	private isResent = false;

	/** The first part was one of those. */
	isBegunTwice = false;

	/** The server does not go on with what was sent: another session began it, or it has a part whose answer was lost. */
	isForgotten = false;

	/** The time of the upload where nobody knows better, as DocuWare has it for files in one request. */
	private readonly modifiedAt: string;

	constructor(
		private readonly client: PlatformClient,
		private readonly order: StoreOrder,
		private readonly file: SizedFile,
	) {
		this.modifiedAt = order.modifiedAt ?? new Date().toISOString();
		this.reader = new ChunkReader(file.content);
	}

	async run(): Promise<PlatformResource> {
		for (;;) {
			const bytes = await this.readNext();
			const isLast = this.sent + bytes.length >= this.file.size;
			const answer = await this.sendPart({ bytes, isLast });
			if (answer === 'tooLarge') continue;
			this.sent += bytes.length;
			const said = readChunkAnswer(answer);
			// Of a part before the last one, silence does not say that the document is complete.
			if (!isLast && Object.keys(answer).length === 0) throw this.unfinished(true);
			if (said.kind === 'stored') return this.whole(answer);
			if (said.kind === 'lost' || isLast) throw this.unfinished(said.kind === 'lost');
			if (!this.count.fits(said.written, this.sent, bytes.length)) {
				throw this.outOfStep(said.written);
			}
			this.next = this.addressOf(said.href);
			if (this.mayGrow) this.size = grown(this.size);
		}
	}

	close(): void {
		this.reader.close();
	}

	private async readNext(): Promise<Buffer> {
		const { file, sent } = this;
		try {
			const wanted = Math.min(this.size, file.size - sent);
			const bytes = await this.reader.next(wanted);
			await this.checkSize(bytes.length < wanted, sent + bytes.length);
			return bytes;
		} catch (error) {
			if (sent === 0) passOn(error);
			const reason = error instanceof Error ? error.message : String(error);
			throw incomplete(
				`"${file.fileName}" could not be read on in n8n after ${sent} of ${file.size} bytes were sent: ${reason}`,
				this.lookFirst(),
				error,
			);
		}
	}

	/** Of a file with more bytes than noted, what was promised would be stored as the whole. */
	private async checkSize(hasEnded: boolean, read: number): Promise<void> {
		const { fileName, size } = this.file;
		const more = read < size ? 0 : (await this.reader.next(1)).length;
		if (hasEnded || more > 0) throw otherSize(fileName, read + more, size);
	}

	private async sendPart(part: Part): Promise<PlatformResource | 'tooLarge'> {
		for (let resends = 0; ; resends += 1) {
			try {
				return await this.post(part);
			} catch (error) {
				if (this.isTooLarge(error, part)) return 'tooLarge';
				if (resends >= MOST_RESENDS || !this.mayResend(error, part)) throw this.told(error, part);
				this.isResent ||= !isUnsent(error);
				this.isBegunTwice ||= this.isResent && this.next === undefined;
				await this.pause(FIRST_PAUSE_MS * 2 ** resends, part);
			}
		}
	}

	private async post({ bytes }: Part): Promise<PlatformResource> {
		const { client, order, file, next } = this;
		const part = filePart({ ...file, content: bytes, size: bytes.length });
		// The index data stand in the first request alone.
		const parts = next === undefined ? [...indexPart(order.indexData), part] : [part];
		const { body, headers } = multipartBody(parts);
		return await sendForResource(client, {
			...storeCall(order),
			...(next !== undefined && { path: next, query: [] }),
			body,
			headers: {
				...headers,
				// The vendor's libraries send it with every part (docs/facts/docuware.md 7.2, 7.5).
				...modifiedHeader({ ...order, modifiedAt: this.modifiedAt }),
				'X-File-Name': file.sentName ?? headerName(file.fileName),
				'X-File-Size': String(file.size),
				'X-File-Type': file.mediaType,
				...(order.indexData !== undefined && { 'X-IndexData-ContentType': 'application/json' }),
			},
			timeoutMs: uploadTimeout(bytes.length),
		});
	}

	/** The server has not taken it, so smaller parts may follow. */
	private isTooLarge(error: unknown, { bytes }: Part): boolean {
		if (!isConnectorError(error) || error.code !== 'DOCUWARE_TOO_LARGE') return false;
		const smaller = shrunk(Math.min(this.size, bytes.length));
		if (smaller === undefined) return false;
		this.size = smaller;
		this.mayGrow = false;
		this.reader.putBack(bytes);
		return true;
	}

	/** The last part completes the document: a second one might make a second document. */
	private mayResend(error: unknown, { isLast }: Part): boolean {
		if (this.order.signal?.aborted === true || !isConnectorError(error)) return false;
		if (isUnsent(error)) return true;
		// Something else than DocuWare has answered, and would again.
		if (isForeignAnswer(error)) return false;
		return !isLast && BROKEN.has(error.code);
	}

	private async pause(ms: number, part: Part): Promise<void> {
		const { signal } = this.order;
		await delay(ms, undefined, signal && { signal }).catch(() => {
			throw this.told(cancelled(), part);
		});
	}

	/** The document, once it is sure that it is whole. */
	private whole(document: PlatformResource): PlatformResource {
		const { file, sent } = this;
		if (sent < file.size) {
			throw incomplete(
				`DocuWare took the first ${sent} of ${file.size} bytes of "${file.fileName}" for the whole file and stored ${this.named(document)} with them.`,
				`Delete that ${this.made()}. Then run this again with Options > Send in Parts Above set to 0: this server does not take files in parts.`,
			);
		}
		this.checkSections(document);
		const stored = Number(document.FileSize ?? NaN);
		// Zero stands for nothing said; more than the file has is wrong only where a part may be in it twice.
		const wanted = file.storedSize ?? file.size;
		const isWhole = !(stored > 0) || (this.isResent ? stored === wanted : stored >= wanted);
		if (isWhole) return document;
		const how = this.isResent
			? `A part of "${file.fileName}" was sent again after a broken connection`
			: `All of "${file.fileName}" was sent`;
		throw incomplete(
			`${how}, and ${this.named(document)} now has ${stored} bytes instead of ${wanted}.`,
			`Delete that ${this.made()}, and run this again.`,
		);
	}

	/** A server that does not take an archive apart stores it as one file, which is no smaller. */
	private checkSections(document: PlatformResource): void {
		const { fileName, sections: wanted } = this.file;
		const { SectionCount: stored } = document;
		// Zero stands for nothing said here too.
		const isTold = typeof stored === 'number' && stored > 0;
		if (wanted === undefined || !isTold || stored === wanted) return;
		throw incomplete(
			`"${fileName}" were sent as one archive, of which ${this.named(document)} has ${stored} file${stored === 1 ? '' : 's'} instead of ${wanted}.`,
			`Delete that ${this.made()}. Then run this again with Options > Send in Parts Above set to 0, or upload the first file and add the others with Append File: this server does not take archives apart.`,
		);
	}

	private addressOf(href: string): URL {
		try {
			return linkAddress(this.client.session, href);
		} catch (error) {
			throw this.told(error, { isLast: false });
		}
	}

	private unfinished(isLost: boolean): Error {
		const { file, sent } = this;
		return incomplete(
			isLost
				? `DocuWare has taken ${sent} of ${file.size} bytes of "${file.fileName}" and does not say where the rest goes.`
				: `All ${file.size} bytes of "${file.fileName}" were sent, and DocuWare still waits for more.`,
			this.lookFirst(),
		);
	}

	private outOfStep(written: number | undefined): Error {
		const { file, sent } = this;
		return incomplete(
			`DocuWare says that it has written ${written} bytes of "${file.fileName}" where ${sent} of ${file.size} were sent, so the file would not be whole. The rest was not sent.`,
			this.lookFirst(),
		);
	}

	/** What is told of a part that failed for good. */
	private told(error: unknown, { isLast }: Pick<Part, 'isLast'>): unknown {
		if (!isConnectorError(error)) return error;
		const { file, sent } = this;
		this.isForgotten = sent > 0 && FORGOTTEN.has(error.httpStatus ?? 0);
		// Nothing has reached DocuWare, or whether the whole has is what the error is about.
		if (sent === 0 && !this.isResent && !isLast && !BROKEN.has(error.code)) return error;
		if (isLast && BROKEN.has(error.code)) return this.lastUnknown(error);
		if (isLast && isRefusal(error) && !this.isForgotten) return error;
		const far = `Of "${file.fileName}" ${sent} of ${file.size} bytes were sent, in parts; without the rest DocuWare has no whole ${this.wholeThing()}.`;
		if (error.code === 'DOCUWARE_CANCELLED') {
			return withMore(error, { message: far, repair: this.lookFirst() });
		}
		return incomplete(`${far} ${error.message}`, `${this.lookFirst()} ${error.repair}`, error);
	}

	private lastUnknown(error: Error): unknown {
		if (!isConnectorError(error)) return error;
		const message = `It was the last part of "${this.file.fileName}", which completes the ${this.wholeThing()}.`;
		return withMore(error, { message });
	}

	/** What is whole once all parts are there. */
	private wholeThing(): 'document' | 'file' {
		return this.made() === 'section' ? 'file' : 'document';
	}

	private made(): 'document' | 'section' {
		return this.order.makes ?? 'document';
	}

	private named({ Id }: PlatformResource): string {
		const isKnown = typeof Id === 'number' || typeof Id === 'string';
		return isKnown ? `the ${this.made()} ${Id}` : `a ${this.made()}`;
	}

	private lookFirst(): string {
		if (this.made() === 'section') {
			return 'Look in DocuWare at the files of the document before running this again.';
		}
		return `Look in DocuWare whether an unfinished document of that name was left behind, and delete it, before running this again.`;
	}
}

function begunTwice({ fileName }: FileToStore): string {
	return `The upload of "${fileName}" was begun twice and is whole. Look in DocuWare whether an unfinished document of that name was left behind by the first try.`;
}

/** Errors after which a part may have arrived, or not. */
const BROKEN = new Set(['DOCUWARE_WRITE_UNCONFIRMED', 'DOCUWARE_SERVER_ERROR']);

/** No such upload, or not the next part of it. */
const FORGOTTEN = new Set([404, 409, 410]);

/** The whole was looked at and not taken, for instance for its index data. */
function isRefusal({ httpStatus = 0 }: { httpStatus?: number }): boolean {
	return httpStatus >= 400 && httpStatus < 500;
}

function isUnsent(error: unknown): boolean {
	return isHttpTransportError(error) && !error.requestSent && error.kind !== 'aborted';
}

/** As it is in ASCII, else percent-encoded: a header holds no other letters. */
export function headerName(fileName: string): string {
	const name = safeFileName(fileName);
	return /^[\x20-\x7e]*$/.test(name) ? name : encodeURIComponent(name);
}
