import { crc32 } from 'node:zlib';

import type { FileContent } from '../http/fileContent';

/** A file in an archive. */
export interface ArchiveEntry {
	name: string;
	content: FileContent;
}

/** An archive that is made while it is sent: entries are stored, not compressed. */
export interface Archive {
	/** Bytes in all. */
	size: number;
	chunks: () => Generator<Buffer>;
}

/** A ZIP archive; names that are there already get a number. */
export function zipArchive(entries: readonly ArchiveEntry[]): Archive {
	const files = withUniqueNames(entries).map(({ name, content }) => ({
		name: Buffer.from(name),
		content,
		checksum: checksumOf(content),
	}));
	const local = files.map((file) => localHeader(file));
	let offset = 0;
	const central = files.map((file, index) => {
		const header = centralHeader(file, offset);
		offset += (local[index]?.length ?? 0) + file.content.size;
		return header;
	});
	const directory = Buffer.concat(central);
	const end = endRecord(files.length, directory.length, offset);
	return {
		size: offset + directory.length + end.length,
		chunks: function* () {
			for (const [index, { content }] of files.entries()) {
				yield local[index] as Buffer;
				yield* content.chunks();
			}
			yield directory;
			yield end;
		},
	};
}

interface ZipFile {
	name: Buffer;
	content: FileContent;
	checksum: number;
}

function withUniqueNames(entries: readonly ArchiveEntry[]): ArchiveEntry[] {
	const taken = new Set<string>();
	return entries.map(({ name, content }) => {
		let free = name;
		const dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length;
		for (let number = 2; taken.has(free.toLowerCase()); number += 1) {
			free = `${name.slice(0, dot)} (${number})${name.slice(dot)}`;
		}
		taken.add(free.toLowerCase());
		return { name: free, content };
	});
}

function checksumOf(content: FileContent): number {
	let checksum = 0;
	for (const chunk of content.chunks()) checksum = crc32(chunk, checksum);
	return checksum;
}

/** Version, UTF-8 names, stored, a fixed time, checksum and both sizes, as both headers have them. */
function commonFields({ name, content, checksum }: ZipFile): Buffer {
	const fields = Buffer.alloc(26);
	fields.writeUInt16LE(20, 0);
	fields.writeUInt16LE(0x0800, 2);
	fields.writeUInt16LE(0x5a21, 8);
	fields.writeUInt32LE(checksum, 10);
	fields.writeUInt32LE(content.size, 14);
	fields.writeUInt32LE(content.size, 18);
	fields.writeUInt16LE(name.length, 22);
	return fields;
}

function localHeader(file: ZipFile): Buffer {
	return Buffer.concat([signature(0x04034b50), commonFields(file), file.name]);
}

function centralHeader(file: ZipFile, offset: number): Buffer {
	const rest = Buffer.alloc(14);
	rest.writeUInt32LE(offset, 10);
	const madeBy = Buffer.from([20, 0]);
	return Buffer.concat([signature(0x02014b50), madeBy, commonFields(file), rest, file.name]);
}

function endRecord(count: number, size: number, offset: number): Buffer {
	const fields = Buffer.alloc(18);
	fields.writeUInt16LE(count, 4);
	fields.writeUInt16LE(count, 6);
	fields.writeUInt32LE(size, 8);
	fields.writeUInt32LE(offset, 12);
	return Buffer.concat([signature(0x06054b50), fields]);
}

function signature(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
}
