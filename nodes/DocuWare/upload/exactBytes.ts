import { Readable } from 'node:stream';
import { ConnectorError } from '../../shared/errors';

/**
 * The bytes of a file, which must be as many as n8n has noted of it: a request that promises more would be waited for, and
 * of one that promises fewer a cut file would be stored.
 *
 * @param size undefined where n8n has noted none
 * @throws ConnectorError DOCUWARE_INVALID_PARAMETER
 */
export async function* exactBytes(
	content: string | Buffer | Readable,
	name: string,
	size: number | undefined,
): AsyncGenerator<Buffer, void, undefined> {
	const chunks = content instanceof Readable ? content : [Buffer.from(content)];
	let sent = 0;
	for await (const chunk of chunks as AsyncIterable<Buffer>) {
		sent += chunk.length;
		if (size !== undefined && sent > size) break;
		yield chunk;
	}
	if (size !== undefined && sent !== size) throw otherSize(name, sent, size);
}

/** A file that has another size than noted. @param found how many bytes of it were read, not all of them where it has more */
export function otherSize(name: string, found: number, size: number): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_INVALID_PARAMETER',
		`"${name}" has ${found > size ? 'more bytes than' : `only ${found} bytes of`} the ${size} that n8n has noted of it.`,
		{ repair: 'Run the node that makes the file again.' },
	);
}
