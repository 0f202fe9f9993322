/** How the name of a download stands in its header (docs/facts/docuware.md 7.1; the form is not said). */
export type DownloadNames = 'both' | 'plain' | 'extended' | 'none';

/**
 * `Content-Disposition` of a download.
 * - `both`: a plain name in ASCII and `filename*`
 * - `plain`: the name in UTF-8 as it is, without quotes where nothing asks for them
 * - `extended`: `filename*` alone
 * - `none`: no such header
 */
export function contentDisposition(name: string, form: DownloadNames): Record<string, string> {
	const safe = name.replace(/[\r\n\0]/g, '_');
	const extended = `filename*=UTF-8''${encodeURIComponent(safe).replace(/['()*]/g, percent)}`;
	switch (form) {
		case 'none':
			return {};
		case 'extended':
			return { 'content-disposition': `attachment; ${extended}` };
		case 'plain':
			return { 'content-disposition': `attachment; filename=${asBytes(quotedIfNeeded(safe))}` };
		case 'both': {
			const ascii = safe.replace(/[^\x20-\x7e]/g, '_');
			return {
				'content-disposition': `attachment; filename=${quotedIfNeeded(ascii)}; ${extended}`,
			};
		}
	}
}

function quotedIfNeeded(name: string): string {
	return /^[\w!#$&+.^`|~{}-]+$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
}

/** UTF-8 as the characters that a header carries, one for each byte. */
function asBytes(text: string): string {
	return Buffer.from(text).toString('latin1');
}

function percent(character: string): string {
	return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
