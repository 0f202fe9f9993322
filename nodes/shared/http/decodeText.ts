import { TextDecoder } from 'node:util';

/**
 * The text of a body, by the charset that its content type names or its byte order mark tells; UTF-8
 * where nothing is said or nobody knows the name. The mark itself is left out.
 */
export function decodeText(bytes: Buffer, contentType: string | undefined): string {
	return decoderFor(markOf(bytes) ?? charsetOf(contentType) ?? 'utf-8').decode(bytes);
}

/** The charset that a content type names; undefined where it names none. */
export function charsetOf(contentType: string | undefined): string | undefined {
	return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1];
}

/** The encoding that a byte order mark tells; undefined where there is none. */
export function markOf(bytes: Buffer): string | undefined {
	if (bytes.length < 2) return undefined;
	const mark = bytes.readUInt16BE(0);
	if (mark === 0xfffe) return 'utf-16le';
	return mark === 0xfeff ? 'utf-16be' : undefined;
}

const UTF_8 = new TextDecoder('utf-8');

function decoderFor(label: string): TextDecoder {
	if (label.toLowerCase() === 'utf-8') return UTF_8;
	try {
		return new TextDecoder(label);
	} catch {
		return UTF_8;
	}
}
