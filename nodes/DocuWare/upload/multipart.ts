import { randomBytes } from 'node:crypto';
import {
	contentDisposition,
	openBody,
	safeFileName,
	streamOf,
	type Hold,
	type ReplayableBody,
} from '../../shared/http';
import { exactBytes } from './exactBytes';

/** One part of a multipart body. */
export interface BodyPart {
	/** Name of the form field. */
	name: string;
	/** Name of the file, not made safe. */
	fileName: string;
	mediaType: string;
	content: ReplayableBody;
	/** Bytes; undefined where nobody knows. */
	size: number | undefined;
}

/** A body, and the headers that describe it. */
export interface UploadBody {
	body: ReplayableBody;
	headers: Record<string, string>;
}

const LINE = '\r\n';

/**
 * `multipart/form-data` whose parts are opened one after another while it is sent, as often as it is sent. Its length is
 * told where all sizes are known: some servers take no chunked transfer (docs/facts/docuware.md 7.2).
 *
 * @param parts in the order in which they are sent; index data must be the first
 */
export function multipartBody(
	parts: readonly BodyPart[],
	boundary = `----n8n${randomBytes(18).toString('hex')}`,
): UploadBody {
	const heads = parts.map((part) => headOf(part, boundary));
	const end = `--${boundary}--${LINE}`;
	const length = lengthOf(parts, heads, end);
	const open = () => Promise.resolve(streamOf((hold) => bytesOf(parts, heads, end, hold)));
	return {
		body: open,
		headers: {
			'Content-Type': `multipart/form-data; boundary=${boundary}`,
			...(length !== undefined && { 'Content-Length': String(length) }),
		},
	};
}

/**
 * One file as the whole body (docs/facts/docuware.md 7.2, 7.3); the type `file` of its disposition is DocuWare's own.
 */
export function rawBody({
	fileName,
	mediaType,
	content,
	size,
}: Omit<BodyPart, 'name'>): UploadBody {
	const counted = async () => {
		const file = await openBody(content);
		return streamOf((hold) => exactBytes(hold(file), fileName, size));
	};
	return {
		body: size === undefined || typeof content !== 'function' ? content : counted,
		headers: {
			'Content-Type': mediaType,
			'Content-Disposition': contentDisposition('file', fileName),
			...(size !== undefined && { 'Content-Length': String(size) }),
		},
	};
}

function headOf({ name, fileName, mediaType }: BodyPart, boundary: string): string {
	return [
		`--${boundary}`,
		`Content-Disposition: ${partDisposition(name, fileName)}`,
		`Content-Type: ${mediaType.replace(/[\r\n]/g, '')}`,
		LINE,
	].join(LINE);
}

/**
 * A name beyond ASCII stands twice: in UTF-8 as browsers send it, and after RFC 5987. Which of the two DocuWare reads is
 * not known (docs/facts/docuware.md 7.2), and both name the same file.
 */
function partDisposition(name: string, fileName: string): string {
	const plain = `form-data; name="${name}"; filename="${safeFileName(fileName)}"`;
	const [, extended] = /(; filename\*=.*)$/.exec(contentDisposition('form-data', fileName)) ?? [];
	return `${plain}${extended ?? ''}`;
}

function lengthOf(
	parts: readonly BodyPart[],
	heads: readonly string[],
	end: string,
): number | undefined {
	let sum = Buffer.byteLength(end);
	for (const [index, { size }] of parts.entries()) {
		if (size === undefined) return undefined;
		sum += Buffer.byteLength(heads[index] ?? '') + size + LINE.length;
	}
	return sum;
}

async function* bytesOf(
	parts: readonly BodyPart[],
	heads: readonly string[],
	end: string,
	hold: Hold,
): AsyncGenerator<Buffer, void, undefined> {
	for (const [index, part] of parts.entries()) {
		yield Buffer.from(heads[index] ?? '');
		yield* exactBytes(hold(await openBody(part.content)), part.fileName, part.size);
		yield Buffer.from(LINE);
	}
	yield Buffer.from(end);
}
