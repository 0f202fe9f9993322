const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Blank, tab, line feed, carriage return: all that JSON has for white space. */
const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * JSON without white space between its parts, byte by byte: numbers keep their digits (`5.30`) and texts
 * their escapes, as the signature needs them (docs/facts/docuware.md 8.3). What is no JSON loses white space all
 * the same.
 */
export function minifyJson(bytes: Buffer): Buffer {
	const source = bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? bytes.subarray(3) : bytes;
	const kept = Buffer.allocUnsafe(source.length);
	let length = 0;
	let isText = false;
	let isEscaped = false;
	for (const byte of source) {
		if (!isText && WHITE_SPACE.has(byte)) continue;
		kept[length++] = byte;
		if (!isText) {
			isText = byte === QUOTE;
		} else if (isEscaped) {
			isEscaped = false;
		} else if (byte === BACKSLASH) {
			isEscaped = true;
		} else if (byte === QUOTE) {
			isText = false;
		}
	}
	return kept.subarray(0, length);
}

/**
 * The same JSON with each text written as short as JSON allows (`ä` for `\u00e4`), as a program writes it that has
 * read it before; numbers are not touched. Everybody on the internet may send a body, so it takes as long as the body is,
 * whatever stands in it: a pattern that looks for the ends of texts takes minutes for some.
 */
export function withPlainTexts(json: Buffer): Buffer {
	if (!json.includes(BACKSLASH)) return json;
	const text = json.toString('utf8');
	const parts: string[] = [];
	let at = 0;
	for (;;) {
		const open = text.indexOf('"', at);
		const close = open < 0 ? -1 : endOfText(text, open);
		if (close < 0) break;
		parts.push(text.slice(at, open), plainText(text.slice(open, close + 1)));
		at = close + 1;
	}
	return Buffer.from(parts.join('') + text.slice(at), 'utf8');
}

/** Where the text that begins with a quote ends; -1 where it does not. */
function endOfText(json: string, open: number): number {
	for (let at = open + 1; at < json.length; at += 1) {
		if (json[at] === '"') return at;
		if (json[at] === '\\') at += 1;
	}
	return -1;
}

function plainText(text: string): string {
	if (!text.includes('\\')) return text;
	try {
		return JSON.stringify(JSON.parse(text));
	} catch {
		return text;
	}
}
