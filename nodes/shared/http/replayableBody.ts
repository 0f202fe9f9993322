import type { Readable } from 'node:stream';

/** A body that can be sent a second time: a text or buffer, or a function that opens it anew. */
export type ReplayableBody = string | Buffer | (() => Promise<Readable | Buffer>);

/** What is sent once: the body itself, or what opening it gives. */
export async function openBody(
	body: ReplayableBody | Readable,
): Promise<string | Buffer | Readable> {
	return typeof body === 'function' ? await body() : body;
}
