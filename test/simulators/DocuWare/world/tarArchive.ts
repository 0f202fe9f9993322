import { FileContent } from '../http/fileContent';
import type { ArchiveEntry } from './zipArchive';

const blockBytes = 512;

/**
 * The files of a tar archive, as several files of one chunked upload come (docs/facts/docuware.md 7.2).
 * Undefined when it is none. Directories and extended headers are passed over.
 */
export function readTar(archive: Buffer): ArchiveEntry[] | undefined {
	const entries: ArchiveEntry[] = [];
	for (let at = 0; at + blockBytes <= archive.length;) {
		const header = archive.subarray(at, at + blockBytes);
		if (header.every((byte) => byte === 0)) return entries;
		const size = parseInt(textOf(header, 124, 12), 8);
		if (!Number.isInteger(size) || !hasChecksum(header)) return undefined;
		const start = at + blockBytes;
		if (start + size > archive.length) return undefined;
		const kind = textOf(header, 156, 1);
		if (kind === '0' || kind === '') {
			const prefix = textOf(header, 257, 5) === 'ustar' ? textOf(header, 345, 155) : '';
			const name = textOf(header, 0, 100);
			entries.push({
				name: prefix === '' ? name : `${prefix}/${name}`,
				content: FileContent.of(archive.subarray(start, start + size)),
			});
		}
		at = start + Math.ceil(size / blockBytes) * blockBytes;
	}
	return undefined;
}

function textOf(header: Buffer, start: number, length: number): string {
	const field = header.subarray(start, start + length);
	const end = field.indexOf(0);
	return field
		.subarray(0, end < 0 ? length : end)
		.toString('utf8')
		.trim();
}

/** The sum of the bytes of the header, with spaces where it stands itself. */
function hasChecksum(header: Buffer): boolean {
	let sum = 0;
	for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 32 : byte;
	return sum === parseInt(textOf(header, 148, 8), 8);
}
