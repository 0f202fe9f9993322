import { Readable } from 'node:stream';

/** Notes what a stream is made of, and gives it back. */
export type Hold = <T>(source: T) => T;

/**
 * A stream of bytes that are made of other streams, one of them at a time. With it that one is closed, at once: also where nothing
 * of it was read, or where it is silent. What breaks it before it is read is told to whoever reads, and does not end n8n.
 *
 * @param make gives the bytes; whatever it reads goes through `hold` first
 */
export function streamOf(make: (hold: Hold) => AsyncIterable<Buffer>): Readable {
	let source: Readable | undefined;
	let isClosed = false;
	const hold: Hold = (next) => {
		if (!(next instanceof Readable)) return next;
		source = next;
		next.on('error', () => undefined);
		if (isClosed) next.destroy();
		return next;
	};
	const stream = Readable.from(make(hold), { objectMode: false });
	// Left to itself it waits for the piece that was asked for, and tells a generator that has not begun nothing of its end.
	const end = stream._destroy.bind(stream);
	stream._destroy = (failure, done) => {
		isClosed = true;
		source?.destroy();
		end(failure, done);
	};
	return stream;
}
