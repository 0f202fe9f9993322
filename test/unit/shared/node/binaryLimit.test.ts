import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { binaryLimit, overBinaryLimit, upToLimit } from '../../../../nodes/shared/node/binaryLimit';

const MIB = 1024 * 1024;

describe('the limit of n8n’s store', () => {
	it.each<[string, Record<string, string>, number | undefined]>([
		['none where nothing is said', {}, undefined],
		['none in files', { N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' }, undefined],
		['none in files of queue mode', modes('filesystem', 'queue'), undefined],
		['none in S3', { N8N_DEFAULT_BINARY_DATA_MODE: 's3' }, undefined],
		['512 MiB in the database', { N8N_DEFAULT_BINARY_DATA_MODE: 'database' }, 512 * MIB],
		['512 MiB in queue mode', { EXECUTIONS_MODE: 'queue' }, 512 * MIB],
		['what is said', limited('100'), 100 * MIB],
		['512 MiB where no number is said', limited('many'), 512 * MIB],
		['what a text in base64 holds', { N8N_DEFAULT_BINARY_DATA_MODE: 'default' }, 402_653_166],
		['as n8n reads it', { N8N_DEFAULT_BINARY_DATA_MODE: ' "database" ' }, 512 * MIB],
	])('%s', async (_name, env, bytes) => {
		expect((await binaryLimit(env))?.bytes).toBe(bytes);
	});

	it('is read from a file, too', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'binary-limit-'));
		try {
			const file = join(folder, 'mode');
			writeFileSync(file, 'database\n');
			expect(await binaryLimit({ N8N_DEFAULT_BINARY_DATA_MODE_FILE: file })).toMatchObject({
				bytes: 512 * MIB,
			});
		} finally {
			rmSync(folder, { recursive: true });
		}
	});

	it('is told with the variables that change it', async () => {
		const limit = await binaryLimit(limited('100'));
		if (limit === undefined) throw new Error('no limit');
		const { message, repair } = overBinaryLimit('TOO_LARGE', '"a.pdf" has 200000000 bytes', limit);
		expect(message).toContain('"a.pdf" has 200000000 bytes');
		expect(message).toContain('at most 100 MiB');
		expect(message).toContain('N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE');
		expect(repair).toContain('N8N_DEFAULT_BINARY_DATA_MODE=filesystem');
	});
});

describe('a file up to a limit', () => {
	const tooLarge = () => new Error('too large');

	it('passes as it is', async () => {
		const file = Readable.from([Buffer.from('abc'), Buffer.from('def')]);
		expect(String(await buffer(upToLimit(file, 6, tooLarge)))).toBe('abcdef');
	});

	it('is not read further behind the limit', async () => {
		let read = 0;
		const file = new Readable({
			read(size) {
				read += size;
				this.push(Buffer.alloc(size));
			},
		});
		await expect(buffer(upToLimit(file, 1_000_000, tooLarge))).rejects.toThrow('too large');
		expect(file.destroyed).toBe(true);
		expect(read).toBeLessThan(2_000_000);
	});

	it('breaks with what it is read from', async () => {
		const file = new Readable({ read: () => file.destroy(new Error('cut')) });
		await expect(buffer(upToLimit(file, 10, tooLarge))).rejects.toThrow('cut');
	});

	it('lets go of its source where nobody wants it any more', async () => {
		const file = new Readable({ read: () => undefined });
		const counted = upToLimit(file, 10, tooLarge);
		counted.destroy();
		await new Promise((closed) => file.once('close', closed));
		expect(file.destroyed).toBe(true);
	});
});

function modes(binary: string, executions: string): Record<string, string> {
	return { N8N_DEFAULT_BINARY_DATA_MODE: binary, EXECUTIONS_MODE: executions };
}

function limited(mebibytes: string): Record<string, string> {
	return { EXECUTIONS_MODE: 'queue', N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE: mebibytes };
}
