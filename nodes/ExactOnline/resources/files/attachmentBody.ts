import { Readable } from 'node:stream';
import { openBody, streamOf, type ReplayableBody } from '../../../shared/http';

/** Base64 of three bytes are four letters without padding, so that pieces can follow each other. */
const GROUP = 3;

/**
 * The JSON of a new attachment, whose bytes are encoded while they are sent, so that no large file is held as a text.
 * @param fields what stands beside the bytes
 */
export function attachmentBody(
	fields: Readonly<Record<string, unknown>>,
	file: ReplayableBody,
): () => Promise<Readable> {
	return async () => {
		const content = await openBody(file);
		return streamOf((hold) => pieces(fields, hold(content)));
	};
}

async function* pieces(
	fields: Readonly<Record<string, unknown>>,
	content: string | Buffer | Readable,
): AsyncGenerator<Buffer, void, undefined> {
	const head = JSON.stringify(fields).slice(0, -1);
	yield Buffer.from(`${head}${head === '{' ? '' : ','}"Attachment":"`);
	let rest = Buffer.alloc(0);
	for await (const chunk of content instanceof Readable ? content : [content]) {
		const bytes = Buffer.concat([rest, Buffer.from(chunk as Buffer)]);
		const whole = bytes.length - (bytes.length % GROUP);
		yield Buffer.from(bytes.toString('base64', 0, whole));
		rest = bytes.subarray(whole);
	}
	yield Buffer.from(`${rest.toString('base64')}"}`);
}
