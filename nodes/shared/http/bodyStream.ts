import { Readable } from 'node:stream';

/**
 * Passes a streamed body on and ends it when no chunk came for too long.
 *
 * @param onIdle called when the service was silent for `idleMs` while the reader waited.
 * @param translate makes the error that the reader sees of what the transport raised.
 * @param onEnd called once, when the stream has ended in whatever way.
 */
export function guardBodyStream(
	source: Readable,
	idleMs: number,
	onIdle: () => void,
	translate: (failure: unknown) => Error,
	onEnd: () => void,
): Readable {
	// Pushed on, not piped: a second pair of buffers costs as much again as receiving the file.
	const guard: Readable = new Readable({ read: () => void source.resume() });
	const timer = setTimeout(() => {
		// While the reader is slow nothing is asked of the service, so its silence means nothing.
		if (guard.readableLength >= guard.readableHighWaterMark) timer.refresh();
		else onIdle();
	}, idleMs);
	// Who asked may have other things to do before it reads: an error that comes meanwhile is kept in the stream
	// for its reader, and must not end n8n as one that nobody listens for.
	guard.on('error', () => undefined);
	source.on('error', (failure) => guard.destroy(translate(failure)));
	source.once('close', () => {
		if (!source.readableEnded) guard.destroy(translate({ code: 'ECONNRESET' }));
	});
	guard.once('close', () => {
		clearTimeout(timer);
		source.destroy();
		onEnd();
	});
	source.on('data', (chunk: unknown) => {
		timer.refresh();
		if (!guard.push(chunk)) source.pause();
	});
	source.once('end', () => guard.push(null));
	return guard;
}
