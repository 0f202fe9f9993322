import { Readable } from 'node:stream';

/** A body that can be sent a second time: a text or buffer, or a function that opens it anew. */
export type ReplayableBody = string | Buffer | (() => Promise<Readable | Buffer>);

/** The body of one sending, as the transport takes it. */
export async function openBody(
	body: ReplayableBody | Readable,
): Promise<string | Buffer | Readable>;
export async function openBody(
	body: ReplayableBody | Readable | undefined,
): Promise<string | Buffer | Readable | undefined>;
export async function openBody(
	body: ReplayableBody | Readable | undefined,
): Promise<string | Buffer | Readable | undefined> {
	return typeof body === 'function' ? await body() : body;
}

/** Whether a body can be sent again; a plain stream is spent once it was read. */
export function isReplayable(
	body: ReplayableBody | Readable | undefined,
): body is ReplayableBody | undefined {
	return !(body instanceof Readable);
}
