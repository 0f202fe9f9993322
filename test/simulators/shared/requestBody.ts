import type { IncomingMessage } from 'node:http';

/** The request body was longer than the simulated service accepts. */
export class BodyTooLargeError extends Error {
	constructor(readonly limitBytes: number) {
		super(`The request body is longer than ${limitBytes} bytes.`);
	}
}

/**
 * Reads a whole request body.
 * @throws BodyTooLargeError beyond `limitBytes`; the rest of the body is read and thrown away, so
 * that the client gets the answer instead of a broken connection.
 */
export async function readBody(request: IncomingMessage, limitBytes = 10_000_000): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		length += chunk.length;
		if (length <= limitBytes) chunks.push(chunk);
	}
	if (length > limitBytes) throw new BodyTooLargeError(limitBytes);
	return Buffer.concat(chunks);
}

/** Media type of the request in lower case without parameters, `''` if the header is absent. */
export function mediaType(request: IncomingMessage): string {
	return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** A JSON object from a body, or undefined if the body is no JSON object. */
export function parseJsonObject(body: Buffer | string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(body.toString());
		return isRecord(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** True for an object that is neither null nor an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
