import { Transform, type Readable } from 'node:stream';
import { ConnectorError } from '../errors';
import { readVariable, type Environment } from '../process/environment';

/** Most bytes of one file in n8n's store, and what says so. */
export interface BinaryLimit {
	bytes: number;
	/** Why, for a person who runs n8n. */
	reason: string;
	/** What that person can change. */
	repair: string;
}

const MEBIBYTE = 1024 * 1024;

const DEFAULT_DATABASE_MIB = 512;

const MODE = 'N8N_DEFAULT_BINARY_DATA_MODE';

const DATABASE_LIMIT = 'N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE';

const KEEP_IN_FILES = `Set ${MODE}=filesystem (workers then need the same folder as n8n's main process), which has no limit and streams`;

/**
 * The limit of the store in which this n8n keeps binary data, by the variables that choose it (docs/facts/n8n.md, "Binary
 * data"). In the modes *database* and *default* a file is in memory as a whole before it is refused.
 *
 * @returns undefined where the store has none
 */
export async function binaryLimit(env: Environment): Promise<BinaryLimit | undefined> {
	const mode = (await textOf(env, MODE)) ?? defaultMode(await textOf(env, 'EXECUTIONS_MODE'));
	if (mode === 'database') {
		const told = Number((await textOf(env, DATABASE_LIMIT)) ?? NaN);
		const mebibytes = told > 0 ? told : DEFAULT_DATABASE_MIB;
		return {
			bytes: mebibytes * MEBIBYTE,
			reason: `n8n keeps binary data in its database, which takes at most ${mebibytes} MiB in one file (${DATABASE_LIMIT})`,
			repair: `${KEEP_IN_FILES}. Or raise ${DATABASE_LIMIT}, up to 1024.`,
		};
	}
	if (mode !== 'default') return undefined;
	return {
		bytes: LONGEST_BASE64_BYTES,
		reason: `n8n keeps binary data in memory (${MODE}=default), in a text that holds at most 384 MiB`,
		repair: `${KEEP_IN_FILES}.`,
	};
}

/** Node.js's longest text has 2^29 - 24 letters, four for three bytes. */
const LONGEST_BASE64_BYTES = Math.floor((2 ** 29 - 24) / 4) * 3;

function defaultMode(executions: string | undefined): string {
	return executions === 'queue' ? 'database' : 'filesystem';
}

async function textOf(env: Environment, name: string): Promise<string | undefined> {
	const unreadable = (variable: string, file: string, cause: unknown) =>
		new Error(`${variable} names ${file}, which cannot be read.`, { cause });
	return (await readVariable(env, name, { unreadable, emptyIsUnset: true }))?.text;
}

/** A file that this n8n cannot keep. */
export function overBinaryLimit(
	code: string,
	what: string,
	{ reason, repair }: BinaryLimit,
): ConnectorError {
	return new ConnectorError(code, `${what}: ${reason}. Nothing of it was kept.`, { repair });
}

/**
 * Passes a file on up to the limit, and ends with an error beyond it, so that no more is read.
 * @param tooLarge makes that error
 */
export function upToLimit(source: Readable, bytes: number, tooLarge: () => Error): Readable {
	let size = 0;
	const counted = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			size += chunk.length;
			if (size > bytes) done(tooLarge());
			else done(null, chunk);
		},
	});
	source.on('error', (error) => counted.destroy(error));
	source.once('close', () => {
		if (!source.readableEnded) counted.destroy(source.errored ?? undefined);
	});
	counted.once('close', () => source.destroy());
	// Who keeps the file may look for it late; the error stays in the stream.
	counted.on('error', () => undefined);
	return source.pipe(counted);
}
