import { Transform, pipeline, type Readable } from 'node:stream';

/**
 * Passes a streamed body on and ends it when no chunk came for too long.
 *
 * @param onEnd called once, when the stream has ended in whatever way.
 * @param translate makes the error that the reader sees of one that the transport raised.
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
		destroy(error, done) {
			clearTimeout(timer);
			source.destroy();
			done(error === null ? null : translate(error));
		},
	});
	const timer = setTimeout(() => {
		// While the reader is slow nothing is asked of the service, so its silence means nothing.
		if (guard.readableLength >= guard.readableHighWaterMark) timer.refresh();
		else onIdle();
	}, idleMs);
	pipeline(source, guard, () => {
		clearTimeout(timer);
		onEnd();
	});
	return guard;
}
