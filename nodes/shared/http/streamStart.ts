import type { Readable } from 'node:stream';
import { streamOf } from './streamOf';

/**
 * The first bytes of a stream, at least `size` where it has as many, and a stream of all of it. With that the source ends, also
 * where it is closed before anything of it is read.
 */
export async function startOf(
	body: Readable,
	size: number,
): Promise<{ bytes: Buffer; whole: Readable }> {
	const source = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
	const chunks: Buffer[] = [];
	let length = 0;
	while (length <= size) {
		const { value, done } = await source.next();
		if (done === true) break;
		chunks.push(value);
		length += value.length;
	}
	async function* all(): AsyncGenerator<Buffer, void, undefined> {
		yield* chunks;
		yield* { [Symbol.asyncIterator]: () => source };
	}
	const whole = streamOf((hold) => {
		hold(body);
		return all();
	});
	return { bytes: Buffer.concat(chunks), whole };
}
