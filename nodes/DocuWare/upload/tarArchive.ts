import { openBody, streamOf, type Hold, type ReplayableBody } from '../../shared/http';
import { exactBytes } from './exactBytes';

/** A file of an archive. */
export interface ArchivedFile {
	/** Without folders. */
	name: string;
	size: number;
	content: ReplayableBody;
}

/** An archive of known size, read anew as often as it is sent. */
export interface TarArchive {
	size: number;
	content: ReplayableBody;
}

const BLOCK = 512;

/** Bytes of a name in a header. */
const MOST_NAME_BYTES = 100;

/** What eleven octal digits can say, 8 GiB. */
const MOST_FILE_BYTES = 8 ** 11 - 1;

/**
 * Files one behind the other, in the format `ustar` of POSIX, of which one is open at a time (docs/facts/docuware.md 7.2).
 * @returns undefined where a name or a file is too long for the format
 */
export function tarArchive(files: readonly ArchivedFile[]): TarArchive | undefined {
	const fits = files.every(
		({ name, size }) => Buffer.byteLength(name) <= MOST_NAME_BYTES && size <= MOST_FILE_BYTES,
	);
	if (!fits) return undefined;
	const size = files.reduce((sum, file) => sum + BLOCK + padded(file.size), 2 * BLOCK);
	const content = () => Promise.resolve(streamOf((hold) => bytesOf(files, hold)));
	return { size, content };
}

function padded(size: number): number {
	return Math.ceil(size / BLOCK) * BLOCK;
}

async function* bytesOf(
	files: readonly ArchivedFile[],
	hold: Hold,
): AsyncGenerator<Buffer, void, undefined> {
	for (const { name, size, content } of files) {
		yield header(name, size);
		yield* exactBytes(hold(await openBody(content)), name, size);
		yield Buffer.alloc(padded(size) - size);
	}
	yield Buffer.alloc(2 * BLOCK);
}

function header(name: string, size: number): Buffer {
	const block = Buffer.alloc(BLOCK);
	block.write(name, 0);
	block.write('0000644\0' + '0000000\0' + '0000000\0', 100, 'latin1');
	block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
	block.write(`${'0'.repeat(11)}\0`, 136, 'latin1');
	// The sum is made with blanks in its own place.
	block.write('        ', 148, 'latin1');
	block.write('0', 156, 'latin1');
	block.write('ustar\0' + '00', 257, 'latin1');
	const sum = block.reduce((all, byte) => all + byte, 0);
	block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
	return block;
}
