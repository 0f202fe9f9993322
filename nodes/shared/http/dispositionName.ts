import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** Characters; Node takes headers of 16 kB unless told otherwise, and patterns have no room for very long ones. */
const LONGEST_HEADER = 100_000;

/** The parameter of that name in a header, quotes taken off; backslashes of a Windows path stay. */
function parameterOf(header: string, name: string): string | undefined {
	const pattern = new RegExp(`(?:^|;)\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;]*))`, 'i');
	const [, quoted, bare] = pattern.exec(header) ?? [];
	return quoted?.replace(/\\(["\\])/g, '$1') ?? bare?.trim();
}

/**
 * The file name in a `Content-Disposition`, in whatever way a server writes it: after RFC 5987, after RFC
 * 2047, as raw UTF-8, percent-encoded, or unquoted with blanks. Not made safe; undefined where it names none, or is
 * longer than any header.
 */
export function dispositionName(header: string): string | undefined {
	if (header.length > LONGEST_HEADER) return undefined;
	const extended = parameterOf(header, 'filename\\*');
	const plain = parameterOf(header, 'filename');
	const name = (extended && decodeExtended(extended)) ?? (plain && decodePlain(plain));
	return name === '' ? undefined : name;
}

/** `charset'language'text` (RFC 5987); undefined where it is not in that form or that charset. */
function decodeExtended(value: string): string | undefined {
	const [, charset = '', text = ''] = /^([\w-]+)'[^']*'(.*)$/.exec(value) ?? [];
	return charset === '' ? undefined : decoded(percentBytes(text), charset);
}

function decodePlain(value: string): string {
	if (value.includes('=?')) return value.replace(ENCODED_WORDS, decodeWords);
	const bytes = Buffer.from(value, 'latin1');
	// Headers come as Latin-1, byte for byte; what is UTF-8 was meant so.
	const text = isUtf8(bytes) ? bytes.toString('utf8') : value;
	if (!/%[0-9a-f]{2}/i.test(text)) return text;
	return decoded(percentBytes(text), 'utf-8') ?? text;
}

/** RFC 2047; blanks between two encoded words do not count. */
const ENCODED_WORDS = /=\?[^?\s]+\?[bq]\?[^?]*\?=(?:\s+=\?[^?\s]+\?[bq]\?[^?]*\?=)*/gi;

function decodeWords(words: string): string {
	return words
		.split(/\s+(?==\?)/)
		.map((word) => {
			const [, charset = '', kind = '', text = ''] =
				/^=\?([^?*]+)[^?]*\?(.)\?(.*)\?=$/.exec(word) ?? [];
			const bytes =
				kind.toLowerCase() === 'b'
					? Buffer.from(text, 'base64')
					: percentBytes(text.replaceAll('_', ' ').replaceAll('%', '%25').replaceAll('=', '%'));
			return decoded(bytes, charset) ?? word;
		})
		.join('');
}

/** The bytes of a text in which some are written as `%XX`. */
function percentBytes(text: string): Buffer {
	const parts = text.split(/%([0-9a-f]{2})/i);
	return Buffer.concat(
		parts.map((part, index) => Buffer.from(part, index % 2 === 0 ? 'utf8' : 'hex')),
	);
}

function decoded(bytes: Buffer, charset: string): string | undefined {
	try {
		return new TextDecoder(charset, { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
