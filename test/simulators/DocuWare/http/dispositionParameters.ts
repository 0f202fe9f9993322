/** How the simulated server reads a file name beyond ASCII (uncertain: docs/facts/docuware.md 7.2). */
export type FileNameReading = 'both' | 'plain' | 'extended';

/** The parameters of a `Content-Disposition` that matter. */
export interface Disposition {
	name: string;
	fileName?: string;
}

/**
 * Reads the parameters of a `Content-Disposition`; their names are compared without case.
 * @param header the value, each character one byte as HTTP has it
 * @param reading `both`: RFC 5987 first, else plain UTF-8; `plain`: `filename*` is not known;
 * `extended`: a plain name is taken as Latin-1
 */
export function readDisposition(header: string, reading: FileNameReading): Disposition {
	const parameters = new Map<string, string>();
	for (const [, name = '', quoted, bare] of header.matchAll(
		/;\s*([\w!#$&+.^`|~*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g,
	)) {
		// Escaped are quotes and backslashes only: old browsers send `C:\file.pdf` as it is.
		const value = quoted === undefined ? (bare ?? '').trim() : quoted.replace(/\\(["\\])/g, '$1');
		if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
	}
	const extended = reading === 'plain' ? undefined : fromExtended(parameters.get('filename*'));
	const sent = parameters.get('filename');
	const plain = sent === undefined || reading === 'extended' ? sent : asUtf8(sent);
	const fileName = extended ?? plain;
	return {
		name: asUtf8(parameters.get('name') ?? ''),
		...(fileName === undefined ? {} : { fileName }),
	};
}

/** Bytes that came as Latin-1 read as UTF-8, where they are some. */
export function asUtf8(text: string): string {
	const decoded = Buffer.from(text, 'latin1').toString('utf8');
	return decoded.includes('\ufffd') ? text : decoded;
}

/** `utf-8''na%C3%AFve.pdf` of RFC 5987. */
function fromExtended(value: string | undefined): string | undefined {
	const coded = /^utf-8'[^']*'(.*)$/i.exec(value ?? '')?.[1];
	if (coded === undefined) return undefined;
	try {
		return decodeURIComponent(coded);
	} catch {
		return undefined;
	}
}
