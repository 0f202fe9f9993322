import { Transform, type Readable } from 'node:stream';

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
	const guard: Transform = new Transform({
		transform(chunk: unknown, _encoding, done) {
			timer.refresh();
			done(null, chunk);
		},
	});
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
	return source.pipe(guard);
}
