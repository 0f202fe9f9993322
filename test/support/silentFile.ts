import { Readable } from 'node:stream';

/** A file of which no byte comes, in a store that has fallen silent. Emits `asked` once somebody reads it. */
export function silentFile(): Readable {
	const file: Readable = new Readable({ read: () => void file.emit('asked') });
	return file;
}
