import { setTimeout as delay } from 'node:timers/promises';
import { isConnectorError, passOn } from '../../../shared/errors';
import { isHttpTransportError } from '../../../shared/http';
import { ChunkCount, readChunkAnswer } from '../../upload/chunkAnswer';
import { otherSize } from '../../upload/exactBytes';
import { ChunkReader, FIRST_CHUNK, grown, shrunk } from '../../upload/fileChunks';
import { multipartBody } from '../../upload/multipart';
import { isForeignAnswer } from '../../platform/strangeAnswers';
import { linkAddress } from '../../platform/serverAddress';
import { cancelled } from '../clientErrors';
import type { PlatformClient, PlatformResource } from '../platformClient';
import { sendForResource } from './sendForResource';
import {
	begunTwice,
	isForgotten,
	isInDoubt,
	outOfStep,
	partFailure,
	unfinished,
	unreadableRest,
} from './partsErrors';
import type { PartsProgress } from './partsProgress';
import { uploadTimeout, type SizedFile, type StoreOrder } from './storeOrder';
import { filePart, headerName, indexPart, modifiedHeader, storeCall } from './storeRequest';
import { wholeDocument } from './wholeDocument';

/** So often one part is sent again after a broken connection or a fault of the server. */
const MOST_RESENDS = 3;

const FIRST_PAUSE_MS = 250;

/** So often a file is sent anew where the server does not go on with its parts. */
const MOST_RESTARTS = 1;

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

class PartSending implements PartsProgress {
	private readonly reader: ChunkReader;

	private readonly count = new ChunkCount();

	readonly makes: 'document' | 'section';

	sent = 0;

	isResent = false;

	private size = FIRST_CHUNK;

	/** False once a part was too large. */
	private mayGrow = true;

	/** Where the next part goes; undefined for the first. */
	private next: URL | undefined;

	/** The first part was one of those that went out twice. */
	isBegunTwice = false;

	/** The server does not go on with what was sent: another session began it, or it has a part whose answer was lost. */
	isForgotten = false;

	/** The time of the upload where nobody knows better, as DocuWare has it for files in one request. */
	private readonly modifiedAt: string;

	constructor(
		private readonly client: PlatformClient,
		private readonly order: StoreOrder,
		readonly file: SizedFile,
	) {
		this.makes = order.makes ?? 'document';
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
			if (!isLast && Object.keys(answer).length === 0) throw unfinished(this, true);
			if (said.kind === 'stored') return wholeDocument(this, answer);
			if (said.kind === 'lost' || isLast) throw unfinished(this, said.kind === 'lost');
			if (!this.count.fits(said.written, this.sent, bytes.length)) {
				throw outOfStep(this, said.written);
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
			throw unreadableRest(this, error);
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
		return !isLast && isInDoubt(error);
	}

	private async pause(ms: number, part: Part): Promise<void> {
		const { signal } = this.order;
		await delay(ms, undefined, signal && { signal }).catch(() => {
			throw this.told(cancelled(), part);
		});
	}

	private addressOf(href: string): URL {
		try {
			return linkAddress(this.client.session, href);
		} catch (error) {
			throw this.told(error, { isLast: false });
		}
	}

	private told(error: unknown, { isLast }: Pick<Part, 'isLast'>): unknown {
		if (isConnectorError(error)) this.isForgotten = isForgotten(this, error);
		return partFailure(this, error, isLast);
	}
}

function isUnsent(error: unknown): boolean {
	return isHttpTransportError(error) && !error.requestSent && error.kind !== 'aborted';
}
