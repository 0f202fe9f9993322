import { dispositionName } from './dispositionName';

/** Characters that no file system and no header takes, halves of characters among them, and parts of paths. */
const UNSAFE = /[\p{Cc}\p{Cs}"*/:<>?\\|]+/gu;

/** What turns the direction of a text: an ending can hide behind it. */
const TURNS = /\p{Bidi_Control}+/gu;

/** As many as file systems take in one name. */
const MOST_LETTERS = 255;

/**
 * `Content-Disposition` of something that is sent. A name beyond ASCII is given twice, the second time
 * after RFC 5987.
 *
 * @param type what the service wants in front, such as `attachment`
 */
export function contentDisposition(type: string, fileName: string): string {
	const name = safeFileName(fileName);
	const ascii = name
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.replace(/[^\x20-\x7e]/g, '_');
	const plain = `${type}; filename="${ascii}"`;
	return ascii === name ? plain : `${plain}; filename*=UTF-8''${encodeRfc5987(name)}`;
}

/** The file name of an answer, made safe; undefined where it names none. */
export function fileNameOf(headers: Record<string, string>): string | undefined {
	const header = headers['content-disposition'];
	if (header === undefined) return undefined;
	const name = dispositionName(header);
	return name === undefined ? undefined : safeFileName(name);
}

/** The media type of an answer without parameters; undefined where it names none. */
export function mediaTypeOf(headers: Record<string, string>): string | undefined {
	const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
	return type === '' ? undefined : type;
}

/** A name that is one part of a path, hidden nowhere and not too long; `file` where nothing of it is left. */
export function safeFileName(name: string): string {
	const last = name.split(/[/\\]/).at(-1) ?? '';
	const safe = last.replace(TURNS, '').replace(UNSAFE, '_').replace(/^\.+/, '_').trim();
	return safe === '' ? 'file' : shortened(safe);
}

/** Its ending says what the file is, so it stays. */
function shortened(name: string): string {
	if (name.length <= MOST_LETTERS) return name;
	const [ending = ''] = /\.\w{1,10}$/.exec(name) ?? [];
	return name.slice(0, MOST_LETTERS - ending.length).replace(/\p{Cs}$/u, '') + ending;
}

function encodeRfc5987(text: string): string {
	return encodeURIComponent(text).replace(
		/['()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}
